"""Worlds of any size to trace through: companies, their DID documents and signed credentials, in a folder."""
