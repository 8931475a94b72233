"""Needs in, evidence out: what is at hand first, then hosts under real names over TLS."""

from __future__ import annotations

import json

from aiohttp import web

from credentials.did.key import did_of_key
from credentials.evidence import Absent, AbsentReason, Found, Need, NeedKind
from credentials.keys.algorithms import SigningKey
from credentials.untp.linkset import read_linkset
from node.wire.budget import RequestBudget
from node.wire.fetch import Fetcher
from node.wire.folder import Folder
from node.wire.gather import Gather
from tests.node.issuer import AT
from tests.node.season import season_folder, season_ids
from tests.node.wire.hosts import app_host, authority

FARM = "farm.test"
LOT = f"https://{FARM}/lots/1"


def linkset(*hrefs: str, relation: str = "dpp") -> dict[str, object]:
    return {"linkset": [{"anchor": LOT, relation: [{"href": href, "title": href} for href in hrefs]}]}


class Peer:
    """A plain UNTP peer: it serves documents and resolves identifiers, and counts who asked for what."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.documents: dict[str, tuple[str, object]] = {}

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(str(request.rel_url))
        found = self.documents.get(str(request.rel_url))
        if found is None:
            return web.Response(status=404)
        return web.Response(body=json.dumps(found[1]).encode(), content_type=found[0])

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/{path:.*}", self.answer)
        return app


async def ask(peer: Peer, *needs: Need, budget: RequestBudget | None = None) -> list[Found | Absent]:
    async with (
        app_host(peer.app(), name=FARM) as host,
        Fetcher(dev_hosts=host.dev_hosts, dev_ca=authority().pem) as fetcher,
    ):
        answers = await Gather(fetcher=fetcher, budget=budget).answer(frozenset(needs), at=AT)
        return [answers[need] for need in needs]


def hrefs(answer: Found | Absent) -> set[str]:
    assert isinstance(answer, Found), answer
    return {target.href for target in read_linkset(json.loads(answer.body)).targets()}


async def test_a_did_web_is_fetched_where_its_method_says() -> None:
    peer = Peer()
    peer.documents["/.well-known/did.json"] = ("application/json", {"id": f"did:web:{FARM}"})
    (answer,) = await ask(peer, Need(NeedKind.DID_DOCUMENT, f"did:web:{FARM}"))
    assert isinstance(answer, Found)
    assert peer.asked == ["/.well-known/did.json"]


async def test_a_did_key_needs_no_request() -> None:
    peer, did = Peer(), did_of_key(SigningKey.generate().public_key)
    (answer,) = await ask(peer, Need(NeedKind.DID_DOCUMENT, did))
    assert isinstance(answer, Found)
    assert json.loads(answer.body)["id"] == did
    assert peer.asked == []


async def test_an_unknown_method_is_unsupported_and_not_fetched() -> None:
    peer = Peer()
    (answer,) = await ask(peer, Need(NeedKind.DID_DOCUMENT, "did:example:123"))
    assert isinstance(answer, Absent)
    assert answer.reason is AbsentReason.UNSUPPORTED_METHOD


async def test_a_scheme_s_catalogue_is_had_from_the_scheme_s_own_address_as_json() -> None:
    peer, scheme = Peer(), f"https://{FARM}/schemes/fair"
    peer.documents["/schemes/fair"] = ("application/ld+json", {"id": scheme})
    (answer,) = await ask(peer, Need(NeedKind.CATALOGUE, scheme))
    assert isinstance(answer, Found)
    assert answer.served
    peer.documents["/schemes/fair"] = ("text/html", "a page for people")
    (answer,) = await ask(peer, Need(NeedKind.CATALOGUE, scheme))
    assert isinstance(answer, Absent)


async def test_a_plain_peer_is_asked_for_its_linkset() -> None:
    peer = Peer()
    peer.documents["/lots/1?linkType=linkset"] = ("application/linkset+json", linkset(f"https://{FARM}/c/1"))
    (answer,) = await ask(peer, Need(NeedKind.LINKSET, LOT))
    assert hrefs(answer) == {f"https://{FARM}/c/1"}


async def test_a_second_resolver_is_followed_and_a_loop_ends() -> None:
    peer = Peer()
    second = f"https://{FARM}/second?linkType=linkset"
    first = linkset(f"https://{FARM}/c/1")
    first["linkset"][0]["idr"] = [{"href": second, "title": "more"}]  # type: ignore[index]
    peer.documents["/lots/1?linkType=linkset"] = ("application/linkset+json", first)
    again = linkset(f"https://{FARM}/c/2")
    again["linkset"][0]["idr"] = [{"href": f"{LOT}?linkType=linkset", "title": "back"}]  # type: ignore[index]
    peer.documents["/second?linkType=linkset"] = ("application/linkset+json", again)
    (answer,) = await ask(peer, Need(NeedKind.LINKSET, LOT))
    assert {f"https://{FARM}/c/1", f"https://{FARM}/c/2"} <= hrefs(answer)
    assert len(peer.asked) == 2


async def test_a_did_leads_to_the_links_of_its_services() -> None:
    peer, did = Peer(), f"did:web:{FARM}"
    document = {
        "id": did,
        "service": [
            {"id": f"{did}#1", "type": "dia", "serviceEndpoint": "https://register.test/c/1"},
            {"id": f"{did}#2", "type": "linkset", "serviceEndpoint": f"https://{FARM}/links?id=x"},
        ],
    }
    peer.documents["/.well-known/did.json"] = ("application/did+json", document)
    peer.documents["/links?id=x"] = ("application/linkset+json", linkset(f"https://{FARM}/c/1", relation="dcc"))
    (answer,) = await ask(peer, Need(NeedKind.LINKSET, did))
    assert hrefs(answer) == {"https://register.test/c/1", f"https://{FARM}/c/1"}


async def test_a_name_that_nobody_resolves_is_unknown_and_not_fetched() -> None:
    peer = Peer()
    answers = await ask(peer, Need(NeedKind.LINKSET, "urn:lot:1"), Need(NeedKind.CREDENTIAL, "urn:uuid:1"))
    assert [isinstance(one, Absent) and one.reason for one in answers] == [AbsentReason.UNKNOWN_IDENTIFIER] * 2
    assert peer.asked == []


async def test_what_is_at_hand_causes_no_request() -> None:
    peer, id_ = Peer(), season_ids()["yarn-passport"]
    async with Fetcher() as fetcher:
        gather = Gather(fetcher=fetcher, at_hand=(Folder(season_folder()),))
        need = Need(NeedKind.CREDENTIAL, id_)
        answer = (await gather.answer(frozenset({need}), at=AT))[need]
    assert isinstance(answer, Found)
    assert peer.asked == []


async def test_one_budget_is_spent_in_the_order_of_the_needs() -> None:
    peer = Peer()
    needs = [Need(NeedKind.CREDENTIAL, f"https://{FARM}/c/{number}") for number in range(5)]
    for number in range(5):
        peer.documents[f"/c/{number}"] = ("application/vc", {})
    answers = await ask(peer, *needs, budget=RequestBudget(requests=2, per_host=2))
    assert [isinstance(answer, Found) for answer in answers] == [True, True, False, False, False]
    assert sorted(peer.asked) == ["/c/0", "/c/1"]
