"""The W3C's HTTP interface for issuers and holders: issue, change status, derive.

The rule: a request that cannot be understood, or a credential that cannot be issued, is a problem (400); unknown
options are refused.
Specifications: VCALM 0.9 sections 3.2 and 3.5 (docs/conformance/w3c.md A7); docs/requirements.md D3, S110 and S112.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from aiohttp import web

from credentials.encoding.document import Json, JsonObject
from credentials.encoding.multibase import digest_multibase
from credentials.errors import MalformedInput, ProofProblem
from credentials.proofs.coverage import proofs_of
from credentials.proofs.suites import DISCLOSING_SUITES
from credentials.untp.kinds import kind_of
from credentials.untp.lint import lint
from node.api.bodies import flag_of, object_of, only_members, options_of, read_json, text_of, texts_of
from node.api.guards import actor_of, check_kind
from node.api.instances import instance_of
from node.flows.issuing.issuing import Issuance, Issuing
from node.flows.issuing.presenting import derived
from node.running import NODE

_DERIVE_SECONDS: Final = 2.0
_OPTIONS: Final = ("private", "to", "dryRun")


class KeepsStatus(Protocol):
    """Who can say that what it issued does not stand any more."""

    async def set_status(
        self, url: str, *, purpose: str, value: int, at: datetime, actor: str, reason: str = ""
    ) -> bool:
        """Set the status of one of its credentials, for this ``reason``; False when it was so already."""


async def issue(request: web.Request) -> web.Response:
    """201 with the credential; 200 when only tried out, or when this key has led to it before."""
    instance_of(request)
    value = await read_json(request, ("credential", "options"), required=("credential",))
    issuing, options = request.app[NODE].issuing, options_of(value, _OPTIONS)
    kind = kind_of(object_of(value, "credential"))
    check_kind(request, kind.short if kind else "")
    return await _published(request, issuing, object_of(value, "credential"), options)


async def _published(request: web.Request, issuing: Issuing, draft: JsonObject, options: JsonObject) -> web.Response:
    at = request.app[NODE].clock()
    private = flag_of(options, "private", pointer="/options")
    audience = texts_of(options, "to", pointer="/options")
    if flag_of(options, "dryRun", pointer="/options"):
        document = issuing.check(draft, at=at)
        return web.json_response({"credential": document, "lint": [one.to_json() for one in lint(document)]})
    issuance = await issuing.issue(
        draft,
        at=at,
        private=private,
        audience=audience,
        actor=actor_of(request),
        idempotency_key=_idempotency_key(request),
    )
    answer = {
        "verifiableCredential": issued_form(issuance),
        "id": issuance.credential.url,
        "digest": issuance.credential.digest,
        "digestMultibase": digest_multibase(next(iter(issuance.forms.values()))),
        "lint": [one.to_json() for one in issuance.lint],
        "inForceBeside": list(issuance.beside),
    }
    status = 200 if issuance.repeated else 201
    return web.json_response(answer, status=status, headers={"Location": issuance.credential.url})


async def set_status(request: web.Request) -> web.Response:
    """200 once the new status is in every list served from now on."""
    instance_of(request)
    return await change_status(request, request.app[NODE].issuing)


async def change_status(request: web.Request, issuing: KeepsStatus) -> web.Response:
    """The status of a credential of ``issuing``, changed as ``request`` asks."""
    members = ("credentialId", "credentialStatus", "status", "indexAllocator", "reason")
    value = await read_json(request, members, required=("credentialId", "credentialStatus", "status"))
    entry = object_of(value, "credentialStatus")
    known = ("type", "statusPurpose", "statusListIndex", "statusListCredential", "id")
    only_members(entry, known, pointer="/credentialStatus")
    url = text_of(value, "credentialId")
    async with request.app[NODE].store.reading() as tx:
        credential = await tx.issued.by_url(url)
    check_kind(request, credential.kind if credential else "")
    changed = await issuing.set_status(
        url,
        purpose=text_of(entry, "statusPurpose", pointer="/credentialStatus"),
        value=_status_value(value),
        reason=text_of(value, "reason") if value.get("reason") else "",
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


def issued_form(issuance: Issuance) -> Json:
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
