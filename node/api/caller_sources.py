"""For whom is something looked up: this node's own people, or a stranger with a small budget.

The rule: a stranger's question is answered from what anyone may be served and spends little; what partners delivered
to us alone is not in its answer. See docs/requirements.md D4 and D8; docs/threat-model.md#coming-in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from aiohttp import web

from node.api.guards import is_operator
from node.flows.identity.own_documents import OwnDocuments
from node.flows.tracing import OWN_TRACES, STRANGERS, Tracing
from node.running import NODE
from node.wire.budget import Pace, for_own_traces, for_strangers
from node.wire.gather import Gather
from node.wire.own_store import OwnStore
from node.wire.rollback import ListMemory

PACE: Final = web.AppKey("pace", Pace)


def source_for(request: web.Request, *, lookups: int = OWN_TRACES.lookups) -> Gather:
    """The source for this request, with a fresh budget, for this node's own people one for so many ``lookups``."""
    if not is_operator(request):
        return strangers_source(request.app)
    node = request.app[NODE]
    at_hand = (OwnDocuments(node.publishing), OwnStore(node.store))
    memory = ListMemory(node.store, node.judging.status_list)
    return Gather(fetcher=node.fetcher, at_hand=at_hand, budget=for_own_traces(lookups), memory=memory)


def strangers_source(app: web.Application) -> Gather:
    """What anyone may be answered from, with a fresh budget at the common pace."""
    node = app[NODE]
    at_hand = (OwnDocuments(node.publishing), OwnStore(node.store, private=False))
    minute = int(node.clock().timestamp() // 60)
    budget = for_strangers(app[PACE], minute=minute)
    return Gather(
        fetcher=node.fetcher, at_hand=at_hand, budget=budget, memory=ListMemory(node.store, node.judging.status_list)
    )


def tracing_for(request: web.Request, *, lookups: int | None = None) -> Tracing:
    """The tracing flow for this request, which wants ``lookups`` at most; a stranger gets no more than strangers do."""
    allowed = OWN_TRACES if is_operator(request) else STRANGERS
    wanted = allowed.lookups if lookups is None else lookups
    budget = replace(allowed, lookups=wanted if is_operator(request) else min(wanted, allowed.lookups))
    source = source_for(request, lookups=max(wanted, allowed.lookups))
    node = request.app[NODE]
    return Tracing(source=source, judging=node.judging, budget=budget, pack=node.pack)
