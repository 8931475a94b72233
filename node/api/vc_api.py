"""The W3C's HTTP interface for issuers and holders: issue, change status, derive.

The rule: a request that cannot be understood, or a credential that cannot be issued, is a problem (400); unknown
options are refused. What differs between instances stands in their manners and nowhere here.
Specifications: VCALM 0.9 sections 3.2 and 3.5 (w3c.md A7); design README, Settled 3; security.md items 110, 112.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import quote

from aiohttp import web

from credentials.encoding.document import Json, JsonObject
from credentials.encoding.multibase import digest_multibase
from credentials.errors import MalformedInput, ProofProblem
from credentials.proofs.coverage import proofs_of
from credentials.proofs.registry import DISCLOSING_SUITES
from node.api.bodies import flag_of, object_of, only_members, options_of, read_json, text_of, texts_of
from node.api.guards import actor_of
from node.api.instances import instance_of
from node.flows.issuing.instances import Instance
from node.flows.issuing.issuing import Issuance, Issuing
from node.flows.issuing.plain_issuing import PlainIssuing
from node.flows.issuing.presenting import derived
from node.running import NODE

_DERIVE_SECONDS: Final = 2.0
_OWN_OPTIONS: Final = ("private", "to", "dryRun")
_PLAIN_OPTIONS: Final = ("credentialId", "mandatoryPointers")


async def issue(request: web.Request) -> web.Response:
    """201 with the credential; 200 when only tried out, or when this key has led to it before."""
    instance = instance_of(request)
    value = await read_json(request, ("credential", "options"), required=("credential",))
    draft = object_of(value, "credential")
    if isinstance(instance.issuing, PlainIssuing):
        options = options_of(value, _PLAIN_OPTIONS)
        return await _plainly(request, instance, instance.issuing, draft, options)
    return await _published(request, instance.issuing, draft, options_of(value, _OWN_OPTIONS))


async def _published(request: web.Request, issuing: Issuing, draft: JsonObject, options: JsonObject) -> web.Response:
    at = request.app[NODE].clock()
    private = flag_of(options, "private", pointer="/options")
    audience = texts_of(options, "to", pointer="/options")
    if flag_of(options, "dryRun", pointer="/options"):
        return web.json_response(issuing.check(draft, at=at))
    issuance = await issuing.issue(
        draft,
        at=at,
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


async def _plainly(
    request: web.Request, instance: Instance, issuing: PlainIssuing, draft: JsonObject, options: JsonObject
) -> web.Response:
    at: datetime = request.app[NODE].clock()
    name = text_of(options, "credentialId", pointer="/options") if "credentialId" in options else None
    if name is not None and draft.get("id", name) != name:
        raise MalformedInput(
            "credentialId is not the id of the credential.",
            pointer="/options/credentialId",
            fix="Leave one of them out.",
        )
    mandatory = texts_of(options, "mandatoryPointers", pointer="/options")
    issuance = await issuing.issue(draft, at=at, mandatory=mandatory, name=name, actor=actor_of(request))
    issued = _issued_form(issuance)
    headers = {}
    if instance.drawers is not None:
        kept = issuance.credential.url
        instance.drawers.credentials.put(kept, issued)
        headers["Location"] = f"{instance.root}/credentials/{quote(kept, safe='')}"
    answer = issued if instance.manners.bare else {"verifiableCredential": issued}
    return web.json_response(answer, status=201, headers=headers)


async def set_status(request: web.Request) -> web.Response:
    """200 once the new status is in every list served from now on."""
    instance = instance_of(request)
    members = ("credentialId", "credentialStatus", "status", "indexAllocator")
    value = await read_json(request, members, required=("credentialId", "credentialStatus", "status"))
    entry = object_of(value, "credentialStatus")
    known = ("type", "statusPurpose", "statusListIndex", "statusListCredential", "id")
    only_members(entry, known, pointer="/credentialStatus")
    changed = await instance.issuing.set_status(
        text_of(value, "credentialId"),
        purpose=text_of(entry, "statusPurpose", pointer="/credentialStatus"),
        value=_status_value(value),
        at=request.app[NODE].clock(),
        actor=actor_of(request),
    )
    return web.json_response({"changed": changed})


async def derive(request: web.Request) -> web.Response:
    """201 with the part of a credential that the selective pointers and its issuer's mandatory ones select."""
    instance = instance_of(request)
    value = await read_json(request, ("verifiableCredential", "options"), required=("verifiableCredential",))
    options = options_of(value, ("selectivePointers",))
    pointers = texts_of(options, "selectivePointers", pointer="/options")
    document = object_of(value, "verifiableCredential")
    base = next((proof for proof in proofs_of(document) if proof.get("cryptosuite") in DISCLOSING_SUITES), None)
    if base is None:
        raise ProofProblem(
            "No proof of the credential lets a part be shown.",
            code="PROOF_GENERATION_ERROR",
            pointer="/verifiableCredential/proof",
            fix=f"Send one that its issuer secured with {', '.join(sorted(DISCLOSING_SUITES))}.",
        )
    work = partial(derived, document, base, pointers, instance.judge.contexts)
    shown = await request.app[NODE].judging.work.run(work, seconds=_DERIVE_SECONDS)
    return web.json_response({"verifiableCredential": shown}, status=201)


def _status_value(value: JsonObject) -> int:
    """``status``: true or false where it is one bit, else the number of the message. Raises MalformedInput."""
    status = value.get("status")
    if isinstance(status, int) and 0 <= status < 256:
        return int(status)
    raise MalformedInput(
        "status is neither true, false nor a number below 256.",
        pointer="/status",
        fix="Send true or false, or the number of a message that the credential lists.",
    )


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


def _idempotency_key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()):
        raise MalformedInput("The Idempotency-Key is not 1 to 200 printable characters.", fix="Send a UUID.")
    return key
