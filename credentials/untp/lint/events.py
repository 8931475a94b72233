"""Lint of events: one kind each, parties, quantities and dispositions stated, nothing negative.

DTE-02 to DTE-07, DTE-12, VOC-03; probes 13 to 15. What is missing in several portions of one event is one finding,
at the first of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from contexts.codes.units import unit
from credentials.encoding.document import JsonObject
from credentials.untp.events import (
    EVENT_MEMBERS,
    Event,
    Make,
    Modify,
    Move,
    Portion,
    event_type_of,
    portions_of,
    read_events,
)
from credentials.untp.finding import LintFinding
from credentials.untp.kinds import type_terms
from credentials.untp.lint.products import check_grain
from credentials.untp.lint.rules import WARN, finding
from credentials.untp.reading import Place, subjects_of

#: Dimensions that weigh against each other, given a density or the weight of one unit (PV-QTY).
_WEIGHABLE: Final = frozenset({"mass", "volume", "count", "sets", "packs", "kits", "batches"})


def check_events(document: JsonObject) -> Iterator[LintFinding]:
    """Every check of a traceability credential's events."""
    subjects = subjects_of(document)
    if not subjects:
        yield finding("DTE-12", "/credentialSubject", "The credential holds no event.", "List at least one event.")
    for subject in subjects:
        yield from _types(subject)
        yield from _grains(subject)
    for event in read_events(document):
        yield from _event(event)


def _types(subject: Place) -> Iterator[LintFinding]:
    kind = event_type_of(subject.value)
    terms = type_terms(subject.value)
    if kind is None:
        yield finding(
            "VOC-03",
            subject.below("type"),
            "The event does not say which of MakeEvent, MoveEvent and ModifyEvent it is.",
            "Name exactly one of them, with LifecycleEvent.",
        )
    elif kind not in terms or "LifecycleEvent" not in terms:
        yield finding(
            "VOC-03",
            subject.below("type"),
            f"The event's type does not list {kind} and LifecycleEvent.",
            f'Set type to ["{kind}", "LifecycleEvent"].',
        )


def _grains(subject: Place) -> Iterator[LintFinding]:
    for key in EVENT_MEMBERS.get(event_type_of(subject.value) or "", ()):
        for portion in subject.each(key):
            product = portion.one("product", Place)
            if product is not None:
                yield from check_grain(product)


def _event(event: Event) -> Iterator[LintFinding]:
    if not event.related_parties:
        yield finding(
            "DTE-07",
            f"{event.pointer}/relatedParty",
            "The event names no party.",
            "Say who took part, each with a role.",
        )
    yield from _goods(event)
    portions = portions_of(event)
    yield from _stated(portions)
    for portion in portions:
        if portion.quantity is not None and portion.quantity.value is not None and portion.quantity.value < 0:
            yield finding(
                "DTE-12",
                f"{portion.quantity.pointer}/value",
                "The quantity is negative.",
                "State what moved or was used as a positive number.",
            )


def _goods(event: Event) -> Iterator[LintFinding]:
    match event:
        case Make(outputs=()):
            yield finding("DTE-02", f"{event.pointer}/outputProduct", "Nothing was made.", "Name the outputs.")
        case Make():
            yield from _comparable(event)
        case Move(moved=()):
            yield finding("DTE-03", f"{event.pointer}/movedProduct", "Nothing was moved.", "Name the goods.")
        case Modify(modified=()):
            yield finding("DTE-04", f"{event.pointer}/modifiedProduct", "Nothing was modified.", "Name the goods.")


def _stated(portions: Sequence[Portion]) -> Iterator[LintFinding]:
    unmeasured = [portion for portion in portions if portion.quantity is None and not _is_item(portion)]
    if unmeasured:
        yield finding(
            "DTE-05",
            f"{unmeasured[0].pointer}/quantity",
            f"{len(unmeasured)} of {len(portions)} portions have no quantity and are no serialised items.",
            "State how much, with a unit.",
        )
    silent = [portion for portion in portions if portion.disposition is None]
    if silent:
        yield finding(
            "DTE-06",
            f"{silent[0].pointer}/disposition",
            f"{len(silent)} of {len(portions)} portions do not say in which state the goods are afterwards.",
            "State the disposition, for example new, inTransit or consumed.",
        )


def _comparable(event: Make) -> Iterator[LintFinding]:
    before, after = _dimensions(event.inputs), _dimensions(event.outputs)
    if before and after and not before & after and not (before | after) <= _WEIGHABLE:
        yield finding(
            "DTE-12",
            f"{event.pointer}/outputProduct",
            f"Inputs are measured by {', '.join(sorted(before))}, outputs by {', '.join(sorted(after))}.",
            "Use units of one dimension on both sides.",
            severity=WARN,
        )


def _dimensions(portions: Sequence[Portion]) -> set[str]:
    units = {unit(portion.quantity.unit or "") for portion in portions if portion.quantity is not None}
    return {known.dimension for known in units if known is not None}


def _is_item(portion: Portion) -> bool:
    return portion.product is not None and portion.product.granularity == "item"
