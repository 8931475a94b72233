"""The W3C's HTTP interface for credentials: issue, verify, change status, verify a presentation.

The rule: a credential that is not good is an answer (200, ``verified`` false), a request that cannot be understood
is a problem (400). ``verified`` is true only if every mandatory check passed. Unknown options are refused.
Specifications: VCALM 0.9 sections 3.2, 3.3, 3.5 (w3c.md A7); design README, Settled 3; security.md items 110, 112.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from aiohttp import web

from credentials.encoding.document import Json, JsonObject
from credentials.encoding.multibase import digest_multibase
from credentials.errors import MalformedInput
from credentials.evidence import Evidence
from credentials.verdict import Check, Outcome, Verdict
from credentials.verify.presentation import PresentationVerdict, judge_presentation, needs_presentation
from credentials.verify.view import all_checks, standing, to_json
from node.api import asking
from node.api.bodies import flag_of, only_members, options_of, read_body, read_json, text_of, texts_of
from node.api.credentials import check_instance
from node.api.guards import actor_of
from node.api.problems import problem_json
from node.flows.issuing import Issuance
from node.flows.judging import apart
from node.flows.verifying import Verifying
from node.running import NODE

_ISSUE_OPTIONS: Final = ("private", "to", "dryRun")
_VERIFY_OPTIONS: Final = ("returnCredential", "returnResults", "returnProblemDetails")
_PRESENTATION_OPTIONS: Final = ("challenge", "domain", "returnPresentation")
_RAW: Final = frozenset({"application/vc", "application/vc+jwt"})
_PRESENTATION_SECONDS: Final = 10.0  # up to fifty credentials
_ADVISORY: Final = frozenset({"schema"})  # a finding when verifying, never a reason to refuse (Settled 1)


async def issue(request: web.Request) -> web.Response:
    """201 with the credential; 200 when only tried out, or when this key has led to it before."""
    check_instance(request)
    node = request.app[NODE]
    value = await read_json(request, ("credential", "options"), required=("credential",))
    draft = _object(value, "credential")
    options = options_of(value, _ISSUE_OPTIONS)
    private = flag_of(options, "private", pointer="/options")
    audience = texts_of(options, "to", pointer="/options")
    if flag_of(options, "dryRun", pointer="/options"):
        return web.json_response(node.issuing.check(draft, at=node.clock()))
    issuance = await node.issuing.issue(
        draft,
        at=node.clock(),
        private=private,
        audience=audience,
        actor=actor_of(request),
        idempotency_key=_idempotency_key(request),
    )
    answer = {
        "verifiableCredential": _issued_form(issuance),
        "id": issuance.credential.url,
        "digest": issuance.credential.digest,
        "digestMultibase": digest_multibase(next(iter(issuance.forms.values()))),
    }
    status = 200 if issuance.repeated else 201
    return web.json_response(answer, status=status, headers={"Location": issuance.credential.url})


async def verify(request: web.Request) -> web.Response:
    """200 with what was found, whether or not it verified; the body may also be the bare credential itself."""
    check_instance(request)
    node = request.app[NODE]
    options: JsonObject = {}
    if request.content_type in _RAW:
        raw, media_type = await read_body(request), request.content_type
    else:
        value = await read_json(request, ("verifiableCredential", "options"), required=("verifiableCredential",))
        options = options_of(value, _VERIFY_OPTIONS)
        raw, media_type = _secured(value, "verifiableCredential")
    verifying = Verifying(source=asking.source_for(request), judge=node.judge)
    verdict, _ = await verifying.verify(raw, media_type, at=node.clock())
    return web.json_response(_answer(verdict, options))


async def set_status(request: web.Request) -> web.Response:
    """200 once the new status is in every list served from now on."""
    check_instance(request)
    node = request.app[NODE]
    members = ("credentialId", "credentialStatus", "status", "indexAllocator")
    value = await read_json(request, members, required=("credentialId", "credentialStatus", "status"))
    entry = _object(value, "credentialStatus")
    known = ("type", "statusPurpose", "statusListIndex", "statusListCredential", "id")
    only_members(entry, known, pointer="/credentialStatus")
    changed = await node.issuing.set_status(
        text_of(value, "credentialId"),
        purpose=text_of(entry, "statusPurpose", pointer="/credentialStatus"),
        value=int(flag_of(value, "status")),
        at=node.clock(),
        actor=actor_of(request),
    )
    return web.json_response({"changed": changed})


async def verify_presentation(request: web.Request) -> web.Response:
    """200 with what was found about the presentation and every credential in it."""
    check_instance(request)
    node = request.app[NODE]
    value = await read_json(request, ("verifiablePresentation", "presentation", "options"))
    name = "presentation" if "presentation" in value else "verifiablePresentation"
    options = options_of(value, _PRESENTATION_OPTIONS)
    raw, media_type = _secured(value, name, media_types=("application/vp", "application/vp+jwt"))
    at, source = node.clock(), asking.source_for(request)
    evidence = Evidence()
    while wanted := needs_presentation(raw, media_type, evidence):
        evidence = evidence.with_answers(await source.answer(wanted, at=at))
    asked = {key: text_of(options, key, pointer="/options") for key in ("challenge", "domain") if key in options}
    domain, challenge = asked.get("domain"), asked.get("challenge")
    work = partial(judge_presentation, raw, media_type, evidence, at=at, domain=domain, challenge=challenge)
    verdict = await apart(node.judge, work, seconds=_PRESENTATION_SECONDS)
    answer = _presentation_answer(verdict)
    if flag_of(options, "returnPresentation", pointer="/options"):
        answer["presentation"] = value[name]
    return web.json_response(answer)


def _answer(verdict: Verdict, options: Mapping[str, Json]) -> dict[str, Json]:
    answer: dict[str, Json] = {"verified": standing(verdict) is Outcome.PASSED}
    wanted = {name: flag_of(options, name, pointer="/options") for name in _VERIFY_OPTIONS}
    answer["problemDetails"] = _problems(check for check in all_checks(verdict) if check.name not in _ADVISORY)
    answer["results"] = to_json(verdict)
    if wanted["returnCredential"] and verdict.document is not None:
        answer["credential"] = verdict.document.value
    return answer


def _presentation_answer(verdict: PresentationVerdict) -> dict[str, Json]:
    held = verdict.credentials
    good = verdict.outcome is Outcome.PASSED and all(standing(item) is Outcome.PASSED for item in held)
    checks = (*verdict.checks, *(check for item in held for check in all_checks(item) if check.name not in _ADVISORY))
    return {
        "verified": good,
        "holder": verdict.holder,
        "problemDetails": _problems(checks),
        "credentialResults": [to_json(item) for item in held],
    }


def _problems(checks: Iterable[Check]) -> list[Json]:
    return [problem_json(check.problem) for check in checks if check.outcome is not Outcome.PASSED and check.problem]


def _issued_form(issuance: Issuance) -> Json:
    """The embedded form as JSON where there is one, else the envelope as VCDM 2.0 section 4.13 writes it."""
    if "vc" in issuance.forms:
        return json.loads(issuance.forms["vc"])
    token = issuance.forms["vc+jwt"].decode("ascii")
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"data:application/vc+jwt,{token}",
        "type": "EnvelopedVerifiableCredential",
    }


def _secured(
    value: JsonObject, name: str, *, media_types: tuple[str, str] = ("application/vc", "application/vc+jwt")
) -> tuple[bytes, str]:
    """The secured document below ``name`` as bytes: an object, or a token as text."""
    secured = value.get(name)
    if isinstance(secured, str):
        return secured.encode("utf-8"), media_types[1]
    return json.dumps(_object(value, name), ensure_ascii=False).encode("utf-8"), media_types[0]


def _object(value: JsonObject, name: str) -> JsonObject:
    item = value.get(name)
    if not isinstance(item, dict):
        raise MalformedInput(f"{name} is not an object.", pointer=f"/{name}", fix=f"Send {name} as a JSON object.")
    return item


def _idempotency_key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()):
        raise MalformedInput("The Idempotency-Key is not 1 to 200 printable characters.", fix="Send a UUID.")
    return key
