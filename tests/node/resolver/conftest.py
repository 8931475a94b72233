"""The served node of the API's tests, for the resolver's."""

from tests.node.api.conftest import served_node

__all__ = ["served_node"]
