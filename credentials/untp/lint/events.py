"""Lint of events: one kind each, parties, quantities and dispositions stated, nothing negative.

DTE-02 to DTE-07, DTE-12, VOC-03; probes 13 to 15. What is missing in several portions of one event is one finding,
at the first of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from contexts.codes.units import unit
from credentials.encoding.document import JsonObject, types_of
from credentials.untp.events import PORTIONS, event_type_of
from credentials.untp.finding import LintFinding
from credentials.untp.json_reading import to_decimal
from credentials.untp.lint.products import check_grain
from credentials.untp.lint.rules import WARN, finding
from credentials.untp.lint.ways import Listed, Way, objects, one, pointer_of, text, way_to

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
    subjects = objects(document, "credentialSubject")
    if not subjects:
        yield finding("DTE-12", "/credentialSubject", "The credential holds no event.", "List at least one event.")
    for index, event in subjects:
        way, kind = way_to((), "credentialSubject", index), event_type_of(event)
        yield from _types(event, way, kind)
        if kind is not None:
            yield from _event(event, way, kind)


def _types(event: JsonObject, way: Way, kind: str | None) -> Iterator[LintFinding]:
    if kind is None:
        yield finding(
            "VOC-03",
            pointer_of(way, "type"),
            "The event does not say which of MakeEvent, MoveEvent and ModifyEvent it is.",
            "Name exactly one of them, with LifecycleEvent.",
        )
        return
    terms = types_of(event)
    if kind not in terms or "LifecycleEvent" not in terms:
        yield finding(
            "VOC-03",
            pointer_of(way, "type"),
            f"The event's type does not list {kind} and LifecycleEvent.",
            f'Set type to ["{kind}", "LifecycleEvent"].',
        )


def _event(event: JsonObject, way: Way, kind: str) -> Iterator[LintFinding]:
    if not objects(event, "relatedParty"):
        yield finding(
            "DTE-07",
            pointer_of(way, "relatedParty"),
            "The event names no party.",
            "Say who took part, each with a role.",
        )
    portions = {key: objects(event, key) for key in PORTIONS[kind]}
    goods, rule, detail, fix = _GOODS[kind]
    if not portions[goods]:
        yield finding(rule, pointer_of(way, goods), detail, fix)
    elif kind == "MakeEvent":
        yield from _comparable(portions["inputProduct"], portions["outputProduct"], way)
    yield from _portions([(way_to(way, key, index), portion) for key in portions for index, portion in portions[key]])


def _portions(portions: Sequence[tuple[Way, JsonObject]]) -> Iterator[LintFinding]:
    unmeasured, silent = [], []
    for way, portion in portions:
        product, quantity = one(portion, "product"), one(portion, "quantity")
        if product is not None:
            yield from check_grain(product[1], way_to(way, "product", product[0]))
        if quantity is not None:
            value = to_decimal(quantity[1].get("value"))
            if value is not None and value < 0:
                yield finding(
                    "DTE-12",
                    pointer_of(way, "quantity", quantity[0], "value"),
                    "The quantity is negative.",
                    "State what moved or was used as a positive number.",
                )
        elif product is None or text(product[1], "idGranularity") != "item":
            unmeasured.append(way)
        if text(portion, "disposition") is None:
            silent.append(way)
    if unmeasured:
        yield finding(
            "DTE-05",
            pointer_of(unmeasured[0], "quantity"),
            f"{len(unmeasured)} of {len(portions)} portions have no quantity and are no serialised items.",
            "State how much, with a unit.",
        )
    if silent:
        yield finding(
            "DTE-06",
            pointer_of(silent[0], "disposition"),
            f"{len(silent)} of {len(portions)} portions do not say in which state the goods are afterwards.",
            "State the disposition, for example new, inTransit or consumed.",
        )


def _comparable(inputs: Iterable[Listed], outputs: Iterable[Listed], way: Way) -> Iterator[LintFinding]:
    before, after = _dimensions(inputs), _dimensions(outputs)
    if before and after and not before & after and not (before | after) <= _WEIGHABLE:
        yield finding(
            "DTE-12",
            pointer_of(way, "outputProduct"),
            f"Inputs are measured by {', '.join(sorted(before))}, outputs by {', '.join(sorted(after))}.",
            "Use units of one dimension on both sides.",
            severity=WARN,
        )


def _dimensions(portions: Iterable[Listed]) -> set[str]:
    quantities = [one(portion, "quantity") for _, portion in portions]
    units = {unit(text(quantity[1], "unit") or "") for quantity in quantities if quantity is not None}
    return {known.dimension for known in units if known is not None}
