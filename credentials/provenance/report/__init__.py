"""What is answered: the values of a report, their JSON, their one sentence. It knows nothing of how they came about."""
