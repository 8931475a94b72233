"""The audit log as an operator reads it: who did what to which object, when, with which outcome.

The rule: lines name things by id, an actor by the id of an account; nothing here adds a name or a text to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from credentials.encoding.moments import format_moment, parse_moment
from credentials.errors import MalformedInput
from node.store import Store
from node.store.audit import AuditFilter, KeptLine

MOST: Final = 500
_FILTERS: Final = ("actor", "action", "object", "since", "until", "before", "limit")
_LONGEST: Final = 2048


async def audited(store: Store, asked: Mapping[str, str]) -> dict[str, Any]:
    """A page of the log, the newest line first; ``next`` is ``before`` of the following page.

    ``asked``: ``actor``, ``action`` (one, or what several begin with up to a dot), ``object``, ``since`` and ``until``
    choose; ``limit`` (1 to 500) bounds.

    Raises:
        MalformedInput: one of them is not understood.
    """
    wanted, limit = _wanted(asked), _number(asked, "limit", 100, MOST)
    async with store.reading() as tx:
        found = await tx.audit.some(wanted, limit=limit + 1)
    body: dict[str, Any] = {"lines": [_line(one) for one in found[:limit]]}
    if len(found) > limit:
        body["next"] = str(found[limit - 1].seq)
    return body


def _wanted(asked: Mapping[str, str]) -> AuditFilter:
    for name, value in asked.items():
        if name not in _FILTERS:
            raise _wrong(f"{name[:60]} is no filter.", name[:60], f"Use {', '.join(_FILTERS)}.")
        if len(value) > _LONGEST or "\x00" in value:
            raise _wrong("The value is no text that can be looked for.", name, "Send a shorter text.")
    return AuditFilter(
        actor=asked.get("actor", ""),
        action=asked.get("action", ""),
        object=asked.get("object", ""),
        since=parse_moment(asked["since"], pointer="/since") if "since" in asked else None,
        until=parse_moment(asked["until"], pointer="/until") if "until" in asked else None,
        before=_number(asked, "before", 0, 1 << 53),
    )


def _line(one: KeptLine) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "time": format_moment(one.time),
        "actor": one.line.actor,
        "action": one.line.action,
        "object": one.line.object,
        "digest": one.line.digest,
        "outcome": one.line.outcome,
        "request": one.line.request,
    }


def _number(asked: Mapping[str, str], name: str, otherwise: int, most: int) -> int:
    text = asked.get(name, "")
    if not text:
        return otherwise
    if text.isascii() and text.isdigit() and len(text) <= 16 and 1 <= int(text) <= most:
        return int(text)
    raise _wrong(f"{name} is not a number from 1 to {most}.", name, f"Leave out {name}.")


def _wrong(detail: str, name: str, fix: str) -> MalformedInput:
    return MalformedInput(detail, pointer=f"/{name}", fix=fix)
