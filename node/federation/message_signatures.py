"""HTTP message signatures between nodes: RFC 9421 with DID keys, bound to the destination.

See docs/federation.md#requests-between-nodes.

The rule: a request counts only if the signature covers method, authority, path, query, the destination DID and,
with a body, its type, digest and idempotency key; if it is fresh by *our* clock; and if its nonce was never seen.
Keys are resolved before this room is asked: it maps key ids to keys and does not fetch.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier
from http_message_signatures.algorithms import HTTPSignatureAlgorithm
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from http_message_signatures.resolvers import HTTPSignatureKeyResolver

from credentials.errors import CredentialsError
from credentials.keys.algorithms import KeyKind, PublicKey, Signer
from node.errors import Unauthenticated

LABEL: Final = "fed"
TAG: Final = "tn-fed-v1"
LIFETIME: Final = timedelta(seconds=120)
OLDEST: Final = timedelta(seconds=300)
AHEAD: Final = timedelta(seconds=60)
COVERED: Final = ("@method", "@authority", "@path", "@query", "fed-destination")
COVERED_WITH_BODY: Final = (*COVERED, "content-type", "content-digest", "idempotency-key")

#: Covered where it is there.
ALSO_COVERED: Final = ("Fed-Head",)


@dataclass(slots=True)
class SignedRequest:
    """The parts of a request that a signature covers; ``headers`` gains the signature's own two."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who signed: the DID before the fragment of ``key_id``, and the nonce that must not return."""

    did: str
    key_id: str
    nonce: str
    created: datetime


def content_digest(body: bytes) -> str:
    """The Content-Digest field of ``body`` (RFC 9530, SHA-256)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign_request(
    request: SignedRequest, *, signer: Signer, key_id: str, destination: str, at: datetime, nonce: str
) -> None:
    """Add ``Fed-Destination``, ``Content-Digest`` and the signature to ``request.headers``.

    Call it when the socket write happens, not when the message is queued: the signature lives 120 seconds.
    ``nonce`` carries at least 128 random bits.
    """
    request.headers["Fed-Destination"] = destination
    also = tuple(name for name in ALSO_COVERED if name in request.headers)
    if request.body:
        request.headers["Content-Digest"] = content_digest(request.body)
    library = HTTPMessageSigner(signature_algorithm=_DidKey)
    prepared = library.prepare(
        request,
        key_id=key_id,
        created=at,
        expires=at + LIFETIME,
        nonce=nonce,
        label=LABEL,
        tag=TAG,
        covered_component_ids=(*(COVERED_WITH_BODY if request.body else COVERED), *(name.lower() for name in also)),
        use_existing_digest=bool(request.body),
    )
    library.apply(request, prepared, signer.sign(prepared.signature_base))


def claimed_key_id(headers: Mapping[str, str]) -> str:
    """The ``keyid`` a request claims, unverified: only good for finding the peer whose key must check it.

    Raises:
        Unauthenticated: there is no signature of our kind.
    """
    try:
        inputs = list(_Verifier(key_resolver=None).inputs(headers))
    except HTTPMessageSignaturesException as error:
        raise _refused(str(error)) from error
    return str(inputs[0].params.get("keyid", ""))


def verify_request(
    request: SignedRequest, *, keys: Mapping[str, PublicKey], own_names: frozenset[str], own_did: str, at: datetime
) -> Caller:
    """Who signed ``request``, or a refusal.

    ``keys`` maps key ids (DID URLs) to the authentication keys of known peers; ``own_names`` are the authorities
    this node is reached under. The caller must still be checked for a repeated nonce.

    Raises:
        Unauthenticated: with the reason (401).
    """
    needed = COVERED_WITH_BODY if request.body else COVERED
    if request.headers.get("fed-destination") != own_did:
        raise _refused("The request is addressed to another node.")
    digest = request.headers.get("content-digest", "")
    if request.body and not hmac.compare_digest(digest.encode(), content_digest(request.body).encode()):
        raise _refused("The body is not the one that was signed.")
    try:
        verifier = _Verifier(key_resolver=_Keys(keys))
        (result,) = verifier.verify(request, max_age=None, expect_tag=TAG, require_components=needed)
    except (HTTPMessageSignaturesException, ValueError) as error:
        raise _refused(f"The request signature does not hold: {error}") from error
    authority = result.covered_components.get('"@authority"', "")
    if authority not in own_names:
        raise _refused("The request is addressed to another host name.")
    return _caller(result.parameters, at)


def _caller(parameters: Mapping[str, Any], at: datetime) -> Caller:
    created, expires = parameters.get("created"), parameters.get("expires")
    nonce, key_id = str(parameters.get("nonce") or ""), str(parameters["keyid"])
    if not isinstance(created, int) or not isinstance(expires, int) or len(nonce) < 16:
        raise _refused("The signature lacks created, expires or a nonce.")
    signed_at = datetime.fromtimestamp(created, at.tzinfo)
    too_old = at - signed_at > OLDEST or at.timestamp() > expires + AHEAD.total_seconds()
    if too_old or signed_at - at > AHEAD or expires - created > LIFETIME.total_seconds():
        raise Unauthenticated(
            f"The request was signed at {signed_at.isoformat()}, too far from our clock ({at.isoformat()}).",
            code="CLOCK_SKEW",
            fix="Synchronise the clock and send the request again.",
        )
    return Caller(did=key_id.partition("#")[0], key_id=key_id, nonce=nonce, created=signed_at)


def _refused(detail: str) -> Unauthenticated:
    return Unauthenticated(
        detail, fix="Sign the request with your DID's authentication key, as RFC 9421 tag tn-fed-v1."
    )


class _DidKey(HTTPSignatureAlgorithm):
    """The library's algorithm port over our own keys, so that key checks stay in one place."""

    algorithm_id = "ed25519"

    def __init__(self, public_key: Any = None, private_key: Any = None) -> None:
        self.public_key: PublicKey | None = public_key

    def verify(self, signature: bytes, message: bytes) -> None:
        if self.public_key is None or self.public_key.kind is not KeyKind.ED25519:
            raise HTTPMessageSignaturesException("the key is not Ed25519")
        try:
            self.public_key.verify(signature, message)
        except CredentialsError as error:
            raise HTTPMessageSignaturesException(error.problem.detail) from error


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, keys: Mapping[str, PublicKey]) -> None:
        self._by_id = keys

    def resolve_public_key(self, key_id: str) -> PublicKey:
        if key_id not in self._by_id:
            raise HTTPMessageSignaturesException("the key id is not an authentication key of a known peer")
        return self._by_id[key_id]

    def resolve_private_key(self, key_id: str) -> Any:
        raise HTTPMessageSignaturesException("private keys stay behind the signer port")


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its clock: freshness is judged in :func:`_caller`, by the argument ``at``."""

    def __init__(self, *, key_resolver: HTTPSignatureKeyResolver | None) -> None:
        super().__init__(signature_algorithm=_DidKey, key_resolver=key_resolver)

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """Left to :func:`_caller`."""

    def inputs(self, headers: Mapping[str, str]) -> Any:
        """The Signature-Input members that carry our tag."""
        message = SignedRequest("GET", "https://unread.invalid/", dict(headers))
        members = self._get_sig_inputs_and_signatures(message, expect_tag=TAG)  # type: ignore[no-untyped-call]
        yield from (member for _, member, _ in members)
