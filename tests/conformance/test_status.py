"""The status instance: an entry on everything it issues, lists over TLS, and a withdrawn credential is refused."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import aiohttp
import pytest

from credentials.status.bitstring import decode_list
from tests.conformance.suite import Suite
from tests.credentials.status.bits import bit_at

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _fetched(url: str, accept: str) -> tuple[str, Any]:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    async with aiohttp.ClientSession() as session, session.get(url, ssl=trusting, headers={"Accept": accept}) as answer:
        assert answer.status == 200
        return answer.content_type, await answer.json(content_type=None)


async def _set(at_work: Suite, credential: dict[str, Any], status: bool) -> int:
    body = {
        "credentialId": credential["id"],
        "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"},
        "status": status,
    }
    return (await at_work.call("POST", "/instances/status/credentials/status", json=body)).status


def _draft(at_work: Suite, number: int) -> dict[str, Any]:
    return at_work.draft("status", id=f"urn:example:status:{number}")


@pytest.mark.w3c("A5.1", "C2.1")
async def test_the_entry_names_a_list_over_tls_with_a_decimal_index(at_work: Suite) -> None:
    entry = (await at_work.issued("status", _draft(at_work, 1)))["credentialStatus"]
    assert entry["type"] == "BitstringStatusListEntry"
    assert entry["statusListIndex"].isdecimal()
    assert entry["statusListCredential"].startswith("https://127.0.0.1:")
    assert entry["id"] != entry["statusListCredential"]


@pytest.mark.w3c("A5.3", "C2.1")
async def test_the_list_is_json_unless_another_form_is_asked_for_and_verifies(at_work: Suite) -> None:
    entry = (await at_work.issued("status", _draft(at_work, 2)))["credentialStatus"]
    kind, value = await _fetched(entry["statusListCredential"], "application/ld+json, application/json")
    assert kind == "application/ld+json"
    assert value["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert value["issuer"] == at_work.issuer("status")
    assert (await at_work.verify("status", value)).json["verified"] is True
    assert (await _fetched(entry["statusListCredential"], "application/vc"))[0] == "application/vc"


@pytest.mark.w3c("A5.3", "A5.4", "A5.7")
async def test_a_revocation_is_in_the_list_at_once_and_is_final(at_work: Suite) -> None:
    credential = await at_work.issued("status", _draft(at_work, 3))
    entry = credential["credentialStatus"]

    assert (await at_work.verify("status", credential)).status == 200
    assert await _set(at_work, credential, True) == 200
    refused = await at_work.verify("status", credential)
    _, value = await _fetched(entry["statusListCredential"], "application/json")

    assert refused.status == 400
    assert [problem["code"] for problem in refused.json["problemDetails"]] == ["REVOKED"]
    assert bit_at(decode_list(value["credentialSubject"]["encodedList"]), int(entry["statusListIndex"])) == 1
    assert await _set(at_work, credential, False) == 409


@pytest.mark.w3c("A5.7")
async def test_many_at_once_get_different_indexes(at_work: Suite) -> None:
    issued = await asyncio.gather(*(at_work.issued("status", _draft(at_work, 100 + n)) for n in range(20)))
    entries = [credential["credentialStatus"] for credential in issued]
    assert len({(entry["statusListCredential"], entry["statusListIndex"]) for entry in entries}) == 20


@pytest.mark.w3c("A5.1")
@pytest.mark.parametrize(
    "change", [{"statusListIndex": "-1"}, {"statusPurpose": "mood"}, {"statusListCredential": "no URL"}]
)
async def test_a_malformed_entry_of_the_callers_own_is_refused(at_work: Suite, change: dict[str, str]) -> None:
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "1",
        "statusListCredential": "https://lists.example/1",
        **change,
    }
    assert (await at_work.issue("vcdm", at_work.draft("vcdm", credentialStatus=entry))).status == 400


@pytest.mark.w3c("A5.5")
async def test_a_list_that_nobody_here_has_leaves_a_credential_undecided(at_work: Suite) -> None:
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "1",
        "statusListCredential": "https://lists.example/1",
    }
    credential = await at_work.issued("status", at_work.draft("status", credentialStatus=entry))
    heard = await at_work.verify("status", credential)
    assert heard.status == 400
    assert [problem["code"] for problem in heard.json["problemDetails"]] == ["STATUS_RETRIEVAL_ERROR"]


@pytest.mark.w3c("A7.0")
async def test_a_new_list_is_opened_and_shown_at_both_addresses(at_work: Suite) -> None:
    made = await at_work.call("POST", "/instances/jose/status-lists", json={"statusPurpose": "suspension"})
    token = made.json["id"].rsplit("/", 1)[1]
    assert (made.status, made.headers["Location"]) == (201, made.json["id"])
    assert (await at_work.call("GET", f"/instances/jose/status-lists/{token}")).status == 200
    assert (await at_work.call("GET", f"/status/{token}")).status == 200
    assert (await at_work.call("GET", f"/instances/status/status-lists/{token}")).status == 404


@pytest.mark.w3c("A7.0")
@pytest.mark.parametrize("body", [{}, {"statusPurpose": "mood"}, {"statusPurpose": "revocation", "id": "urn:x:1"}])
async def test_a_list_without_a_purpose_that_is_known_is_400(at_work: Suite, body: dict[str, str]) -> None:
    assert (await at_work.call("POST", "/instances/status/status-lists", json=body)).status == 400
