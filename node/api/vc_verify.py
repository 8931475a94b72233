"""The W3C's HTTP interface for verifiers: a credential, a presentation, a challenge.

The rule: a credential that is not good is an answer (200, ``verified`` false), a request that cannot be understood is
a problem (400). ``verified`` is true only if every mandatory check passed. A challenge of ours is good for one
presentation that holds, and for no other.
Specifications: VCALM 0.9 section 3.3 (docs/conformance/w3c.md A7 and C1); docs/requirements.md D3 and S110.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from aiohttp import web

from credentials.encoding.document import Json, JsonObject
from credentials.errors import MalformedInput, Problem
from credentials.verdict import Check, Outcome, Verdict
from credentials.verify import Asked
from credentials.verify.requests import PresentationRequest, read_request, unanswered
from credentials.verify.view import all_checks, to_json
from node.api import caller_sources
from node.api.bodies import flag_of, object_of, options_of, read_body, read_json, text_of, texts_of
from node.api.instances import instance_of
from node.api.problems import problem_json
from node.flows.verifying.presentations import verify_presentation as verify_bytes
from node.running import NODE
from node.store import CHALLENGE_PREFIX

_FLAGS: Final = ("returnCredential", "returnResults", "returnProblemDetails")
_OPTIONS: Final = (*_FLAGS, "checks")
_REQUEST: Final = "verifiablePresentationRequest"
_PRESENTATION_OPTIONS: Final = ("challenge", "domain", "checks", "returnPresentation", _REQUEST, *_FLAGS)
_CHECKS: Final = frozenset({"proof", "credentialStatus", "status", "validity", "schema"})
_RAW: Final = frozenset({"application/vc", "application/vc+jwt", "application/vc+sd-jwt", "application/vc+cose"})
_ADVISORY: Final = frozenset({"schema"})  # a finding, never a reason to refuse: docs/requirements.md D1


async def verify(request: web.Request) -> web.Response:
    """200 with what was found, whether or not it verified; the body may also be the bare credential itself."""
    return web.json_response(await credential_answer(request))


async def verify_presentation(request: web.Request) -> web.Response:
    """200 with what was found about the presentation and every credential in it."""
    return web.json_response(await presentation_answer(request))


async def credential_answer(request: web.Request, *, warnings: frozenset[str] = frozenset()) -> dict[str, Json]:
    """The answer about a credential; results named in ``warnings`` do not make ``verified`` false."""
    node, instance = request.app[NODE], instance_of(request)
    options: JsonObject = {}
    if request.content_type in _RAW:
        raw, media_type = await read_body(request), request.content_type
    else:
        value = await read_json(request, ("verifiableCredential", "options"), required=("verifiableCredential",))
        options = _options(value, _OPTIONS)
        raw, media_type = _secured(value, "verifiableCredential")
    verifying = instance.verifying(source=instance.source or caller_sources.source_for(request), judging=node.judging)
    verdict, _ = await verifying.verify(raw, media_type, at=node.clock())
    good = _holds(_credential_checks(verdict), warnings)
    answer: dict[str, Json] = {
        "verified": good,
        "problemDetails": _problems(_credential_checks(verdict), node.identity.public_url),
        "results": to_json(verdict),
    }
    if flag_of(options, "returnCredential", pointer="/options") and verdict.document is not None:
        answer["credential"] = verdict.document.value
    return answer


async def presentation_answer(request: web.Request, *, warnings: frozenset[str] = frozenset()) -> dict[str, Json]:
    """The answer about a presentation; ``warnings`` as in :func:`credential_answer`."""
    node, instance = request.app[NODE], instance_of(request)
    value = await read_json(request, ("verifiablePresentation", "presentation", "options"))
    name = "presentation" if "presentation" in value else "verifiablePresentation"
    options = _options(value, _PRESENTATION_OPTIONS)
    raw, media_type = _secured(value, name, media_type="application/vp")
    asked = {key: text_of(options, key, pointer="/options") for key in ("challenge", "domain") if key in options}
    wanted = _wanted(options, asked)
    verdict = await verify_bytes(
        raw,
        media_type,
        at=node.clock(),
        asked=Asked(**asked),
        source=instance.source or caller_sources.source_for(request),
        judging=replace(node.judging, judge=instance.judge),
    )
    checks = (*verdict.checks, *(check for item in verdict.credentials for check in _credential_checks(item)))
    if wanted is not None:
        checks = (*checks, *(Check("request", Outcome.FAILED, problem) for problem in unanswered(wanted, verdict)))
    good = _holds(checks, warnings)
    if good and not await _spend(request, asked.get("challenge", "")):
        good, checks = False, (*checks, _SPENT)
    answer: dict[str, Json] = {
        "verified": good,
        "holder": verdict.holder,
        "problemDetails": _problems(checks, node.identity.public_url),
        "credentialResults": [to_json(item) for item in verdict.credentials],
    }
    if flag_of(options, "returnPresentation", pointer="/options"):
        answer["presentation"] = value[name]
    return answer


async def make_challenge(request: web.Request) -> web.Response:
    """200 with a challenge that one presentation may answer, within ten minutes."""
    node, instance = request.app[NODE], instance_of(request)
    if await read_body(request):
        await read_json(request, ())
    async with node.store.writing() as tx:
        challenge = await tx.challenges.make(instance=instance.name, at=node.clock())
    return web.json_response({"challenge": challenge})


def _wanted(options: JsonObject, asked: dict[str, str]) -> PresentationRequest | None:
    """The request that the presentation must answer; what it asks is ``asked`` as well. Raises MalformedInput."""
    if _REQUEST not in options:
        return None
    pointer = f"/options/{_REQUEST}"
    request = read_request(object_of(options, _REQUEST), pointer=pointer)
    for name, stated in (("challenge", request.challenge), ("domain", request.domain)):
        if stated is not None and asked.setdefault(name, stated) != stated:
            raise MalformedInput(
                f"The options state another {name} than the request.",
                pointer=f"{pointer}/{name}",
                fix="Leave one of them out.",
            )
    return request


async def _spend(request: web.Request, challenge: str) -> bool:
    """Is the challenge still good? One that somebody else gave out is theirs to count."""
    if not challenge.startswith(CHALLENGE_PREFIX):
        return True
    node, instance = request.app[NODE], instance_of(request)
    async with node.store.writing() as tx:
        return await tx.challenges.spend(challenge, instance=instance.name, at=node.clock())


_SPENT: Final = Check(
    "challenge",
    Outcome.FAILED,
    Problem(
        code="INVALID_CHALLENGE_ERROR",
        detail="The challenge was answered before, has expired, or was never given out here.",
        pointer="/proof/challenge",
        fix="Ask for a new one with POST /challenges and sign again.",
    ),
)


def _credential_checks(verdict: Verdict) -> tuple[Check, ...]:
    return tuple(check for check in all_checks(verdict) if check.name not in _ADVISORY)


def _holds(checks: Iterable[Check], warnings: frozenset[str]) -> bool:
    """Did everything pass that is no warning?"""
    return all(check.outcome is Outcome.PASSED or check.name.partition(":")[0] in warnings for check in checks)


def _problems(checks: Iterable[Check], node: str) -> list[Json]:
    """What is wrong first, then what could not be told; a step that did not run only repeats its cause."""
    told: list[Problem] = []
    for check in sorted((check for check in checks if check.outcome is not Outcome.PASSED), key=_is_open):
        problem = check.problem
        if problem is not None and not (_is_open(check) and any(_is_alike(problem, cause) for cause in told)):
            told.append(problem)
    return [problem_json(problem, node=node) for problem in told]


def _is_alike(problem: Problem, cause: Problem) -> bool:
    return (problem.code, problem.pointer, problem.fix) == (cause.code, cause.pointer, cause.fix)


def _is_open(check: Check) -> bool:
    return check.outcome is Outcome.UNDETERMINED


def _options(value: JsonObject, known: Iterable[str]) -> JsonObject:
    """The options of a verification; every check is made in any case, so ``checks`` is only understood."""
    options = options_of(value, known)
    for name in _FLAGS:
        flag_of(options, name, pointer="/options")
    for name in texts_of(options, "checks", pointer="/options"):
        if name not in _CHECKS:
            raise MalformedInput(
                f"The check {name[:40]!r} is not known here.",
                code="UNKNOWN_OPTION_PROVIDED",
                pointer="/options/checks",
                fix=f"Use {', '.join(sorted(_CHECKS))}, or leave checks out.",
            )
    return options


def _secured(value: JsonObject, name: str, *, media_type: str = "application/vc") -> tuple[bytes, str]:
    """The secured document below ``name`` as bytes: an object, or a token as text; COSE comes in an object."""
    secured = value.get(name)
    if isinstance(secured, str):
        return secured.encode("utf-8"), f"{media_type}+{'sd-jwt' if '~' in secured else 'jwt'}"
    return json.dumps(object_of(value, name), ensure_ascii=False).encode("utf-8"), media_type
