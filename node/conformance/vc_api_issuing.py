"""Issuing as the VC API means it: what the caller wrote is secured as it is, and nothing else happens.

    1  check the draft as a credential of the W3C's data model; the issuer must be this instance
    2  add a status entry for each purpose of the instance
    3  secure each form, and verify it as a stranger would
    4  keep what has a status, so that it can be changed

No vocabulary is enforced and nothing is published: what a node issues for the world it issues another way
(:mod:`node.flows.issuing.issuing`). Specifications: VCALM 0.9 section 3.2; VCDM 2.0; docs/conformance/w3c.md A1, A2.2
to A2.4, A5.1, A7 and C1.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from contexts.library import ContextLibrary, standard_library
from credentials.encoding.document import (
    Json,
    JsonObject,
    compact_json,
    escape_pointer,
    parse_document,
    sha256_hex,
    types_of,
)
from credentials.encoding.jcs import canonical_json
from credentials.encoding.moments import parse_moment
from credentials.evidence import Evidence
from credentials.proofs.coverage import proofs_of, without_proof
from credentials.proofs.derivation import derive_proof
from credentials.status.status_lists import status_entry
from credentials.verdict import Outcome
from credentials.verify import judge, read
from node.conformance.vc_api_drafts import problems_of, with_context
from node.errors import Conflict, DraftNotIssuable, SelfCheckFailed
from node.flows.identity.publishing import Publishing
from node.flows.identity.securing import Securing
from node.flows.issuing.issuing import MEDIA_TYPES, Issuance
from node.store import AuditLine, IssuedCredential, StatusSlot, Store, Transaction


class VcApiIssuing:
    """Secures for one instance; ``injects`` the base context where there is none, an entry for each of ``statuses``."""

    def __init__(
        self,
        *,
        publishing: Publishing,
        securing: Securing,
        store: Store,
        forms: Sequence[str],
        injects: bool,
        statuses: Sequence[str],
    ) -> None:
        self._identity = publishing.identity
        self._securing = securing
        self._store = store
        self._forms = tuple(forms)
        self._injects = injects
        self._statuses = tuple(statuses)
        self._contexts: ContextLibrary = securing.contexts or standard_library()

    async def issue(
        self,
        draft: JsonObject,
        *,
        at: datetime,
        mandatory: Sequence[str] = (),
        name: str | None = None,
        actor: str = "public",
    ) -> Issuance:
        """Secure ``draft``; ``name`` is how its status is asked for later, where it has no id.

        Raises:
            DraftNotIssuable: with every problem found; nothing was signed.
            ProofProblem: PROOF_GENERATION_ERROR. SelfCheckFailed: what we signed does not verify.
        """
        document = with_context(draft) if self._injects else dict(draft)
        problems = tuple(problems_of(document, did=self._identity.did, contexts=self._contexts))
        if problems:
            raise DraftNotIssuable(problems)
        slots = await self._slots(document, at)
        if slots:
            entries = [self._entry(slot) for slot in slots]
            document["credentialStatus"] = entries[0] if len(entries) == 1 else entries
        unsecured = without_proof(document)
        made = {form: self._securing.secure(unsecured, form=form, at=at, mandatory=mandatory) for form in self._forms}
        for form, raw in made.items():
            self._self_check(form, raw, at=at)
        forms = {form: _with_earlier(document, raw) if form == "vc" else raw for form, raw in made.items()}
        credential = self._row(document, next(iter(forms.values())), name=name, at=at)
        if slots:
            credential = await self._keep(credential, forms, slots, actor=actor)
        return Issuance(credential=credential, forms=forms)

    async def _slots(self, document: JsonObject, at: datetime) -> list[StatusSlot]:
        if "credentialStatus" in document or not self._statuses:
            return []

        async def reserve(tx: Transaction) -> list[StatusSlot]:
            return [
                await tx.statuses.reserve(instance=self._identity.instance, purpose=purpose, at=at)
                for purpose in self._statuses
            ]

        return await self._store.write(reserve)

    def _entry(self, slot: StatusSlot) -> Json:
        entry = status_entry(
            list_url=self._identity.status_list_url(slot.token), index=slot.index, purpose=slot.purpose
        )
        return {**entry, "statusListIndex": str(slot.index)}  # the W3C wants a decimal string

    def _self_check(self, form: str, raw: bytes, *, at: datetime) -> None:
        """Our issuer is its own key, so that nothing need be looked up. Raises SelfCheckFailed."""
        shown = self._all_shown(raw) if form == "vc" and self._securing.discloses else raw
        reading = read(shown, MEDIA_TYPES[form], contexts=self._contexts)
        verdict = judge(reading, Evidence(), at=at, contexts=self._contexts)
        failed = next((check for check in verdict.checks if check.outcome is not Outcome.PASSED), None)
        if failed is not None:
            problem = failed.problem
            raise SelfCheckFailed(
                f"What was signed as {form} does not verify: {problem.detail if problem else failed.name}",
                pointer=problem.pointer if problem else "",
                fix="This is a fault of the node; nothing was released.",
            )

    def _all_shown(self, raw: bytes) -> bytes:
        """What a holder would show who holds nothing back: a base proof itself is for no verifier."""
        value = parse_document(raw).value
        pointers = [f"/{escape_pointer(name)}" for name in value if name not in ("@context", "proof")]
        shown = derive_proof(value, proofs_of(value)[-1], selective_pointers=pointers, contexts=self._contexts)
        return compact_json(shown)

    def _row(self, document: JsonObject, raw: bytes, *, name: str | None, at: datetime) -> IssuedCredential:
        token = secrets.token_urlsafe(16)
        stated = document.get("id")
        moments = {key: parse_moment(document[key]) for key in ("validFrom", "validUntil") if key in document}
        return IssuedCredential(
            instance=self._identity.instance,
            url=name or (stated if isinstance(stated, str) else self._identity.credential_url(token)),
            token=token,
            digest=sha256_hex(raw),
            credential_digest=sha256_hex(canonical_json(without_proof(document))),
            kind=types_of(document)[-1],
            name="",
            issuer=self._identity.did,
            subject="",
            valid_from=moments.get("validFrom", at),
            valid_until=moments.get("validUntil"),
            private=False,
            created=at,
        )

    async def _keep(
        self, credential: IssuedCredential, forms: Mapping[str, bytes], slots: Sequence[StatusSlot], *, actor: str
    ) -> IssuedCredential:
        """Keep it under its name; when that is taken, under an address of ours."""
        work = partial(self._kept, credential=credential, forms=forms, slots=slots, actor=actor)
        try:
            return await self._store.write(work)
        except Conflict:  # somebody took the name at this very moment
            return await self._store.write(work)

    async def _kept(
        self,
        tx: Transaction,
        *,
        credential: IssuedCredential,
        forms: Mapping[str, bytes],
        slots: Sequence[StatusSlot],
        actor: str,
    ) -> IssuedCredential:
        if await tx.issued.by_url(credential.url) is not None:
            credential = replace(credential, url=self._identity.credential_url(credential.token))
        number = await tx.issued.keep(credential, forms)
        for slot in slots:
            await tx.statuses.keep(slot, credential=number)
        line = AuditLine(actor=actor, action="credential.issue", object=credential.url, digest=credential.digest)
        await tx.audit.append(line, at=credential.created)
        return credential

    async def set_status(
        self, url: str, *, purpose: str, value: int, at: datetime, actor: str = "public", reason: str = ""
    ) -> bool:
        """Set the status of one of our credentials, for this ``reason``; False when it was so already.

        Raises:
            NotHeld: we keep no such credential, or it has no status for this purpose.
            Conflict: a revocation would be taken back.
        """

        async def work(tx: Transaction) -> bool:
            changed = await tx.statuses.set(
                await tx.statuses.slot_of(url, purpose), value, at=at, reason=reason, actor=actor
            )
            if changed:
                line = AuditLine(actor=actor, action=f"status.{purpose}", object=url, outcome=str(value))
                await tx.audit.append(line, at=at)
            return changed

        return await self._store.write(work)


def _with_earlier(document: JsonObject, raw: bytes) -> bytes:
    """The secured document with the proofs it came with before ours; each covers the document without any."""
    earlier = proofs_of(document)
    if not earlier:
        return raw
    value = parse_document(raw).value
    return compact_json({**value, "proof": [*earlier, *proofs_of(value)]})
