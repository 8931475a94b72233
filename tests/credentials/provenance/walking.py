"""A little internet for the frontier: it answers look-ups from drafts and remembers what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from credentials.encoding.document import walk
from credentials.evidence import Absent, AbsentReason, Evidence, Found, Need, NeedKind
from credentials.identifiers.canonical_ids import lot_key
from credentials.provenance import Case, Holdings, Question, needs
from credentials.untp.kinds import kind_of
from credentials.verdict import Unusable, VerifiedCredential
from tests.credentials.provenance import twin
from tests.credentials.provenance.signing import MEDIA_TYPE, Draft, found, sign_all


class Internet:
    """Serves every draft at its id, a linkset for every id its subjects name, and everybody's DID document."""

    def __init__(self, drafts: Mapping[str, Draft], *, silent: Iterable[str] = ()) -> None:
        self.asked: list[Need] = []
        self._silent = frozenset(silent)
        self._bodies = {drafts[name]["id"]: body for name, body in sign_all(drafts).items()}
        self._held = {one.verdict.id or "": one for one in _judged(drafts)}
        self._links: dict[str, dict[str, Any]] = {}
        for draft in drafts.values():
            self._file(draft)

    def answer(self, need: Need) -> Found | Absent:
        """What comes of one look-up."""
        self.asked.append(need)
        if need.id in self._silent:
            return Absent(reason=AbsentReason.OFFLINE, detail="The host did not answer.")
        if need.kind is NeedKind.DID_DOCUMENT and need.id in twin.did_documents():
            return self._json(twin.did_documents()[need.id], need)
        if need.kind is NeedKind.CREDENTIAL and need.id in self._bodies:
            return found(self._bodies[need.id], media_type=MEDIA_TYPE, source=need.id, at=twin.AT)
        links = self._links.get(lot_key(need.id).id) if need.kind is NeedKind.LINKSET else None
        if links is None:
            return Absent(reason=AbsentReason.UNKNOWN_IDENTIFIER)
        return self._json({"linkset": [{"anchor": need.id, **links}]}, need)

    def held(self, address: str) -> VerifiedCredential | Unusable:
        """The judged credential at an address."""
        return self._held[address]

    def _json(self, value: Mapping[str, Any], need: Need) -> Found:
        return found(value, media_type="application/json", source=need.id, at=twin.AT)

    def _file(self, draft: Draft) -> None:
        """File a credential under its lots and places, not under every party it mentions."""
        kind = kind_of(draft)
        assert kind is not None
        for pointer, value in walk(draft["credentialSubject"]):
            if pointer.endswith("/id") and isinstance(value, str) and "://" in value:
                targets = self._links.setdefault(lot_key(value).id, {}).setdefault(kind.short, [])
                targets.append({"href": draft["id"], "title": draft["name"]})


def walk_frontier(internet: Internet, question: Question, *, wave: int = 4, waves: int = 200) -> Holdings:
    """Ask for what is needed, a few at a time, until nothing is."""
    holdings = Holdings(trust=twin.trust())
    for _ in range(waves):
        open_needs = needs(Case.of(question, holdings))
        if not open_needs:
            return holdings
        answers = {need: internet.answer(need) for need in open_needs[:wave]}
        arrived = {
            need.id
            for need, answer in answers.items()
            if need.kind is NeedKind.CREDENTIAL and isinstance(answer, Found)
        }
        holdings = Holdings(
            credentials=(*holdings.credentials, *(internet.held(address) for address in sorted(arrived))),
            evidence=Evidence({**holdings.evidence.answers, **answers}),
            trust=holdings.trust,
        )
    raise AssertionError("the frontier never ends")


def _judged(drafts: Mapping[str, Draft]) -> tuple[VerifiedCredential | Unusable, ...]:
    return twin.holdings(dict(drafts)).credentials
