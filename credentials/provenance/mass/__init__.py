"""How much: exact amounts, and whose share of a lot came from where."""
