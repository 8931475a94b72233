"""What words mean: every vocabulary this house speaks, stated once in our own tables."""
