"""What is missing: where the chain is cut, how much hangs on it, where to look and whom to ask."""
