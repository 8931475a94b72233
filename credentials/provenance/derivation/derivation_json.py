"""A derivation as JSON, and read again: the member ``derivation`` of a report.

The rule: numbers are exact, written as whole numbers or fractions in lowest terms. A statement is the place of its
document in ``documents`` (SHA-256, hex) with a JSON pointer. See docs/derivation.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from credentials.encoding.document import Json
from credentials.provenance.derivation.step import LICENCES, Derivation, DerivedStep, Premise, Said, StepRule, Value


def derivation_json(derivation: Derivation) -> dict[str, Json]:
    """The member ``derivation`` of a report."""
    said = {one.digest for step in derivation.steps for one in step.premises if isinstance(one, Said)}
    documents = {digest: place for place, digest in enumerate(sorted(said))}
    return {"documents": list(documents), "steps": [_step(one, documents) for one in derivation.steps]}


def _step(step: DerivedStep, documents: dict[str, int]) -> dict[str, Json]:
    return {
        "rule": step.rule.value,
        "from": [_premise(one, documents) for one in step.premises],
        "party": step.party,
        "say": step.say,
        "value": _value(step.value),
    }


def _premise(premise: Premise, documents: dict[str, int]) -> Json:
    return [documents[premise.digest], premise.pointer] if isinstance(premise, Said) else premise


def _value(value: Value) -> Json:
    if isinstance(value, tuple):
        return [None if one is None else str(one) for one in value]
    return str(value) if isinstance(value, Fraction) else value


def read_derivation(report: Mapping[str, Json]) -> Derivation:
    """The derivation of a report as JSON. A report without one, or with another shape, raises whatever it raises."""
    documents, steps = report["derivation"]["documents"], report["derivation"]["steps"]
    roots = [(place, claim["derivation"]) for place, claim in enumerate(report["claims"])]
    return Derivation(
        steps=tuple(_read(one, documents) for one in steps),
        roots=tuple((place, root) for place, root in roots if root is not None),
    )


def _read(step: Json, documents: Sequence[str]) -> DerivedStep:
    premises = tuple(one if isinstance(one, int) else Said(documents[one[0]], one[1]) for one in step["from"])
    rule, value = StepRule(step["rule"]), step["value"]
    if rule in LICENCES:
        return DerivedStep(rule, premises, value, step["party"], step["say"])
    if isinstance(value, list):
        stated: Value = tuple(None if one is None else Fraction(one) for one in value)  # type: ignore[assignment]
    else:
        stated = Fraction(value) if value is not None else None
    return DerivedStep(rule, premises, stated, step["party"], step["say"])
