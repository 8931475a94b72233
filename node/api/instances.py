"""Issuer instances at their addresses: which one a request means, which there are, and their status lists.

The rule: the root of a node is the instance ``default``; a name that is not there is 404 like any other address.
Specifications: VCALM 0.9 section 3.5; docs/conformance/w3c.md A5 and A7; docs/requirements.md D3.
"""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from credentials.encoding.moments import parse_moment
from credentials.status.entries import PURPOSES
from node.api.bodies import options_of, read_json, text_of
from node.api.credentials import FORMS
from node.api.guards import actor_of
from node.api.negotiation import choose, tagged
from node.api.problems import RequestProblem
from node.errors import NotHeld
from node.flows.issuing.instances import DEFAULT, Instance
from node.running import NODE
from node.store import AuditLine

_JSON: Mapping[str, str] = {"application/ld+json": "vc", "application/json": "vc"}


def instance_of(request: web.Request) -> Instance:
    """The instance that ``request`` is for. Raises NotHeld."""
    instances = request.app[NODE].instances
    name = request.match_info.get("instance", DEFAULT)
    if name not in instances:
        raise NotHeld("This node has no such issuer instance.", fix="GET /instances lists those it has.")
    return instances[name]


async def list_instances(request: web.Request) -> web.Response:
    """200 with every instance: its name, issuer, key type, suites and endpoints."""
    return web.json_response({"instances": [item.to_json() for item in request.app[NODE].instances.values()]})


async def open_status_list(request: web.Request) -> web.Response:
    """201 with the address of a new status list, from which the instance takes its next indexes."""
    node, instance = request.app[NODE], instance_of(request)
    value = await read_json(request, ("statusPurpose", "id", "options"), required=("statusPurpose",))
    options_of(value, ())
    purpose = text_of(value, "statusPurpose")
    if "id" in value or purpose not in PURPOSES:
        raise RequestProblem(
            "A status list here has an address of our choosing and one purpose that is known.",
            pointer="/id" if "id" in value else "/statusPurpose",
            fix=f"Leave id out and use one of {', '.join(sorted(PURPOSES))}.",
        )
    at = node.clock()
    async with node.store.writing() as tx:
        head = await tx.statuses.open_list(instance=instance.name, purpose=purpose, at=at)
        url = instance.publishing.identity.status_list_url(head.token)
        await tx.audit.append(AuditLine(actor=actor_of(request), action="status.open", object=url), at=at)
    return web.json_response({"id": url, "statusPurpose": purpose}, status=201, headers={"Location": url})


async def show_status_list(request: web.Request) -> web.Response:
    """A status list credential of any instance, in the form that is liked best; ``timestamp`` asks for an earlier one.

    The instance's own first form wins where nothing is asked for.
    """
    node, token = request.app[NODE], request.match_info["token"]
    async with node.store.reading() as tx:
        head = await tx.statuses.head(token)
    instance = node.instances.get(head.instance) if head is not None else None
    if instance is None or request.match_info.get("instance", instance.name) != instance.name:
        raise NotHeld("There is no such status list.", fix="Use the statusListCredential of the credential.")
    chosen = choose(request, [*instance.list_types])
    at = node.clock()
    stated = request.query.get("timestamp")
    as_of = parse_moment(stated, pointer="/timestamp") if stated is not None else None
    form = {**FORMS, **_JSON}[chosen]
    body = await instance.publishing.status_list(token, form=form, at=at, as_of=as_of)
    return tagged(request, body, chosen, max_age=0)
