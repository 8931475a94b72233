"""Is what a report says of who would have to lie the whole of it? Against every set of parties, and judging again.

*Tight*: the sets that are told are all smallest ones of up to three parties that break a claim, found by trying every
one; and no proof is left out: without the documents of some parties no more is proven than the derivation has left
without their word. *Sensitive*: where a bound falls because one document is missing, the derivation names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any, Final

from credentials.provenance.derivation.derivation_json import read_derivation
from credentials.provenance.derivation.doubting import Evaluation
from tests.adversary.judging import Answer, ask, in_hand
from tests.adversary.templates import TEMPLATES, honest
from tests.adversary.world import World

#: Worlds of so many parties that state facts are tried with every set of up to so many of them.
MOST_PARTIES: Final = 12
_LARGEST: Final = 3
#: Documents that let facts count, and the claims themselves: they stay whoever is silent.
_LICENCES: Final = ("accreditation:", "anchor:", "status-list:", "passport:target")
_ROUNDED: Final = Fraction(1, 10**6)


def drawn(seed: int) -> tuple[World, Answer, Random]:
    """An honest world; in half of them nobody certified the target, so that what is proven rests on its makers."""
    chance = Random(seed)
    world = honest(chance.choice(sorted(TEMPLATES)), lots=chance.randint(3, 9), seed=seed)
    if chance.random() < 0.5:
        world = world.without("certificate:target")
    return world, ask(world), chance


def faults(seeds: range) -> Iterator[str]:
    """Where in these worlds a report says too much or too little of who would have to lie."""
    for seed in seeds:
        world, answer, chance = drawn(seed)
        found = (*loose(world, answer), *left_out(world, answer, chance), *unnamed(world, answer, chance))
        yield from (f"{seed}, {world.name}: {one}" for one in found)


def loose(world: World, answer: Answer) -> Iterator[str]:
    """The claims of which another set is told than trying every one finds; nothing of a world of too many parties."""
    derivation = read_derivation(answer.report)
    evaluation = Evaluation(derivation)
    if len(evaluation.parties) > MOST_PARTIES:
        return
    for claim in answer.claims:
        unless = claim["holdsUnless"]
        if unless is None:
            continue
        claimed = claimed_of(world, claim)
        found = _breaking(evaluation, claim["derivation"], claimed)
        told = {frozenset(one) for one in unless["sets"]}
        if unless["complete"] and told != found:
            yield f"{claim['name']}: told {_named(told)}, found {_named(found)}"
        if not told <= found:
            yield f"{claim['name']}: {_named(told - found)} are told, and more than have to lie, or too few"
        fewest = min(map(len, found), default=_LARGEST + 1)
        if unless["atLeast"] > fewest:
            yield f"{claim['name']}: at least {unless['atLeast']} are told, {fewest} are enough"


def claimed_of(world: World, claim: Mapping[str, Any]) -> Fraction:
    """What the report's claim claims: the share of a claim about one, else all of it."""
    if claim["type"] != "fraction":
        return Fraction(1)
    stated = [
        one["claimedPerformance"][0]["measure"]["value"]
        for passport in world.passports()
        for one in passport["credentialSubject"].get("performanceClaim", ())
        if one["id"] == claim["id"]
    ]
    return Fraction(str(stated[0])) / 100


def _named(sets: set[frozenset[str]]) -> list[list[str]]:
    return sorted(sorted(one) for one in sets)


def _breaking(evaluation: Evaluation, root: int, claimed: Fraction) -> set[frozenset[str]]:
    found: set[frozenset[str]] = set()
    for size in range(1, _LARGEST + 1):
        for parties in map(frozenset, combinations(evaluation.parties, size)):
            is_smallest = not any(known <= parties for known in found)
            if is_smallest and evaluation.value(root, evaluation.without(parties)) < claimed:
                found.add(parties)
    return found


def left_out(world: World, answer: Answer, chance: Random) -> Iterator[str]:
    """The claims of which more is proven without some parties' documents than the derivation has left of them."""
    evaluation = Evaluation(read_derivation(answer.report))
    parties = [one for one in evaluation.parties if one.startswith("did:")]
    for _ in range(min(3, len(parties))):
        silent = frozenset(chance.sample(parties, min(len(parties), chance.choice((1, 1, 2)))))
        names = [name for name, one in world.documents.items() if one.raw is None and one.signer in silent]
        gone = [name for name in names if not name.startswith(_LICENCES)]
        again = {one["id"]: one for one in ask(world.without(*gone)).claims}
        for claim in answer.claims:
            other = again.get(claim["id"])
            if other is None or claim["derivation"] is None or claim["says"] in silent:
                continue
            left = evaluation.value(claim["derivation"], evaluation.without(silent))
            if Fraction(other["value"][0]) > left + _ROUNDED:
                yield f"{claim['name']}: {other['value'][0]} without {sorted(silent)}, {float(left)} by the derivation"


def unnamed(world: World, answer: Answer, chance: Random) -> Iterator[str]:
    """The claims whose bound falls because a document is missing that the derivation does not name."""
    digests = {one.id: one.object_digest for one in in_hand(world).credentials if hasattr(one, "object_digest")}
    named = set(answer.report["derivation"]["documents"])
    names = sorted(name for name, one in world.documents.items() if one.raw is None and name != "passport:target")
    for name in chance.sample(names, min(4, len(names))):
        again = {one["id"]: one for one in ask(world.without(name)).claims}
        digest = digests.get(world.draft(name)["id"])
        for claim in answer.claims:
            other: Mapping[str, Any] | None = again.get(claim["id"])
            low = 0.0 if other is None else other["value"][0]
            if low < claim["value"][0] - 1e-6 and digest not in named and not name.startswith("status-list:"):
                yield f"{claim['name']}: {low} without {name}, {claim['value'][0]} with it, and no step names it"
