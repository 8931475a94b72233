"""From a DID to its controller document with what was found, and from a signature to the key that may check it.

The rule: a key counts if its DID lists it for the purpose at the time of signing. A claimed time before a revocation
is only a claim, so it leaves the answer open.
Specification: Controlled Identifiers 1.0 sections 2.2 (revoked, expires) and 3.3.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache

from credentials.did.methods import local_document, method_of, resolution_url
from credentials.encoding.period import SLACK
from credentials.errors import CredentialsError, KeyProblem, ProofProblem
from credentials.evidence import Absent, Evidence, Found, Need, NeedKind
from credentials.keys.algorithms import PublicKey
from credentials.keys.controller import ControllerDocument, VerificationMethod, parse_controller_document
from credentials.verify.signatures import Signature
from credentials.verify.steps import CannotTell


def did_need(did: str) -> Need | None:
    """The look-up that ``did`` takes; None when it takes none, is malformed, or nobody here could do it."""
    try:
        parsed, method = method_of(did)
        if method is None or method.url is None:
            return None
        method.url(parsed)
    except CredentialsError:
        return None  # the judge names the same problem; a look-up of such an identifier must not happen
    return Need(NeedKind.DID_DOCUMENT, did)


def controller_of(did: str, evidence: Evidence) -> ControllerDocument:
    """The controller document of ``did``.

    Raises:
        CannotTell: nobody has the document, or the method is not supported here.
        IdentifierProblem: DID_INVALID, FETCH_BLOCKED or DID_DOCUMENT.
        KeyProblem: KEY_INVALID in a did:key.
    """
    parsed, method = method_of(did)
    if method is None:
        raise CannotTell(
            f"The DID method {parsed.method!r} is not supported here (unsupported-method).", fix="Ask for a did:web."
        )
    if method.local is not None:
        return _local_controller(did)
    answer = evidence.get(Need(NeedKind.DID_DOCUMENT, did))
    if isinstance(answer, Found):
        return _read_controller(answer, did)
    raise _absent(did, answer)


@lru_cache(maxsize=1024)
def _local_controller(did: str) -> ControllerDocument:
    """The document that such a DID stands for, made once."""
    return parse_controller_document(json.dumps(local_document(did)).encode(), id=did)


def _read_controller(found: Found, did: str) -> ControllerDocument:
    """The one document that was found for ``did``. Raises CannotTell where there are several that differ."""
    document = parse_controller_document(found.body, id=did)
    others = [parse_controller_document(one.body, id=did) for one in found.also]
    if any(other != document for other in others):
        raise CannotTell(
            f"There are {1 + len(others)} different DID documents of {did[:160]}; which one is its own cannot be told.",
            fix="Keep the one that its own host serves.",
        )
    return document


def key_for(
    signature: Signature, controller: ControllerDocument, *, purpose: str, at: datetime, stated: datetime | None
) -> PublicKey:
    """The key that may check ``signature``; ``stated`` is when the document says it was made.

    Raises:
        KeyProblem: KEY_NOT_AUTHORIZED or KEY_INVALID.
        ProofProblem: the signature states another purpose, or lies in the future.
        CannotTell: it claims a time before the key's revocation, or none while the key has expired.
    """
    if signature.purpose not in (None, purpose):
        raise ProofProblem(
            f"The proof's purpose is {str(signature.purpose)[:40]!r} instead of {purpose}.",
            code="KEY_NOT_AUTHORIZED",
            pointer=f"{signature.pointer}/proofPurpose",
            fix=f"Make a proof with proofPurpose {purpose}.",
        )
    method = controller.method_for(signature.method, purpose)
    if signature.signed_at is not None and signature.signed_at > at + SLACK:
        raise ProofProblem(
            "The signature says it was made in the future.",
            pointer=f"{signature.pointer}/created",
            fix="Check the signer's clock.",
        )
    _check_life(method, signature.signed_at, stated, at)
    return method.usable()


def _check_life(method: VerificationMethod, signed_at: datetime | None, stated: datetime | None, at: datetime) -> None:
    """A signature counts from before its key's end; ``stated`` (validFrom) stands in where it does not say when.

    A document may be valid from a later day than it was signed on, so an end before ``stated`` leaves a mere expiry
    open. Of a key in foreign hands nothing later is believed.
    """
    made = signed_at or stated or at
    revoked = method.revoked is not None and made >= method.revoked
    expired = method.expires is not None and made >= method.expires
    if revoked or (expired and signed_at is not None):
        raise KeyProblem(
            f"The key {method.id[:160]!r} was {'revoked' if revoked else 'expired'} when the signature was made.",
            code="KEY_NOT_AUTHORIZED",
            fix="Ask the issuer to sign again with a current key.",
        )
    if method.revoked is not None and at >= method.revoked:
        raise CannotTell(
            f"The key {method.id[:160]!r} is revoked; that the signature is older is only its own word.",
            code="KEY_NOT_AUTHORIZED",
            fix="Ask the issuer to sign again with a current key.",
        )
    if expired and method.expires is not None and at >= method.expires:
        raise CannotTell(
            f"The key {method.id[:160]!r} has expired, and the signature does not say that it is older.",
            code="KEY_NOT_AUTHORIZED",
            fix="Ask the issuer to sign again with a current key.",
        )


def _absent(did: str, answer: Absent | None) -> CannotTell:
    reason = "not looked up yet" if answer is None else str(answer.reason)
    detail = f" {answer.detail}" if answer is not None and answer.detail else ""
    return CannotTell(
        f"The DID document of {did[:160]} could not be had from {resolution_url(did)} ({reason}).{detail}",
        fix="Try again when its host answers, or add the document to the evidence.",
    )
