"""Worlds and programs gone through again by the second program, ``credentials.provenance.replaying``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from credentials.encoding.document import Sha256
from credentials.provenance.packs.pack_file import core_pack
from credentials.provenance.replaying.replayed import Replayed, replayed
from credentials.provenance.replaying.written_steps import DerivationRefused
from credentials.verdict import VerifiedCredential
from tests.adversary.judging import Answer, ask, in_hand
from tests.adversary.moves import MOVES
from tests.adversary.programs import draw
from tests.adversary.templates import TEMPLATES, honest
from tests.adversary.world import World


def again(report: Mapping[str, Any], world: World) -> Replayed:
    """What the second program says of a report with every document of the world in hand."""
    holdings = in_hand(world)
    held = {Sha256(one.object_digest): one for one in holdings.credentials if isinstance(one, VerifiedCredential)}
    return replayed(dict(report), held, trust=holdings.trust, pack=core_pack())


def drawn(seed: int) -> tuple[World, Answer]:
    """An honest world, or one after any moves."""
    if seed % 2:
        program = draw(seed, templates=sorted(TEMPLATES), moves=sorted(MOVES))
        return program.played[0], program.answer
    template = sorted(TEMPLATES)[seed % len(TEMPLATES)]
    world = honest(template, lots=3 + seed % 7, seed=seed)
    return world, ask(world)


def refusals(seeds: Iterable[int]) -> Iterator[str]:
    """Where the second program does not follow the judge: the seed, and the step or the claims."""
    for seed in seeds:
        world, answer = drawn(seed)
        try:
            left = again(answer.report, world).without
        except DerivationRefused as refused:
            yield f"{seed}: {refused}"
            continue
        if left:
            yield f"{seed}: not shown: {', '.join(left)}"
