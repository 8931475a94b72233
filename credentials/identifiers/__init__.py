"""Names: one form for every spelling of an identifier, the lots it may mean, and what a credential is about."""
