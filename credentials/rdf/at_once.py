"""While somebody waits: only what is quick is done, and the rest is told from what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_within: Final = [False]


class TakesLonger(Exception):
    """Within :func:`at_once`: a document that is for PyLD, or takes tables that are not made yet. Nothing is wrong."""


@contextmanager
def at_once() -> Iterator[None]:
    """Inside, only what is quick is done, because this process has others waiting.

    A document that takes more raises :class:`TakesLonger`, to be done elsewhere; what was made of the tables for it
    stays, so that a kind of document that keeps coming is quick after a few of them.
    """
    _within[0] = True
    try:
        yield
    finally:
        _within[0] = False


def refuse_if_at_once() -> None:
    """Return where there is time for what comes now. Raises TakesLonger."""
    if _within[0]:
        raise TakesLonger
