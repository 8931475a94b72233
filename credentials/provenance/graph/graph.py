"""The provenance graph: every statement of the credentials in hand, found by lot, place, party and address.

The rule: what it answers depends on what is in hand, never on the order it came in. What is asked of a lot or a place
is answered by who has a say about it (credentials.provenance.statements.authority); ``all_…`` and the plain lists hold
hearsay too. It does not judge. Whoever lets it grow owns it; to everybody else it is a value, and what was derived
from it is good until it grows again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from credentials.encoding.document import Sha256
from credentials.identifiers.canonical_ids import given_or_canonical, lot_key
from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.control import Control
from credentials.provenance.graph.filing import Filing, bytes_place, form_place, told_once
from credentials.provenance.graph.registers import Registers
from credentials.provenance.statements.authority import (
    MAKING,
    Saying,
    SubjectMatter,
    has_say,
    operators,
    parties_in,
    telling_order,
)
from credentials.provenance.statements.extraction import Reader, read
from credentials.provenance.statements.kept import EVERYTHING, Kept, keeping, keeping_all
from credentials.provenance.statements.known_lots import KnownLots
from credentials.provenance.statements.statement import (
    AnchorStatement,
    AssessmentStatement,
    AttestationStatement,
    ClaimStatement,
    EventStatement,
    FacilityStatement,
    PassportStatement,
    PortionStatement,
    Statement,
)
from credentials.untp.values import PartyReference
from credentials.verdict import Unusable, VerifiedCredential

S = TypeVar("S", bound=Statement)


class Graph:
    """All statements in hand; every tuple is sorted by (credential, pointer), events by time."""

    def __init__(
        self,
        credentials: Iterable[VerifiedCredential | Unusable] = (),
        *,
        registers: Registers | None = None,
        reader: Reader = read,
        kept: Kept | None = None,
    ) -> None:
        self.kept = kept if kept is not None else Kept()
        self._filed = Filing(reader, self.kept)
        self._control = Control(self._filed, registers, self.kept)
        self.add(credentials)

    def add(self, credentials: Iterable[VerifiedCredential | Unusable]) -> None:
        """Grow by ``credentials``; what it costs is what arrives, not what is held."""
        for credential in credentials:
            self._filed.add(credential)
        self._filed.license(self.controls)

    @property
    def lots(self) -> KnownLots:
        """Every lot that is named by who controls its identifier."""
        return self._filed.lots

    # ---- everything, in order

    @property
    @keeping_all
    def credentials(self) -> tuple[VerifiedCredential, ...]:
        """The current versions of what could be used."""
        return self._filed.versions.current

    @property
    @keeping_all
    def older(self) -> tuple[VerifiedCredential, ...]:
        """The versions that were replaced."""
        return self._filed.versions.older

    @property
    @keeping_all
    def superseded(self) -> Mapping[Sha256, str]:
        """The credential digest of each older version, and the id of what replaced it."""
        return self._filed.versions.superseded

    @property
    @keeping_all
    def unusable(self) -> tuple[Unusable, ...]:
        """What failed or could not be judged."""
        return self._unusable(needed=True)

    @property
    @keeping_all
    def aside(self) -> tuple[Unusable, ...]:
        """What answers nothing that was asked for."""
        return self._unusable(needed=False)

    @property
    @keeping_all
    def passports(self) -> tuple[PassportStatement, ...]:
        """Every passport, hearsay included."""
        return self._all(PassportStatement)

    @property
    @keeping_all
    def attestations(self) -> tuple[AttestationStatement, ...]:
        """Every attestation."""
        return self._all(AttestationStatement)

    def statements(self) -> Iterator[Statement]:
        """Everything that the current credentials say, hearsay included, in no order."""
        self.kept.read(EVERYTHING)
        return (one for told in self._filed.told.values() for one in told)

    def tellings_of(self, event: EventStatement) -> tuple[EventStatement, ...]:
        """The same event in every credential that tells of it, hearsay included."""
        self.kept.read(EVERYTHING)
        keys = self._filed.teller_ids.get(given_or_canonical(event.id))
        return tuple(sorted((one for key in keys for one in self._filed.tellings[key]), key=telling_order))

    @property
    @keeping_all
    def claims(self) -> tuple[ClaimStatement, ...]:
        """Every claim of every passport and facility record, hearsay included."""
        carriers: tuple[PassportStatement | FacilityStatement, ...] = (*self.passports, *self._all(FacilityStatement))
        return tuple(claim for carrier in carriers for claim in carrier.claims)

    # ---- lots

    def lot_named(self, id: str) -> LotKey:
        """The lot that the identifier ``id`` names: completed when only one lot of it is known."""
        return self.lots.complete(lot_key(id))

    def all_passports_of(self, lot: LotKey) -> tuple[PassportStatement, ...]:
        """Passports of ``lot``, of the batch or class it belongs to, or of its parts; hearsay too."""
        return tuple(one for one in self._filed.passports.get(lot.id) if overlap(one.lot, lot))

    @keeping
    def passports_of(self, lot: LotKey) -> tuple[PassportStatement, ...]:
        """Those of who controls the identifier, the closest first."""
        told = self.all_passports_of(lot)
        found = [one for one in told if self._has_say(SubjectMatter.PRODUCT, one.issuer, one.named.id)]
        return tuple(sorted(found, key=lambda one: (one.lot != lot, not one.lot.covers(lot), one.order)))

    def all_makers_of(self, lot: LotKey) -> tuple[EventStatement, ...]:
        """Make events with an output that is ``lot``, holds it or is part of it, by time; hearsay too."""
        made = self._filed.portions.get(("output", lot.id))
        return tuple({id(event): event for event, portion in made if overlap(portion.lot, lot)}.values())

    @keeping
    def makers_of(self, lot: LotKey) -> tuple[EventStatement, ...]:
        """Those told by who controls the identifier or by the maker that its passport names, each event once."""
        made = self._filed.portions.get(("output", lot.id))
        told = [pair for pair in made if overlap(pair[1].lot, lot) and self.may_tell_making(*pair)]
        return tuple({id(event): event for event, _ in told_once(told)}.values())

    def outputs_of(self, lot: LotKey) -> tuple[tuple[EventStatement, PortionStatement], ...]:
        """Make outputs that are ``lot`` or a part of it, told by who has a say about the making, by time."""
        return told_once(pair for pair in self._within(lot, "output") if self.may_tell_making(*pair))

    def uses_of(self, lot: LotKey) -> tuple[tuple[EventStatement, PortionStatement], ...]:
        """Make inputs taken from ``lot`` or a part of it, by time; hearsay too."""
        return self._within(lot, "input")

    def moves_of(self, lot: LotKey) -> tuple[tuple[EventStatement, PortionStatement], ...]:
        """Moves of ``lot`` or a part of it, by time; hearsay too."""
        return self._within(lot, "moved")

    def modifications_of(self, lot: LotKey) -> tuple[tuple[EventStatement, PortionStatement], ...]:
        """Modify events of ``lot`` or a part of it, by time; hearsay too."""
        return self._within(lot, "modified")

    def events_at(self, facility: str) -> tuple[EventStatement, ...]:
        """Events after which goods are at the facility with canonical id ``facility``, by time; hearsay too."""
        return self._filed.events.get(facility)

    # ---- who has a say

    def controls(self, did: str, id: str) -> bool:
        """Does the canonical ``id`` belong to ``did``?"""
        return self._control.controls(did, id)

    def grants(self, did: str, id: str) -> tuple[tuple[Statement, ...], ...]:
        """By which statements the canonical ``id`` is given to ``did``, each enough alone; the trust list's aside."""
        return self._control.grants(did, id)

    def one_company(self, one: str, other: str) -> bool:
        """Are two ids one party?"""
        return self._control.one_company(one, other)

    def registrations(self, did: str) -> frozenset[tuple[str, str]]:
        """The (scheme, registered id) pairs that listed registers give ``did``."""
        return self._control.registrations(did)

    @keeping
    def makers_named(self, lot: LotKey) -> frozenset[str]:
        """Whom the passports of the lot name as its makers: by role, or as operators of the place."""
        passports = self.passports_of(lot)
        by_role = {party for one in passports for party in parties_in(one.said.related_parties, MAKING)}
        return frozenset(by_role).union(*(self.operators_of(one.facility) for one in passports))

    def may_tell_making(self, event: EventStatement, portion: PortionStatement) -> bool:
        """Does the teller of a make event have a say about this output of it?"""
        return self._has_say(SubjectMatter.MAKING, event.issuer, portion.named.id, portion.lot)

    def _has_say(self, matter: SubjectMatter, by: str, id: str, lot: LotKey | None = None) -> bool:
        return has_say(self, matter, Saying(by=by, id=id, lot=lot))

    # ---- places, parties, conformity

    def all_facility_records(self, facility: str) -> tuple[FacilityStatement, ...]:
        """Records of the facility with canonical id ``facility``; hearsay too."""
        return self._filed.facilities.get(facility)

    @keeping
    def facility_records(self, facility: str) -> tuple[FacilityStatement, ...]:
        """Those of who controls its identifier, or whom a listed register names for it."""
        found = self.all_facility_records(facility)
        return tuple(one for one in found if self._has_say(SubjectMatter.PLACE, one.issuer, facility))

    def same_facility(self, one: str, other: str) -> bool:
        """Are two canonical ids one facility: equal, or each the other's alias by its own record (PV-MRG-4)?"""
        if one == other:
            return True
        return all(
            any(second in record.aliases for record in self.facility_records(first))
            for first, second in ((one, other), (other, one))
        )

    @keeping
    def operators_of(self, facility: str) -> frozenset[str]:
        """Who owns or operates the facility, as its records say (canonical ids)."""
        return operators(self.facility_records(facility))

    def assessments_of_lot(self, lot: LotKey) -> tuple[tuple[AttestationStatement, AssessmentStatement], ...]:
        """Assessments that name ``lot`` or something it belongs to."""
        found = self._filed.assessments.get(lot.id)
        return tuple(pair for pair in found if any(assessed.covers(lot) for assessed in pair[1].lots))

    def assessments_naming(self, id: str) -> tuple[tuple[AttestationStatement, AssessmentStatement], ...]:
        """Assessments of anything under the canonical ``id``, whichever batch or item of it."""
        return self._filed.assessments.get(id)

    def assessments_of(self, id: str) -> tuple[tuple[AttestationStatement, AssessmentStatement], ...]:
        """Assessments that name the facility or organisation with canonical ``id``."""
        found = self._filed.assessments.get(id)
        return tuple(pair for pair in found if id in (*pair[1].facilities, pair[1].organisation))

    def anchors_of(self, did: str) -> tuple[AnchorStatement, ...]:
        """Identity anchors about ``did``."""
        return self._filed.anchors.get(did)

    # ---- documents

    def of_bytes(self, digests: Iterable[Sha256]) -> tuple[VerifiedCredential, ...]:
        """The usable credentials that arrived as the bytes with these digests, in the form of each that is read."""
        wanted = sorted(digests)
        for digest in wanted:
            self.kept.read(bytes_place(digest))
        filed = [one for digest in wanted if (one := self._filed.by_bytes.get(digest)) is not None]
        for one in filed:
            self.kept.read(form_place(one))
        return tuple(self._filed.versions.kept(one) for one in filed)

    def speaks(self, credential: VerifiedCredential) -> bool:
        """Is it what counts of its versions?"""
        self.kept.read(bytes_place(credential.object_digest))
        return credential.object_digest in self._filed.told

    def credentials_at(self, address: str) -> tuple[VerifiedCredential, ...]:
        """The usable credentials whose id is ``address``, of any version, whoever issued them."""
        found = self._filed.addresses.get(given_or_canonical(address))
        for one in found:
            self.kept.read(form_place(one))
        return tuple(one for one in found if self._filed.versions.keeps(one))

    def registrations_of(self, did: str) -> tuple[PartyReference, ...]:
        """How ``did`` says in its current credentials that it is registered."""
        return self._filed.registrations.get(did)

    def statements_in(self, credential: VerifiedCredential) -> tuple[Statement, ...]:
        """What ``credential`` says, also where another version speaks instead of it."""
        return self._told_in(credential) if self.speaks(credential) else self._filed.read(credential)

    def attestation_in(self, credential: VerifiedCredential) -> AttestationStatement | None:
        """The attestation that ``credential`` carries."""
        return next((one for one in self._told_in(credential) if isinstance(one, AttestationStatement)), None)

    def passport_in(self, credential: VerifiedCredential) -> PassportStatement | None:
        """The passport that ``credential`` carries."""
        return next((one for one in self._told_in(credential) if isinstance(one, PassportStatement)), None)

    def claims_in(self, credential: VerifiedCredential) -> tuple[ClaimStatement, ...]:
        """The claims that ``credential`` makes."""
        carriers = (one for one in self._told_in(credential) if isinstance(one, PassportStatement | FacilityStatement))
        return tuple(claim for carrier in carriers for claim in carrier.claims)

    def _told_in(self, credential: VerifiedCredential) -> tuple[Statement, ...]:
        self.kept.read(bytes_place(credential.object_digest))
        return self._filed.told.get(credential.object_digest, ())

    def _unusable(self, *, needed: bool) -> tuple[Unusable, ...]:
        found = (one for one in self._filed.unusable if one.needed is needed)
        return tuple(sorted(found, key=lambda one: (one.verdict.id or "", one.verdict.object_digest)))

    def _within(self, lot: LotKey, role: str) -> tuple[tuple[EventStatement, PortionStatement], ...]:
        return tuple(pair for pair in self._filed.portions.get((role, lot.id)) if lot.covers(pair[1].lot))

    def _all(self, kind: type[S]) -> tuple[S, ...]:
        found = (one for told in self._filed.told.values() for one in told if isinstance(one, kind))
        return tuple(sorted(found, key=lambda one: one.order))


def overlap(one: LotKey, other: LotKey) -> bool:
    """Is one lot the other, or a part of it, or the other way round?"""
    return one.covers(other) or other.covers(one)
