"""Writing status lists: the draft of a list credential and the entry that a credential carries.

Specification: Bitstring Status List 1.0 sections 2.1 and 2.2; docs/requirements.md VCP-08 and VCP-09.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from credentials.encoding.document import Json
from credentials.encoding.moments import format_moment
from credentials.status.bitstring import encode_list
from credentials.status.entries import ENTRY_TYPE, PURPOSES


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOffer:
    """A status that an issuer gives its credentials: ``messages`` by value (2, 4, 8 … of them), or a single bit."""

    purpose: str
    messages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """A list of messages that does not fill its bits is a mistake of ours."""
        if self.messages and len(self.messages) not in (2, 4, 8, 16, 32, 64, 128, 256):
            raise ValueError("a status has 2, 4, 8 … 256 messages")

    @classmethod
    def of_text(cls, text: str) -> Self:
        """An offer as a setting names it: ``revocation``, or ``message: made | shipped``. Raises ValueError."""
        purpose, _, listed = (part.strip() for part in text.partition(":"))
        messages = tuple(message.strip() for message in listed.split("|")) if listed else ()
        if purpose not in PURPOSES or (purpose == "message") != bool(messages) or not all(messages):
            raise ValueError(f"{text!r} is no status")
        return cls(purpose=purpose, messages=messages)

    @property
    def size(self) -> int:
        """Bits an entry (``statusSize``)."""
        return max(1, (len(self.messages) - 1).bit_length())


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


def status_entry(*, list_url: str, index: int, purpose: str, messages: Sequence[str] = ()) -> dict[str, Json]:
    """The ``credentialStatus`` of a credential, with the integer index that UNTP 0.7.0 asks for.

    ``messages`` says what each value means, and so how many bits it has.
    """
    entry: dict[str, Json] = {
        "id": f"{list_url}#{index}",
        "type": ENTRY_TYPE,
        "statusPurpose": purpose,
        "statusListIndex": index,
        "statusListCredential": list_url,
    }
    if messages:
        entry["statusSize"] = StatusOffer(purpose=purpose, messages=tuple(messages)).size
        entry["statusMessage"] = [{"status": hex(value), "message": text} for value, text in enumerate(messages)]
    return entry
