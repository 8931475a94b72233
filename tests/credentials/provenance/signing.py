"""Drafts to holdings: every draft signed by its issuer's key as vc+jwt and judged for real, nothing faked.

Keys follow from the DID, so equal drafts give equal bytes and the work is done once per draft in a test run.
A text ``@digest:KEY`` in a draft becomes the digest of the credential called KEY, which must stand before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from credentials.encoding.moments import parse_moment
from credentials.encoding.multibase import digest_multibase
from credentials.evidence import Absent, Evidence, Found, Need, NeedKind
from credentials.issue import secure_as_jwt
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import to_jwk, to_multikey
from credentials.provenance.question import Holdings
from credentials.trust.trust_lists import TrustList
from credentials.verdict import Unusable, Verdict, VerifiedCredential
from credentials.verify import judge, read

MEDIA_TYPE = "application/vc+jwt"
Draft = dict[str, Any]
Answers = dict[Need, Found | Absent]


def key_of(did: str) -> SigningKey:
    """The key of ``did`` in these tests."""
    return SigningKey(KeyKind.ED25519, hashlib.sha256(did.encode()).digest())


def did_document(
    did: str, *, services: Iterable[Mapping[str, Any]] = (), also_known_as: Iterable[str] = ()
) -> dict[str, Any]:
    """A DID document with one key, listed as Multikey and as JsonWebKey."""
    public = key_of(did).public_key
    methods = [
        {"id": f"{did}#key-1", "type": "Multikey", "controller": did, "publicKeyMultibase": to_multikey(public)},
        {"id": f"{did}#key-1-jwk", "type": "JsonWebKey", "controller": did, "publicKeyJwk": dict(to_jwk(public))},
    ]
    document: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
        "authentication": [method["id"] for method in methods],
    }
    if services:
        document["service"] = list(services)
    if also_known_as:
        document["alsoKnownAs"] = list(also_known_as)
    return document


def found(value: Mapping[str, Any] | bytes, *, media_type: str, source: str, at: datetime) -> Found:
    """What a host would have answered."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Found(body=body, media_type=media_type, source=source, at=at)


def sign_all(drafts: Mapping[str, Draft], *, broken: frozenset[str] = frozenset()) -> dict[str, bytes]:
    """The signed bytes of every draft by its name; those in ``broken`` get a signature that does not verify."""
    signed: dict[str, bytes] = {}
    for name, draft in drafts.items():
        token = _sign(json.dumps(_with_digests(draft, signed), sort_keys=True))
        signed[name] = _spoil(token) if name in broken else token
    return signed


def issuer_of(draft: Draft) -> str:
    """The DID of a draft's issuer."""
    issuer = draft["issuer"]
    return str(issuer["id"] if isinstance(issuer, dict) else issuer)


def hold(
    drafts: Mapping[str, Draft],
    *,
    at: datetime,
    trust: TrustList,
    documents: Mapping[str, Mapping[str, Any]] | None = None,
    answers: Mapping[Need, Found | Absent] | None = None,
    broken: frozenset[str] = frozenset(),
) -> Holdings:
    """Holdings with every draft signed and judged, the DID documents of their issuers, and ``answers`` on top."""
    signed = sign_all(drafts, broken=broken)
    evidence: Answers = {}
    for did in sorted({issuer_of(draft) for draft in drafts.values()} | set(documents or {})):
        document = (documents or {}).get(did) or did_document(did)
        need = Need(NeedKind.DID_DOCUMENT, did)
        evidence[need] = found(document, media_type="application/did+json", source=did, at=at)
    for name, token in signed.items():
        need = Need(NeedKind.CREDENTIAL, drafts[name]["id"])
        evidence[need] = found(token, media_type=MEDIA_TYPE, source=drafts[name]["id"], at=at)
    evidence |= dict(answers or {})
    held = tuple(_usable(_judge(token, _pinned(evidence), at)) for token in signed.values())
    return Holdings(credentials=held, evidence=Evidence(evidence), trust=trust)


def _usable(verdict: Verdict) -> VerifiedCredential | Unusable:
    return verdict.require() if verdict.intact else Unusable(verdict=verdict)


def _pinned(evidence: Answers) -> tuple[tuple[Need, Found | Absent], ...]:
    """What judging one credential may look at: DID documents and status lists."""
    wanted = (NeedKind.DID_DOCUMENT, NeedKind.STATUS_LIST)
    return tuple(sorted(((need, answer) for need, answer in evidence.items() if need.kind in wanted), key=_first))


def _first(pair: tuple[Need, Found | Absent]) -> Need:
    return pair[0]


@lru_cache(maxsize=4096)
def _judge(token: bytes, answers: tuple[tuple[Need, Found | Absent], ...], at: datetime) -> Verdict:
    return judge(read(token, MEDIA_TYPE), Evidence(dict(answers)), at=at)


@lru_cache(maxsize=4096)
def _sign(text: str) -> bytes:
    draft = json.loads(text)
    did = issuer_of(draft)
    return secure_as_jwt(draft, signer=key_of(did), verification_method=f"{did}#key-1-jwk")


def _spoil(token: bytes) -> bytes:
    head, _, signature = token.rpartition(b".")
    return head + b"." + (b"A" if signature[:1] != b"A" else b"B") + signature[1:]


def _with_digests(value: Any, signed: Mapping[str, bytes]) -> Any:
    if isinstance(value, dict):
        return {key: _with_digests(item, signed) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_digests(item, signed) for item in value]
    if isinstance(value, str) and value.startswith("@digest:"):
        name = value.removeprefix("@digest:")  # one that was left out has some digest that nothing in hand has
        return digest_multibase(signed.get(name, name.encode()))
    return value


def moment(text: str) -> datetime:
    """A moment from its text."""
    return parse_moment(text)
