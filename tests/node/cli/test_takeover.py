"""``tracenode takeover`` and ``tracenode restore --revoke-orphans``: what only the operator can decide."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from node.cli.node_access import now
from node.store import Store, Transaction
from node.store.own_evidence import EvidenceKind, ShownEvidence
from tests.node.cli.terminal import Terminal
from tests.node.issuer import draft


def _within(folder: Path, work: Callable[[Transaction], Awaitable[object]]) -> object:
    async def opened() -> object:
        store = await Store.open(folder, at=now())
        try:
            async with store.writing() as tx:
                return await work(tx)
        finally:
            await store.close()

    return asyncio.run(opened())


async def _another_was_seen(tx: Transaction) -> None:
    seen = ShownEvidence(
        kind=EvidenceKind.CONTRADICTION, epoch="of-the-other", seq=7, shown_by="did:web:farm.test", noted=now()
    )
    await tx.evidence.note(seen, life=(await tx.lives.present()).id)


def test_a_node_in_doubt_issues_again_once_the_operator_has_decided(terminal: Terminal, spinner: Path) -> None:
    _within(spinner, _another_was_seen)
    document = json.dumps(draft()).encode()
    refused = terminal("issue", "-", data=spinner, stdin=document)

    taken = terminal("takeover", data=spinner)
    issued = terminal("issue", "-", data=spinner, stdin=document)

    assert (refused.code, taken.code, issued.code) == (1, 0, 0)
    assert refused.err.startswith("TWO_COPIES: ")
    assert "did:web:farm.test" in refused.err
    assert "of-the-other of another copy, which was seen up to place 7" in taken.out


def test_a_revocation_is_refused_in_doubt_as_well(terminal: Terminal, spinner: Path) -> None:
    url = terminal("issue", "-", data=spinner, stdin=json.dumps(draft()).encode()).out.strip()
    _within(spinner, _another_was_seen)

    said = terminal("revoke", url, data=spinner)

    assert (said.code, said.err.partition(":")[0]) == (1, "TWO_COPIES")


@pytest.mark.slow
def test_a_restore_can_ask_for_what_nobody_shows_to_be_revoked(
    terminal: Terminal, spinner: Path, tmp_path: Path
) -> None:
    async def wished(tx: Transaction) -> bool:
        return await tx.adopted.wished()

    terminal("backup", str(tmp_path / "b"), data=spinner)
    plain = terminal("restore", "--replace", str(tmp_path / "b"), data=spinner)
    before = _within(spinner, wished)
    asking = terminal("restore", "--replace", "--revoke-orphans", str(tmp_path / "b"), data=spinner)

    assert (plain.code, before, asking.code, _within(spinner, wished)) == (0, False, 0, True)
