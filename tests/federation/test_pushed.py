"""Accepted peers cannot talk a verdict down: real nodes, and hundreds of documents that are verified and in the store.

Mallory's company has a node of its own, and brand and buyer both have it in their peer books. What it hands over bears
the ids of the very documents that the first trace used, or tells of the chain's lots; the second trace is the first.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from copy import deepcopy
from datetime import timedelta
from itertools import cycle, islice
from typing import Any, Final

import pytest
import pytest_asyncio

from credentials.did.documents import jwk_method
from credentials.encoding.document import parse_document
from credentials.encoding.moments import format_moment
from credentials.encoding.multibase import digest_multibase
from credentials.evidence import Absent, Found, Need, NeedKind
from credentials.issue import secure_as_jwt
from credentials.provenance import Report, Word
from credentials.trust import Policy, parse_trust_list
from node.demo.companies import BRAND, BUYER, CERTIFIER, COMPANIES, Company
from node.demo.offline import trust_list
from node.demo.season import season, target
from node.demo.season_steps import IssuedReference
from node.flows.tracing import Progress, TraceBudget, Tracing
from node.wire.budget import RequestBudget
from node.wire.gather import Gather
from node.wire.own_store import OwnStore
from tests.federation.network import AT, Network, Participant, open_network

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.asyncio(loop_scope="module")]

MALLORY: Final = Company(
    key="mallory", name="Mallory and Company", country="DE", role="trader", register_number="B-666"
)
JWT: Final = "application/vc+jwt"
PUSHED: Final = 500
LINKS: Final = 300
_BATCH: Final = 50
_RESOLVER: Final = MALLORY.url("resolver?linkType=linkset")
Documents = Mapping[str, dict[str, Any]]  # by the id of each, what was issued under it


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def network(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Network]:
    """Everybody of the season and Mallory, after an honest season; brand and buyer know all that they can."""
    async with open_network(tmp_path_factory.mktemp("network"), *COMPANIES, MALLORY) as made:
        await _play(made)
        for victim in (BRAND, BUYER):
            await made.introduce(made.participants[MALLORY.key], made.participants[victim.key], share="none")
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def documents(network: Network) -> Documents:
    """What the first trace read, by id."""
    report = await _trace(network, BUYER)
    assert report.word is Word.VERIFIED
    assert report.findings == ()
    fetched = {}
    for one in report.inputs:
        need = Need(NeedKind.CREDENTIAL, one.id)
        answer = (await network.participants[BUYER.key].node.source.answer(frozenset({need}), at=AT))[need]
        assert isinstance(answer, Found)
        fetched[one.id] = _payload(answer.body)
    return fetched


async def _play(network: Network) -> None:
    steps = season(AT, ())
    for pair in {frozenset((step.issuer.key, other.key)) for step in steps for other in step.about}:
        one, other = (network.participants[key] for key in sorted(pair))
        await network.introduce(one, other)
    issued: dict[str, IssuedReference] = {}
    for step in steps:
        made = await network.participants[step.issuer.key].issue(step.draft(issued))
        issued[step.key] = IssuedReference(id=made.credential.url, digest=digest_multibase(made.forms["vc+jwt"]))
    await network.come_to_rest()


async def _trace(network: Network, asker: Company) -> Report:
    """The lot as the node of ``asker`` traces it for its own people, always at one moment."""
    tracing = Tracing(source=network.participants[asker.key].node.source)
    return await tracing.trace(target(), at=AT, trust=parse_trust_list(trust_list()), policy=Policy())


def _payload(token: bytes) -> dict[str, Any]:
    part = token.split(b".")[1]
    return dict(parse_document(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))).value)


def _same(one: Report, other: Report) -> None:
    """Whatever a reader goes by is equal; inputs and notes may name what is not counted."""
    for member in ("word", "claims", "findings", "gaps", "coverage"):
        assert getattr(one, member) == getattr(other, member), member


# ---- what Mallory says


def _emptied(said: dict[str, Any]) -> dict[str, Any]:
    """The same kind of document about nothing that the chain needs."""
    subject = said["credentialSubject"]
    if isinstance(subject, dict):
        subject["id"] = MALLORY.url("nothing")
    return said


def _negated(said: dict[str, Any]) -> dict[str, Any]:
    """Whatever was found not to conform, every figure nothing."""
    subject = said["credentialSubject"]
    for one in subject.get("conformityAssessment", ()) if isinstance(subject, dict) else ():
        one["conformance"] = False
        for measured in one.get("assessedPerformance", ()):
            measured["measure"]["value"] = 0
    return said


def _over(said: dict[str, Any]) -> dict[str, Any]:
    """It has long expired."""
    return said | {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2020-02-01T00:00:00Z"}


def _other_amounts(said: dict[str, Any]) -> dict[str, Any]:
    """Events of the same goods with other amounts."""
    for event in said["credentialSubject"] if isinstance(said["credentialSubject"], list) else ():
        for member in ("inputProduct", "outputProduct", "movedProduct"):
            for portion in event.get(member, ()):
                portion["quantity"]["value"] *= 1000
    return said


def _untouched(said: dict[str, Any]) -> dict[str, Any]:
    return said


_CHANGES: Final = (_emptied, _negated, _over, _other_amounts, _untouched)


def _lies(documents: Documents, *, under_their_ids: bool) -> Iterator[dict[str, Any]]:
    """Every document of the chain in Mallory's words, again and again, each time another text."""
    for number, (change, (id, said)) in enumerate(
        (change, item) for change in cycle(_CHANGES) for item in sorted(documents.items())
    ):
        lie = change(deepcopy({key: part for key, part in said.items() if key not in ("credentialStatus", "iss")}))
        lie["issuer"] = {"type": ["CredentialIssuer"], "id": MALLORY.did, "name": MALLORY.name}
        lie["name"] = f"Number {number} by Mallory"
        lie["id"] = id if under_their_ids else MALLORY.url(f"credentials/lie-{number}")
        lie["validFrom"] = lie.get("validFrom") or format_moment(AT - timedelta(days=1))
        yield lie


def _signed(who: Participant, said: dict[str, Any], *, by: Company = MALLORY) -> bytes:
    signer = who.node.keyring.signer("cred-1")
    return secure_as_jwt(said, signer=signer, verification_method=jwk_method(by.did, "cred-1"))


def _serve(mallory: Participant, path: str, body: bytes, media_type: str = JWT) -> str:
    """Mallory's own host answers ``path`` with ``body``."""
    mallory.serves_instead[path] = Found(body=body, media_type=media_type, source=path, at=AT)
    return MALLORY.url(path)


async def _hand_over(network: Network, victim: Company, tokens: list[tuple[str, bytes]], *, envelopes: bool) -> None:
    """Mallory tells of each (address, bytes), with the bytes or only with where they are served; all are kept."""
    mallory, told = network.participants[MALLORY.key], network.participants[victim.key]
    before = await _kept(told)
    for start in range(0, len(tokens), _BATCH):
        events = []
        for seq, (address, body) in enumerate(tokens[start : start + _BATCH], start + 1):
            data = {"credential": address, "credentialDigest": digest_multibase(body), "kind": "dpp"}
            data |= {"envelope": body.decode()} if envelopes else {}
            events.append(mallory.event(told, address, data=data, epoch=f"envelopes-{envelopes}", seq=seq))
        status, answer = await mallory.tell(told, *events)
        assert status == 202, str(answer)
    while await told.judge():
        pass
    assert await _kept(told) == before + len(tokens), "everything was verified and is in the store"


async def _kept(victim: Participant) -> int:
    ((count,),) = await victim.rows(
        "select count(*) from received where outcome = 'PASSED' and source = :did", did=MALLORY.did
    )
    return int(count)


# ---- the same verdict


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def first(network: Network, documents: Documents) -> dict[str, Report]:
    """The reports before Mallory said anything, by who asked."""
    return {asker.key: await _trace(network, asker) for asker in (BRAND, BUYER)}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pushed(network: Network, documents: Documents, first: dict[str, Report]) -> None:
    """What Mallory has pushed: half of it under the chain's ids, half under ids of its own; to the brand a tenth."""
    mallory = network.participants[MALLORY.key]
    lies = [*islice(_lies(documents, under_their_ids=True), PUSHED // 2)]
    lies += islice(_lies(documents, under_their_ids=False), PUSHED // 2)
    assert {lie["id"] for lie in lies} >= set(documents)
    tokens = [(lie["id"], _signed(mallory, lie)) for lie in lies]
    await _hand_over(network, BUYER, tokens, envelopes=True)
    await _hand_over(network, BRAND, tokens[PUSHED // 2 - 25 : PUSHED // 2 + 25], envelopes=True)


@pytest.mark.parametrize("asker", [BRAND, BUYER], ids=lambda company: company.key)
async def test_five_hundred_documents_of_an_accepted_peer_change_no_verdict(
    network: Network, first: dict[str, Report], pushed: None, asker: Company
) -> None:
    _same(await _trace(network, asker), first[asker.key])


async def test_if_what_is_kept_under_an_id_answered_for_its_address_the_verdict_would_change(
    network: Network, first: dict[str, Report], pushed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OwnStore, "answer", _whatever_is_kept)
    monkeypatch.setattr(Gather, "_held", _first_found)

    second = await _trace(network, BUYER)

    assert second.word is not Word.VERIFIED
    assert second.findings or second.gaps


async def _whatever_is_kept(store: OwnStore, needs: frozenset[Need], *, at: Any) -> Mapping[Need, Found | Absent]:
    """The rule that was: the newest document with that id that verified, as if its own place had served it."""
    found = {}
    async with store.store.reading() as tx:
        for need in needs:
            kept = await tx.received.by_url(need.id) if need.kind is NeedKind.CREDENTIAL else ()
            for one in kept[:1]:
                found[need] = Found(body=one.raw, media_type=one.media_type, source=one.source, at=at)
    return found


async def _first_found(gather: Gather, need: Need, at: Any) -> Found | None:
    for source in gather.at_hand:
        answer = (await source.answer(frozenset({need}), at=at)).get(need)
        if isinstance(answer, Found):
            return answer
    return None


async def test_what_an_accepted_peer_serves_under_the_ids_of_others_changes_no_verdict(
    network: Network, documents: Documents, first: dict[str, Report]
) -> None:
    mallory = network.participants[MALLORY.key]
    lies = islice(_lies(documents, under_their_ids=True), PUSHED, PUSHED + len(documents))
    tokens = [_signed(mallory, lie) for lie in lies]
    served = [(_serve(mallory, f"/decoys/{number}", body), body) for number, body in enumerate(tokens)]

    await _hand_over(network, BUYER, served, envelopes=False)

    assert {path for path in mallory.heard if "/decoys/" in path}
    _same(await _trace(network, BUYER), first[BUYER.key])


async def test_what_a_resolver_of_an_accepted_peer_lists_changes_no_verdict(
    network: Network, documents: Documents, first: dict[str, Report]
) -> None:
    mallory, brand = network.participants[MALLORY.key], network.participants[BRAND.key]
    links = await brand.sees(f"{target()}?linkType=linkset")
    links["linkset"][0]["https://test.uncefact.org/voc/untp/idr"] = [{"href": _RESOLVER, "title": "More of it"}]
    path = target().removeprefix(BRAND.url("").rstrip("/"))
    brand.serves_instead[path] = Found(
        body=json.dumps(links).encode(), media_type="application/linkset+json", source="", at=AT
    )
    lies = [*islice(_lies(documents, under_their_ids=True), 100), *islice(_lies(documents, under_their_ids=False), 100)]
    hrefs = [_serve(mallory, f"/listed/{number}", _signed(mallory, lie)) for number, lie in enumerate(lies)]
    listed = {
        f"https://test.uncefact.org/voc/untp/{relation}": [{"href": href, "title": "It", "type": JWT} for href in hrefs]
        for relation in ("dpp", "dcc", "dte", "dia")
    }
    linkset = {"linkset": [{"anchor": target(), **listed}]}
    _serve(mallory, "/resolver", json.dumps(linkset).encode(), "application/linkset+json")
    try:
        report = await _trace(network, BUYER)
    finally:
        brand.serves_instead.clear()

    assert {path for path in mallory.heard if "/listed/" in path}, "it was looked at"
    _same(report, first[BUYER.key])


# ---- the same budget


async def _within(network: Network, requests: int, lookups: int) -> tuple[Report, int, int]:
    """The trace of a stranger at the buyer's node with so many requests and look-ups; how many of each it took."""
    node = network.participants[BUYER.key].node
    budget = RequestBudget(requests=requests, per_host=requests)
    source = Gather(fetcher=node.fetcher, at_hand=(OwnStore(node.store, private=False),), budget=budget)
    steps: list[Progress] = []
    report = await Tracing(source=source, budget=TraceBudget(lookups=lookups)).trace(
        target(), at=AT, trust=parse_trust_list(trust_list()), policy=Policy(), progress=steps.append
    )
    return report, budget.spent.total(), steps[-1].lookups


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def needed(network: Network, documents: Documents) -> tuple[Report, int, int]:
    """The report to a stranger before Mallory's links, and the requests and look-ups that it took: not one too many."""
    return await _within(network, 10_000, 10_000)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def flooded(network: Network, documents: Documents, needed: tuple[Report, int, int]) -> None:
    """The brand lists what Mallory publishes about the brand's lot: hundreds of links, each to a sound document."""
    mallory = network.participants[MALLORY.key]
    about_it = {id: said for id, said in documents.items() if target() in json.dumps(said["credentialSubject"])}
    told = (lie for lie in _lies(about_it, under_their_ids=False) if target() in json.dumps(lie["credentialSubject"]))
    served = []
    for number, lie in enumerate(islice(told, LINKS)):
        lie["id"] = MALLORY.url(f"flood/{number}")
        body = _signed(mallory, lie)
        served.append((_serve(mallory, f"/flood/{number}", body), body))
    await _hand_over(network, BRAND, served, envelopes=False)
    listed = await network.participants[BRAND.key].sees(f"{target()}?linkType=linkset")
    assert json.dumps(listed).count("/flood/") >= LINKS


async def test_hundreds_of_links_of_an_accepted_peer_take_nothing_from_the_budget_of_the_chain(
    network: Network, needed: tuple[Report, int, int], flooded: None
) -> None:
    before, requests, lookups = needed

    after, _, _ = await _within(network, requests, lookups)

    _same(after, before)


async def test_if_links_to_anywhere_were_owed_the_chain_would_not_be_followed_to_its_end(
    network: Network, needed: tuple[Report, int, int], flooded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("credentials.provenance.missing.wanted.Wanted._is_of_chain", lambda *_: True)
    _, requests, lookups = needed

    after, _, _ = await _within(network, requests, lookups)

    assert "PV-GAP-2" in {one.rule for one in after.findings}
    assert after.word is not Word.VERIFIED


async def test_a_document_that_a_peer_breaks_after_it_was_listed_is_a_note(
    network: Network, needed: tuple[Report, int, int], flooded: None
) -> None:
    mallory = network.participants[MALLORY.key]
    _serve(mallory, "/flood/0", b"nothing that anybody can read")

    after, _, _ = await _within(network, 10_000, 10_000)

    _same(after, needed[0])


# ---- two words


async def test_what_an_issuer_hands_over_beside_what_it_serves_under_the_same_id_is_a_second_word(
    network: Network, documents: Documents
) -> None:
    certifier, buyer = network.participants[CERTIFIER.key], network.participants[BUYER.key]
    await network.introduce(certifier, buyer, share="none")
    kind = "DigitalConformityCredential"
    (id,) = (
        id
        for id, said in documents.items()
        if id.startswith(CERTIFIER.url("")) and kind in said["type"] and target() in json.dumps(said)
    )
    other = {key: part for key, part in documents[id].items() if key not in ("credentialStatus", "iss")}
    other = _negated(deepcopy(other)) | {"validFrom": format_moment(AT - timedelta(days=1))}
    body = _signed(certifier, other, by=CERTIFIER)
    data = {"credential": id, "credentialDigest": digest_multibase(body), "kind": "dcc", "envelope": body.decode()}
    status, answer = await certifier.tell(buyer, certifier.event(buyer, id, data=data, epoch="second-word"))
    assert status == 202, str(answer)
    while await buyer.judge():
        pass

    report = await _trace(network, BUYER)

    assert ("PV-MRG-6", id) in {(one.rule, one.subject) for one in report.findings}
    assert report.word is not Word.VERIFIED
