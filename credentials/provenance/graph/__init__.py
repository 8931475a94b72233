"""What was said, put together: who made what of what, and where it went."""
