"""A wired node that listens: in one process, or in several on the same ports."""

from node.serving.lifecycle import serve

__all__ = ["serve"]
