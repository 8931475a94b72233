"""What a claim says, one by one: each criterion, topic, figure and score, none of which rides on another.

The rule: a claim is the conjunction of its atoms. Each is borne out by an assessment that names the same criterion,
topic or metric by its id, or the same score by its code; what is named without an id is nothing that was assessed.
See docs/requirements.md T22.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from credentials.provenance.case.criteria import assessed_topics, criteria_of, topics_of
from credentials.provenance.case.performance import Comparison, compare_figures, compare_scores, metric_of
from credentials.provenance.report.figures import figure, figures, what_of_metric
from credentials.provenance.report.names import quoted
from credentials.untp.claim import Claim, Performance
from credentials.untp.conformity import Assessment
from credentials.untp.values import Reference


class AtomKind(StrEnum):
    """The kinds of atom."""

    CRITERION = "criterion"
    TOPIC = "topic"
    METRIC = "metric"
    SCORE = "score"


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """One thing that a claim says: ``id`` is canonical, "" where the claim gives none; ``says`` is for people."""

    kind: AtomKind
    id: str
    says: str
    performance: Performance | None = None


#: The rule that asks whether an atom was assessed.
RULE_OF: Final = {
    AtomKind.CRITERION: "PV-CLM-2",
    AtomKind.TOPIC: "PV-CLM-3",
    AtomKind.METRIC: "PV-CLM-5",
    AtomKind.SCORE: "PV-CLM-5",
}


def atoms_of(said: Claim) -> tuple[Atom, ...]:
    """Everything that the claim says, in the order of its members."""
    return (
        *_named(AtomKind.CRITERION, said.criteria, criteria_of(said.criteria)),
        *_named(AtomKind.TOPIC, said.topics, topics_of(said.topics)),
        *dict.fromkeys(atom for one in said.performance for atom in _figures(one)),
    )


def compare(atom: Atom, assessed: Assessment, criteria: frozenset[str]) -> Comparison:
    """What the assessment says of the atom; ``criteria`` are those that it was made against, under every id."""
    if atom.performance is not None:
        by = compare_figures if atom.kind is AtomKind.METRIC else compare_scores
        return by(atom.performance, assessed.performance)
    found = criteria if atom.kind is AtomKind.CRITERION else assessed_topics(assessed)
    if atom.id in found:
        return Comparison(True, f"The {atom.kind} {atom.says} was assessed.")
    return Comparison(None, f"The {atom.kind} {atom.says} was not assessed.", "not-found")


def assessed_of(atom: Atom, assessed: Assessment) -> str:
    """The figures that were assessed of the metric or score, for people; "" where it is none, or none was."""
    if atom.performance is None:
        return ""
    return figures(one for one in assessed.performance if metric_of(one) == atom.id)


def _named(kind: AtomKind, said: Sequence[Reference], ids: frozenset[str]) -> Iterator[Atom]:
    for id in sorted(ids):
        yield Atom(kind=kind, id=id, says=id)
    for one in said:
        if not one.id:
            yield Atom(kind=kind, id="", says=quoted(one.name or "") or "one without id and name")
    if not said:
        yield Atom(kind=kind, id="", says="not stated")


def _figures(said: Performance) -> Iterator[Atom]:
    metric = metric_of(said)
    if said.measure is not None or said.score is None:
        words = figure(replace(said, score=None)) or f"{what_of_metric(said)}, without a figure"
        yield Atom(kind=AtomKind.METRIC, id=metric, says=words, performance=said)
    if said.score is not None:
        words = figure(replace(said, measure=None)) or f"a score without a code for {what_of_metric(said)}"
        yield Atom(kind=AtomKind.SCORE, id=metric, says=words, performance=said)
