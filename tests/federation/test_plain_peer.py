"""A participant without a node of ours is a source like any other, and what it serves is judged by its own proof."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from credentials.encoding.multibase import digest_multibase
from credentials.errors import CredentialsError
from credentials.provenance import Report, to_json
from credentials.trust import Policy
from node.demo.companies import SMALLHOLDER, SPINNER
from node.errors import PeerUnreachable
from node.flows.tracing import Tracing
from tests.federation.network import Network, Participant, open_network
from tests.federation.plain import JWT, Plain, linkset, plain_peer, season_of
from tests.node.season import TRUST

pytestmark = pytest.mark.asyncio(loop_scope="module")

COTTON = SMALLHOLDER.url("lots/cotton-2026-s")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def network(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Network]:
    """The spinner's node, and smallholders who have none."""
    async with open_network(tmp_path_factory.mktemp("network"), SPINNER, idle=[SMALLHOLDER]) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def smallholder(network: Network, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Plain]:
    answers = season_of(SMALLHOLDER, tmp_path_factory.mktemp("season"))
    answers["/lots/cotton-2026-s"] = linkset(COTTON, "dpp", SMALLHOLDER.url(_passport(answers)))
    async with plain_peer(network, SMALLHOLDER, answers) as plain:
        yield plain


def _passport(answers: dict[str, tuple[str, bytes]]) -> str:
    """The path of the smallholders' passport."""
    return next(path for path, (_, body) in answers.items() if b"." in body and _kind(body) == "DigitalProductPassport")


def _kind(token: bytes) -> str:
    payload = token.split(b".")[1] if token.count(b".") == 2 else b"e30"
    types = json.loads(base64.urlsafe_b64decode(payload + b"==")).get("type", ())
    return next((name for name in types if name.startswith("Digital")), "")


async def _trace(network: Network) -> Report:
    spinner = network.participants[SPINNER.key]
    tracing = Tracing(source=spinner.node.source)
    return await tracing.trace(COTTON, at=network.clock(), trust=TRUST, policy=Policy())


async def test_a_lot_is_traced_to_whoever_only_resolves_and_serves(network: Network, smallholder: Plain) -> None:
    passport = _passport(smallholder.answers)

    report = to_json(await _trace(network))

    inputs = {item["id"]: item["intact"] for item in report["inputs"]}
    assert inputs[SMALLHOLDER.url(passport)] == "PASSED"
    assert {claim["subject"] for claim in report["claims"]} == {COTTON}
    assert {"/.well-known/did.json", "/lots/cotton-2026-s", "/status/1", passport} <= set(smallholder.heard)
    assert not any(path.startswith("/fed/") for path in smallholder.heard)


async def test_it_cannot_become_a_peer_and_that_is_said(network: Network, smallholder: Plain) -> None:
    spinner = network.participants[SPINNER.key]

    with pytest.raises((PeerUnreachable, CredentialsError)) as refusal:
        await spinner.node.peers.add(SMALLHOLDER.did, policy={}, at=network.clock())

    assert "TraceNode" in refusal.value.problem.detail


async def test_a_kept_signature_over_a_changed_body_is_caught_by_the_trace(
    network: Network, smallholder: Plain
) -> None:
    path = _passport(smallholder.answers)
    honest = smallholder.answers[path]
    smallholder.answers[path] = (JWT, _changed(honest[1]))
    try:
        report = to_json(await _trace(network))
    finally:
        smallholder.answers[path] = honest

    assert {item["intact"] for item in report["inputs"] if item["id"] == SMALLHOLDER.url(path)} == {"FAILED"}
    assert {claim["verdict"] for claim in report["claims"]} == {"INVALID"}
    assert "PV-CRED-1" in {finding["rule"] for finding in report["findings"]}


def _changed(token: bytes) -> bytes:
    """The same header and signature over another statement."""
    head, payload, signature = token.split(b".")
    stated = json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    stated["name"] = "Better cotton than it was"
    other = base64.urlsafe_b64encode(json.dumps(stated).encode()).rstrip(b"=")
    return b".".join((head, other, signature))


async def _told_of(network: Network, url: str, body: bytes) -> Participant:
    """The spinner after a known peer told it that ``url`` serves a credential whose bytes are ``body``."""
    spinner = network.participants[SPINNER.key]
    await spinner.node.peers.add(SPINNER.did, policy={"share": "none"}, at=network.clock())
    data = {"credential": url, "credentialDigest": digest_multibase(body), "kind": "dpp"}
    status, _ = await spinner.tell(spinner, spinner.event(spinner, url, data=data))
    assert status == 202
    await spinner.judge()
    return spinner


async def test_what_a_peer_passes_on_is_judged_by_its_own_proof_and_kept(network: Network, smallholder: Plain) -> None:
    path = _passport(smallholder.answers)
    url, body = SMALLHOLDER.url(path), smallholder.answers[path][1]

    spinner = await _told_of(network, url, body)

    assert await spinner.arrived(url) == ["kept"]
    (kept,) = await spinner.received(url)
    assert (kept.raw, kept.issuer, kept.source) == (body, SMALLHOLDER.did, SPINNER.did)


async def test_a_kept_signature_over_a_changed_body_is_refused_though_its_digest_was_announced(
    network: Network, smallholder: Plain
) -> None:
    changed = _changed(smallholder.answers[_passport(smallholder.answers)][1])
    smallholder.answers["/credentials/changed"] = (JWT, changed)
    url = SMALLHOLDER.url("credentials/changed")

    spinner = await _told_of(network, url, changed)

    assert await spinner.arrived(url) == ["refused"]
    kept = await spinner.rows("select outcome from received where raw = :raw", raw=changed)
    assert kept == [("FAILED",)]


async def test_other_bytes_than_were_announced_are_refused(network: Network, smallholder: Plain) -> None:
    url = SMALLHOLDER.url(next(path for path in smallholder.answers if path.startswith("/credentials/")))

    spinner = await _told_of(network, f"{url}", b"other bytes")

    assert (await spinner.arrived(url))[-1] == "refused"


async def test_a_credential_that_cannot_be_had_yet_is_looked_for_again(network: Network, smallholder: Plain) -> None:
    path = _passport(smallholder.answers)
    late, body = "/credentials/late", smallholder.answers[path][1]

    spinner = await _told_of(network, SMALLHOLDER.url(late), body)
    assert await spinner.arrived(SMALLHOLDER.url(late)) == ["stored"]
    smallholder.answers[late] = (JWT, body)
    network.clock.move(seconds=30)
    await spinner.judge()

    assert await spinner.arrived(SMALLHOLDER.url(late)) == ["kept"]


UNREAD = {
    "a PDF": (b"%PDF-1.7 a certificate", "UNSUPPORTED_FORM"),
    "events of EPCIS": (
        b'{"@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"], "type": "EPCISDocument"}',
        "UNSUPPORTED_FORM",
    ),
    "a token by RSA": (
        base64.urlsafe_b64encode(b'{"alg":"RS256","typ":"vc+jwt"}') + b".e30.AA",
        "UNSUPPORTED_ALGORITHM",
    ),
}


@pytest.mark.parametrize(("body", "code"), UNREAD.values(), ids=UNREAD.keys())
async def test_what_is_not_read_here_is_put_aside_with_its_reason_until_the_next_start(
    network: Network, smallholder: Plain, body: bytes, code: str
) -> None:
    path = f"/credentials/unread-{code}-{len(body)}"
    smallholder.answers[path] = ("application/vc" if body.startswith(b"{") else JWT, body)

    spinner = await _told_of(network, SMALLHOLDER.url(path), body)

    assert await spinner.arrived(SMALLHOLDER.url(path)) == ["unread"]
    network.clock.move(hours=3)
    assert await spinner.judge() == 0
    async with spinner.node.store.writing() as tx:
        (_, peer, why), *_ = await tx.inbox.unread(limit=1)
        assert (peer, why.partition(":")[0]) == (SPINNER.did, code)
        await tx.inbox.take_back()  # as another start does
    assert await spinner.arrived(SMALLHOLDER.url(path)) == ["stored"]
    await spinner.judge()
    assert await spinner.arrived(SMALLHOLDER.url(path)) == ["unread"]


async def test_what_is_not_read_and_whose_issuer_is_silent_waits_for_the_issuer(
    network: Network, smallholder: Plain
) -> None:
    signature = smallholder.answers[_passport(smallholder.answers)][1].split(b".")[2]
    said = {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://wool.example/v1"],
        "type": ["VerifiableCredential"],
    }
    said |= {"issuer": "did:web:silent.test", "credentialSubject": {"id": "https://silent.test/1"}}
    said_by = json.dumps({"alg": "EdDSA", "typ": "vc+jwt", "kid": "did:web:silent.test#key-1"}).encode()
    body = b".".join(base64.urlsafe_b64encode(one).rstrip(b"=") for one in (said_by, json.dumps(said).encode()))
    smallholder.answers["/credentials/silent"] = (JWT, body + b"." + signature)

    spinner = await _told_of(network, SMALLHOLDER.url("credentials/silent"), body + b"." + signature)

    assert await spinner.arrived(SMALLHOLDER.url("credentials/silent")) == ["stored"]
