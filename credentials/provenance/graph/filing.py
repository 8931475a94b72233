"""Filing: each credential read once as it arrives, its statements put where they are looked for.

The rule: what has arrived decides what is filed, not the order it came in. Nothing is merged but lots (PV-MRG-2), and
a lot is known only when who controls its identifier names it; superseded versions are set aside, not lost (PV-CRED-7).
What one party tells twice happened once; what two parties tell is filed twice, for who has a say depends on the teller.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from credentials.encoding.document import Sha256
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.buckets import Buckets
from credentials.provenance.statements.authority import is_licensed_number, is_own, telling_order
from credentials.provenance.statements.extraction import Reader
from credentials.provenance.statements.kept import EVERYTHING, Kept
from credentials.provenance.statements.known_lots import KnownLots
from credentials.provenance.statements.statement import (
    AnchorStatement,
    AssessmentStatement,
    AttestationStatement,
    EventStatement,
    FacilityStatement,
    PassportStatement,
    PortionStatement,
    Statement,
)
from credentials.provenance.statements.versions import Versions
from credentials.untp.issuer import read_issuer
from credentials.untp.values import PartyReference
from credentials.verdict import Unusable, VerifiedCredential

#: What a lot is in an event, in the order in which an event tells of its portions.
ROLES: Final = ("input", "output", "moved", "modified")
_UNDATED: Final = datetime.min.replace(tzinfo=UTC)


class Filing:
    """Everything that arrived: by version, by what it says, and by what that is about."""

    def __init__(self, reader: Reader, kept: Kept) -> None:
        self._reader = reader
        self._kept = kept
        self.lots = KnownLots(kept=kept)
        self.versions = Versions()
        self.unusable: list[Unusable] = []
        self.told: dict[Sha256, tuple[Statement, ...]] = {}  # what each credential that speaks now says, by its bytes
        self.tellings: dict[
            tuple[str, str], list[EventStatement]
        ] = {}  # of each event by its canonical id and teller, the one that is read first
        self.teller_ids = Buckets[str, tuple[str, str]](kept, _itself)  # the keys of ``tellings`` by event
        self._numbers: Counter[tuple[str, LotKey]] = Counter()  # GS1 keys as named, by the namer
        self._licensed: set[tuple[str, LotKey]] = set()
        self.by_bytes: dict[Sha256, VerifiedCredential] = {}
        self.addresses = Buckets[str, VerifiedCredential](kept, _digest)
        self.registrations = Buckets[str, PartyReference](kept, _of_party)  # what issuers say of themselves
        self._registered: Counter[tuple[str, PartyReference]] = Counter()  # in how many credentials that speak now
        self.passports = Buckets[str, PassportStatement](kept, _order)
        self.facilities = Buckets[str, FacilityStatement](kept, _order)
        self.anchors = Buckets[str, AnchorStatement](kept, _order)
        self.assessments = Buckets[str, tuple[AttestationStatement, AssessmentStatement]](kept, _order_of_first)
        self.events = Buckets[str, EventStatement](kept, by_time)  # by the place where the goods are afterwards
        self.portions = Buckets[tuple[str, str], tuple[EventStatement, PortionStatement]](
            kept, _time_of_first
        )  # by role and canonical id

    def add(self, credential: VerifiedCredential | Unusable) -> None:
        """Read it and file what it says; what it replaces falls silent."""
        self._kept.changed(EVERYTHING)
        if isinstance(credential, Unusable):
            self.unusable.append(credential)
            return
        change = self.versions.add(credential)
        self._kept.changed(form_place(credential))
        for silent in change.silent:
            for statement in self.told.pop(silent.object_digest):
                self._forget(statement)
            self._register(silent, -1)
            self._kept.changed(bytes_place(silent.object_digest))
        for speaks in change.speaks:
            self._register(speaks, 1)
            self.told[speaks.object_digest] = self._reader(speaks, self.lots)
            for statement in self.told[speaks.object_digest]:
                self._file(statement)
        self.by_bytes[credential.object_digest] = credential
        self._kept.changed(bytes_place(credential.object_digest))
        self.addresses.add(given_or_canonical(credential.id), credential)

    def read(self, credential: VerifiedCredential) -> tuple[Statement, ...]:
        """What a credential says that is not filed."""
        return self._reader(credential, self.lots)

    def _file(self, statement: Statement) -> None:
        match statement:
            case PassportStatement():
                self._name(statement.issuer, statement.named, 1)
                self.passports.add(statement.named.id, statement)
            case FacilityStatement():
                self.facilities.add(statement.facility, statement)
            case AnchorStatement():
                self.anchors.add(statement.subject, statement)
            case AttestationStatement():
                for assessment in statement.assessments:
                    for id in _assessed_ids(assessment):
                        self.assessments.add(id, (statement, assessment))
            case EventStatement():
                for portion in statement.portions:
                    self._name(statement.issuer, portion.named, 1)
                self.events.add(statement.facility, statement)
                self._tell(statement)

    def _forget(self, statement: Statement) -> None:
        match statement:
            case PassportStatement():
                self._name(statement.issuer, statement.named, -1)
                self.passports.drop(statement.named.id, lambda one: one is statement)
            case FacilityStatement():
                self.facilities.drop(statement.facility, lambda one: one is statement)
            case AnchorStatement():
                self.anchors.drop(statement.subject, lambda one: one is statement)
            case AttestationStatement():
                for id in {id for assessment in statement.assessments for id in _assessed_ids(assessment)}:
                    self.assessments.drop(id, lambda pair: pair[0] is statement)
            case EventStatement():
                for portion in statement.portions:
                    self._name(statement.issuer, portion.named, -1)
                self.events.drop(statement.facility, lambda one: one is statement)
                self._untell(statement)

    def license(self, licensed: Callable[[str, str], bool]) -> None:
        """GS1 keys are known when the one who names them is ``licensed`` by now (asked by DID and canonical id)."""
        now = {(did, key) for did, key in self._numbers if licensed(did, key.id)}
        for _, key in self._licensed - now:
            self.lots.drop(key)
        for _, key in now - self._licensed:
            self.lots.add(key)
        self._licensed = now

    def _name(self, by: str, key: LotKey, times: int) -> None:
        """``by`` names the lot ``key`` once more (1) or once less (-1)."""
        if is_licensed_number(key.id):
            self._numbers[by, key] += times
            if not self._numbers[by, key]:
                del self._numbers[by, key]
        elif is_own(by, key.id):
            (self.lots.add if times > 0 else self.lots.drop)(key)

    def _register(self, credential: VerifiedCredential, times: int) -> None:
        """Its issuer says of itself how it is registered once more (1) or once less (-1)."""
        did = credential.issuer
        for party in set(read_issuer(credential.value).also_known_as):
            before = self._registered[did, party]
            self._registered[did, party] += times
            if not before:
                self.registrations.add(did, party)
            elif not self._registered[did, party]:
                del self._registered[did, party]
                self.registrations.drop(did, party.__eq__)

    def _tell(self, event: EventStatement) -> None:
        """Of several tellings of one event by one party, the first by rank is the one that is read."""
        key = _telling(event)
        if key not in self.tellings:
            self.teller_ids.add(key[0], key)
        told = self.tellings.setdefault(key, [])
        former = told[0] if told else None
        insort(told, event, key=telling_order)
        self._speak(former, told[0])

    def _untell(self, event: EventStatement) -> None:
        key = _telling(event)
        told = self.tellings[key]
        former = told[0]
        told.remove(event)
        if not told:
            del self.tellings[key]
            self.teller_ids.drop(key[0], lambda other: other == key)
        self._speak(former, told[0] if told else None)

    def _speak(self, former: EventStatement | None, event: EventStatement | None) -> None:
        """Let the portions of ``event`` be found instead of those of ``former``."""
        if former is event:
            return
        for _, role, portion in _portions(former):
            self.portions.drop((role, portion.named.id), lambda pair: pair[0] is former)
        for told, role, portion in _portions(event):
            self.portions.add((role, portion.named.id), (told, portion))


def form_place(credential: VerifiedCredential) -> tuple[str, str]:
    """Where it is read which form of a credential is read."""
    return ("form", credential.credential_digest)


def bytes_place(digest: Sha256) -> tuple[str, str]:
    """Where it is read whether these bytes are in hand, and what they say now."""
    return ("bytes", digest)


def _telling(event: EventStatement) -> tuple[str, str]:
    return (given_or_canonical(event.id), event.issuer)


def by_time(event: EventStatement) -> tuple[object, ...]:
    """What events are sorted by: the moment, then what is the same wherever it came from."""
    return (event.at or _UNDATED, event.id, event.order)


def told_once(
    pairs: Iterable[tuple[EventStatement, PortionStatement]],
) -> tuple[tuple[EventStatement, PortionStatement], ...]:
    """``pairs`` with each event told by one party only: of several, the one whose id the event has."""
    kept = list(pairs)
    chosen: dict[str, EventStatement] = {}
    for event, _ in kept:
        other = chosen.setdefault(given_or_canonical(event.id), event)
        if other is not event and telling_order(event) < telling_order(other):
            chosen[given_or_canonical(event.id)] = event
    return tuple(pair for pair in kept if chosen[given_or_canonical(pair[0].id)] is pair[0])


def _portions(event: EventStatement | None) -> Iterator[tuple[EventStatement, str, PortionStatement]]:
    """Every portion of an event with its role in it."""
    if event is not None:
        for role, portions in zip(ROLES, (event.inputs, event.outputs, event.moved, event.modified), strict=True):
            yield from ((event, role, portion) for portion in portions)


def _assessed_ids(assessment: AssessmentStatement) -> list[str]:
    ids = {lot.id for lot in assessment.named} | set(assessment.facilities) | {assessment.organisation}
    return sorted(ids - {""})


def _of_party(party: PartyReference) -> tuple[object, ...]:
    return (party.id or "", party.id_scheme or "", party.registered_id or "")


def _digest(credential: VerifiedCredential) -> tuple[object, ...]:
    return (credential.object_digest,)


def _itself(key: tuple[str, str]) -> tuple[object, ...]:
    return key


def _order(statement: Statement) -> tuple[object, ...]:
    return statement.order


def _order_of_first(pair: tuple[AttestationStatement, AssessmentStatement]) -> tuple[object, ...]:
    return pair[0].order


def _time_of_first(pair: tuple[EventStatement, PortionStatement]) -> tuple[object, ...]:
    return by_time(pair[0])
