"""What the profile answers otherwise than a node answers the world, because the W3C's suites demand it.

The rule: a contradiction between specifications and suites is decided once, in the row of the instance
(:class:`node.conformance.profile.InstanceRow`) or here. What did not verify is 400 (C1.1); what was issued or presented
is kept for the run and can be deleted. See docs/conformance/w3c.md A7 and C1; VCALM 0.9 sections 3.2, 3.3 and 3.5.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from aiohttp import web

from credentials.encoding.document import Json
from credentials.errors import MalformedInput
from node.api import vc_present, vc_verify
from node.api.bodies import object_of, options_of, read_json, text_of, texts_of
from node.api.guards import actor_of
from node.api.instances import instance_of
from node.api.vc_api import change_status, issued_form
from node.conformance.profile import SuiteInstance
from node.running import NODE

INSTANCES: Final = web.AppKey("suite_instances", Mapping[str, SuiteInstance])
_OPTIONS: Final = ("credentialId", "mandatoryPointers")


async def issue(request: web.Request) -> web.Response:
    """201 with the draft secured as it is, in an envelope of the answer or bare."""
    suite = _suite(request)
    value = await read_json(request, ("credential", "options"), required=("credential",))
    draft, options = object_of(value, "credential"), options_of(value, _OPTIONS)
    name = text_of(options, "credentialId", pointer="/options") if "credentialId" in options else None
    if name is not None and draft.get("id", name) != name:
        raise MalformedInput(
            "credentialId is not the id of the credential.",
            pointer="/options/credentialId",
            fix="Leave one of them out.",
        )
    mandatory = texts_of(options, "mandatoryPointers", pointer="/options")
    at = request.app[NODE].clock()
    issuance = await suite.issuing.issue(draft, at=at, mandatory=mandatory, name=name, actor=actor_of(request))
    issued, kept = issued_form(issuance), issuance.credential.url
    suite.holder_stores.credentials.put(kept, issued)
    answer = issued if suite.row.bare else {"verifiableCredential": issued}
    return web.json_response(answer, status=201, headers=_location(suite, "credentials", kept))


async def set_status(request: web.Request) -> web.Response:
    """200 once the new status is in every list served from now on."""
    return await change_status(request, _suite(request).issuing)


async def verify(request: web.Request) -> web.Response:
    """200 with what was found where it verified, else 400."""
    return _verified(await vc_verify.credential_answer(request, warnings=_suite(request).row.warnings))


async def verify_presentation(request: web.Request) -> web.Response:
    """200 with what was found where it verified, else 400."""
    return _verified(await vc_verify.presentation_answer(request, warnings=_suite(request).row.warnings))


async def create_presentation(request: web.Request) -> web.Response:
    """201 with the presentation as its holder signed it, which is kept."""
    suite, made = _suite(request), await vc_present.made(request)
    name = str(made.get("id") or secrets.token_urlsafe(16))
    suite.holder_stores.presentations.put(name, made)
    headers = _location(suite, "presentations", name)
    return web.json_response({"verifiablePresentation": made}, status=201, headers=headers)


async def list_presentations(request: web.Request) -> web.Response:
    """200 with every presentation that is kept."""
    return web.json_response(_suite(request).holder_stores.presentations.all())


async def show_presentation(request: web.Request) -> web.Response:
    """200, 404, or 410 once it was deleted."""
    return web.json_response(_suite(request).holder_stores.presentations.get(request.match_info["id"]))


async def delete_presentation(request: web.Request) -> web.Response:
    """202 once it is deleted."""
    _suite(request).holder_stores.presentations.remove(request.match_info["id"])
    return web.Response(status=202)


async def show_credential(request: web.Request) -> web.Response:
    """200 with a credential that was issued here in this run, 404, or 410 once it was deleted."""
    kept = _suite(request).holder_stores.credentials.get(request.match_info["id"])
    return web.json_response({"verifiableCredential": kept})


async def delete_credential(request: web.Request) -> web.Response:
    """202 once it is deleted here; what was given out stays good until its status says otherwise."""
    _suite(request).holder_stores.credentials.remove(request.match_info["id"])
    return web.Response(status=202)


def _suite(request: web.Request) -> SuiteInstance:
    """The instance that ``request`` is for. Raises NotHeld."""
    return request.app[INSTANCES][instance_of(request).name]


def _verified(answer: Mapping[str, Json]) -> web.Response:
    return web.json_response(answer, status=200 if answer["verified"] else 400)


def _location(suite: SuiteInstance, kind: str, name: str) -> dict[str, str]:
    return {"Location": f"{suite.instance.root}/{kind}/{quote(name, safe='')}"}
