"""Writing status lists: the draft of a list credential and the entry that a credential carries.

Specification: Bitstring Status List 1.0 sections 2.1 and 2.2; untp.md VCP-08 and VCP-09.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from credentials.encoding.document import Json
from credentials.encoding.moments import format_moment
from credentials.status.bitstring import encode_list
from credentials.status.entries import ENTRY_TYPE


def status_list_draft(
    *, url: str, issuer: Json, purpose: str, bits: bytes, valid_from: datetime, valid_for: timedelta, ttl: timedelta
) -> dict[str, Json]:
    """The unsecured status list credential at ``url``; ``bits`` is packed, ``ttl`` does not exceed ``valid_for``."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": format_moment(valid_from),
        "validUntil": format_moment(valid_from + valid_for),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "ttl": int(min(ttl, valid_for) / timedelta(milliseconds=1)),
            "encodedList": encode_list(bits),
        },
    }


def status_entry(*, list_url: str, index: int, purpose: str) -> dict[str, Json]:
    """The ``credentialStatus`` of a credential, with the integer index that UNTP 0.7.0 asks for."""
    return {
        "id": f"{list_url}#{index}",
        "type": ENTRY_TYPE,
        "statusPurpose": purpose,
        "statusListIndex": index,
        "statusListCredential": list_url,
    }
