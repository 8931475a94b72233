"""Gather what is missing, then judge, where it holds up nobody: one credential, or very many."""
