"""Clients of a node's API."""
