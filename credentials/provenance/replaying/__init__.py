"""Replaying: a report's derivation gone through again from the documents, by code that the judge does not use."""
