"""What waits for peers, as an operator reads and changes it; the API and the command say the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from credentials.encoding.moments import format_moment
from credentials.errors import MalformedInput
from node.store import AuditLine, Store
from node.store.shown_deliveries import STATES, ShownDelivery

ACTIONS: Final = ("retry", "skip", "pause", "resume")
MOST: Final = 500
_FILTERS: Final = ("peer", "credential", "state", "after", "limit")


async def listed(store: Store, asked: Mapping[str, str]) -> dict[str, Any]:
    """A page of deliveries: ``peer``, ``credential`` and ``state`` choose, ``limit`` bounds, ``after`` is a ``next``.

    Raises:
        MalformedInput: one of them is not understood.
    """
    for name in asked:
        if name not in _FILTERS:
            raise _wrong(f"{name} is no filter.", name, f"Use {', '.join(_FILTERS)}.")
    state, limit = asked.get("state", ""), asked.get("limit", "100")
    if state and state not in STATES:
        raise _wrong("The state is not known.", "state", f"Use {', '.join(STATES)}.")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= MOST):
        raise _wrong("The limit is not a number of deliveries.", "limit", f"Use 1 to {MOST}.")
    async with store.reading() as tx:
        found = await tx.deliveries.some(
            peer=asked.get("peer", ""),
            credential=asked.get("credential", ""),
            state=state,
            after=_place(asked.get("after", "")),
            limit=int(limit) + 1,
        )
    page = found[: int(limit)]
    body: dict[str, Any] = {"deliveries": [_line(item) for item in page]}
    if len(found) > len(page):
        body["next"] = f"{page[-1].seq} {page[-1].peer}"
    return body


async def changed(store: Store, *, peer: str, action: str, actor: str, at: datetime) -> dict[str, Any]:
    """Do ``action`` to the stream to ``peer``, with an audit line; what was done.

    Raises:
        MalformedInput: the action is not known.
        NotHeld: there is nothing to do it to.
    """
    if action not in ACTIONS:
        raise _wrong("The action is not known.", "action", f"Use {', '.join(ACTIONS)}.")
    async with store.writing() as tx:
        done: dict[str, Any] = {"peer": peer, "action": action}
        if action == "retry":
            done["refused"] = await tx.deliveries.retry(peer, at=at)
        elif action == "skip":
            done["seq"] = await tx.deliveries.skip(peer, at=at)
        else:
            await tx.deliveries.pause(peer, paused=action == "pause")
        await tx.audit.append(AuditLine(actor=actor, action=f"deliveries.{action}", object=peer), at=at)
    return done


def _place(text: str) -> tuple[str, int]:
    if not text:
        return "", 0
    seq, _, peer = text.partition(" ")
    if not (peer and seq.isascii() and seq.isdigit() and len(seq) < 10):
        raise _wrong("This is not where a page ended.", "after", "Use the next of the page before.")
    return peer, int(seq)


def _line(item: ShownDelivery) -> dict[str, Any]:
    line = {
        "peer": item.peer,
        "seq": item.seq,
        "event": item.event,
        "type": item.type,
        "credential": item.credential,
        "state": item.state,
        "reason": item.reason,
        "fails": item.fails,
        "nextTry": format_moment(item.next_try) if item.next_try else "",
    }
    return {name: value for name, value in line.items() if value not in ("", 0)}


def _wrong(detail: str, name: str, fix: str) -> MalformedInput:
    return MalformedInput(detail, pointer=f"/{name}", fix=fix)
