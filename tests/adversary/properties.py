"""What must hold in every world, whatever anybody did: each function says in sentences where it does not.

The names are those of ``docs/testing-the-verdict.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from random import Random
from typing import Final

from credentials.trust.policy import Policy
from tests.adversary.judging import DECIDED, Answer, ask
from tests.adversary.matters import BY_CRITERION, TOPICS, Matter
from tests.adversary.moves.claimants import BOAST
from tests.adversary.parties import Json
from tests.adversary.world import World

WIDTH: Final = 1e-9
_REFUSED: Final = ("REFUTED", "CONTRADICTED", "INVALID")
_ROUNDED: Final = Fraction(1, 1_000_000)  # the report states six digits


class Property(StrEnum):
    """What is promised."""

    NO_FALSE_PROOF = "no-false-proof"  # P1: nothing false is VERIFIED
    NO_DEFAMATION = "no-defamation"  # P2: strangers change nothing
    NO_FALSE_REFUSAL = "no-false-refusal"  # where nobody lied, no claim is REFUTED or CONTRADICTED
    TRUTH_INSIDE = "truth-inside"  # P4: the truth is in every interval
    ONE_ANSWER = "one-answer"  # P5: the order of arrival decides nothing
    ANY_FILE_NAMES = "any-file-names"  # P5: the names of files decide nothing
    POWER = "power"  # P6: complete honest worlds are VERIFIED, exactly, without a finding


def false_proofs(world: World, answer: Answer) -> Iterator[str]:
    """What would be taken for true and is not, or not by the word of anybody who counts."""
    if answer.exit == 0 and any(verdict["verdict"] != "VERIFIED" for verdict in answer.claims):
        yield "The exit code is 0, and not every claim is VERIFIED."
    for verdict in answer.claims:
        if BOAST in verdict.get("attested", ""):
            yield f"{verdict['name']} of {verdict['subject']}: its claimant's own words are told as attested."
        if verdict["verdict"] != "VERIFIED":
            continue
        worst = min(part["grade"] for part in verdict["atoms"])
        if min(worst, verdict["grade"]) < Policy().verified_grade:
            yield f"{verdict['name']} of {verdict['subject']} is VERIFIED at grade {verdict['grade']}, in part {worst}."
        made = [claim for claim in _claims(world, verdict["says"]) if claim["id"] == verdict["id"]]
        if not any(is_true(world, verdict["subject"], claim) for claim in made):
            yield f"{verdict['name']} of {verdict['subject']} is VERIFIED at grade {verdict['grade']} and not true."


def is_true(world: World, subject: str, claim: Json) -> bool:
    """Is everything true that the claim says: each criterion, each topic, each figure, each score?"""
    matters = [BY_CRITERION.get(one["id"]) for one in claim["referenceCriteria"]]
    known = [matter for matter in matters if matter is not None]
    figures = {matter: world.is_true(subject, matter.criterion) for matter in known}
    topics = {TOPICS + matter.topic for matter in known}
    return (
        len(known) == len(matters)
        and all(figure is not None for figure in figures.values())
        and all(one["id"] in topics for one in claim["conformityTopic"])
        and all(_is_no_better(one, figures) for one in claim["claimedPerformance"])
    )


def _is_no_better(performance: Json, figures: dict[Matter, Fraction | None]) -> bool:
    matter = next((one for one in figures if one.metric == performance["metric"]["id"]), None)
    truth = figures[matter] if matter is not None else None
    if matter is None or truth is None or "score" in performance:
        return False
    measure = performance.get("measure", {"value": 100, "unit": "P1"})  # without a figure: all of it
    if measure["unit"] != matter.unit:
        return False
    claimed = Fraction(str(measure["value"]))
    return claimed <= truth if matter.better == "higher" else claimed >= truth


def _claims(world: World, says: str) -> Iterator[Json]:
    for passport in world.passports():
        if passport["issuer"]["id"] == says:
            yield from passport["credentialSubject"].get("performanceClaim", ())
    for document in world.documents.values():
        if "DigitalFacilityRecord" in document.draft.get("type", ()) and document.draft["issuer"]["id"] == says:
            yield from document.draft["credentialSubject"].get("performanceClaim", ())


def defamations(without: Answer, answer: Answer) -> Iterator[str]:
    """The parts of the answer that strangers changed."""
    before, after = without.decided, answer.decided
    for part in (*DECIDED, "exit"):
        if before[part] != after[part]:
            yield f"With what strangers say, {part} is another one."


def other_answers(world: World, answer: Answer, chance: Random) -> Iterator[str]:
    """Does another order of arrival give another report?"""

    def shuffled(names: list[str]) -> list[str]:
        return chance.sample(names, len(names))

    if ask(world, order=shuffled).text != answer.text:
        yield "In another order of arrival the report is another one."


def false_refusals(answer: Answer) -> Iterator[str]:
    """The claims that are called false, where everything is true that was said."""
    for claim in answer.claims:
        if claim["verdict"] in _REFUSED:
            yield f"{claim['name']} of {claim['subject']} is {claim['verdict']}, and nobody lied."


def is_proven_beyond_truth(world: World, answer: Answer) -> bool:
    """Is something false VERIFIED, or a share shown to be above what it is?"""
    if any(false_proofs(world, answer)):
        return True
    criterion = world.chain.template.matter.criterion
    for claim in answer.claims:
        proven = claim["type"] == "fraction" and claim["verdict"] not in _REFUSED
        truth = world.is_true(claim["subject"], criterion) if proven else None
        if truth is not None and Fraction(claim["value"][0]) - _ROUNDED > truth / 100:
            return True
    return False


def weaknesses(world: World, answer: Answer) -> Iterator[str]:
    """What an honest world, complete but for its open mass, does not get of what it should."""
    for claim in answer.claims:
        low, high = claim["value"]
        if claim["verdict"] != "VERIFIED":
            yield f"{claim['name']} is {claim['verdict']}."
        if high - low > WIDTH + float(world.open_mass):
            yield f"{claim['name']} is {low} to {high}, wider than what is open."
    if world.complete:
        yield from (f"There is a finding: {rule} {subject}." for rule, subject in sorted(answer.findings()))
        if answer.exit:
            yield f"The exit code is {answer.exit}."


def truths_outside(world: World, answer: Answer) -> Iterator[str]:
    """The claims of a share whose interval leaves the truth out."""
    criterion = world.chain.template.matter.criterion
    for claim in answer.claims:
        if claim["type"] == "fraction":
            truth = world.is_true(claim["subject"], criterion)
            low, high = (Fraction(bound) for bound in claim["value"])
            if truth is not None and not low - _ROUNDED <= truth / 100 <= high + _ROUNDED:
                yield f"{claim['name']}: {float(truth):g} % is true, {float(low):%} to {float(high):%} is reported."
