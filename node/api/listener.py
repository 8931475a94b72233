"""A listener that does not wait for ever: headers have seconds to be complete, and one address few connections.

The rule: nobody keeps a place by saying nothing, or one byte at a time. aiohttp has no timer for headers, so the
protocol gets one: armed while a head is incomplete, disarmed by a whole one. See docs/requirements.md S104 and S106;
docs/threat-model.md#coming-in.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, Final

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler, RequestPayloadError

from node.api.problems import RequestProblem, problem_response

_HEADER_SECONDS: Final = 10.0
_PER_ADDRESS: Final = 50
_IN_ALL: Final = 1000
_KEEP_ALIVE: Final = 75.0
_HEADERS: Final = 64

_log = structlog.get_logger("listener")


class PatientHandler(RequestHandler):
    """One connection with a timer for its head."""

    __slots__ = ("_address", "_head_timer", "_patient")

    def __init__(self, manager: PatientServer, **options: Any) -> None:
        super().__init__(manager, **options)
        self._patient = manager
        self._head_timer: asyncio.TimerHandle | None = None
        self._address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it; one too many is cut at once, the others have seconds to say what they want."""
        super().connection_made(transport)
        name = transport.get_extra_info("peername")
        self._address = str(name[0]) if isinstance(name, tuple) else "local"
        self._patient.open[self._address] += 1
        if self._patient.is_full(self._address):
            self._cut()
        else:
            self._arm()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Give the place back, once."""
        self._disarm()
        if self._address:
            self._patient.open[self._address] -= 1
            self._patient.open += Counter()  # drops the addresses that have nothing open
            self._address = ""
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Arm the timer while a head is incomplete, and only then."""
        before = self._request_count
        super().data_received(data)
        if self._request_count > before:
            self._disarm()
        elif self._is_idle():
            self._arm()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP costs one short line, and nothing of it is said again; aiohttp logs it with what it holds."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        _log.info("not a request", address=self._address, why=type(exc).__name__)
        answer = problem_response(
            RequestProblem("The request is not well-formed HTTP/1.1.", fix="Check its first line and its headers.")
        )
        answer.force_close()
        return answer

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """A body that is not what its headers say is no fault of ours: one short line too."""
        if isinstance(kw.get("exc_info"), RequestPayloadError):
            _log.info("not a body", address=self._address, why=type(kw["exc_info"]).__name__)
        else:
            super().log_exception(*args, **kw)

    def _is_idle(self) -> bool:
        return self._current_request is None and not self._messages

    def _arm(self) -> None:
        if self._head_timer is None:
            self._head_timer = self._loop.call_later(self._patient.header_seconds, self._too_late)

    def _disarm(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_late(self) -> None:
        self._head_timer = None
        if self._is_idle():
            self._cut()

    def _cut(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


class PatientServer(web.Server):
    """Makes the connections and counts them by address."""

    def __init__(self, *args: Any, header_seconds: float, per_address: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.header_seconds = header_seconds
        self.per_address = per_address
        self.open: Counter[str] = Counter()

    def is_full(self, address: str) -> bool:
        """Has this address, or have all together, more connections than they may?"""
        return self.open[address] > self.per_address or self.open.total() > _IN_ALL

    def __call__(self) -> RequestHandler:
        """The protocol of one new connection."""
        return PatientHandler(self, loop=self._loop, **self._kwargs)


class PatientRunner(web.AppRunner):
    """Runs an application behind a patient server."""

    def __init__(
        self,
        app: web.Application,
        *,
        header_seconds: float = _HEADER_SECONDS,
        per_address: int = _PER_ADDRESS,
        **options: Any,
    ) -> None:
        super().__init__(app, keepalive_timeout=_KEEP_ALIVE, max_headers=_HEADERS, **options)
        self._header_seconds = header_seconds
        self._per_address = per_address

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        options: dict[str, Any] = made._kwargs  # noqa: SLF001 - aiohttp has no other way to a protocol of one's own
        return PatientServer(
            made.request_handler,
            request_factory=made.request_factory,
            handler_cancellation=made.handler_cancellation,
            header_seconds=self._header_seconds,
            per_address=self._per_address,
            **options,
        )
