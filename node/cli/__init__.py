"""The command ``tracenode``."""

from node.cli.entry import main

__all__ = ["main"]
