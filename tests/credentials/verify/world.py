"""A did:web issuer with published keys and a status list, for tests of judging."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from credentials.did.documents import PublishedKey, build_did_document, jwk_method, multikey_method
from credentials.evidence import Absent, AbsentReason, Evidence, Found, Need, NeedKind
from credentials.issue import secure_as_jwt, secure_with_proofs
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.status.status_lists import status_entry, status_list_draft
from credentials.verdict import Verdict
from credentials.verify import (
    PRESENTATION,
    Asked,
    PresentationVerdict,
    check,
    held,
    judge,
    judge_presentation,
    needs,
    read,
)
from tests.corpus.making import credential, to_bytes
from tests.credentials.status.bits import empty_list, with_bit

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
FARM, MILL = "did:web:farm.test", "did:web:mill.test"
KEY = SigningKey(KeyKind.ED25519, b"\x07" * 32)
MILL_KEY = SigningKey(KeyKind.ED25519, b"\x08" * 32)
LIST_URL = "https://farm.test/status/1"


def did_document(did: str = FARM, key: SigningKey = KEY, **changes: Any) -> dict[str, Any]:
    """The DID document of ``did`` with one credential key ``cred-1``; ``changes`` are of the published key."""
    published = {"name": "cred-1", "key": key.public_key, "purposes": ("assertionMethod", "authentication")}
    return build_did_document(did, [PublishedKey(**{**published, **changes})])


def found(value: Any, media_type: str = "application/json") -> Found:
    """An answer with the bytes of ``value``."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Found(body=body, media_type=media_type, source="test", at=AT)


def did_need(did: str = FARM) -> Need:
    """The need for the DID document of ``did``."""
    return Need(NeedKind.DID_DOCUMENT, did)


def list_need(url: str = LIST_URL) -> Need:
    """The need for the status list at ``url``."""
    return Need(NeedKind.STATUS_LIST, url)


def signed(**changes: Any) -> bytes:
    """A vc+jwt of the farm."""
    draft = credential(issuer=FARM, **changes)
    return secure_as_jwt(draft, signer=KEY, verification_method=jwk_method(FARM, "cred-1"))


def proofed(created: datetime = AT, suites: tuple[str, ...] = ("eddsa-jcs-2022",), **changes: Any) -> dict[str, Any]:
    """A credential of the farm with embedded proofs."""
    raw = secure_with_proofs(
        credential(issuer=FARM, **changes),
        signer=KEY,
        verification_method=multikey_method(FARM, "cred-1"),
        created=created,
        suites=suites,
    )
    value: dict[str, Any] = json.loads(raw)
    return value


def status_list(*, revoked: tuple[int, ...] = (), purpose: str = "revocation", **changes: Any) -> bytes:
    """The farm's signed status list with ``revoked`` bits set; ``changes`` are of the draft."""
    bits = empty_list()
    for index in revoked:
        bits = with_bit(bits, index, 1)
    draft = status_list_draft(
        url=LIST_URL,
        issuer=FARM,
        purpose=purpose,
        bits=bits,
        valid_from=AT - timedelta(hours=1),
        valid_for=timedelta(days=1),
        ttl=timedelta(minutes=5),
    )
    return secure_as_jwt({**draft, **changes}, signer=KEY, verification_method=jwk_method(FARM, "cred-1"))


def with_status(index: Any = 5, **changes: Any) -> bytes:
    """A vc+jwt of the farm that points into its status list."""
    entry = {**status_entry(list_url=LIST_URL, index=0, purpose="revocation"), "statusListIndex": index, **changes}
    return signed(credentialStatus=entry)


def evidence(status: bytes | Absent | None = None, document: Any = None) -> Evidence:
    """The farm's DID document, and its status list when there is one."""
    answers: dict[Need, Found | Absent] = {did_need(): found(document or did_document())}
    if isinstance(status, bytes):
        answers[list_need()] = found(status, "application/vc+jwt")
    elif status is not None:
        answers[list_need()] = status
    return Evidence(answers)


def judged(raw: bytes | dict[str, Any], given: Evidence | None = None, *, at: datetime = AT) -> Verdict:
    """The verdict on ``raw`` with the farm's DID document at hand."""
    body = raw if isinstance(raw, bytes) else to_bytes(raw)
    return judge(read(body, None), evidence() if given is None else given, at=at)


def wanted(raw: bytes | dict[str, Any], given: Evidence, media_type: str | None = None) -> frozenset[Need]:
    """What must still be looked up for ``raw``."""
    return needs(check(read(raw if isinstance(raw, bytes) else to_bytes(raw), media_type), given), given)


def presented(
    raw: bytes, media_type: str | None, given: Evidence, *, at: datetime = AT, **asked: str | None
) -> PresentationVerdict:
    """The verdict on a presentation and on every credential in it."""
    presentation = read(raw, media_type, role=PRESENTATION)
    credentials = [judge(read(one, None), given, at=at) for one in held(presentation)]
    return judge_presentation(presentation, credentials, given, at=at, asked=Asked(**asked))


OFFLINE = Absent(reason=AbsentReason.OFFLINE, detail="connection refused")
