"""Issuers that no request may be made for, and status entries that point nowhere.

See docs/requirements.md S77 to S83, S86, S88 and S89.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.corpus.case import JWT, Case, case
from tests.corpus.making import signed_with


def _issued_by(did: str) -> Callable[[], bytes]:
    return signed_with({"kid": f"{did}#key-1"}, issuer=did)


def _with_status(**changes: Any) -> Callable[[], bytes]:
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": "https://farm.test/status/1",
    }
    return signed_with(credentialStatus={**entry, **changes})


IDENTIFIERS: tuple[Case, ...] = (
    *(
        case(item, f"issuer did:web:{specific}", JWT, code, _issued_by(f"did:web:{specific}"), "key")
        for item, code, specific in (
            (77, "DID_INVALID", "user%40evil.example"),
            (77, "DID_INVALID", "evil.example%23.good.example"),
            (77, "DID_INVALID", "evil.example%3F.good.example"),
            (77, "DID_INVALID", "evil.example%2F%40good.example"),
            (77, "DID_INVALID", "good.example%0d%0aX"),
            (77, "DID_INVALID", "good.example%00"),
            (77, "DID_INVALID", "good.example%5C"),
            (78, "DID_INVALID", "good.example:..:..:admin"),
            (78, "DID_INVALID", "good.example:%2e%2e:admin"),
            (78, "DID_INVALID", "good.example:a%2F..%2Fb"),
            (79, "FETCH_BLOCKED", "127.0.0.1"),
            (79, "UNSUPPORTED_METHOD", "localhost%3A6379"),
            (79, "FETCH_BLOCKED", "169.254.169.254:latest:meta-data"),
            (83, "DID_INVALID", "Good.example"),
            (83, "DID_INVALID", "good.example."),
        )
    ),
    case(79, "issuer did:web:[::1]", JWT, "DID_INVALID", _issued_by("did:web:[::1]"), "proof"),
    case(83, "issuer in Cyrillic", JWT, "DID_INVALID", _issued_by("did:web:\u0430pple.example"), "proof"),
    *(
        case(
            89,
            f"a status index {index!r}",
            JWT,
            "MALFORMED_VALUE_ERROR",
            _with_status(statusListIndex=index),
            "status:revocation",
        )
        for index in (-1, 1.5, True, "+5", " 5", "5_0", "\uff15", "0x5", "", "9" * 5000)
    ),
    case(
        93,
        "a status list at no web address",
        JWT,
        "MALFORMED_VALUE_ERROR",
        _with_status(statusListCredential="file:///etc/passwd"),
        "status:revocation",
    ),
)
