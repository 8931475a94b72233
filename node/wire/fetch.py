"""The one way out: guarded, bounded requests, and the only door to the HTTP client.

The rule: a remote fault never raises. Whatever a host does, the answer is Found or Absent with a reason, within the
bytes, seconds, redirects and media types of the purpose. No cookies, no proxies from the environment, no decompression,
no credentials that were not given for this very request. One request at a time per URL, four at a time per host.
See docs/threat-model.md#going-out; docs/requirements.md D4 and D7.
"""

from __future__ import annotations

import asyncio
import io
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Final, Self
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver

from credentials.evidence import Absent, AbsentReason, Found
from node.wire.addresses import AllowList, Blocked, CheckedUrl, GuardedResolver, check_url
from node.wire.budget import RequestBudget
from node.wire.purposes import DELIVERY, Purpose
from node.wire.remembered_hosts import LONGEST_WAIT, Hosts
from node.wire.sockets import Sockets

PER_HOST: Final = 4
_CONNECTIONS: Final = 100  # more than outbox and inbox have places, so that whoever asks here finds one
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_REASONS: Final = {
    401: AbsentReason.REFUSED,
    403: AbsentReason.REFUSED,
    404: AbsentReason.UNKNOWN_IDENTIFIER,
    408: AbsentReason.TIMEOUT,
    410: AbsentReason.WITHDRAWN,
    429: AbsentReason.RATE_LIMITED,
    504: AbsentReason.TIMEOUT,
}


class _Unusable(Exception):
    """An answer came that cannot be taken."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{detail} ({code})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer as received; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def media_type(self) -> str:
        """The media type without its parameters, lower case; "" when none was stated."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Fetcher:
    """Fetches and delivers under the guard, ``per_host`` requests at a time.

    ``dev_hosts`` maps a name to its (address, port) on a developer machine; ``dev_ca`` is the PEM text of its CA.
    """

    def __init__(
        self,
        *,
        dev_hosts: Mapping[str, tuple[str, int]] | None = None,
        dev_ca: str | None = None,
        dns: AbstractResolver | None = None,
        user_agent: str = "tracenode",
        per_host: int = PER_HOST,
    ) -> None:
        self._allow = AllowList(dict(dev_hosts or {}))
        self._sockets = Sockets(self._allow)
        self._tls = ssl.create_default_context(cadata=dev_ca)
        self._dns = dns
        self._user_agent = user_agent
        self._session: aiohttp.ClientSession | None = None
        self._hosts = Hosts(per_host)
        self._flights: dict[tuple[str, str], asyncio.Task[Found | Absent]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End what is under way and let go of every connection."""
        flights = list(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            await self._sockets.close()
            self._session = None

    async def fetch(
        self, url: str, purpose: Purpose, *, at: datetime, budget: RequestBudget | None = None
    ) -> Found | Absent:
        """What ``url`` serves for ``purpose``, stamped ``at``; never raises for what a remote host does."""
        try:
            target = check_url(url)
        except Blocked as refusal:
            return _absent(AbsentReason.BLOCKED, f"{refusal} ({refusal.code})")
        key = (url, purpose.name)
        flight = self._flights.get(key)
        if flight is None:
            if budget is not None and not budget.spend(target.host):
                return _absent(AbsentReason.BUDGET, f"The request budget for {target.host} is spent.")
            flight = asyncio.create_task(self._get(target, purpose, at))
            self._flights[key] = flight
            flight.add_done_callback(lambda _: self._flights.pop(key, None))
        answer = await asyncio.shield(flight)
        return replace(answer, at=at) if isinstance(answer, Found) else answer

    async def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Response | Absent:
        """Deliver ``body`` to a peer with exactly these ``headers``; any status is an answer, redirects included."""
        try:
            target = check_url(url)
        except Blocked as refusal:
            return _absent(AbsentReason.BLOCKED, f"{refusal} ({refusal.code})")
        return await self._guarded(lambda: self._exchange("POST", target, DELIVERY, headers=headers, body=body), target)

    async def get(self, url: str, *, headers: Mapping[str, str], purpose: Purpose = DELIVERY) -> Response | Absent:
        """Ask a peer with exactly these ``headers`` (a signed query); any status is an answer, redirects included."""
        try:
            target = check_url(url)
        except Blocked as refusal:
            return _absent(AbsentReason.BLOCKED, f"{refusal} ({refusal.code})")
        return await self._guarded(lambda: self._exchange("GET", target, purpose, headers=headers), target)

    async def _get(self, target: CheckedUrl, purpose: Purpose, at: datetime) -> Found | Absent:
        answer = await self._guarded(lambda: self._follow(target, purpose), target)
        if isinstance(answer, Absent):
            return answer
        if answer.status != 200:
            return _absent(_reason(answer.status), f"{target.host} answered {answer.status}.")
        return Found(body=answer.body, media_type=answer.media_type, source=answer.url, at=at)

    async def _guarded(self, ask: Callable[[], Awaitable[Response]], target: CheckedUrl) -> Response | Absent:
        """Run one exchange; every fault of a host becomes an Absent with its reason."""
        try:
            return await ask()
        except Blocked as refusal:
            return _absent(AbsentReason.BLOCKED, f"{refusal} ({refusal.code})")
        except _Unusable as refusal:
            return _absent(AbsentReason.UNUSABLE, f"{target.host}: {refusal}")
        except TimeoutError:
            return _absent(AbsentReason.TIMEOUT, f"{target.host} did not answer in time (FETCH_TIMEOUT).")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _absent(AbsentReason.OFFLINE, f"{target.host} cannot be reached ({type(error).__name__}).")

    async def _follow(self, target: CheckedUrl, purpose: Purpose) -> Response:
        """GET, following same-origin redirects as far as the purpose allows, and waiting out one short 429."""
        headers = {"Accept": ", ".join(purpose.media_types) or "*/*"}
        waited = False
        hops = 0
        async with asyncio.timeout(purpose.seconds + LONGEST_WAIT):
            while True:
                answer = await self._exchange("GET", target, purpose, headers=headers)
                if answer.status == 429 and not waited and self._hosts.of(target.host).wait_of("GET") <= LONGEST_WAIT:
                    waited = True
                elif answer.status in _REDIRECTS:
                    hops += 1
                    target = _next_hop(target, answer, hops <= purpose.redirects)
                else:
                    return answer

    async def _exchange(
        self,
        method: str,
        target: CheckedUrl,
        purpose: Purpose,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Response:
        host = self._hosts.of(target.host)
        async with host.in_use():
            wait = host.wait_of(method)
            if wait > LONGEST_WAIT:
                return Response(status=429, headers={}, body=b"", url=target.url)
            await asyncio.sleep(wait)
            sent = None if body is None else io.BytesIO(body)  # in pieces, so that a large one holds up nobody
            async with (
                asyncio.timeout(purpose.seconds),
                self._client().request(method, target.url, headers=headers, data=sent, allow_redirects=False) as answer,
            ):
                lowered = {name.lower(): value for name, value in answer.headers.items()}
                host.heed(method, answer.status, lowered.get("retry-after", ""))
                try:
                    received = await _bounded_body(answer, purpose, taken=body is None)
                except BaseException:
                    _cut(answer)
                    raise
                return Response(status=answer.status, headers=lowered, body=received, url=target.url)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=GuardedResolver(self._allow, self._dns),
                    socket_factory=self._sockets,
                    ssl=self._tls,
                    use_dns_cache=False,
                    force_close=True,
                    limit=_CONNECTIONS,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(total=None),  # each exchange has its own, in all and not per read
                headers={"Accept-Encoding": "identity", "User-Agent": self._user_agent},
                raise_for_status=False,
            )
        return self._session


def _cut(answer: aiohttp.ClientResponse) -> None:
    """End the connection at once: a polite TLS goodbye would go on reading what the host goes on sending."""
    if answer.connection is not None and answer.connection.transport is not None:
        answer.connection.transport.abort()


async def _bounded_body(answer: aiohttp.ClientResponse, purpose: Purpose, *, taken: bool) -> bytes:
    """The body, refused by its headers where they already say so, else counted while it streams."""
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _Unusable("FETCH_CONTENT_TYPE", "The answer is compressed although identity was asked for.")
    if taken and answer.status == 200 and purpose.media_types:
        media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type not in purpose.media_types:
            raise _Unusable("FETCH_CONTENT_TYPE", f"A {purpose.name} does not come as {media_type[:60] or 'nothing'}.")
    if (answer.content_length or 0) > purpose.max_bytes:
        raise _Unusable("FETCH_TOO_LARGE", f"The {purpose.name} is larger than {purpose.max_bytes} bytes.")
    received = bytearray()
    async for chunk in answer.content.iter_chunked(65_536):
        received += chunk
        if len(received) > purpose.max_bytes:
            raise _Unusable("FETCH_TOO_LARGE", f"The {purpose.name} is larger than {purpose.max_bytes} bytes.")
    if taken and answer.status == 200 and not received:
        raise _Unusable("FETCH_CONTENT_TYPE", f"The {purpose.name} is empty.")
    return bytes(received)


def _next_hop(target: CheckedUrl, answer: Response, allowed: bool) -> CheckedUrl:
    if not allowed:
        raise Blocked("The answer redirects further than this kind of request follows.", code="REDIRECT_REFUSED")
    further = check_url(urljoin(target.url, answer.headers.get("location", "")))
    if further.origin != target.origin:
        raise Blocked("The answer redirects to another origin.", code="REDIRECT_REFUSED")
    return further


def _reason(status: int) -> AbsentReason:
    if status in _REASONS:
        return _REASONS[status]
    return AbsentReason.OFFLINE if status >= 500 else AbsentReason.REFUSED


def _absent(reason: AbsentReason, detail: str) -> Absent:
    return Absent(reason=reason, detail=detail)
