"""A worker that ends before it serves; alone here, so that its process has little to read."""

from __future__ import annotations


class Numbered:
    """As much of an order as a supervisor reads."""

    number = 1


def ends_at_once(spec: object, served: object) -> None:
    """End with a code of its own."""
    raise SystemExit(3)
