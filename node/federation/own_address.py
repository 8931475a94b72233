"""Our own public address: who answers there under our name, is it this database or another one?

The rule: another one that signs with our keys is a second copy, and then this one issues nothing until the address
answers as it again or the operator decides. What cannot be told is unknown and is said, and stops nothing: many a node
cannot reach itself from where it is. See docs/federation.md#two-copies.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final

import structlog

from credentials.encoding.document import parse_document
from credentials.errors import CredentialsError
from credentials.evidence import Absent
from node.federation.instances import read_instance
from node.keyring import PeerKey
from node.store.audit import AuditLine
from node.store.own_evidence import EvidenceKind, ShownEvidence
from node.store.store import Store, Transaction
from node.wire.fetch import Fetcher

PATH: Final = "/.well-known/trace-node"
_EVERY: Final = 60.0  # seconds between questions
_FIRST: Final = 2.0  # seconds until we listen ourselves
_PATIENCE: Final = 3.0  # seconds that a start waits

_log = structlog.get_logger("evidence")


class Answering(StrEnum):
    """Who answers at our address."""

    OURSELVES = "ourselves"
    ANOTHER = "another"
    UNKNOWN = "unknown"


class OwnAddress:
    """Asks the public address ``url`` of ``did`` who is there."""

    def __init__(
        self, *, did: str, url: str, key: PeerKey, store: Store, fetcher: Fetcher, clock: Callable[[], datetime]
    ) -> None:
        self._did = did
        self._url = url
        self._key = key
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._said: Answering | None = None  # what was told last, by this process

    async def run(self) -> None:
        """Ask every minute until cancelled."""
        await asyncio.sleep(_FIRST)
        while True:
            await self.ask()
            await asyncio.sleep(_EVERY)

    async def ask_at_start(self) -> Answering:
        """Ask while nobody of ours listens yet, and not for long."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self.ask(serving=False)
        except TimeoutError:
            return Answering.UNKNOWN

    async def ask(self, *, serving: bool = True) -> Answering:
        """Who answers now; whatever follows from it is done when this returns.

        While we are not ``serving`` yet, that nobody answers is what is to be expected, and is not told.
        """
        for _ in range(2):  # a life may begin between the question and its answer
            shown, why = await self._shown()
            ours = await self._store.epoch()
            if shown in ("", ours):
                break
        answering = Answering.UNKNOWN if not shown else Answering.OURSELVES if shown == ours else Answering.ANOTHER
        if answering is Answering.UNKNOWN and not serving:
            return answering
        await self._store.write(partial(self._noted, answering=answering, shown=shown))
        if answering is not self._said:
            self._said = answering
            say = _log.info if answering is Answering.OURSELVES else _log.warning
            say("who answers at our address", url=self._url, answering=answering, why=why, instance=shown)
        return answering

    async def _shown(self) -> tuple[str, str]:
        """The instance that the address shows with our signature, else "" and why there is none."""
        challenge = secrets.token_urlsafe(18)
        url = f"{self._url}{PATH}?challenge={challenge}"
        answer = await self._fetcher.get(url, headers={"Accept": "application/json"})
        if isinstance(answer, Absent):
            return "", answer.detail
        try:
            stated = parse_document(answer.body).value if answer.status == 200 else {}
        except CredentialsError as error:
            return "", error.problem.detail
        shown = read_instance(str(stated.get("instance", "")), keys=self._key.public_keys())
        if shown is None or (shown.did, shown.challenge) != (self._did, challenge):
            return "", f"It answers {answer.status} without our signature over the challenge."
        return shown.instance, ""

    async def _noted(self, tx: Transaction, *, answering: Answering, shown: str) -> None:
        """Keep what was found."""
        at, life = self._clock(), (await tx.lives.present()).id
        await tx.evidence.answers_as("" if answering is Answering.UNKNOWN else answering)
        if answering is Answering.ANOTHER:
            found = ShownEvidence(kind=EvidenceKind.INSTANCE, epoch=shown, shown_by=self._url, noted=at)
            if await tx.evidence.note(found, life=life):
                await tx.audit.append(AuditLine(actor="node", action="evidence.instance", object=shown), at=at)
        elif answering is Answering.OURSELVES and await tx.evidence.clear(EvidenceKind.INSTANCE, life=life, at=at):
            await tx.audit.append(AuditLine(actor="node", action="evidence.instance.over", object=life), at=at)
