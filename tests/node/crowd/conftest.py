"""Both databases, as in the tests of the store."""

from tests.node.store.conftest import place

__all__ = ["place"]
