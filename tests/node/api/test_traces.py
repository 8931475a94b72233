"""One question, one answer, no account: POST /traces on a real node."""

from __future__ import annotations

import json
from urllib.parse import quote

import jsonschema_rs
import pytest

from node.flows.bundling import unpacked
from tests.credentials.provenance import twin
from tests.node.api.nodes import URL, Served
from tests.node.issuer import draft

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOT = f"{URL}/lots/yarn-2026-y"


@pytest.fixture(autouse=True)
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the world is offline: what this node holds must do."""
    from credentials.evidence import Absent, AbsentReason

    async def fetch(*_: object, **__: object) -> Absent:
        return Absent(reason=AbsentReason.OFFLINE, detail="Nobody is there.")

    monkeypatch.setattr("node.wire.fetch.Fetcher.fetch", fetch)


async def test_a_stranger_gets_a_report_in_one_request(served_node: Served) -> None:
    issued = await served_node.issue(draft("yarn-passport"))
    answer = await served_node.ask("POST", "/traces", json={"identifier": LOT})
    assert answer.status == 200, answer.body
    assert answer.json["target"] == LOT
    assert issued.json["id"] in [one["id"] for one in answer.json["inputs"]]


async def test_a_report_is_of_the_shape_that_is_published(served_node: Served) -> None:
    await served_node.issue(draft("yarn-passport"))
    schema = await served_node.ask("GET", "/schemas/report-v1.json")
    assert (schema.status, schema.headers["Content-Type"]) == (200, "application/schema+json")

    report = await served_node.ask("POST", "/traces", json={"identifier": LOT})

    published = jsonschema_rs.validator_for(schema.json)
    assert list(published.iter_errors(report.json)) == []
    assert not published.is_valid({**report.json, "verdict": "VERIFIED"})


async def test_what_takes_long_has_an_address_where_it_will_be(served_node: Served) -> None:
    started = await served_node.ask("POST", "/traces", json={"identifier": LOT}, headers={"Prefer": "respond-async"})
    assert started.status == 202
    assert started.json["progress"].keys() == {"waves", "lookups", "credentials", "open"}
    again = await served_node.ask("GET", started.headers["Location"])
    while again.status == 202:
        again = await served_node.ask("GET", started.headers["Location"])
    assert (again.status, again.json["target"]) == (200, LOT)


async def test_a_private_credential_is_in_no_strangers_report(served_node: Served) -> None:
    issued = await served_node.issue(draft("yarn-passport") | {"name": "For partners only"}, private=True)
    stranger = await served_node.ask("POST", "/traces", json={"identifier": LOT})
    operator = await served_node.ask("POST", "/traces", json={"identifier": LOT}, token=served_node.token)
    assert issued.json["id"].encode() not in stranger.body
    assert issued.json["id"].encode() in operator.body


async def test_the_same_question_gives_the_same_bytes(served_node: Served) -> None:
    body = {"identifier": LOT, "at": "2026-06-01T12:00:00Z"}
    one, two = [await served_node.ask("POST", "/traces", json=body) for _ in range(2)]
    assert one.body == two.body


async def test_a_budget_of_one_look_up_ends_the_trace_and_the_report_says_so(served_node: Served) -> None:
    await served_node.issue(draft("yarn-passport"))
    answer = await served_node.ask("POST", "/traces", json={"identifier": LOT, "budget": 1})
    assert answer.json["word"] != "VERIFIED"
    assert "PV-GAP-2" in {finding["rule"] for finding in answer.json["findings"]}


BAD = {
    "no identifier": ({}, "/identifier"),
    "an empty identifier": ({"identifier": " "}, "/identifier"),
    "a number": ({"identifier": 7}, "/identifier"),
    "an unknown member": ({"identifier": LOT, "depth": 3}, "/depth"),
    "a broken check digit": ({"identifier": "(01)09506000134353(10)AB-1"}, "/identifier"),
    "claims no list": ({"identifier": LOT, "claims": "x"}, "/claims"),
    "no moment": ({"identifier": LOT, "at": "yesterday"}, "/at"),
    "a moment without zone": ({"identifier": LOT, "at": "2026-06-01T12:00:00"}, "/at"),
    "an unknown threshold": ({"identifier": LOT, "policy": {"x": 1}}, "/policy/x"),
    "no look-ups at all": ({"identifier": LOT, "budget": 0}, "/budget"),
    "a budget beyond all bounds": ({"identifier": LOT, "budget": 10**6}, "/budget"),
    "private documents in a report": ({"identifier": LOT, "withPrivate": False}, "/withPrivate"),
    "a threshold out of range": ({"identifier": LOT, "policy": {"verifiedGrade": 9}}, "/policy/verifiedGrade"),
}


@pytest.mark.parametrize(("body", "pointer"), BAD.values(), ids=BAD.keys())
async def test_a_question_that_cannot_be_understood_names_the_place(
    served_node: Served, body: dict[str, object], pointer: str
) -> None:
    answer = await served_node.ask("POST", "/traces", json=body)
    assert (answer.status, answer.json["pointer"]) == (400, pointer)


async def test_a_mistyped_claim_is_an_error_that_names_the_claims_there_are(served_node: Served) -> None:
    yarn = draft("yarn-passport")
    yarn["credentialSubject"]["performanceClaim"] = twin.drafts()["battery-passport"]["credentialSubject"][
        "performanceClaim"
    ]
    assert (await served_node.issue(yarn)).status == 201
    there = [one["id"] for one in (await served_node.ask("POST", "/traces", json={"identifier": LOT})).json["claims"]]
    answer = await served_node.ask("POST", "/traces", json={"identifier": LOT, "claims": [f"{there[0]}x"]})
    assert (answer.status, answer.json["code"], answer.json["pointer"]) == (400, "CLAIM_UNKNOWN", "/claims")
    assert there[0] in answer.json["detail"]


ZIP = {"Accept": "application/zip"}


async def test_who_asks_for_a_zip_gets_one_file_that_is_judged_again_to_the_same_bytes(served_node: Served) -> None:
    await served_node.issue(draft("yarn-passport"))
    answer = await served_node.ask("POST", "/traces", json={"identifier": LOT}, headers=ZIP)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/zip"), answer.body[:300]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="trace.zip"'
    bundle = unpacked(answer.body)
    assert await bundle.again() == bundle.report
    report = await served_node.ask("POST", "/traces", json={"identifier": LOT})
    assert json.loads(bundle.report)["claims"] == report.json["claims"]


async def test_what_is_private_is_in_a_bundle_only_where_our_own_people_say_so(served_node: Served) -> None:
    issued = await served_node.issue(draft("yarn-passport") | {"name": "For partners only"}, private=True)
    body = {"identifier": LOT}
    own = await served_node.ask("POST", "/traces", json=body, headers=ZIP, token=served_node.token)
    assert issued.json["id"].encode() not in own.body
    whole = await served_node.ask(
        "POST", "/traces", json=body | {"withPrivate": True}, headers=ZIP, token=served_node.token
    )
    assert issued.json["id"].encode() in whole.body
    refused = await served_node.ask("POST", "/traces", json=body | {"withPrivate": True}, headers=ZIP)
    assert refused.status == 403


async def test_a_zip_that_takes_long_has_an_address_where_it_will_be(served_node: Served) -> None:
    wishes = ZIP | {"Prefer": "respond-async"}
    started = await served_node.ask("POST", "/traces", json={"identifier": LOT}, headers=wishes)
    again = started
    while again.status == 202:
        again = await served_node.ask("GET", started.headers["Location"])
    assert (again.status, again.headers["Content-Type"]) == (200, "application/zip")


async def test_the_page_leads_to_the_same_file(served_node: Served) -> None:
    await served_node.issue(draft("yarn-passport"))
    path = f"/trace?identifier={quote(LOT, safe='')}"
    page = await served_node.ask("GET", path, headers={"Accept": "text/html"})
    assert f'<a href="{path}&amp;format=zip">' in page.body.decode()
    file = await served_node.ask("GET", f"{path}&format=zip")
    assert file.headers["Content-Type"] == "application/zip"
    assert await unpacked(file.body).again() == unpacked(file.body).report


async def test_an_unknown_trace_is_404(served_node: Served) -> None:
    assert (await served_node.ask("GET", "/traces/none")).status == 404
