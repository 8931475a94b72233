"""Lint of events: one kind each, parties, quantities and dispositions stated, nothing negative.

DTE-02 to DTE-07, DTE-12, VOC-03; probes 13 to 15. What is missing in several portions of one event is one finding,
at the first of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from contexts.codes.units import unit
from credentials.encoding.document import JsonObject
from credentials.untp.events import PORTIONS, event_type_of
from credentials.untp.finding import LintFinding
from credentials.untp.kinds import type_terms
from credentials.untp.lint.products import check_grain
from credentials.untp.lint.rules import WARN, finding
from credentials.untp.reading import Place, subjects_of

#: Event type → its goods: the member that may not be empty, the requirement, and what an empty one means.
_GOODS: Final = {
    "MakeEvent": ("outputProduct", "DTE-02", "Nothing was made.", "Name the outputs."),
    "MoveEvent": ("movedProduct", "DTE-03", "Nothing was moved.", "Name the goods."),
    "ModifyEvent": ("modifiedProduct", "DTE-04", "Nothing was modified.", "Name the goods."),
}

#: Dimensions that weigh against each other, given a density or the weight of one unit (PV-QTY).
_WEIGHABLE: Final = frozenset({"mass", "volume", "count", "sets", "packs", "kits", "batches"})


def check_events(document: JsonObject) -> Iterator[LintFinding]:
    """Every check of a traceability credential's events."""
    subjects = subjects_of(document)
    if not subjects:
        yield finding("DTE-12", "/credentialSubject", "The credential holds no event.", "List at least one event.")
    for subject in subjects:
        kind = event_type_of(subject.value)
        yield from _types(subject, kind)
        if kind is not None:
            yield from _event(subject, kind)


def _types(event: Place, kind: str | None) -> Iterator[LintFinding]:
    terms = type_terms(event.value)
    if kind is None:
        yield finding(
            "VOC-03",
            event.below("type"),
            "The event does not say which of MakeEvent, MoveEvent and ModifyEvent it is.",
            "Name exactly one of them, with LifecycleEvent.",
        )
    elif kind not in terms or "LifecycleEvent" not in terms:
        yield finding(
            "VOC-03",
            event.below("type"),
            f"The event's type does not list {kind} and LifecycleEvent.",
            f'Set type to ["{kind}", "LifecycleEvent"].',
        )


def _event(event: Place, kind: str) -> Iterator[LintFinding]:
    if not event.each("relatedParty"):
        yield finding(
            "DTE-07",
            event.below("relatedParty"),
            "The event names no party.",
            "Say who took part, each with a role.",
        )
    portions = {key: event.each(key) for key in PORTIONS[kind]}
    goods, rule, detail, fix = _GOODS[kind]
    if not portions[goods]:
        yield finding(rule, event.below(goods), detail, fix)
    elif kind == "MakeEvent":
        yield from _comparable(event, portions["inputProduct"], portions["outputProduct"])
    yield from _portions([portion for listed in portions.values() for portion in listed])


def _portions(portions: Sequence[Place]) -> Iterator[LintFinding]:
    unmeasured, silent = [], []
    for portion in portions:
        product, quantity = portion.one("product", Place), portion.one("quantity", Place)
        if product is not None:
            yield from check_grain(product)
        if quantity is not None:
            yield from _positive(quantity)
        elif product is None or product.text("idGranularity") != "item":
            unmeasured.append(portion)
        if portion.text("disposition") is None:
            silent.append(portion)
    if unmeasured:
        yield finding(
            "DTE-05",
            unmeasured[0].below("quantity"),
            f"{len(unmeasured)} of {len(portions)} portions have no quantity and are no serialised items.",
            "State how much, with a unit.",
        )
    if silent:
        yield finding(
            "DTE-06",
            silent[0].below("disposition"),
            f"{len(silent)} of {len(portions)} portions do not say in which state the goods are afterwards.",
            "State the disposition, for example new, inTransit or consumed.",
        )


def _positive(quantity: Place) -> Iterator[LintFinding]:
    value = quantity.number("value")
    if value is not None and value < 0:
        yield finding(
            "DTE-12",
            quantity.below("value"),
            "The quantity is negative.",
            "State what moved or was used as a positive number.",
        )


def _comparable(event: Place, inputs: Iterable[Place], outputs: Iterable[Place]) -> Iterator[LintFinding]:
    before, after = _dimensions(inputs), _dimensions(outputs)
    if before and after and not before & after and not (before | after) <= _WEIGHABLE:
        yield finding(
            "DTE-12",
            event.below("outputProduct"),
            f"Inputs are measured by {', '.join(sorted(before))}, outputs by {', '.join(sorted(after))}.",
            "Use units of one dimension on both sides.",
            severity=WARN,
        )


def _dimensions(portions: Iterable[Place]) -> set[str]:
    units = {unit(portion.at("quantity").text("unit") or "") for portion in portions}
    return {known.dimension for known in units if known is not None}
