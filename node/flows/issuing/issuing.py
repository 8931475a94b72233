"""Issuing: a draft becomes a published credential, or nothing happens at all.

    1  check the draft; refuse what only the node may set
    2  reserve an index for each status (spent even if we stop here)
    3  fill in id, issuer, status, dates; check again as a whole
    4  sign each form
    5  verify each form against the DID document as we publish it
    6  one transaction: credential, bodies, status rows, links, audit line, event (I1)

Signing and verifying happen outside the transaction, so a slow document holds nobody up.
See docs/requirements.md I1, I6, S110, S112, S139, S140, S151, S157, VCP-01, VCP-06, VCP-07, VCP-08, VCP-09 and VCP-15;
docs/rules.md VCP-02, VCP-03, VCP-04 and VCP-05.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from credentials.encoding.document import Json, JsonObject, sha256_hex
from credentials.encoding.jcs import canonical_json
from credentials.encoding.multibase import digest_multibase
from credentials.errors import CredentialsError, MalformedInput
from credentials.evidence import Evidence, Found, Need, NeedKind
from credentials.status.status_lists import StatusOffer
from credentials.untp.finding import LintFinding
from credentials.untp.kinds import FACILITY, PASSPORT
from credentials.verdict import VerifiedCredential
from node.errors import Conflict, SelfCheckFailed
from node.faults import NO_FAULTS, Faults
from node.federation.messages import EventType
from node.flows.identity.issued_rows import issued_row
from node.flows.identity.publishing import Publishing
from node.flows.issuing.doubt import refuse_in_doubt
from node.flows.issuing.drafting import REVOCABLE, checked, filled, mentioned_parties, offered
from node.flows.naming import links_of
from node.flows.verifying.judging import Judging
from node.store import AuditLine, IssuedCredential, OutboxEvent, StatusSlot, Store, Transaction
from node.store.shown_credentials import CredentialFilter

_CLOCK_SLACK: Final = timedelta(seconds=60)
_LONGEST_REASON: Final = 500
_BESIDE: Final = 3
_ONE_AT_A_TIME: Final = (PASSPORT.short, FACILITY.short)
MEDIA_TYPES: Final[Mapping[str, str]] = {"vc+jwt": "application/vc+jwt", "vc": "application/vc"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuance:
    """What came of an issue request: the row, and the secured bytes by form; ``repeated`` when nothing new was made.

    ``lint`` warns of what may be signed and is hardly meant. ``beside``: the addresses of other credentials of ours
    that say the same kind of thing about the same subject and are in force, at most a few.
    """

    credential: IssuedCredential
    forms: Mapping[str, bytes]
    repeated: bool = False
    lint: tuple[LintFinding, ...] = ()
    beside: tuple[str, ...] = ()


def request_digest(draft: JsonObject, *, private: bool = False, audience: Sequence[str] = ()) -> str:
    """SHA-256 (hex) of what is asked for, by which a request under one idempotency key is known again."""
    return sha256_hex(canonical_json({"draft": draft, "private": private, "audience": sorted(audience)}))


class Issuing:
    """Issues for one instance."""

    def __init__(
        self,
        *,
        publishing: Publishing,
        store: Store,
        judging: Judging,
        forms: Sequence[str],
        announced: Callable[[], None] | None = None,
        faults: Faults = NO_FAULTS,
        offers: Sequence[StatusOffer] = REVOCABLE,
    ) -> None:
        self._publishing = publishing
        self._identity = publishing.identity
        self._store = store
        self._judging = judging
        self._forms = tuple(forms)
        self._announced = announced or (lambda: None)
        self._faults = faults
        self._offers = tuple(offers)

    def check(self, draft: JsonObject, *, at: datetime) -> dict[str, Json]:
        """What ``draft`` would become; nothing is signed or kept. Raises DraftNotIssuable with every problem."""
        return checked(draft, self._identity, at=at, offers=self._offers, contexts=self._publishing.contexts)

    async def issue(
        self,
        draft: JsonObject,
        *,
        at: datetime,
        private: bool = False,
        audience: Sequence[str] = (),
        actor: str = "operator",
        idempotency_key: str | None = None,
    ) -> Issuance:
        """Issue ``draft`` and publish it; a ``private`` one only travels to ``audience`` or the DIDs that it names.

        Raises:
            DraftNotIssuable: nothing was signed, nothing was kept.
            Conflict: the idempotency key came with another draft before, or this machine's clock fell behind.
            SelfCheckFailed: what we signed does not verify; nothing was released.
        """
        request = request_digest(draft, private=private, audience=audience)
        earlier = await self._earlier(idempotency_key, request)
        if earlier is not None:
            return earlier
        self.check(draft, at=at)
        statuses = await self._store.write(partial(self._reserve, offers=offered(draft, self._offers), at=at))
        token = secrets.token_urlsafe(16)
        document = filled(draft, self._identity, token=token, statuses=statuses, at=at)
        forms = {form: self._publishing.secure(document, form=form, at=at) for form in self._forms}
        verified = [await self._self_check(form, raw, at=at) for form, raw in forms.items()]
        instance = self._identity.instance
        credential = issued_row(verified[0], instance=instance, token=token, private=private, at=at)
        issuance = Issuance(credential=credential, forms=forms, lint=verified[0].verdict.lint)

        others: list[str] = []

        async def keep(tx: Transaction) -> None:
            others[:] = await self._in_force_beside(tx, credential, at=at)
            number = await tx.issued.keep(credential, forms)
            for _, slot in statuses:
                await tx.statuses.keep(slot, credential=number)
            await self._publish(tx, document, credential, number=number, actor=actor)
            await self._announce(tx, document, issuance, audience=audience)
            if idempotency_key is not None:
                await tx.issued.remember(
                    number, instance=self._identity.instance, key=idempotency_key, request_digest=request, at=at
                )
            self._faults.reach("issue.before-commit")

        try:
            await self._store.write(keep)
        except Conflict:
            earlier = await self._earlier(idempotency_key, request)  # another request with this key was faster
            if earlier is None:
                raise
            return earlier
        self._faults.reach("issue.after-commit")
        self._announced()
        return replace(issuance, beside=tuple(others))

    async def _in_force_beside(self, tx: Transaction, credential: IssuedCredential, *, at: datetime) -> list[str]:
        """Passports and records of the same subject in force: who reads two does not know which one is meant."""
        if credential.kind not in _ONE_AT_A_TIME or not credential.subject:
            return []
        wanted = CredentialFilter(
            instance=credential.instance, kind=credential.kind, subject=credential.subject, state="good"
        )
        return [other.url for other, _ in await tx.shown.some(wanted, limit=_BESIDE, at=at)]

    async def set_status(
        self, url: str, *, purpose: str, value: int, at: datetime, actor: str = "operator", reason: str = ""
    ) -> bool:
        """Set the status of one of our credentials, for this ``reason``; False when it was so already.

        Raises:
            NotHeld: we issued no such credential, or it has no status for this purpose.
            Conflict: a revocation would be taken back.
            StatusProblem: RANGE_ERROR when its entry cannot hold ``value``.
            MalformedInput: the reason is no printable text of at most 500 characters.
        """
        if reason and not (len(reason) <= _LONGEST_REASON and reason.isprintable()):
            raise MalformedInput(
                f"The reason is not a printable text of at most {_LONGEST_REASON} characters.",
                pointer="/reason",
                fix="Say it shorter, in one line.",
            )

        async def work(tx: Transaction) -> bool:
            await refuse_in_doubt(tx)
            slot = await tx.statuses.slot_of(url, purpose)
            credential = await tx.issued.by_url(url)
            changed = await tx.statuses.set(slot, value, at=at, reason=reason, actor=actor)
            if changed and credential is not None:
                line = AuditLine(actor=actor, action=f"status.{purpose}", object=url, outcome=str(value))
                await tx.audit.append(line, at=at)
                mentions = await tx.outbox.mentions(url)
                data = {"credential": url, "statusPurpose": purpose, "value": value, "mentions": list(mentions)}
                await tx.outbox.record(self._event(EventType.STATUS, credential, data, at=at))
            return changed

        changed = await self._store.write(work)
        self._announced()
        return changed

    async def _reserve(
        self, tx: Transaction, *, offers: Sequence[StatusOffer], at: datetime
    ) -> list[tuple[StatusOffer, StatusSlot]]:
        await refuse_in_doubt(tx)
        await _refuse_old_clock(tx, at)
        instance, reserve = self._identity.instance, tx.statuses.reserve
        return [
            (offer, await reserve(instance=instance, purpose=offer.purpose, width=offer.size, at=at))
            for offer in offers
        ]

    async def _self_check(self, form: str, raw: bytes, *, at: datetime) -> VerifiedCredential:
        published = await self._publishing.did_document_bytes()
        url = f"{self._identity.public_url}/.well-known/did.json"
        found = Found(body=published, media_type="application/did+json", source=url, at=at)
        evidence = Evidence({Need(NeedKind.DID_DOCUMENT, self._identity.did): found})
        verdict = await self._judging.verdict(raw, MEDIA_TYPES[form], evidence, at)
        try:
            return verdict.require()
        except CredentialsError as error:
            raise SelfCheckFailed(
                f"What was signed as {form} does not verify: {error.problem.detail}",
                pointer=error.problem.pointer,
                fix="Run check; the signing key and the published DID document must belong together.",
            ) from error

    async def _publish(
        self, tx: Transaction, document: JsonObject, credential: IssuedCredential, *, number: int, actor: str
    ) -> None:
        links = links_of(
            document,
            href=credential.url,
            media_type=MEDIA_TYPES[self._forms[0]],
            digest=credential.digest,
            private=credential.private,
        )
        for link in links:
            if link.preferred and not link.private:
                await tx.links.supersede(link.identifier, link.relation)
        await tx.links.add(links, at=credential.created, credential=number)
        line = AuditLine(actor=actor, action="credential.issue", object=credential.url, digest=credential.digest)
        await tx.audit.append(line, at=credential.created)

    async def _announce(
        self,
        tx: Transaction,
        document: JsonObject,
        issuance: Issuance,
        *,
        audience: Sequence[str],
    ) -> None:
        """Tell peers; what is not public travels as the token itself, since nobody can fetch it."""
        credential, (form, raw) = issuance.credential, next(iter(issuance.forms.items()))
        named = mentioned_parties(document, own=self._identity.did)
        data: dict[str, Json] = {
            "credential": credential.url,
            "credentialDigest": digest_multibase(raw),
            "kind": credential.kind,
            "mentions": sorted(audience) if credential.private and audience else sorted({*named, *audience}),
        }
        if credential.private and form == "vc+jwt":
            data["envelope"] = raw.decode("ascii")
        await tx.outbox.record(self._event(EventType.PUBLISHED, credential, data, at=credential.created))

    def _event(self, kind: str, credential: IssuedCredential, data: JsonObject, *, at: datetime) -> OutboxEvent:
        return OutboxEvent(
            id=secrets.token_hex(16),
            source=self._identity.did,
            type=kind,
            subject=credential.url,
            time=at,
            data=data,
            private=credential.private,
        )

    async def _earlier(self, key: str | None, request: str) -> Issuance | None:
        if key is None:
            return None
        async with self._store.reading() as tx:
            remembered = await tx.issued.remembered(self._identity.instance, key)
            if remembered is None:
                return None
            if remembered.request_digest != request:
                raise Conflict(
                    "This idempotency key came with another draft before.",
                    pointer="/idempotencyKey",
                    fix="Use a fresh key for each credential.",
                )
            token = remembered.credential.token
            bodies = {form: await tx.issued.body(token, form) for form in MEDIA_TYPES}
        kept = {form: raw for form, raw in bodies.items() if raw is not None}
        return Issuance(credential=remembered.credential, forms=kept, repeated=True)


async def _refuse_old_clock(tx: Transaction, at: datetime) -> None:
    """A clock that fell behind would sign wrong dates. Raises Conflict (CLOCK_BEHIND)."""
    newest = await tx.issued.last_made()
    if newest and at < newest - _CLOCK_SLACK:
        raise Conflict(
            "This machine's clock is behind the last credential that was issued here.",
            code="CLOCK_BEHIND",
            fix="Set the clock; if it was ahead then, run tracenode clock --forgive. Nothing was signed.",
        )
