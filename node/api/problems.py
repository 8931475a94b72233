"""Errors to HTTP, in one table: a class has a status, and every answer is a named problem (RFC 9457).

The rule: a bad input is named with pointer, cause and cure; only a fault of our own is a 500, and then the answer
holds an incident id and the log the rest (docs/requirements.md I11 and S115). The status of an error is decided here
and nowhere else; only DID Resolution has a table of its own.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import structlog
from aiohttp import web

from credentials import errors as judged
from credentials.errors import CredentialsError, Problem
from node import errors as ours
from node.api.pages import PAGES
from node.errors import NodeError
from node.running import NODE
from node.wire.accept import prefers_page

MEDIA_TYPE: Final = "application/problem+json"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_PROBLEMS: Final = web.ResponseKey("problems", tuple[Problem, ...])
_KEPT: Final = ("Retry-After", "WWW-Authenticate", "Allow")  # what an answer says apart from its body

_log = structlog.get_logger("api")


class RequestProblem(NodeError):
    """CONTENT_TYPE, TOO_LARGE, TOO_SLOW, WRONG_HOST, NOT_FOUND or METHOD: the request itself cannot be taken."""

    default_code = "MALFORMED_VALUE_ERROR"


STATUS: Final[dict[type[Exception], int]] = {
    judged.CredentialsError: 400,
    judged.LimitReached: 413,  # more work than one request gets
    ours.DraftNotIssuable: 400,  # what the VC API says for a credential that cannot be issued
    ours.SettingsProblem: 500,
    ours.FolderProblem: 500,
    ours.KeyringProblem: 500,
    ours.SelfCheckFailed: 500,
    ours.StoreProblem: 503,
    ours.NotHeld: 404,
    ours.Gone: 410,
    ours.Conflict: 409,
    ours.Unauthenticated: 401,
    ours.Forbidden: 403,
    ours.UnknownPeer: 403,
    ours.TooMany: 429,
    ours.PeerUnreachable: 502,
    RequestProblem: 400,
    ours.NodeError: 500,
}
#: Codes that say more than their class.
_STATUS_OF_CODE: Final[dict[str, int]] = {
    "TOO_LARGE": 413,
    "CONTENT_TYPE": 415,
    "TOO_SLOW": 408,
    "WRONG_HOST": 421,
    "NOT_FOUND": 404,
    "METHOD": 405,
    "STORE_FULL": 507,
    "NOT_ACCEPTABLE": 406,
}


def status_of(error: CredentialsError | NodeError) -> int:
    """The HTTP status of an error."""
    by_class = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return _STATUS_OF_CODE.get(error.problem.code, by_class)


def problem_response(error: CredentialsError | NodeError, *, node: str = "") -> web.Response:
    """The answer to a request that ended in ``error``; ``node`` as in :func:`problem_json`."""
    problems = error.problems if isinstance(error, NodeError) else (error.problem,)
    also = {"head": error.head} if isinstance(error, ours.StreamForked) and error.head else {}
    response = _response(status_of(error), problems, node, also)
    if isinstance(error, ours.TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, ours.Unauthenticated):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def problem_json(problem: Problem, *, node: str) -> dict[str, str]:
    """One problem as the VC API lists it; types of ours are on the page of the ``node``, by its public address.

    Without one they are relative to the address that was asked (RFC 9457 section 3.1.1).
    """
    return {
        "type": node + problem.type if problem.type.startswith("/") else problem.type,
        "title": problem.code,
        "code": problem.code,
        "detail": problem.detail,
        "pointer": problem.pointer,
        "fix": problem.fix,
    }


@web.middleware
async def problems_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Outermost: whatever ends a request, the caller gets a named problem; in a browser, as a page."""
    response = await _named(request, handler)
    problems, pages = response.get(_PROBLEMS), request.app.get(PAGES)
    if problems is None or pages is None or not prefers_page(request.headers.get("Accept", "")):
        return response
    page = pages.problem(response.status, problems)
    page.headers.update({name: response.headers[name] for name in _KEPT if name in response.headers})
    return page


async def _named(request: web.Request, handler: Handler) -> web.StreamResponse:
    node = request.app[NODE].identity.public_url
    try:
        return await handler(request)
    except (CredentialsError, NodeError) as error:
        if status_of(error) >= 500:
            _log.error("request failed", path=request.path, code=error.problem.code, detail=error.problem.detail)
        return problem_response(error, node=node)
    except web.HTTPException as answer:
        return answer if answer.status < 400 else _from_router(answer, node)
    except asyncio.CancelledError:
        raise
    except Exception:
        incident = secrets.token_hex(8)
        _log.exception("incident", incident=incident, method=request.method, path=request.path)
        detail = f"Something failed here; the log knows it as incident {incident}."
        return _response(500, (Problem(code="INTERNAL", detail=detail, fix="Report the incident id."),), node)


def _from_router(answer: web.HTTPException, node: str) -> web.Response:
    problem = {
        404: Problem(code="NOT_FOUND", detail="Nothing is at this address.", fix="See /openapi.json."),
        405: Problem(code="METHOD", detail="This address does not take that method.", fix="See /openapi.json."),
        413: Problem(code="TOO_LARGE", detail="The body is too large.", fix="Send less."),
    }.get(answer.status, Problem(code="MALFORMED_VALUE_ERROR", detail="The request cannot be read.", fix="Check it."))
    response = _response(answer.status, (problem,), node)
    if "Allow" in answer.headers:
        response.headers["Allow"] = answer.headers["Allow"]
    return response


def _response(
    status: int, problems: Sequence[Problem], node: str, also: Mapping[str, str] = MappingProxyType({})
) -> web.Response:
    first = problems[0]
    body: dict[str, object] = {"status": status, **problem_json(first, node=node), **also}
    if len(problems) > 1:
        body["problems"] = [problem_json(problem, node=node) for problem in problems]
    response = web.Response(status=status, body=json.dumps(body).encode("utf-8"), content_type=MEDIA_TYPE)
    response[_PROBLEMS] = tuple(problems)
    return response
