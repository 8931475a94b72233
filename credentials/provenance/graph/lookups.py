"""What was looked up, and where it leads: linksets and DID documents, each read once.

The rule: a linkset proves nothing, a service is a hint; what they lead to is judged by itself. A document that cannot
be read leads nowhere, and what it was asked for stays a gap. What was asked in any spelling was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from credentials.encoding.document import Sha256, parse_document
from credentials.errors import CredentialsError
from credentials.evidence import Absent, Evidence, Found, Need, NeedKind
from credentials.identifiers.canonical_ids import given_or_canonical, lot_key
from credentials.keys.controller import ControllerDocument, parse_controller_document
from credentials.provenance.statements.kept import EVERYTHING, Kept
from credentials.untp.linkset import Target, read_linkset

T = TypeVar("T")


class Lookups:
    """Answers to needs; whoever lets them grow owns them, as with the graph."""

    def __init__(self, evidence: Evidence | None = None, *, kept: Kept | None = None) -> None:
        self.kept = kept if kept is not None else Kept()
        self.evidence = Evidence()
        self._answered: dict[tuple[NeedKind, str], list[Need]] = {}
        self._linksets: dict[str, list[Need]] = {}
        self._seen: set[Need] = set()
        self._canonical: dict[str, str] = {}
        self._targets: dict[Need, tuple[Found, tuple[Target, ...]]] = {}
        self._documents: dict[Need, tuple[Found, ControllerDocument | None]] = {}
        if evidence is not None:
            self.now(evidence)

    def now(self, evidence: Evidence) -> None:
        """Everything that has been looked up by now: what was known before, and more."""
        before, self.evidence = self.evidence, evidence
        self.kept.changed(EVERYTHING)
        for need, answer in evidence.answers.items():
            if before.get(need) is not answer:
                self.kept.changed((self, self.name_of(need)))
            if need not in self._seen:
                self._seen.add(need)
                self._answered.setdefault(self.name_of(need), []).append(need)
                if need.kind is NeedKind.LINKSET:
                    self._linksets.setdefault(lot_key(need.id).id, []).append(need)

    def name_of(self, need: Need) -> tuple[NeedKind, str]:
        """What is looked up, whatever its spelling."""
        canonical = self._canonical.get(need.id)
        if canonical is None:
            canonical = self._canonical[need.id] = given_or_canonical(need.id)
        return need.kind, canonical

    def get(self, need: Need) -> Found | Absent | None:
        """What came of ``need``; None while nobody has looked."""
        self.kept.read((self, self.name_of(need)))
        return self.evidence.get(need)

    def found(self, need: Need) -> Found | None:
        """The bytes for ``need``, or None when absent or not looked up."""
        self.kept.read((self, self.name_of(need)))
        return self.evidence.found(need)

    def in_any_spelling(self, need: Need) -> tuple[Need, ...]:
        """The needs that were answered and name the same as ``need``, sorted."""
        name = self.name_of(need)
        self.kept.read((self, name))
        return tuple(sorted(self._answered.get(name, ())))

    def served(self, address: str) -> frozenset[Sha256]:
        """The digests of the documents that ``address`` itself served."""
        answers = (self.evidence.found(need) for need in self.in_any_spelling(Need(NeedKind.CREDENTIAL, address)))
        found = (one for answer in answers if answer is not None for one in (answer, *answer.also))
        return frozenset(one.digest for one in found if one.served)

    def linksets_of(self, id: str) -> tuple[Need, ...]:
        """The linksets that were asked for lots with the canonical ``id``, sorted."""
        self.kept.read(EVERYTHING)
        return tuple(sorted(self._linksets.get(id, ())))

    def of_kind(self, kind: NeedKind) -> tuple[Need, ...]:
        """The needs of one kind that were answered, sorted."""
        self.kept.read(EVERYTHING)
        return tuple(sorted(need for need in self._seen if need.kind is kind))

    def targets(self, need: Need) -> tuple[Target, ...]:
        """Every target of the linkset that was found for ``need``; () when there is none or it cannot be read."""
        return self._read(self._targets, need, _targets_in) or ()

    def document(self, did: str) -> ControllerDocument | None:
        """The DID document that was found for ``did``; None when there is none or it cannot be read."""
        return self._read(self._documents, Need(NeedKind.DID_DOCUMENT, did), lambda found: _document_in(did, found))

    def _read(self, kept: dict[Need, tuple[Found, T]], need: Need, read: Callable[[Found], T]) -> T | None:
        found = self.found(need)
        if found is None:
            return None
        if need not in kept or kept[need][0] is not found:
            kept[need] = (found, read(found))
        return kept[need][1]


def _targets_in(found: Found) -> tuple[Target, ...]:
    try:
        return read_linkset(parse_document(found.body).value).targets()
    except CredentialsError:
        return ()


def _document_in(did: str, found: Found) -> ControllerDocument | None:
    try:
        return parse_controller_document(found.body, id=did)
    except CredentialsError:
        return None  # the credentials of this DID fail for it, which is where people look
