"""A wired node that listens: in one process, or in several on the same ports."""

from node.serving.alone import serve

__all__ = ["serve"]
