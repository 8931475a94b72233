"""Speaking to one peer: a signed batch goes out, an answer of the status contract comes back.

The rule: what the answer means is decided here, once (docs/federation.md#what-an-answer-means-to-the-sender), so that
the outbox only sees four kinds of outcome. A receipt counts only if the peer it should come from signed it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from contexts.library import standard_library
from credentials.encoding.document import JsonObject, Limits, as_list, parse_document
from credentials.errors import CredentialsError
from credentials.evidence import Absent
from credentials.proofs.coverage import proofs_of
from credentials.proofs.data_integrity import check_proof
from credentials.proofs.proof_options import verification_method_of
from node.errors import NodeError
from node.federation.heads import FIELD
from node.federation.message_signatures import SignedRequest, sign_request
from node.federation.messages import BATCH_BYTES, BATCH_MEDIA_TYPE, ExchangeEvent, encode_batch
from node.federation.peers import PeerBook
from node.keyring import PeerKey
from node.store.peers import KnownPeer
from node.wire.fetch import Fetcher, Response
from node.wire.purposes import GATHERING

INBOX: Final = "/fed/v1/inbox"
TOLD: Final = "/fed/v1/told"
HELD: Final = "/fed/v1/held"
_PAGE_LIMITS: Final = Limits(size=GATHERING.max_bytes, text=GATHERING.max_bytes, values=200_000)


class Meaning(StrEnum):
    """What an answer means for the sender."""

    STORED = "stored"  # durably theirs; see the results
    NEVER = "never"  # this batch can never succeed as it is: split it, or give the event up
    LATER = "later"  # they cannot now, or we cannot tell: the same batch with the same key again
    PARKED = "parked"  # they do not want us, or are gone: ask rarely


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerAnswer:
    """The outcome of one delivery; ``receipt`` is the signed receipt as received when it is STORED.

    ``head``: the newest head of ours that the peer holds, as it shows it; unverified.
    """

    meaning: Meaning
    detail: str = ""
    receipt: bytes = b""
    results: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    retry_after: int = 0
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerSaid:
    """The answer to a question: what is ``stated``, or in ``detail`` why there is none and after how long to ask."""

    answered: bool = False
    stated: JsonObject = field(default_factory=dict)
    detail: str = ""
    retry_after: int = 0


class PeerClient:
    """Delivers batches as ``did``, signing with the authentication key that ``key`` has at that moment."""

    def __init__(self, *, did: str, key: PeerKey, fetcher: Fetcher, peers: PeerBook) -> None:
        self.did = did
        self._key = key
        self._fetcher = fetcher
        self._peers = peers

    async def deliver(
        self, peer: KnownPeer, events: Sequence[ExchangeEvent], *, batch_key: str, at: datetime, head: str = ""
    ) -> PeerAnswer:
        """Send ``events`` and our ``head`` to ``peer`` under the idempotency key of the batch.

        Never raises for what the peer does.

        Raises:
            MalformedInput: one of the events cannot be written down.
        """
        body = encode_batch(events)
        if len(body) > BATCH_BYTES:
            return PeerAnswer(meaning=Meaning.NEVER, detail=f"The batch is larger than {BATCH_BYTES} bytes.")
        request = SignedRequest(
            "POST",
            peer.endpoint + INBOX,
            {"Content-Type": BATCH_MEDIA_TYPE, "Idempotency-Key": f'"{batch_key}"', "Accept": "application/json"},
            body,
        )
        if head:
            request.headers[FIELD] = head
        self._sign(request, peer, at)
        answer = await self._fetcher.post(request.url, request.body, headers=request.headers)
        if isinstance(answer, Absent):
            return PeerAnswer(meaning=Meaning.LATER, detail=answer.detail)
        if answer.status in (200, 202):
            return await self._stored(peer, events, answer, at)
        return _refusal(answer)

    async def heads(self, peer: KnownPeer, *, at: datetime) -> tuple[str, ...]:
        """The newest heads of ours that ``peer`` holds, unverified; none when it does not say."""
        said = await self.ask(peer, f"{TOLD}?limit=0", at=at)
        heads = (_text(item, "head") for item in as_list(said.stated.get("heads", [])) if isinstance(item, Mapping))
        return tuple(head for head in heads if head)

    async def ask(self, peer: KnownPeer, path: str, *, at: datetime) -> PeerSaid:
        """What ``peer`` says to a signed question, unverified; never raises for what the peer does."""
        request = SignedRequest("GET", peer.endpoint + path, {"Accept": "application/json"})
        self._sign(request, peer, at)
        answer = await self._fetcher.get(request.url, headers=request.headers, purpose=GATHERING)
        if isinstance(answer, Absent):
            return PeerSaid(detail=answer.detail)
        if answer.status != 200:
            return PeerSaid(detail=_problem_of(answer), retry_after=_refusal(answer).retry_after)
        try:
            return PeerSaid(answered=True, stated=parse_document(answer.body, limits=_PAGE_LIMITS).value)
        except CredentialsError as error:
            return PeerSaid(detail=error.problem.detail)

    def _sign(self, request: SignedRequest, peer: KnownPeer, at: datetime) -> None:
        key, nonce = self._key.at(at), secrets.token_urlsafe(18)
        sign_request(request, signer=key.signer, key_id=key.method, destination=peer.did, at=at, nonce=nonce)

    async def _stored(
        self, peer: KnownPeer, events: Sequence[ExchangeEvent], answer: Response, at: datetime
    ) -> PeerAnswer:
        """Take a receipt only with the peer's own proof on it and if it names every event; else nobody promised it."""
        try:
            receipt = parse_document(answer.body).value
            await self._check_receipt(peer, receipt, at)
        except (CredentialsError, NodeError) as error:
            return PeerAnswer(meaning=Meaning.LATER, detail=f"The receipt does not hold: {error.problem.detail}")
        results = receipt["results"]
        if not all(isinstance(results.get(event.id), Mapping) for event in events):
            return PeerAnswer(meaning=Meaning.LATER, detail="The receipt does not name every event.")
        return PeerAnswer(
            meaning=Meaning.STORED, receipt=answer.body, results=dict(results), head=_text(receipt, "head")
        )

    async def _check_receipt(self, peer: KnownPeer, receipt: JsonObject, at: datetime) -> None:
        proof, *more = proofs_of(receipt) or ({},)
        method = verification_method_of(proof)
        keys = await self._peers.keys_of(peer.did, wanted=method, at=at)
        addressed = receipt.get("from") == peer.did and receipt.get("to") == self.did
        if more or method not in keys or not addressed or not isinstance(receipt.get("results"), Mapping):
            raise CredentialsError("It is not signed by the peer, or not for us.", code="PROOF_VERIFICATION_ERROR")
        check_proof(receipt, proof, key=keys[method], contexts=standard_library(), purpose="authentication")


def _refusal(answer: Response) -> PeerAnswer:
    detail = _problem_of(answer)
    status = answer.status
    if status in (400, 413, 415, 422):
        return PeerAnswer(meaning=Meaning.NEVER, detail=detail)
    if status in (403, 410):
        return PeerAnswer(meaning=Meaning.PARKED, detail=detail)
    retry_after = answer.headers.get("retry-after", "")
    seconds = int(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0
    return PeerAnswer(meaning=Meaning.LATER, detail=detail, retry_after=min(seconds, 3600), head=_head_in(answer))


def _head_in(answer: Response) -> str:
    """The head that a refusal shows (409); "" where it shows none."""
    try:
        return _text(parse_document(answer.body).value, "head") if answer.status == 409 else ""
    except CredentialsError:
        return ""


def _text(stated: JsonObject, name: str) -> str:
    value = stated.get(name)
    return value if isinstance(value, str) else ""


def _problem_of(answer: Response) -> str:
    try:
        stated = json.loads(answer.body.decode("utf-8"))
        return f"{answer.status} {stated.get('code', '')}: {str(stated.get('detail', ''))[:300]}"
    except (ValueError, AttributeError, RecursionError):
        return f"The peer answered {answer.status}."
