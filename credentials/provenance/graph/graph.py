"""The provenance graph: every statement of the credentials in hand, found by lot, place, party and address.

The rule: building depends on what is in hand, never on the order it came in; nothing is merged but lots
(PV-MRG-2) and superseded versions are set aside, not lost (PV-CRED-7). The graph holds statements, it does not judge.
Specification: untp.md (e).2, (e).5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TypeVar

from credentials.identifiers.canonical import given_or_canonical, lot_key
from credentials.identifiers.lots import LotKey, Lots
from credentials.provenance.question import Holdings
from credentials.provenance.statements.hearsay import first_hand, first_hand_events, operators, told_once
from credentials.provenance.statements.reading import read_all
from credentials.provenance.statements.statement import (
    Anchor,
    Assessment,
    Attestation,
    Claim,
    Event,
    EventKind,
    FacilityRecord,
    Passport,
    Portion,
    Statements,
)
from credentials.provenance.statements.versions import current_versions
from credentials.verdict import Unusable, VerifiedCredential

T = TypeVar("T")
_UNDATED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, eq=False)
class Graph:
    """All statements in hand and their indexes; every tuple is sorted by (credential, pointer)."""

    credentials: tuple[VerifiedCredential, ...]  # current versions of what could be used
    superseded: Mapping[str, str]  # credential digest of an older version -> id of the newer credential
    older: tuple[VerifiedCredential, ...]
    unusable: tuple[Unusable, ...]
    lots: Lots
    passports: tuple[Passport, ...]
    events: tuple[Event, ...]  # each told once, by time
    retold: tuple[Event, ...]  # the same events in further credentials
    facilities: tuple[FacilityRecord, ...]
    attestations: tuple[Attestation, ...]
    anchors: tuple[Anchor, ...]

    # ---- lots

    def lot_named(self, id: str) -> LotKey:
        """The lot that the identifier ``id`` names: completed when only one lot of it is known."""
        return self.lots.complete(lot_key(id))

    def passports_of(self, lot: LotKey) -> tuple[Passport, ...]:
        """Passports of ``lot``, of the batch or class it belongs to, or of its parts; no hearsay, the closest first."""
        if lot not in self._passports_of:
            found = first_hand(one for one in self._passports_by_id.get(lot.id, ()) if overlap(one.lot, lot))
            closest = sorted(found, key=lambda one: (one.lot != lot, not one.lot.covers(lot), one.order))
            self._passports_of[lot] = tuple(closest)
        return self._passports_of[lot]

    def makers_of(self, lot: LotKey) -> tuple[Event, ...]:
        """Make events with an output that is ``lot``, holds it or is part of it; no hearsay."""
        if lot not in self._makers_of:
            found = {event.id: event for event, portion in self._outputs.get(lot.id, ()) if overlap(portion.lot, lot)}
            operating = self._operators({event.facility for event in found.values()})
            self._makers_of[lot] = first_hand_events(found.values(), operating)
        return self._makers_of[lot]

    def uses_of(self, lot: LotKey) -> tuple[tuple[Event, Portion], ...]:
        """Make inputs taken from ``lot`` or a part of it."""
        return tuple(pair for pair in self._inputs.get(lot.id, ()) if lot.covers(pair[1].lot))

    def outputs_of(self, lot: LotKey) -> tuple[tuple[Event, Portion], ...]:
        """Make outputs that are ``lot`` or a part of it."""
        return tuple(pair for pair in self._outputs.get(lot.id, ()) if lot.covers(pair[1].lot))

    def moves_of(self, lot: LotKey) -> tuple[tuple[Event, Portion], ...]:
        """Moves of ``lot`` or a part of it, by time."""
        return tuple(pair for pair in self._moved.get(lot.id, ()) if lot.covers(pair[1].lot))

    def modifications_of(self, lot: LotKey) -> tuple[tuple[Event, Portion], ...]:
        """Modify events of ``lot`` or a part of it, by time."""
        return tuple(pair for pair in self._modified.get(lot.id, ()) if lot.covers(pair[1].lot))

    @cached_property
    def all_lots(self) -> tuple[LotKey, ...]:
        """Every lot any passport or event names, sorted."""
        keys = {one.lot for one in self.passports} | {one.lot for event in self.events for one in event.portions}
        return tuple(sorted(keys))

    @cached_property
    def spelling(self) -> dict[LotKey, str]:
        """How events first spell the id of each lot."""
        found: dict[LotKey, str] = {}
        for event in self.events:
            for portion in event.portions:
                found.setdefault(portion.lot, portion.id)
        return found

    # ---- places, parties, conformity

    def facility_records(self, facility: str) -> tuple[FacilityRecord, ...]:
        """Records of the facility with canonical id ``facility``."""
        return self._facilities_by_id.get(facility, ())

    def same_facility(self, one: str, other: str) -> bool:
        """Are two canonical ids one facility: equal, or each the other's alias by its own record (PV-MRG-4)?"""
        if one == other:
            return True
        return all(
            any(second in record.aliases for record in self.facility_records(first))
            for first, second in ((one, other), (other, one))
        )

    def operators_of(self, facility: str) -> frozenset[str]:
        """Who owns or operates the facility, as its records say (canonical ids)."""
        return operators(self.facility_records(facility))

    def assessments_of_lot(self, lot: LotKey) -> tuple[tuple[Attestation, Assessment], ...]:
        """Assessments that name ``lot`` or something it belongs to."""
        found = self._assessments_by_object.get(lot.id, ())
        return tuple(pair for pair in found if any(assessed.covers(lot) for assessed in pair[1].lots))

    def assessments_of(self, id: str) -> tuple[tuple[Attestation, Assessment], ...]:
        """Assessments that name the facility or organisation with canonical ``id``."""
        found = self._assessments_by_object.get(id, ())
        return tuple(pair for pair in found if id in (*pair[1].facilities, pair[1].organisation))

    def anchors_of(self, did: str) -> tuple[Anchor, ...]:
        """Identity anchors about ``did``."""
        return self._anchors_by_subject.get(did, ())

    # ---- documents

    def credential_at(self, address: str) -> VerifiedCredential | None:
        """The usable credential whose id is ``address``, current or older."""
        return self._credentials_by_id.get(given_or_canonical(address))

    def attestation_in(self, credential: VerifiedCredential) -> Attestation | None:
        """The attestation that ``credential`` carries."""
        return next((one for one in self.attestations if one.credential is credential), None)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim of every passport and facility record."""
        carriers: tuple[Passport | FacilityRecord, ...] = (*self.passports, *self.facilities)
        return tuple(claim for carrier in carriers for claim in carrier.claims)

    def _operators(self, facilities: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*(self.operators_of(facility) for facility in facilities))

    # ---- indexes, and what is asked for again and again

    @cached_property
    def _passports_of(self) -> dict[LotKey, tuple[Passport, ...]]:
        return {}

    @cached_property
    def _makers_of(self) -> dict[LotKey, tuple[Event, ...]]:
        return {}

    @cached_property
    def _passports_by_id(self) -> dict[str, tuple[Passport, ...]]:
        return _index(self.passports, lambda one: [one.lot.id])

    @cached_property
    def _facilities_by_id(self) -> dict[str, tuple[FacilityRecord, ...]]:
        return _index(self.facilities, lambda one: [one.facility])

    @cached_property
    def _anchors_by_subject(self) -> dict[str, tuple[Anchor, ...]]:
        return _index(self.anchors, lambda one: [one.subject])

    @cached_property
    def _credentials_by_id(self) -> dict[str, VerifiedCredential]:
        return {given_or_canonical(one.id): one for one in (*self.older, *self.credentials)}

    @cached_property
    def _assessments_by_object(self) -> dict[str, tuple[tuple[Attestation, Assessment], ...]]:
        pairs = [(one, assessment) for one in self.attestations for assessment in one.assessments]
        return _index(pairs, lambda pair: _assessed_ids(pair[1]))

    @cached_property
    def _outputs(self) -> dict[str, tuple[tuple[Event, Portion], ...]]:
        return _by_lot(self.events, EventKind.MAKE, lambda event: event.outputs)

    @cached_property
    def _inputs(self) -> dict[str, tuple[tuple[Event, Portion], ...]]:
        return _by_lot(self.events, EventKind.MAKE, lambda event: event.inputs)

    @cached_property
    def _moved(self) -> dict[str, tuple[tuple[Event, Portion], ...]]:
        return _by_lot(self.events, EventKind.MOVE, lambda event: event.moved)

    @cached_property
    def _modified(self) -> dict[str, tuple[tuple[Event, Portion], ...]]:
        return _by_lot(self.events, EventKind.MODIFY, lambda event: event.modified)


def overlap(one: LotKey, other: LotKey) -> bool:
    """Is one lot the other, or a part of it, or the other way round?"""
    return one.covers(other) or other.covers(one)


def build_graph(holdings: Holdings) -> Graph:
    """The graph of everything in ``holdings``."""
    usable = [one for one in holdings.credentials if isinstance(one, VerifiedCredential)]
    unusable = [one for one in holdings.credentials if isinstance(one, Unusable)]
    current, older, superseded = current_versions(usable)
    first = read_all(current, complete=lambda key: key)
    lots = Lots.of(_keys(first))
    read = read_all(current, complete=lots.complete)
    events, retold = told_once(read.events)
    return Graph(
        credentials=current,
        superseded=superseded,
        older=older,
        unusable=tuple(sorted(unusable, key=lambda one: (one.verdict.id or "", one.verdict.object_digest))),
        lots=Lots.of(_keys(read)),
        passports=_sorted(read.passports),
        events=tuple(sorted(events, key=lambda event: (event.at or _UNDATED, event.id, event.order))),
        retold=retold,
        facilities=_sorted(read.facilities),
        attestations=_sorted(read.attestations),
        anchors=_sorted(read.anchors),
    )


def _keys(read: Statements) -> Iterable[LotKey]:
    yield from (passport.lot for passport in read.passports)
    yield from (portion.lot for event in read.events for portion in event.portions)


S = TypeVar("S", Passport, FacilityRecord, Attestation, Anchor)


def _sorted(statements: Iterable[S]) -> tuple[S, ...]:
    return tuple(sorted(statements, key=lambda one: one.order))


def _assessed_ids(assessment: Assessment) -> list[str]:
    ids = {lot.id for lot in assessment.lots} | set(assessment.facilities) | {assessment.organisation}
    return sorted(ids - {""})


def _by_lot(
    events: Iterable[Event], kind: EventKind, portions: Callable[[Event], tuple[Portion, ...]]
) -> dict[str, tuple[tuple[Event, Portion], ...]]:
    pairs = [(event, portion) for event in events if event.kind is kind for portion in portions(event)]
    return _index(pairs, lambda pair: [pair[1].lot.id])


def _index(items: Iterable[T], keys: Callable[[T], Iterable[str]]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for item in items:
        for key in keys(item):
            found.setdefault(key, []).append(item)
    return {key: tuple(values) for key, values in found.items()}
