"""Moments and keys (docs/requirements.md S56, S65, S66 and S86)."""

from __future__ import annotations

from tests.corpus.case import JWT, Case, case
from tests.corpus.making import (
    signed_with,
    token,
)

TIMES: tuple[Case, ...] = (
    case(
        56,
        "a key that is no key",
        JWT,
        "KEY_INVALID",
        signed_with({"kid": "did:key:z6MkNo#z6MkNo"}, issuer="did:key:z6MkNo"),
        "key",
    ),
    case(
        86,
        "a did:key of 100000 characters",
        JWT,
        "ISSUER_MISMATCH",
        lambda: token(issuer="did:key:z" + "6" * 100000),
        "issuer",
    ),
    case(65, "expired", JWT, "EXPIRED", signed_with(validUntil="2024-06-01T00:00:00Z"), "validity"),
    case(65, "not valid yet", JWT, "NOT_YET_VALID", signed_with(validFrom="2999-01-01T00:00:00Z"), "validity"),
    case(62, "an expired token", JWT, "EXPIRED", signed_with(exp=1717200000), "validity"),
    *(
        case(66, f"validFrom {text!r}", JWT, "MALFORMED_VALUE_ERROR", signed_with(validFrom=text), "validity")
        for text in (
            "2024-01-01",
            "2024-W01-1",
            "20240101T000000Z",
            "2024-01-01T00:00:00",
            "2024-01-01x00:00:00Z",
            "2024-01-01T00:00:00,5Z",
            "2024-01-01T00:00:60Z",
            "0000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "2024-01-01T00:00:00+23:59",
        )
    ),
)
