"""One move: who may make it and what it does to a world.

A stranger's move only adds documents and DID documents of its own. Everybody else may also change what they publish,
and says what is true of the world in which they do it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TypeAlias

from tests.adversary.world import Withheld, World

#: The changed world; None where the move does not apply, as where it was already made.
Change: TypeAlias = Callable[[World, Random], World | None]


class By(StrEnum):
    """Who makes a move."""

    STRANGER = "stranger"  # nobody in the chain ever named it
    CLAIMANT = "claimant"  # who makes the claims that are judged, or claims on somebody else's account
    ASSESSOR = "assessor"  # a certifier or accreditor, beyond its scope or in two minds
    SUPPLIER = "supplier"  # whoever hands the documents over
    HOLDER = "holder"  # whoever keeps a document to itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """``story`` says in one sentence what is done."""

    name: str
    story: str
    by: By
    change: Change

    def made_on(self, world: World, seed: int) -> World | None:
        """The world after the move; None where it does not apply, as where a document it needs is withheld."""
        try:
            return self.change(world, Random(seed))
        except Withheld:
            return None
