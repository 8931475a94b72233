"""What peers tell us and what they hear of us."""
