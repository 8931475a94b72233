"""Moves: what any party can do, as values, by who does it; a new move is a new line in one of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.adversary.moves import assessors, claimants, silence, stock, strangers, suppliers, yields
from tests.adversary.moves.move import By, Move

__all__ = ["HONEST", "MOVES", "STRANGERS", "By", "Move"]

MOVES: Final[Mapping[str, Move]] = {
    move.name: move
    for moves in (
        strangers.MOVES,
        claimants.MOVES,
        stock.MOVES,
        yields.MOVES,
        assessors.MOVES,
        suppliers.MOVES,
        silence.MOVES,
    )
    for move in moves
}
STRANGERS: Final = tuple(name for name, move in MOVES.items() if move.by is By.STRANGER)
#: Moves by which nobody says anything false.
HONEST: Final = frozenset(name for name, move in MOVES.items() if move.by is By.HOLDER)
