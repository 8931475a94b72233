"""What one company issues reaches those it concerns, once, and shows where people look for it."""

from __future__ import annotations

import json

import pytest

from credentials.evidence import Found, Need, NeedKind
from node.demo.companies import FARM
from node.flows.verifying.verifying import Verifying
from node.wire.own_store import OwnStore
from node.wire.purposes import CREDENTIAL, DID_DOCUMENT
from tests.federation.network import Network, Participant, draft

pytestmark = pytest.mark.asyncio(loop_scope="module")

COTTON = FARM.url("lots/cotton-2026-a")


async def _hrefs(asker: Participant, url: str, relation: str) -> set[str]:
    linkset = await asker.sees(url)
    return {target["href"] for context in linkset["linkset"] for target in context.get(relation, ())}


async def test_an_attestation_shows_at_the_product_it_is_about(
    network: Network, certifier: Participant, farm: Participant, spinner: Participant
) -> None:
    attestation = (await certifier.issue(draft("farm-cotton-attestation"))).credential

    await network.come_to_rest()

    assert await farm.arrived(attestation.url) == ["kept"]
    (kept,) = await farm.received(attestation.url)
    assert kept.digest == attestation.digest
    assert attestation.url in await _hrefs(spinner, f"{COTTON}?linkType=linkset", "dcc")


async def test_the_same_news_reaches_only_those_it_concerns(
    network: Network, certifier: Participant, spinner: Participant
) -> None:
    attestation = (await certifier.issue(draft("farm-cotton-attestation"))).credential

    await network.come_to_rest()

    assert await certifier.deliveries(attestation.url) == [(FARM.did, "delivered")]
    assert await spinner.arrived(attestation.url) == []


async def test_an_identity_anchor_shows_in_the_did_document_of_whom_it_anchors(
    network: Network, certifier: Participant, farm: Participant, spinner: Participant
) -> None:
    anchor = draft("farm-business")
    anchor["issuer"] = certifier.node.identity.issuer
    anchor["credentialSubject"]["registrar"] = {"type": ["Party"], "id": certifier.did, "name": "Registrar"}
    issued = (await certifier.issue(anchor)).credential

    await network.come_to_rest()

    document = await spinner.sees(FARM.url(".well-known/did.json"), DID_DOCUMENT)
    anchors = [item["serviceEndpoint"]["href"] for item in document["service"] if item["type"] == "dia"]
    assert issued.url in anchors


async def test_a_stranger_s_passport_never_becomes_the_first_choice_for_our_product(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    own = (await farm.issue(draft("farm-facility"))).credential
    foreign = draft("spinner-facility")
    foreign["credentialSubject"]["id"] = own.subject
    other = (await spinner.issue(foreign)).credential

    await network.come_to_rest()

    assert await farm.arrived(other.url) == ["kept"]
    links = await farm.rows("select href, preferred from identifier_link where identifier = :id", id=own.subject)
    assert dict(links) == {own.url: True, other.url: False}


async def test_a_private_credential_travels_to_those_it_names_and_to_nobody_else(
    network: Network, farm: Participant, spinner: Participant, certifier: Participant
) -> None:
    private = (await farm.issue(draft("farm-facility"), private=True, audience=[spinner.did])).credential

    await network.come_to_rest()

    assert await farm.deliveries(private.url) == [(spinner.did, "delivered")]
    assert await spinner.arrived(private.url) == ["kept"]
    assert await certifier.arrived(private.url) == []
    assert await certifier.sees(private.url, CREDENTIAL) is None
    need = Need(NeedKind.CREDENTIAL, private.url)
    own = (await OwnStore(spinner.node.store).answer(frozenset({need}), at=network.clock()))[need]
    public = (await OwnStore(spinner.node.store, private=False).answer(frozenset({need}), at=network.clock()))[need]
    assert isinstance(own, Found)
    assert not isinstance(public, Found)


async def test_a_private_attestation_of_our_product_is_not_listed_for_the_world(
    network: Network, farm: Participant, spinner: Participant, certifier: Participant
) -> None:
    private = (await certifier.issue(draft("farm-cotton-attestation"), private=True, audience=[farm.did])).credential

    await network.come_to_rest()

    assert await farm.arrived(private.url) == ["kept"]
    assert await farm.rows("select distinct private from identifier_link where href = :url", url=private.url) == [(1,)]
    assert private.url not in json.dumps(await spinner.sees(f"https://{FARM.host}/links?id={COTTON}"))


async def test_a_revocation_is_told_to_whoever_was_told_of_the_credential(
    network: Network, certifier: Participant, farm: Participant
) -> None:
    attestation = (await certifier.issue(draft("farm-cotton-attestation"))).credential
    await network.come_to_rest()

    await certifier.node.issuing.set_status(attestation.url, purpose="revocation", value=1, at=network.clock())
    await network.come_to_rest()

    assert await farm.arrived(attestation.url) == ["kept", "noted"]
    (kept,) = await farm.received(attestation.url)
    verifying = Verifying(source=farm.node.source)
    verdict, _ = await verifying.verify(kept.raw, kept.media_type, at=network.clock())
    assert [(item.purpose, item.value) for item in verdict.status] == [("revocation", 1)]


async def test_peers_who_want_nothing_hear_nothing(network: Network, farm: Participant, certifier: Participant) -> None:
    await farm.node.peers.add(certifier.did, policy={"share": "none"}, at=network.clock())
    try:
        issued = (await farm.issue(draft("farm-facility"), audience=[certifier.did])).credential
        await network.come_to_rest()
    finally:
        await farm.node.peers.add(certifier.did, policy={"share": "mentioning"}, at=network.clock())

    assert certifier.did not in dict(await farm.deliveries(issued.url))
    assert await certifier.arrived(issued.url) == []


@pytest.mark.parametrize("size", [70_000, 900_000], ids=["more than 65 536 characters", "nearly the largest"])
async def test_a_private_credential_of_any_legal_size_arrives(
    size: int, network: Network, farm: Participant, spinner: Participant
) -> None:
    large = draft("farm-facility")
    large["credentialSubject"]["description"] = "x" * size
    private = (await farm.issue(large, private=True, audience=[spinner.did])).credential

    await network.come_to_rest()

    assert await spinner.arrived(private.url) == ["kept"]
