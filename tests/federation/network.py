"""A few companies' nodes in one process, each with its own files, name and TLS, on a clock that only the test moves.

Nothing works by itself here unless ``works`` is asked for: a test says when an outbox is emptied and when an inbox is
looked at, so that it sees every step between two nodes.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import text

from credentials.did.documents import multikey_method
from credentials.encoding.multibase import digest_multibase
from credentials.evidence import Absent, Found
from node.app import application, open_node
from node.config import Settings, load_settings
from node.demo.companies import Company
from node.demo.network import DemoNetwork
from node.demo.season import season
from node.federation.client import INBOX
from node.federation.message_signatures import SignedRequest, sign_request
from node.federation.messages import BATCH_MEDIA_TYPE, EventType, ExchangeEvent, encode_batch
from node.flows.issuing.issuing import Issuance
from node.flows.verifying.work import InProcess
from node.running import RunningNode
from node.serving.listeners import tls_of
from node.store.received import ReceivedCredential
from node.wire.purposes import LINKSET, Purpose

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
_ROUNDS = 20
_FASTER = {"TRACENODE_FORMS": "vc+jwt"}  # one form of each credential is enough to exchange it


@dataclass
class Clock:
    """The time of the network."""

    at: datetime = AT

    def __call__(self) -> datetime:
        return self.at

    def move(self, **steps: float) -> None:
        self.at += timedelta(**steps)


@dataclass
class Participant:
    """One company: its open node, and every request that reached it as ``METHOD path``."""

    company: Company
    settings: Settings
    node: RunningNode
    closing: AsyncExitStack
    heard: list[str] = field(default_factory=list)
    stalls: asyncio.Event | None = None  # until it is set, nobody gets an answer
    serves_instead: dict[str, Found] = field(default_factory=dict)  # by path: what somebody put in its place

    @property
    def did(self) -> str:
        return self.company.did

    async def issue(self, draft: dict[str, Any], **options: Any) -> Issuance:
        return await self.node.issuing.issue(draft, at=self.node.clock(), **options)

    async def send(self) -> int:
        """Empty the outbox once."""
        return await self.node.outbox.once()

    async def judge(self) -> int:
        """Look at what arrived once."""
        return await self.node.receiving.work(self.node.clock())

    async def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """What a plain SQL question to its database gives."""
        async with self.node.store.reading() as tx:
            connection = await tx.session.connection()
            return [tuple(row) for row in await connection.execute(text(query), values)]

    async def arrived(self, subject: str) -> list[str]:
        """The states of the events about ``subject`` that peers sent, in order of arrival."""
        found = await self.rows("select state from inbox_event where subject = :subject order by id", subject=subject)
        return [state for (state,) in found]

    async def deliveries(self, subject: str) -> list[tuple[str, str]]:
        """(peer, state) of every delivery about ``subject``."""
        return await self.rows(  # type: ignore[return-value]
            "select delivery.peer, case when refused.seq is not null then 'refused' "
            "when delivery.seq <= acked then 'delivered' else 'pending' end "
            "from delivery join outbox_event on event = outbox_event.id "
            "join stream_out on stream_out.peer = delivery.peer "
            "left join refused on refused.peer = delivery.peer and refused.seq = delivery.seq "
            "where subject = :subject order by delivery.peer, delivery.seq",
            subject=subject,
        )

    async def received(self, url: str) -> tuple[ReceivedCredential, ...]:
        async with self.node.store.reading() as tx:
            return await tx.received.by_url(url)

    async def sees(self, url: str, purpose: Purpose = LINKSET) -> Any:
        """The JSON that this company's node gets from ``url`` over the network, as anybody would; None for nothing."""
        answer = await self.node.fetcher.fetch(url, purpose, at=self.node.clock())
        return json.loads(answer.body) if isinstance(answer, Found) else None

    def event(self, to: Participant, credential: str = "", **stated: Any) -> ExchangeEvent:
        """An event of this company for ``to``, as its own outbox would make it unless ``stated`` otherwise."""
        url = credential or f"https://{self.company.host}/credentials/{secrets.token_urlsafe(16)}"
        given: dict[str, Any] = {
            "id": secrets.token_hex(16),
            "source": self.did,
            "type": EventType.PUBLISHED,
            "subject": url,
            "time": self.node.clock(),
            "dest": to.did,
            "epoch": secrets.token_hex(8),  # a stream of its own
            "seq": 1,
            "data": {"credential": url, "credentialDigest": digest_multibase(b"nothing"), "kind": "dpp"},
        }
        return ExchangeEvent(**(given | stated))

    def signed(self, to: Participant, body: bytes, **stated: Any) -> SignedRequest:
        """A delivery of ``body`` to ``to``, signed as the profile asks unless ``stated`` otherwise."""
        request = SignedRequest(
            "POST",
            f"https://{to.company.host}{INBOX}",
            {"Content-Type": BATCH_MEDIA_TYPE, "Idempotency-Key": '"b-1"', "Accept": "application/json"},
            body,
        )
        given: dict[str, Any] = {
            "signer": self.node.keyring.signer("auth-1"),
            "key_id": multikey_method(self.did, "auth-1"),
            "destination": to.did,
            "at": self.node.clock(),
            "nonce": secrets.token_urlsafe(18),
        }
        sign_request(request, **(given | stated))
        return request

    async def post(self, request: SignedRequest) -> tuple[int, Any]:
        """Status and JSON of the answer to ``request``."""
        answer = await self.node.fetcher.post(request.url, request.body, headers=request.headers)
        assert not isinstance(answer, Absent), answer
        return answer.status, json.loads(answer.body)

    async def tell(self, to: Participant, *events: ExchangeEvent) -> tuple[int, Any]:
        """Deliver ``events`` by hand; status and JSON of the answer."""
        return await self.post(self.signed(to, encode_batch(events)))


@dataclass
class Network:
    """Companies and the clock they share; ``participants`` are those whose node runs now."""

    demo: DemoNetwork
    clock: Clock
    works: bool = False
    participants: dict[str, Participant] = field(default_factory=dict)

    async def start(self, company: Company) -> Participant:
        """Open and serve the node of ``company``."""
        settings = load_settings(self.demo.members[company.key].data, environment=_FASTER)
        closing = AsyncExitStack()
        node = await closing.enter_async_context(open_node(settings, clock=self.clock, work=InProcess()))
        participant = self.participants[company.key] = Participant(company, settings, node, closing)
        app = application(node, works=self.works)
        app.middlewares.insert(0, _listener(participant))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        closing.push_async_callback(runner.cleanup)
        host, _, port = settings.listen.rpartition(":")
        await web.TCPSite(runner, host, int(port), ssl_context=tls_of(settings), reuse_address=True).start()
        return participant

    async def stop(self, company: Company) -> None:
        """Close the node of ``company``; its files stay."""
        await self.participants.pop(company.key).closing.aclose()

    async def introduce(self, one: Participant, other: Participant, *, share: str = "all") -> None:
        """Put each into the other's peer book."""
        for here, there in ((one, other), (other, one)):
            await here.node.peers.add(there.did, policy={"share": share}, at=self.clock())

    async def come_to_rest(self) -> None:
        """Send and judge until nobody has anything to do at this moment."""
        for _ in range(_ROUNDS):
            done = [
                await participant.send() + await participant.judge() for participant in list(self.participants.values())
            ]
            if not any(done):
                return
        raise AssertionError("the network does not come to rest")


@asynccontextmanager
async def open_network(
    folder: Path, *companies: Company, works: bool = False, idle: Sequence[Company] = ()
) -> AsyncIterator[Network]:
    """The nodes of ``companies``; ``idle`` ones have a name, files and TLS, but no node runs."""
    demo = await DemoNetwork.create(folder, [*companies, *idle], at=datetime.now(UTC))
    network = Network(demo, Clock(), works)
    try:
        await asyncio.gather(*(network.start(company) for company in companies))
        yield network
    finally:
        for participant in list(network.participants.values()):
            await network.stop(participant.company)


async def until(holds: Callable[[], Awaitable[bool]], *, seconds: float = 30.0) -> None:
    """Wait until ``holds``: for what works by itself and tells nobody when it is done. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - nobody notifies when a node of its own is done
            await asyncio.sleep(0.02)


def draft(key: str) -> dict[str, Any]:
    """A draft of the season that relies on no other."""
    return {step.key: step for step in season(AT, ())}[key].draft({})


def _listener(participant: Participant) -> Any:
    @web.middleware
    async def listen(request: web.Request, handler: Any) -> web.StreamResponse:
        participant.heard.append(f"{request.method} {request.path}")
        if participant.stalls is not None:
            await participant.stalls.wait()
        instead = participant.serves_instead.get(request.path)
        if instead is not None:
            return web.Response(body=instead.body, content_type=instead.media_type)
        answer: web.StreamResponse = await handler(request)
        return answer

    return listen
