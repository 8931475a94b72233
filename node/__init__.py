"""A company's running node: it fetches, keeps, asks, answers and shows."""
