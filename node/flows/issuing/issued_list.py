"""What was issued and in which state it is, as an operator reads it; the API and the command say the same."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from credentials.encoding.moments import format_moment, parse_moment
from credentials.errors import MalformedInput
from node.errors import NotHeld
from node.store import IssuedCredential, Store
from node.store.shown_credentials import STATES, CredentialFilter

MOST: Final = 200
_FILTERS: Final = ("kind", "subject", "status", "text", "keyPrefix", "since", "until", "limit", "cursor")
_LONGEST: Final = 2048


async def listed(store: Store, instance: str, asked: Mapping[str, str], *, at: datetime) -> dict[str, Any]:
    """A page of the credentials of ``instance``, the newest first; ``next`` is the cursor of the following page.

    ``asked``: ``kind``, ``subject``, ``status``, ``text``, ``keyPrefix``, ``since`` and ``until`` choose; ``limit``
    (1 to 200) bounds; ``cursor`` is a ``next``. With ``keyPrefix`` each says under which ``key`` it was issued, and
    the ``requestDigest`` (SHA-256, hex) of what was asked under it.

    Raises:
        MalformedInput: one of them is not understood.
    """
    wanted, limit = _wanted(instance, asked), _limit(asked.get("limit", "50"))
    async with store.reading() as tx:
        found = await tx.shown.some(wanted, limit=limit + 1, at=at)
        page = found[:limit]
        keys = await tx.shown.keys_of([one.url for one, _ in page]) if wanted.key_prefix else {}
    lines = [_line(credential, state) | _under(keys.get(credential.url)) for credential, state in page]
    body: dict[str, Any] = {"credentials": lines}
    if len(found) > limit:
        last = page[-1][0]
        place = f"{last.created.isoformat()} {last.url}"
        body["next"] = base64.urlsafe_b64encode(place.encode("utf-8")).decode("ascii")
    return body


async def told(store: Store, url: str, *, at: datetime) -> dict[str, Any]:
    """One credential with its state and every change of it: when, why, by which account. Raises NotHeld."""
    async with store.reading() as tx:
        credential, state = await tx.issued.by_url(url), await tx.shown.state_of(url, at=at)
        changes = await tx.shown.history(url)
    if credential is None or state is None:
        raise NotHeld("We issued no credential with that id.", pointer="/credentialId", fix="Check the id.")
    history = [
        {
            "time": format_moment(one.time),
            "statusPurpose": one.purpose,
            "value": one.value,
            "reason": one.reason,
            "by": one.actor,
        }
        for one in changes
    ]
    return {**_line(credential, state), "history": history}


def _wanted(instance: str, asked: Mapping[str, str]) -> CredentialFilter:
    for name, value in asked.items():
        if name not in _FILTERS:
            raise _wrong(f"{name[:60]} is no filter.", name[:60], f"Use {', '.join(_FILTERS)}.")
        if len(value) > _LONGEST or "\x00" in value:
            raise _wrong("The value is no text that can be looked for.", name, "Send a shorter text.")
    state = asked.get("status", "")
    if state and state not in STATES:
        raise _wrong("The status is not known.", "status", f"Use {', '.join(STATES)}.")
    return CredentialFilter(
        instance=instance,
        kind=asked.get("kind", ""),
        subject=asked.get("subject", ""),
        state=state,
        text=asked.get("text", ""),
        key_prefix=asked.get("keyPrefix", ""),
        since=parse_moment(asked["since"], pointer="/since") if "since" in asked else None,
        until=parse_moment(asked["until"], pointer="/until") if "until" in asked else None,
        after=_place(asked["cursor"]) if "cursor" in asked else None,
    )


def _line(credential: IssuedCredential, state: str) -> dict[str, Any]:
    return {
        "id": credential.url,
        "kind": credential.kind,
        "name": credential.name,
        "subject": credential.subject,
        "status": state,
        "digest": credential.digest,
        "validFrom": format_moment(credential.valid_from),
        "validUntil": format_moment(credential.valid_until) if credential.valid_until else None,
        "private": credential.private,
        "created": format_moment(credential.created),
    }


def _under(key: tuple[str, str] | None) -> dict[str, Any]:
    return {"key": key[0], "requestDigest": key[1]} if key is not None else {}


def _limit(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST:
        return int(text)
    raise _wrong(f"limit is not a number from 1 to {MOST}.", "limit", "Send limit=50.")


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        time, _, url = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("utf-8").partition(" ")
        moment = datetime.fromisoformat(time)
    except (ValueError, binascii.Error) as error:
        raise _no_place() from error
    if moment.tzinfo is None or not url:
        raise _no_place()
    return moment, url


def _no_place() -> MalformedInput:
    return _wrong("The cursor is none of ours.", "cursor", "Send `next` of the page before.")


def _wrong(detail: str, name: str, fix: str) -> MalformedInput:
    return MalformedInput(detail, pointer=f"/{name}", fix=fix)
