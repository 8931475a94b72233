"""What is said: each statement of a credential with its source, under one form for every spelling of a name."""
