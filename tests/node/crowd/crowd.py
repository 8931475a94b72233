"""A crowd of processes at one issuer: all issue at once, then all revoke at once, and then it is counted.

Each process signs and stores as a node does (``Issuing.issue``, ``Issuing.set_status``). The open list is so full at
the beginning that the crowd fills it halfway through and must go on in a new one, together.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import text

from node.store import looking
from tests.node.crowd.counting import doubts, served_lists, signed_spots
from tests.node.crowd.member import issue
from tests.node.issuer import open_issuer
from tests.shared import ROOT

SHARED = 5  # credentials that every process revokes


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What each process does."""

    issues: int
    revocations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What came of it: how much was acknowledged, and every error and doubt in words."""

    issued: int
    revoked: int
    lists: int
    wrong: tuple[str, ...]


async def let_loose(members: Sequence[Process], folder: Path, url: str, size: Size) -> Counted:
    """Let a crowd loose on the database of ``folder`` (or at ``url``), and count afterwards."""
    everything, place = len(members) * size.issues, {"folder": str(folder), "url": url}
    await _prepare(folder, url, room=everything // 2)
    issued = await _told(members, [{**place, "issue": size.issues}] * len(members))
    revoked = await _told(members, [{**place, "revoke": urls} for urls in _shared_out(issued, size.revocations)])
    errors = Counter(error for answer in (*issued, *revoked) for error in answer["errors"])
    withdrawn = set(chain.from_iterable(_shared_out(issued, size.revocations)))
    changes = sum(sum(answer["done"]) for answer in revoked)
    return await _counted(
        folder,
        url,
        urls=[url for answer in issued for url in answer["done"]],
        withdrawn=withdrawn,
        changes=changes,
        wrong=[f"{times} times {error}" for error, times in errors.items()],
        room=everything // 2,
    )


async def _prepare(folder: Path, url: str, *, room: int) -> None:
    """An issuer whose open list has ``room`` left."""
    async with open_issuer(folder, url=url, forms=("vc+jwt",)) as issuer:
        await issue(issuer)
        async with issuer.store.writing() as tx:
            connection = await tx.session.connection()
            await connection.execute(text("UPDATE status_list SET allocated = size / 2 - :room"), {"room": room})


async def _counted(
    folder: Path, url: str, *, urls: Sequence[str], withdrawn: set[str], changes: int, wrong: list[str], room: int
) -> Counted:
    async with open_issuer(folder, url=url, forms=("vc+jwt",)) as issuer:
        signed = await signed_spots(issuer.store)
        given = [signed[url] for url in urls]
        served = await served_lists(issuer, (spot[0] for spot in given))
    async with looking(folder, url=url) as tx:
        orphans, broken = await tx.consistency.orphans(), await tx.audit.first_break()
    wrong += doubts(given, [signed[url] for url in withdrawn], served)
    wrong += [f"{len(signed)} are kept, {len(urls) + 1} were acknowledged"] if len(signed) != len(urls) + 1 else []
    wrong += [f"{changes} changes for {len(withdrawn)} revocations"] if changes != len(withdrawn) else []
    wrong += [f"{len(orphans)} orphans", *orphans[:5]] if orphans else []
    wrong += [f"the audit log breaks at {broken}"] if broken is not None else []
    per_list = sorted(Counter(spot[0] for spot in given).values())
    if per_list != sorted([room, len(given) - room]):
        wrong.append(f"the lists hold {per_list}: room for {room} was left, and the rest belongs in one new list")
    return Counted(issued=len(urls), revoked=len(withdrawn), lists=len(served), wrong=tuple(wrong))


def _shared_out(issued: Sequence[Any], each: int) -> list[list[str]]:
    """What each process revokes: ``each`` that its neighbour issued, and a few that everybody revokes."""
    made = [answer["done"] for answer in issued]
    common = [url for urls in made for url in urls[each:]][:SHARED]
    return [[*made[place - 1][:each], *common] for place in range(len(made))]


@asynccontextmanager
async def crowd(count: int = 8) -> AsyncIterator[list[Process]]:
    """So many processes, started and waiting."""
    words = (sys.executable, "-m", "tests.node.crowd.member")
    members = [
        await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdin=PIPE, stdout=PIPE, limit=1 << 24)
        for _ in range(count)
    ]
    try:
        for member in members:
            assert member.stdout is not None
            assert await member.stdout.readline() == b"ready\n"
        yield members
    finally:
        for member in members:
            assert member.stdin is not None
            member.stdin.close()
        await asyncio.gather(*(member.wait() for member in members))


async def _told(members: Sequence[Process], tasks: Sequence[Any]) -> list[Any]:
    """Tell every member at once; their answers."""

    async def one(member: Process, task: Any) -> Any:
        assert member.stdin is not None
        assert member.stdout is not None
        member.stdin.write(json.dumps(task).encode() + b"\n")
        return json.loads(await member.stdout.readline())

    return list(await asyncio.gather(*(one(member, task) for member, task in zip(members, tasks, strict=True))))
