from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from credentials.errors import PROBLEM_TYPES, Problem
from credentials.untp.finding import LintFinding
from credentials.untp.lint.rules import REQUIREMENTS
from credentials.verdict import INTEGRITY_CHECKS
from node.flows.issuing.examples import example
from node.flows.tracing import Progress
from node.web.credential_view import view_of
from node.web.pages import HEADERS, render
from node.web.words import CHECKS
from tests.house.test_problems import every_code
from tests.node.api.nodes import URL, Served, served
from tests.node.issuer import AT, draft
from tests.node.web.reading import PAYLOADS, Page, assert_harmless, assert_whole, poisoned

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"}
LOT = "/lots/yarn-2026-y"


async def issued(node: Served, key: str = "yarn-passport") -> str:
    """The path of a fresh credential."""
    assert (await node.issue(draft(key))).status == 201
    listed = await node.ask("GET", "/credentials", token=node.token)
    return urlsplit(str(listed.json["credentials"][0]["id"])).path


async def shown(node: Served, path: str) -> str:
    answer = await node.ask("GET", path, headers=BROWSER)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.body.decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (BROWSER["Accept"], "text/html"),
        ("text/html", "text/html"),
        ("text/*", "text/html"),
        ("*/*", "application/vc+jwt"),
        ("application/vc", "application/vc"),
        ("application/vc+jwt", "application/vc+jwt"),
        ("text/html, application/vc", "application/vc"),
        ("text/html;q=0.5, application/vc;q=0.9", "application/vc"),
        ("text/html;q=0.9, application/vc;q=0.5", "text/html"),
        ("text/html;q=0, */*", "application/vc+jwt"),
    ],
)
async def test_one_address_of_a_credential_answers_people_and_machines(node: Served, accept: str, given: str) -> None:
    path = await issued(node)
    answer = await node.ask("GET", path, headers={"Accept": accept})
    assert answer.headers["Content-Type"].partition(";")[0] == given
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "status", "given"),
    [
        (BROWSER["Accept"], 200, "text/html"),
        ("*/*", 307, None),
        ("application/linkset+json", 200, "application/linkset+json"),
        ("application/json, text/html;q=0.1", 307, None),
        ("text/html;q=0", 307, None),
    ],
)
async def test_one_address_of_an_identifier_answers_people_and_machines(
    node: Served, accept: str, status: int, given: str | None
) -> None:
    await issued(node)
    answer = await node.ask("GET", LOT, headers={"Accept": accept})
    assert answer.status == status
    assert given is None or answer.headers["Content-Type"].partition(";")[0] == given


async def test_the_page_of_a_credential_tells_the_checks_in_their_fixed_order(node: Served) -> None:
    page = Page(await shown(node, await issued(node)))
    assert "GENUINE AND IN FORCE" in page.text
    asked = [CHECKS[name][0] for name in (*INTEGRITY_CHECKS, "validity", "status", "schema", "lint")]
    checks = page.text[page.text.index("The checks") :]
    places = [checks.index(f"\n{name}") if f"\n{name}" in checks else checks.index(name) for name in asked]
    assert places == sorted(places)


async def test_the_did_always_stands_beside_the_claimed_name(node: Served) -> None:
    text = Page(await shown(node, await issued(node))).text
    assert text.index("did:web:spinner.test") < text.index("calls itself")


async def test_the_page_links_the_raw_forms(node: Served) -> None:
    path = await issued(node)
    links = [one["href"] for one in Page(await shown(node, path)).all("a") if one["href"].startswith("?form=")]
    assert len(links) == 2
    for link in links:
        answer = await node.ask("GET", path + link, headers=BROWSER)
        assert answer.headers["Content-Type"] in ("application/vc+jwt", "application/vc")


@pytest.mark.parametrize("path", ["/", "/trace", "/verify", LOT, f"/trace?identifier={quote(URL + LOT, safe='')}"])
async def test_every_page_is_whole_and_harmless(node: Served, path: str) -> None:
    await issued(node)
    html = await shown(node, path)
    assert_whole(html)
    assert_harmless(html)


async def test_every_page_comes_with_the_strict_policy(node: Served) -> None:
    answer = await node.ask("GET", await issued(node), headers=BROWSER)
    for name in ("Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options", "X-Robots-Tag"):
        assert answer.headers[name] == HEADERS[name]


async def test_a_revoked_credential_is_genuine_and_not_in_force(node: Served) -> None:
    path = await issued(node)
    credential = (await node.ask("GET", path, headers={"Accept": "application/json"})).json
    entry = credential["credentialStatus"]
    body = {"credentialId": credential["id"], "credentialStatus": entry, "status": True}
    assert (await node.ask("POST", "/credentials/status", token=node.token, json=body)).status == 200
    assert "GENUINE, NOT IN FORCE" in await shown(node, path)


async def test_a_pasted_credential_that_was_changed_is_not_genuine(node: Served) -> None:
    raw = (await node.ask("GET", await issued(node))).body.decode()
    before = await node.rows()
    answer = await node.ask("POST", "/verify", headers=BROWSER, data={"credential": raw[:-8] + "AAAAAAAA"})
    assert "NOT GENUINE" in answer.body.decode()
    assert "Says of itself" in answer.body.decode()
    assert await node.rows() == before


async def test_a_pasted_address_is_looked_up_and_judged(node: Served) -> None:
    path = await issued(node)
    answer = await node.ask("POST", "/verify", headers=BROWSER, data={"credential": f" {URL}{path}\n"})
    assert "GENUINE AND IN FORCE" in answer.body.decode()
    assert URL + path in answer.body.decode()


@pytest.mark.parametrize("word", ["hello", "09506000134352", "a.b.c"])
async def test_a_bare_word_is_no_credential_and_never_not_genuine(node: Served, word: str) -> None:
    text = (await node.ask("POST", "/verify", headers=BROWSER, data={"credential": word})).body.decode()
    assert "NOT GENUINE" not in text
    assert "GENUINE AND IN FORCE" not in text


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        (f"{URL}/credentials/none", 502, "PEER_UNREACHABLE"),
        ("http://spinner.test/x", 400, "MALFORMED_VALUE_ERROR"),
        ("https://user:secret@spinner.test/x", 400, "MALFORMED_VALUE_ERROR"),
        ("https://127.0.0.1/x", 502, "PEER_UNREACHABLE"),
    ],
)
async def test_an_address_that_leads_nowhere_is_a_named_problem(
    node: Served, address: str, status: int, code: str
) -> None:
    answer = await node.ask("POST", "/verify", data={"credential": address})
    assert (answer.status, answer.code) == (status, code)
    assert "secret" not in answer.body.decode()


async def test_only_goods_and_places_lead_to_a_trace(node: Served) -> None:
    passport = await issued(node)
    anchor = await node.issue(example("dia", node.node.identity, at=AT))
    assert ">trace</a>" in await shown(node, passport)
    assert ">trace</a>" not in await shown(node, anchor.json["id"].removeprefix(URL))


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"data": {"credential": ""}}, 400),
        ({"data": {}}, 400),
        ({"json": {"credential": "x"}}, 415),
        ({"data": b"credential=\xff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 400),
        ({"data": b"&".join([b"a=1"] * 50), "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 400),
    ],
)
async def test_a_form_that_cannot_be_read_is_a_named_problem(
    node: Served, options: dict[str, object], status: int
) -> None:
    answer = await node.ask("POST", "/verify", **options)
    assert answer.status == status
    assert answer.json["code"]


async def test_the_report_can_be_downloaded(node: Served) -> None:
    await issued(node)
    path = f"/trace?identifier={quote(URL + LOT, safe='')}&format=json"
    answer = await node.ask("GET", path)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report.json"'
    assert json.loads(answer.body)["target"] == URL + LOT


async def test_a_reload_within_a_minute_costs_nothing(node: Served) -> None:
    await issued(node)
    for _ in range(node.node.budgets.public_per_minute + 5):
        assert (await node.ask("GET", LOT, headers=BROWSER)).status == 200


async def test_a_stranger_who_traces_too_much_is_told_to_wait_on_a_page(node: Served) -> None:
    for number in range(node.node.budgets.public_per_minute):
        await node.ask("GET", f"/trace?identifier=urn:x:{number}", headers=BROWSER)
    answer = await node.ask("GET", "/trace?identifier=urn:x:more", headers=BROWSER)
    assert answer.status == 429
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_a_problem_is_a_page_for_people_and_json_for_machines(node: Served) -> None:
    page = await node.ask("GET", "/nothing/here", headers=BROWSER)
    machine = await node.ask("GET", "/nothing/here")
    assert (page.status, machine.status) == (404, 404)
    assert 'action="/trace"' in page.body.decode()
    assert_whole(page.body.decode())
    assert machine.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_markup_in_an_address_is_shown_as_text(node: Served, payload: str) -> None:
    answer = await node.ask("GET", f"/trace?identifier={quote(payload, safe='')}", headers=BROWSER)
    assert answer.status in (200, 400)
    assert_harmless(answer.body.decode())


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_a_credential_full_of_markup_is_shown_as_text(node: Served, payload: str) -> None:
    path = await issued(node)
    verdict, _ = await node.node.verifying.verify((await node.ask("GET", path)).body, "application/vc+jwt", at=AT)
    assert verdict.document is not None
    value = poisoned(verdict.document.value, payload) | {
        "type": ["VerifiableCredential", "DigitalProductPassport"],
        "@context": verdict.document.value["@context"],
    }
    bad = replace(verdict, issuer=payload, document=replace(verdict.document, value=value))
    html = render(
        "credential.html",
        identity=node.node.identity,
        index=False,
        view=view_of(bad),
        address=payload,
        raws=(),
        listed={payload: payload},
    )
    assert_whole(html)
    assert payload in assert_harmless(html).text


async def test_an_unknown_kind_is_shown_member_by_member(node: Served) -> None:
    path = await issued(node)
    verdict, _ = await node.node.verifying.verify((await node.ask("GET", path)).body, "application/vc+jwt", at=AT)
    assert verdict.document is not None
    value = {"type": ["VerifiableCredential", "Novelty"], "credentialSubject": {"id": "urn:x", "deep": [{"er": True}]}}
    view = view_of(replace(verdict, document=replace(verdict.document, value=value)))
    assert view.kind == "Novelty"
    assert (2, "er", "true") in view.members


async def test_nothing_is_shown_of_what_could_not_be_opened(node: Served) -> None:
    answer = await node.ask("POST", "/verify", headers=BROWSER, data={"credential": "<script>alert(1)</script>"})
    page = assert_harmless(answer.body.decode())
    assert "COULD NOT BE TOLD" in page.text
    assert "alert" not in page.text


async def test_a_trace_that_takes_long_is_a_page_that_looks_again(node: Served) -> None:
    at = Progress(waves=1, lookups=5, credentials=3, open=2)
    html = render("waiting.html", identity=node.node.identity, index=False, target="urn:x", at=at)
    assert '<meta http-equiv="refresh" content="2">' in html
    assert_whole(html)


async def test_the_type_of_every_problem_of_ours_opens_at_its_heading(node: Served) -> None:
    page = await shown(node, "/problems")
    own = set(every_code()) - set(PROBLEM_TYPES)
    assert own
    for code in own:
        path, _, anchor = Problem(code=code, detail="x").type.partition("#")
        assert (path, f'id="{anchor}"' in page) == ("/problems", True), code


async def test_a_problem_names_the_page_of_this_node(node: Served) -> None:
    refused = await node.ask("POST", "/traces", json={"identifier": "(01)09506000134353"})
    assert refused.json["type"] == f"{URL}/problems#ID_CHECK_DIGIT"
    verdict = await node.ask("POST", "/credentials/verify", json={"verifiableCredential": "%PDF-1.7 x"})
    assert [one["type"] for one in verdict.json["problemDetails"]] == [f"{URL}/problems#UNSUPPORTED_FORM"]


async def test_each_rule_of_the_lint_has_a_place_and_a_sentence_of_its_own(node: Served) -> None:
    page = await shown(node, "/rules")
    for rule, requirement in REQUIREMENTS.items():
        where = LintFinding(rule=rule, pointer="", severity="warn", detail="x").page
        assert where.startswith("/rules#")
        assert f'id="{where.partition("#")[2]}"' in page
        assert requirement.demands in html.unescape(page)


async def test_the_words_of_our_own_are_explained(node: Served) -> None:
    assert 'id="TrustListCredential"' in await shown(node, "/vocabulary")


async def test_the_symbol_of_what_is_published_is_anybody_s_and_a_sheet_asks_for_a_token(node: Served) -> None:
    await issued(node)
    lot = quote(URL + LOT, safe="")
    drawn = await node.ask("GET", f"/qr?id={lot}")
    unknown = await node.ask("GET", f"/qr?id={quote(URL + '/lots/none', safe='')}")
    other = await node.ask("GET", f"/qr?id={lot}&form=gif")
    stranger = await node.ask("GET", f"/labels?id={lot}", headers=BROWSER)
    own = await node.ask("GET", f"/labels?id={lot}&copies=3", headers=BROWSER, token=node.token)

    assert (drawn.status, drawn.headers["Content-Type"]) == (200, "image/svg+xml")
    assert (unknown.status, other.status, stranger.status) == (404, 400, 401)
    assert own.body.decode().count("data:image/svg+xml;base64,") == 3
    assert_whole(own.body.decode())


@pytest.mark.parametrize(
    "query", ["", "id=", "id=x%00y", f"id={'x' * 2000}", "id=urn:x:1&copies=0", "id=urn:x:1&copies=a"]
)
async def test_a_sheet_that_cannot_be_is_a_named_problem(node: Served, query: str) -> None:
    answer = await node.ask("GET", f"/labels?{query}", token=node.token)
    assert answer.status in (400, 404)
    assert answer.json["fix"]


async def test_a_stranger_who_draws_too_many_symbols_is_told_to_wait(tmp_path: Path) -> None:
    async with served(tmp_path, public_per_minute="1") as node:
        answers = [(await node.ask("GET", f"/qr?id=urn:x:{number}")).status for number in range(31)]
        own = await node.ask("GET", "/qr?id=urn:x:1", token=node.token)
    assert (set(answers[:30]), answers[30], own.status) == ({404}, 429, 404)
