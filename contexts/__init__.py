"""What words mean: every vocabulary this program speaks, stated once in our own tables."""
