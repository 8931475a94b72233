"""Embedded proofs of the wrong party, for the wrong use, or changed after signing (docs/requirements.md S44 to S50)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from credentials.encoding.multibase import encode_base58, encode_base64url
from credentials.issue import secure_with_proofs
from tests.corpus.case import JWT, VC, Case, case
from tests.corpus.making import (
    CREATED,
    HEADER,
    ISSUER,
    OTHER,
    OTHER_KEY,
    OTHER_METHOD,
    compact,
    credential,
    embedded,
    signed_with,
    to_bytes,
)


def _proof(**changes: Any) -> Callable[[], bytes]:
    """An embedded credential whose proof was changed after signing; None takes a member away."""

    def build() -> bytes:
        value = embedded()
        value["proof"] = {name: item for name, item in {**value["proof"], **changes}.items() if item is not None}
        return to_bytes(value)

    return build


def _signed_by_other() -> bytes:
    return compact({**HEADER, "kid": OTHER_METHOD}, to_bytes(credential()), key=OTHER_KEY)


def _issuer_broken_other_good(first: str) -> Callable[[], bytes]:

    def build() -> bytes:
        mine = embedded()
        theirs = json.loads(_secured_by_other({name: item for name, item in mine.items() if name != "proof"}))["proof"]
        broken = {**mine["proof"], "proofValue": theirs["proofValue"]}
        proofs = [broken, theirs] if first == "issuer" else [theirs, broken]
        return to_bytes({**mine, "proof": proofs})

    return build


def _secured_by_other(value: dict[str, Any]) -> bytes:
    return secure_with_proofs(
        value, signer=OTHER_KEY, verification_method=OTHER_METHOD, created=CREATED, suites=("eddsa-jcs-2022",)
    )


def _only_other() -> bytes:
    return _secured_by_other(credential())


def _many_proofs() -> bytes:
    value = embedded()
    return to_bytes({**value, "proof": [value["proof"]] * 9})


def _ring_of_proofs() -> bytes:
    value = embedded()
    return to_bytes({**value, "proof": {**value["proof"], "id": "urn:uuid:1", "previousProof": "urn:uuid:1"}})


BINDING: tuple[Case, ...] = (
    case(44, "an attacker's token for the issuer", JWT, "ISSUER_MISMATCH", _signed_by_other, "issuer"),
    case(
        44,
        "an attacker's token for an issuer object",
        JWT,
        "ISSUER_MISMATCH",
        signed_with(issuer={"id": OTHER, "name": "Victim"}),
        "issuer",
    ),
    case(
        44,
        "an attacker's token for a did:web",
        JWT,
        "ISSUER_MISMATCH",
        signed_with(issuer="did:web:farm.test"),
        "issuer",
    ),
    case(44, "an attacker's proof for the issuer", VC, "ISSUER_MISMATCH", _only_other, "issuer"),
    case(45, "a proof for authentication", VC, "KEY_NOT_AUTHORIZED", _proof(proofPurpose="authentication"), "key"),
    case(45, "a proof without purpose", VC, "KEY_NOT_AUTHORIZED", _proof(proofPurpose=None), "key"),
    case(
        46,
        "the issuer's broken proof before a stranger's good one",
        VC,
        "PROOF_VERIFICATION_ERROR",
        _issuer_broken_other_good("issuer"),
        "proof",
    ),
    case(
        46,
        "the issuer's broken proof behind a stranger's good one",
        VC,
        "PROOF_VERIFICATION_ERROR",
        _issuer_broken_other_good("stranger"),
        "proof",
    ),
    case(
        47,
        "a previous proof that is missing",
        VC,
        "PROOF_VERIFICATION_ERROR",
        _proof(previousProof="urn:uuid:missing"),
        "proof",
    ),
    case(47, "a proof that builds on itself", VC, "PROOF_VERIFICATION_ERROR", _ring_of_proofs, "proof"),
    case(47, "nine proofs", VC, "PROOF_VERIFICATION_ERROR", _many_proofs, "proof"),
    case(47, "an empty proof list", VC, "PROOF_VERIFICATION_ERROR", lambda: to_bytes(credential(proof=[])), "proof"),
    case(64, "no proof at all", VC, "PROOF_VERIFICATION_ERROR", lambda: to_bytes(credential()), "proof"),
    case(
        48,
        "created changed after signing",
        VC,
        "PROOF_VERIFICATION_ERROR",
        _proof(created="2026-02-01T00:00:00Z"),
        "proof",
    ),
    case(
        48,
        "expires added after signing",
        VC,
        "PROOF_VERIFICATION_ERROR",
        _proof(expires="2099-01-01T00:00:00Z"),
        "proof",
    ),
    case(48, "domain added after signing", VC, "PROOF_VERIFICATION_ERROR", _proof(domain="shop.test"), "proof"),
    case(48, "an unknown proof member", VC, "PROOF_VERIFICATION_ERROR", _proof(zz="x"), "proof"),
    case(
        48,
        "another key of the same issuer named after signing",
        VC,
        "KEY_NOT_AUTHORIZED",
        _proof(verificationMethod=ISSUER + "#other"),
        "key",
    ),
    case(49, "an unknown cryptosuite", VC, "UNSUPPORTED_SUITE", _proof(cryptosuite="eddsa-2099"), "proof"),
    case(
        49,
        "another cryptosuite than signed",
        VC,
        "PROOF_VERIFICATION_ERROR",
        _proof(cryptosuite="eddsa-rdfc-2022", **{"@context": None}),
        "proof",
    ),
    case(49, "a proof type of before", VC, "UNSUPPORTED_SUITE", _proof(type="Ed25519Signature2018"), "proof"),
    *tuple(
        case(50, f"a proof value {name}", VC, "MALFORMED_VALUE_ERROR", _proof(proofValue=value), "proof")
        for name, value in (
            ("with a space behind", encode_base58(bytes(64)) + " "),
            ("as base64url", "u" + encode_base64url(bytes(64))),
            ("of 63 bytes", encode_base58(b"\x01" * 63)),
            ("of 65 bytes", encode_base58(b"\x01" * 65)),
            ("with letters outside base58", "z0OIl"),
            ("without its letter", encode_base58(b"\x01" * 64)[1:]),
        )
    ),
)
