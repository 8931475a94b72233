"""Provenance reports over HTTP: one question, one answer, no account.

The rule: an answer that comes soon is a 200; one that takes longer is a 202 with an address where progress and later
the report can be read. What runs is bounded, and what is done is forgotten after a while. See docs/requirements.md D10.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from aiohttp import web

from credentials.encoding.document import JsonObject
from credentials.encoding.moments import parse_moment
from credentials.errors import MalformedInput
from credentials.provenance import Report, to_json
from credentials.provenance.question import check_target, known_by
from credentials.trust.policy import Policy, parse_policy
from node.api.bodies import flag_of, read_json, text_of, texts_of
from node.api.caller_sources import source_for, strangers_source, tracing_for
from node.api.callers import caller_of
from node.api.guards import is_operator
from node.errors import Forbidden, NotHeld, TooMany
from node.flows.bundling import TraceRequest, packed
from node.flows.tracing import MOST_LOOKUPS, Progress
from node.running import NODE
from node.shared_files import SharedFiles
from node.wire.accept import prefers_zip

_PATIENCE: Final = 30.0  # seconds a caller waits before the answer becomes a 202
_KEPT: Final = 200
_RUNNING: Final = 8
_OWN_PLACES: Final = 2  # of these are for this node's own people
_A_STRANGER: Final = 3  # at once, of one address
_UNDER_WAY: Final = ".progress"
_JSON: Final = "application/json"
_ZIP: Final = "application/zip"
#: What is kept of a trace that is done, by its media type.
_KINDS: Final = {_JSON: ".report", _ZIP: ".zip"}
_MEMBERS: Final = ("identifier", "claims", "policy", "at", "known", "budget", "withPrivate")


@dataclass(frozen=True, slots=True)
class Traced:
    """What a trace came to: a report, or a bundle."""

    body: bytes
    media_type: str = _JSON


@dataclass(slots=True)
class _Job:
    """One trace under way or done."""

    task: asyncio.Task[Traced]
    caller: str = ""  # a stranger's address
    progress: Progress = field(default_factory=lambda: Progress(waves=0, lookups=0, credentials=0, open=1))


@dataclass(slots=True)
class Jobs:
    """The traces of this process by their random id, the oldest first."""

    jobs: dict[str, _Job] = field(default_factory=dict)
    shared_files: SharedFiles | None = None

    def start(self, trace: asyncio.Task[Traced], *, caller: str = "") -> tuple[str, _Job]:
        """Keep a trace under a fresh id; where there are ``shared_files``, the other processes find it there too."""
        id_ = secrets.token_urlsafe(16)
        self.jobs[id_] = _Job(trace, caller)
        self.note(id_, self.jobs[id_].progress)
        trace.add_done_callback(lambda task: self._done(id_, task))
        for old in [key for key, job in self.jobs.items() if job.task.done()][: max(0, len(self.jobs) - _KEPT)]:
            del self.jobs[old]
            self._off(old)
        return id_, self.jobs[id_]

    def note(self, id_: str, progress: Progress) -> None:
        """How far the trace is by now."""
        self.jobs[id_].progress = progress
        if self.shared_files is not None:
            self.shared_files.put(f"{id_}{_UNDER_WAY}", json.dumps(_progress_json(progress)).encode("utf-8"))

    def elsewhere(self, id_: str) -> web.Response | None:
        """The answer of another process that has the trace."""
        if self.shared_files is None:
            return None
        progress = self.shared_files.get(f"{id_}{_UNDER_WAY}")  # read first: it goes only once the answer is there
        for media_type, ending in _KINDS.items():
            done = self.shared_files.get(f"{id_}{ending}")
            if done is not None:
                return _done_answer(id_, Traced(done, media_type))
        return None if progress is None else _waiting_answer(id_, json.loads(progress))

    def _done(self, id_: str, task: asyncio.Task[Traced]) -> None:
        if self.shared_files is not None and not task.cancelled() and task.exception() is None:
            self.shared_files.put(f"{id_}{_KINDS[task.result().media_type]}", task.result().body)
        self._off(id_, _UNDER_WAY)

    def _off(self, id_: str, *endings: str) -> None:
        for ending in endings or (_UNDER_WAY, *_KINDS.values()):
            if self.shared_files is not None:
                self.shared_files.take(f"{id_}{ending}")

    def check_place(self, caller: str) -> None:
        """A stranger's ``caller`` address finds no place where the last ones are kept for our own ("") people.

        Raises:
            TooMany: there is none.
        """
        running = [job.caller for job in self.jobs.values() if not job.task.done()]
        if len(running) >= _RUNNING - (_OWN_PLACES if caller else 0):
            raise TooMany("As many traces are under way as this node runs at a time.", retry_after=10)
        if caller and running.count(caller) >= _A_STRANGER:
            raise TooMany("As many traces are under way as one caller may have at a time.", retry_after=10)


JOBS: Final = web.AppKey("traces", Jobs)


async def jobs_context(app: web.Application) -> AsyncIterator[None]:
    """Traces end with the application."""
    app[JOBS].jobs.clear()
    yield
    tasks = [job.task for job in app[JOBS].jobs.values()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def trace(request: web.Request) -> web.Response:
    """200 with the report, or with the bundle for who asks for a zip, or 202 with the address where it will be."""
    value = await read_json(request, _MEMBERS, required=("identifier",))
    identifier = text_of(value, "identifier")
    check_target(identifier)
    claims = frozenset(texts_of(value, "claims")) if "claims" in value else None
    now = request.app[NODE].clock()
    policy, at = _policy(value), _moment(value, "at", now)
    known = known_by(_moment(value, "known", max(at, now)), at)
    as_bundle, with_private = prefers_zip(request.headers.get("Accept", "")), flag_of(value, "withPrivate")
    if with_private and not is_operator(request):
        raise Forbidden("What is private is for this node's own people.", fix="Leave out withPrivate, or send a token.")
    if "withPrivate" in value and not as_bundle:
        raise MalformedInput(
            "withPrivate is about bundles; a report has what whoever asks for it may see.",
            pointer="/withPrivate",
            fix="Leave it out, or ask for application/zip.",
        )
    jobs = request.app[JOBS]
    caller = "" if is_operator(request) else caller_of(request)
    jobs.check_place(caller)
    holder: list[str] = []

    def note(progress: Progress) -> None:
        jobs.note(holder[0], progress)

    tracing, trust = tracing_for(request, lookups=_lookups(value)), request.app[NODE].trust
    if as_bundle:
        asked = TraceRequest(
            identifier=identifier,
            at=at.replace(microsecond=0),
            known=known.replace(microsecond=0) if known is not None else None,
            claims=tuple(sorted(claims)) if claims is not None else None,
            policy=policy,
            lookups=tracing.budget.lookups,
            trust=trust,
            pack=request.app[NODE].pack.raw,
        )
        work = _bundle(request, asked, note, with_private=with_private)
    else:
        work = _report(
            tracing.trace(identifier, at=at, known=known, trust=trust, policy=policy, claims=claims, progress=note)
        )
    id_, job = jobs.start(asyncio.create_task(work), caller=caller)
    holder.append(id_)
    if "respond-async" not in request.headers.get("Prefer", ""):
        await asyncio.wait({job.task}, timeout=_PATIENCE)
    return _answer(id_, job)


async def show(request: web.Request) -> web.Response:
    """200 with the report, or 202 with how far it is."""
    id_, jobs = request.match_info["id"], request.app[JOBS]
    job = jobs.jobs.get(id_)
    answer = jobs.elsewhere(id_) if job is None else _answer(id_, job)
    if answer is None:
        raise NotHeld("No trace is kept under this id.", fix="Ask again with POST /traces.")
    return answer


async def _report(trace: Awaitable[Report]) -> Traced:
    return Traced(report_bytes(await trace))


async def _bundle(
    request: web.Request, asked: TraceRequest, note: Callable[[Progress], None], *, with_private: bool
) -> Traced:
    """A bundle goes from hand to hand: unless one of this node's own people says so, of what anyone may be served."""
    source = source_for(request, lookups=asked.lookups) if with_private else strangers_source(request.app)
    _, raw = await packed(asked, source, (), request.app[NODE].judging, note)
    return Traced(raw, _ZIP)


def report_bytes(report: Report) -> bytes:
    """The report as it travels: the same bytes for the same report."""
    return json.dumps(to_json(report), ensure_ascii=False, sort_keys=True).encode("utf-8")


def _answer(id_: str, job: _Job) -> web.Response:
    if job.task.done():
        return _done_answer(id_, job.task.result())
    return _waiting_answer(id_, _progress_json(job.progress))


def _done_answer(id_: str, done: Traced) -> web.Response:
    headers = _headers(id_) | {"Vary": "Accept"}
    if done.media_type == _ZIP:
        headers["Content-Disposition"] = 'attachment; filename="trace.zip"'
    return web.Response(body=done.body, content_type=done.media_type, headers=headers)


def _waiting_answer(id_: str, progress: dict[str, int]) -> web.Response:
    headers = _headers(id_)
    body = {"status": "running", "location": headers["Location"], "progress": progress}
    return web.json_response(body, status=202, headers={**headers, "Retry-After": "1"})


def _headers(id_: str) -> dict[str, str]:
    return {"Location": f"/traces/{id_}", "Cache-Control": "no-store"}


def _progress_json(at: Progress) -> dict[str, int]:
    return {"waves": at.waves, "lookups": at.lookups, "credentials": at.credentials, "open": at.open}


def _policy(value: JsonObject) -> Policy:
    try:
        return parse_policy(value["policy"]) if "policy" in value else Policy()
    except MalformedInput as error:
        problem = error.problem
        raise MalformedInput(
            problem.detail, code=problem.code, pointer="/policy" + problem.pointer, fix=problem.fix
        ) from error


def _lookups(value: JsonObject) -> int | None:
    wanted = value.get("budget")
    if wanted is None:
        return None
    if isinstance(wanted, bool) or not isinstance(wanted, int) or not 1 <= wanted <= MOST_LOOKUPS:
        raise MalformedInput(
            f"budget is not a whole number from 1 to {MOST_LOOKUPS}.",
            code="RANGE_ERROR",
            pointer="/budget",
            fix="Leave it out for the default.",
        )
    return wanted


def _moment(value: JsonObject, member: str, otherwise: datetime) -> datetime:
    return parse_moment(value[member], pointer=f"/{member}") if member in value else otherwise
