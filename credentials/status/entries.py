"""Status entries in a credential, and what one status list credential answers about an entry.

The rule: a list answers only for its own URL, its own purposes and its own issuer, and only while it is valid.
Everything else is "cannot tell", never "not revoked" (docs/requirements.md S88 to S95 and S97).
Specification: Bitstring Status List 1.0 sections 2.1, 2.2 and 3.2; docs/requirements.md VCP-08, VCP-09 and VCP-10.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from credentials.encoding.document import Json, JsonObject, as_list, types_of
from credentials.encoding.moments import parse_moment
from credentials.encoding.period import ValidityPeriod
from credentials.errors import CredentialsError, MalformedInput, Problem, StatusProblem
from credentials.status.bitstring import decode_list, value_at

PURPOSES: Final = frozenset({"refresh", "revocation", "suspension", "message"})
ENTRY_TYPE: Final = "BitstringStatusListEntry"
ENTRY_LIMIT: Final = 16
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,9}")
_LIST_URL: Final = re.compile(r"https?://[^\s\x00-\x20\"<>\\^`{|}\x7f]{1,2000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEntry:
    """One ``BitstringStatusListEntry``: ``size`` in bits, ``messages`` by value."""

    purpose: str
    index: int
    list_url: str
    size: int = 1
    messages: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAnswer:
    """What a list says about one entry; ``as_of`` is when the list was made."""

    value: int
    message: str
    as_of: datetime | None


def entries_of(credential: JsonObject) -> tuple[tuple[str, Json], ...]:
    """Every value of ``credentialStatus`` with its pointer. Raises MalformedInput beyond 16."""
    value = credential.get("credentialStatus")
    if value is None:
        return ()
    if not isinstance(value, list):
        return (("/credentialStatus", value),)
    if len(value) > ENTRY_LIMIT:
        raise MalformedInput(f"More than {ENTRY_LIMIT} status entries.", pointer="/credentialStatus", fix="Use one.")
    return tuple((f"/credentialStatus/{index}", entry) for index, entry in enumerate(value))


def parse_entry(entry: Json, *, pointer: str = "/credentialStatus") -> StatusEntry:
    """Read one entry; the index may be an integer (UNTP) or a decimal string (W3C).

    Raises:
        StatusProblem: STATUS_VERIFICATION_ERROR for a status type that is not known here.
        MalformedInput: MALFORMED_VALUE_ERROR.
    """
    if not isinstance(entry, dict):
        raise _malformed("A status entry is not an object.", pointer)
    if entry.get("type") not in (ENTRY_TYPE, [ENTRY_TYPE]):
        raise StatusProblem(
            f"The status type {str(entry.get('type'))[:60]!r} is not known here.",
            pointer=f"{pointer}/type",
            fix=f"Use {ENTRY_TYPE}.",
        )
    purpose, url = entry.get("statusPurpose"), entry.get("statusListCredential")
    if not isinstance(purpose, str) or purpose not in PURPOSES:
        raise _malformed(f"The status purpose {str(purpose)[:40]!r} is not known.", f"{pointer}/statusPurpose")
    if not isinstance(url, str) or not _LIST_URL.fullmatch(url):
        raise _malformed("statusListCredential is not a URL.", f"{pointer}/statusListCredential")
    if entry.get("id") == url:
        raise _malformed("The id of a status entry is the URL of its list.", f"{pointer}/id")
    _check_references(entry, pointer)
    size = _size(entry, pointer)
    return StatusEntry(
        purpose=purpose,
        index=_index(entry.get("statusListIndex"), f"{pointer}/statusListIndex"),
        list_url=url,
        size=size,
        messages=_messages(entry, size, pointer),
    )


def read_status(
    entry: StatusEntry,
    status_list: JsonObject,
    *,
    issuer: str | None,
    at: datetime,
    bits: bytes | Problem | None = None,
) -> StatusAnswer:
    """What the (already verified) list credential says about ``entry`` at ``at``; ``bits`` are its own once unpacked.

    Raises:
        StatusProblem: STATUS_VERIFICATION_ERROR, STATUS_LIST_LENGTH_ERROR or RANGE_ERROR.
        MalformedInput: MALFORMED_VALUE_ERROR in the list.
    """
    subject = _list_subject(entry, status_list, issuer)
    as_of = _current(status_list, at)
    if entry.purpose not in as_list(subject.get("statusPurpose")):
        raise StatusProblem(
            f"The list is not for {entry.purpose}.",
            pointer="/credentialSubject/statusPurpose",
            fix="Name a list whose statusPurpose includes the entry's.",
        )
    if isinstance(bits, Problem):
        raise StatusProblem(bits.detail, code=bits.code, pointer=bits.pointer, fix=bits.fix)
    if bits is None:
        bits = decode_list(subject.get("encodedList"), pointer="/credentialSubject/encodedList")
    value = value_at(bits, entry.index, entry.size)
    return StatusAnswer(value=value, message=entry.messages.get(value, ""), as_of=as_of)


def _list_subject(entry: StatusEntry, status_list: JsonObject, issuer: str | None) -> JsonObject:
    subject = status_list.get("credentialSubject")
    if "BitstringStatusListCredential" not in types_of(status_list):
        raise StatusProblem("What the list's URL serves is no status list credential.", pointer="/type")
    if status_list.get("id") not in (None, entry.list_url):
        raise StatusProblem(
            "The status list has another id than its URL.", pointer="/id", fix="Publish it under its id."
        )
    stated = status_list.get("issuer")
    if (stated.get("id") if isinstance(stated, dict) else stated) != issuer or issuer is None:
        raise StatusProblem(
            "The status list is issued by somebody else than the credential.",
            pointer="/issuer",
            fix="The issuer of a credential publishes its status list.",
        )
    if not isinstance(subject, dict) or subject.get("type") not in ("BitstringStatusList", ["BitstringStatusList"]):
        raise StatusProblem("The list credential's subject is no BitstringStatusList.", pointer="/credentialSubject")
    return subject


def _current(status_list: JsonObject, at: datetime) -> datetime | None:
    try:
        start = parse_moment(status_list["validFrom"], pointer="/validFrom") if "validFrom" in status_list else None
        end = parse_moment(status_list["validUntil"], pointer="/validUntil") if "validUntil" in status_list else None
    except CredentialsError as error:
        raise StatusProblem(error.problem.detail, pointer=error.problem.pointer, fix=error.problem.fix) from error
    period = ValidityPeriod(begins=start, ends=end)
    if not period.holds(at):
        raise StatusProblem(
            "The status list is not valid at the moment asked about.",
            pointer="/validFrom" if period.is_ahead(at) else "/validUntil",
            fix="Fetch the current list; the issuer must renew it in time.",
        )
    return start


def _index(value: Json, pointer: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**10:
        return value
    if isinstance(value, str) and len(value) <= 10 and _INDEX.fullmatch(value):
        return int(value)
    raise _malformed("statusListIndex is not a whole number of at most ten digits.", pointer)


def _size(entry: JsonObject, pointer: str) -> int:
    size = entry.get("statusSize", 1)
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= 8:
        raise _malformed("statusSize is not a whole number from 1 to 8.", f"{pointer}/statusSize")
    return size


def _messages(entry: JsonObject, size: int, pointer: str) -> dict[int, str]:
    listed = entry.get("statusMessage")
    if listed is None and size == 1:
        return {}
    if not isinstance(listed, list) or len(listed) != 2**size:
        raise _malformed(f"statusMessage must have {2**size} entries.", f"{pointer}/statusMessage")
    messages = {}
    for item in listed:
        if not isinstance(item, dict) or not re.fullmatch(r"0x[0-9a-fA-F]{1,2}", str(item.get("status"))):
            raise _malformed("A status message has no hexadecimal status.", f"{pointer}/statusMessage")
        messages[int(item["status"], 16)] = str(item.get("message", ""))
    if set(messages) != set(range(2**size)):
        raise _malformed("statusMessage does not name each status once.", f"{pointer}/statusMessage")
    return messages


def _check_references(entry: JsonObject, pointer: str) -> None:
    listed = as_list(entry.get("statusReference", []))
    if not all(isinstance(item, str) and _LIST_URL.fullmatch(item) for item in listed):
        raise _malformed("statusReference is not a URL or a list of them.", f"{pointer}/statusReference")


def _malformed(detail: str, pointer: str) -> MalformedInput:
    return MalformedInput(
        detail, pointer=pointer, fix="Write the entry as Bitstring Status List 1.0 section 2.1 shows."
    )
