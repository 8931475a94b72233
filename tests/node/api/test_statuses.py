"""The setting ``statuses``: what a credential's status can be is the operator's to say, and to change over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from credentials.encoding.document import JsonObject, parse_document
from credentials.envelopes.opening import open_secured
from credentials.status.entries import StatusAnswer, parse_entry, read_status
from tests.node.api.nodes import URL, Asked, Served, served
from tests.node.crowd.member import DRAFT
from tests.node.issuer import AT, draft

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def node(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A node whose credentials can be revoked, suspended, and on their way."""
    statuses = "revocation,suspension,message: made | shipped | arrived | lost"
    async with served(tmp_path_factory.mktemp("node"), statuses=statuses, forms="vc,vc+jwt") as place:
        yield place


async def _issued(node: Served, document: Any) -> JsonObject:
    answer = await node.issue(document)
    assert answer.status == 201, answer.body
    credential: JsonObject = answer.json["verifiableCredential"]
    return credential


async def _set(node: Served, credential: JsonObject, purpose: str, status: object) -> Asked:
    body = {"credentialId": credential["id"], "credentialStatus": {"statusPurpose": purpose}, "status": status}
    return await node.ask("POST", "/credentials/status", token=node.token, json=body)


async def _says(node: Served, credential: JsonObject, purpose: str) -> StatusAnswer:
    """What the list says that anybody is served."""
    (entry,) = [parse_entry(entry) for entry in credential["credentialStatus"] if entry["statusPurpose"] == purpose]
    served_list = await node.ask("GET", entry.list_url.removeprefix(URL), headers={"Accept": "application/vc"})
    return read_status(entry, parse_document(served_list.body).value, issuer=node.node.identity.did, at=AT)


@pytest.mark.w3c("A5.2")
async def test_a_credential_gets_every_status_of_the_setting(node: Served) -> None:
    credential = await _issued(node, DRAFT)

    entries = credential["credentialStatus"]
    assert [entry["statusPurpose"] for entry in entries] == ["revocation", "suspension", "message"]
    assert [item["message"] for item in entries[2]["statusMessage"]] == ["made", "shipped", "arrived", "lost"]
    assert len({entry["statusListCredential"] for entry in entries}) == 3


@pytest.mark.w3c("A5.2")
async def test_a_message_is_set_by_its_number_and_served(node: Served) -> None:
    credential = await _issued(node, DRAFT)
    assert (await _says(node, credential, "message")).message == "made"

    for number, message in ((2, "arrived"), (3, "lost"), (1, "shipped"), (0, "made")):
        assert (await _set(node, credential, "message", number)).json == {"changed": True}
        assert (await _says(node, credential, "message")).message == message

    assert (await _says(node, credential, "revocation")).value == 0


@pytest.mark.w3c("A5.7")
async def test_a_suspension_ends_and_a_revocation_does_not(node: Served) -> None:
    credential = await _issued(node, DRAFT)

    for status in (True, False):
        assert (await _set(node, credential, "suspension", status)).json == {"changed": True}
        assert (await _says(node, credential, "suspension")).value == int(status)

    assert (await _set(node, credential, "revocation", True)).status == 200
    refused = await _set(node, credential, "revocation", False)
    assert (refused.status, refused.code) == (409, "CONFLICT")


@pytest.mark.parametrize(
    ("status", "code"), [(4, "RANGE_ERROR"), (256, ""), (-1, ""), (1.0, ""), ("1", ""), (None, "")]
)
async def test_a_status_that_no_message_has_is_refused(node: Served, status: object, code: str) -> None:
    credential = await _issued(node, DRAFT)

    answer = await _set(node, credential, "message", status)

    assert answer.status == 400
    assert answer.code == code or answer.json["pointer"] == "/status"
    assert (await _says(node, credential, "message")).value == 0


async def test_a_untp_credential_keeps_to_the_one_status_that_untp_knows(node: Served) -> None:
    credential = await _issued(node, draft())

    assert credential["credentialStatus"]["statusPurpose"] == "revocation"


@pytest.mark.parametrize("accept", ["application/vc+jwt", "application/vc", "application/json", "*/*"])
@pytest.mark.parametrize("door", ["/status", "/status-lists", "/instances/default/status-lists"])
async def test_what_is_revoked_is_in_the_next_list_at_every_door_whatever_the_reader_has(
    node: Served, door: str, accept: str
) -> None:
    credential = await _issued(node, DRAFT)
    (entry,) = [parse_entry(one) for one in credential["credentialStatus"] if one["statusPurpose"] == "revocation"]
    path = f"{door}/{entry.list_url.rsplit('/', 1)[1]}"
    before = await node.ask("GET", path, headers={"Accept": accept})
    held = {"Accept": accept, "If-None-Match": before.headers["ETag"]}
    assert (await node.ask("GET", path, headers=held)).status == 304

    await _set(node, credential, "revocation", True)

    after = await node.ask("GET", path, headers=held)
    assert (before.status, after.status) == (200, 200)
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Cache-Control"] == "public, max-age=0"
    values = []
    for answer in (before, after):
        media_type = answer.headers["Content-Type"].partition(";")[0].replace("application/json", "application/vc")
        document = open_secured(answer.body, media_type).document.value
        values.append(read_status(entry, document, issuer=node.node.identity.did, at=AT).value)
    assert values == [0, 1]
