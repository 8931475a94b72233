"""The frontier: from one identifier to the whole chain, the heavy parts first, and never round in circles."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace

import pytest

from credentials.evidence import Absent, Found, Need, NeedKind
from credentials.provenance import Case, Holdings, Word, judge, looking, needs
from credentials.provenance.missing.wanted import Wanted
from credentials.provenance.statements.stepwise import finished
from credentials.trust.policy import Budget, Policy
from tests.credentials.provenance import twin
from tests.credentials.provenance.signing import found
from tests.credentials.provenance.walking import Internet, walk_frontier

GRAPHITE_PASSPORT = "https://northpit.test/credentials/graphite"


def asked(internet: Internet, kind: NeedKind) -> list[str]:
    """The ids that were looked up as ``kind``, in order."""
    return [need.id for need in internet.asked if need.kind is kind]


def test_the_first_need_is_the_linkset_of_the_target() -> None:
    assert needs(Case.of(twin.question(), Holdings())) == (Need(NeedKind.LINKSET, twin.TARGET),)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("(01)09506000134352", "https://id.gs1.org/01/09506000134352"),
        ("(01)09506000134352(10)ABC123", "https://id.gs1.org/01/09506000134352/10/ABC123"),
        ("(01)09506000134352(21)55", "https://id.gs1.org/01/09506000134352/21/55"),
        ("urn:epc:id:sgtin:9506000.013435.55", "https://id.gs1.org/01/09506000134352/21/55"),
        ("09506000134352", "https://id.gs1.org/01/09506000134352"),
    ],
)
def test_a_label_is_asked_for_by_its_digital_link_with_lot_and_serial(given: str, asked: str) -> None:
    (need,) = needs(Case.of(twin.question(target=given), Holdings()))

    assert need.id == asked


def test_a_target_that_nobody_can_look_up_needs_nothing() -> None:
    assert needs(Case.of(twin.question(target="lot 7"), Holdings())) == ()


def test_from_the_identifier_alone_the_whole_chain_is_assembled_and_verified() -> None:
    internet = Internet(twin.drafts())

    report = judge(Case.of(twin.question(), walk_frontier(internet, twin.question())))

    assert (report.word, report.coverage, report.findings, report.gaps) == (Word.VERIFIED, (1.0, 1.0), (), ())


def test_everything_of_the_chain_is_found_by_walking() -> None:
    holdings = walk_frontier(Internet(twin.drafts()), twin.question())

    assert {one.verdict.id for one in holdings.credentials} == {draft["id"] for draft in twin.drafts().values()}


def test_no_look_up_is_made_twice() -> None:
    internet = Internet(twin.drafts())

    walk_frontier(internet, twin.question(), wave=1)

    assert len(internet.asked) == len(set(internet.asked))


def test_the_size_of_a_wave_changes_nothing_but_the_number_of_waves() -> None:
    one = walk_frontier(Internet(twin.drafts()), twin.question(), wave=1)
    many = walk_frontier(Internet(twin.drafts()), twin.question(), wave=50)

    assert judge(Case.of(twin.question(), one)) == judge(Case.of(twin.question(), many))


def test_the_heavier_input_is_asked_for_first() -> None:
    internet = Internet(twin.drafts())

    walk_frontier(internet, twin.question(), wave=1)

    linksets = asked(internet, NeedKind.LINKSET)
    assert linksets.index(twin.GRAPHITE) < linksets.index(twin.CONCENTRATE)


def test_a_circle_of_lots_ends() -> None:
    drafts = twin.drafts()
    loop = deepcopy(drafts["battery-made"]["credentialSubject"][0]["outputProduct"][0])
    drafts["cathode-made"]["credentialSubject"][0]["inputProduct"].append(loop)

    holdings = walk_frontier(Internet(drafts), twin.question())

    assert "PV-EVT-1" in {one.rule for one in judge(Case.of(twin.question(), holdings)).findings}


def test_two_resolvers_that_name_each_other_end() -> None:
    there, back = "https://one.test/r", "https://two.test/r"
    question = twin.question(target=there)
    answers = {}
    for here, other in ((there, back), (back, there)):
        body = {"linkset": [{"anchor": here, "idr": [{"href": other, "title": "other resolver"}]}]}
        answers[Need(NeedKind.LINKSET, here)] = body
    evidence = twin.holdings({}, answers=_found(answers)).evidence

    assert [need.id for need in needs(Case.of(question, Holdings(evidence=evidence)))] == []


def test_a_second_resolver_is_followed() -> None:
    body = {"linkset": [{"anchor": twin.TARGET, "idr": [{"href": "https://two.test/r", "title": "other"}]}]}
    held = twin.holdings({}, answers=_found({Need(NeedKind.LINKSET, twin.TARGET): body}))

    assert Need(NeedKind.LINKSET, "https://two.test/r") in needs(Case.of(twin.question(), held))


def test_links_of_other_kinds_and_older_versions_are_not_followed() -> None:
    links = {
        "dpp": [{"href": "https://cellworks.test/old", "title": "old", "rel": ["predecessor-version"]}],
        "https://ref.gs1.org/voc/pip": [{"href": "https://cellworks.test/shop", "title": "shop"}],
        "untp:dte": [{"href": "https://cellworks.test/made", "title": "made"}],
    }
    body = {"linkset": [{"anchor": twin.TARGET, **links}]}
    held = twin.holdings({}, answers=_found({Need(NeedKind.LINKSET, twin.TARGET): body}))

    assert [need.id for need in needs(Case.of(twin.question(), held))] == ["https://cellworks.test/made"]


def test_an_unreadable_linkset_leads_nowhere() -> None:
    held = twin.holdings({}, answers=_found({Need(NeedKind.LINKSET, twin.TARGET): {"linkset": "no list"}}))

    assert needs(Case.of(twin.question(), held)) == ()


def test_links_that_lead_out_of_the_web_are_not_followed() -> None:
    links = {"dpp": [{"href": "file:///etc/passwd", "title": "x"}, {"href": "javascript:alert(1)", "title": "y"}]}
    body = {"linkset": [{"anchor": twin.TARGET, **links}]}
    held = twin.holdings({}, answers=_found({Need(NeedKind.LINKSET, twin.TARGET): body}))

    assert needs(Case.of(twin.question(), held)) == ()


def test_evidence_that_is_a_page_is_wanted_for_its_digest_only() -> None:
    drafts = twin.drafts()
    drafts["battery-passport"]["credentialSubject"]["performanceClaim"][0]["evidence"] = [
        {"linkURL": "https://cellworks.test/study.pdf", "linkName": "Study", "mediaType": "application/pdf"}
    ]

    assert Need(NeedKind.FILE, "https://cellworks.test/study.pdf") in needs(
        Case.of(twin.question(), twin.holdings(drafts))
    )


def test_a_silent_supplier_is_a_gap_with_its_share_and_whom_to_ask() -> None:
    internet = Internet(twin.drafts(), silent=[twin.GRAPHITE, GRAPHITE_PASSPORT])

    report = judge(Case.of(twin.question(), walk_frontier(internet, twin.question())))

    (gap,) = report.gaps
    assert (gap.gap_class, gap.subject, gap.ask) == ("offline", twin.GRAPHITE, "northpit.test")
    assert gap.mass is not None
    assert report.coverage[0] == round(1 - gap.mass, 6)


def test_a_passport_that_its_resolver_names_and_nobody_serves_is_a_gap_of_that_kind() -> None:
    internet = Internet(twin.drafts(), silent=[GRAPHITE_PASSPORT])

    report = judge(Case.of(twin.question(), walk_frontier(internet, twin.question())))

    assert [(gap.gap_class, gap.subject) for gap in report.gaps] == [("offline", twin.GRAPHITE)]


def linked(id: str, relation: str, href: str) -> dict[Need, Found | Absent]:
    """The answer of a resolver that gives one link."""
    return _found({Need(NeedKind.LINKSET, id): {"linkset": [{"anchor": id, relation: [{"href": href, "title": "x"}]}]}})


@pytest.mark.parametrize("name", [twin.MAKER, "https://register.test/companies/B-3"])
def test_an_anchor_is_found_by_the_names_of_the_party_too(name: str) -> None:
    held = twin.holdings(answers=linked(name, "dia", "https://other-register.test/anchor"))

    assert Need(NeedKind.CREDENTIAL, "https://other-register.test/anchor") in needs(Case.of(twin.question(), held))


@pytest.mark.parametrize(
    ("name", "relation", "followed"),
    [
        (twin.MAKER, "dpp", False),
        (twin.MAKER, "dcc", True),
        (twin.FACTORY, "dpp", False),
        (twin.FACTORY, "dte", False),
        (twin.FACTORY, "dfr", True),
        (twin.CATHODE, "dte", True),
    ],
)
def test_a_place_or_company_does_not_pull_in_all_it_ever_made(name: str, relation: str, followed: bool) -> None:
    held = twin.holdings(answers=linked(name, relation, "https://cellworks.test/more"))

    assert (
        Need(NeedKind.CREDENTIAL, "https://cellworks.test/more") in needs(Case.of(twin.question(), held))
    ) is followed


def test_the_trust_list_needs_nobody_to_vouch_for_its_own_names() -> None:
    assert Need(NeedKind.LINKSET, twin.REGISTER) not in needs(Case.of(twin.question(), twin.holdings()))


def test_the_budget_bounds_what_is_wanted() -> None:
    policy = replace(Policy(), budget=Budget(lots=2))

    assert len(needs(Case.of(twin.question(policy=policy), twin.holdings()))) <= 2


def listing(*hrefs: str) -> Holdings:
    """Everything in hand, and a linkset of the cathode that lists these too."""
    links = [{"href": href, "title": "x"} for href in hrefs]
    return twin.holdings(answers=_found({Need(NeedKind.LINKSET, twin.CATHODE): _linkset(twin.CATHODE, links)}))


def _linkset(id: str, links: list[dict[str, str]]) -> dict[str, object]:
    return {"linkset": [{"anchor": id, "dte": links}]}


def test_what_a_list_of_links_offers_at_a_strangers_host_comes_after_what_is_owed() -> None:
    held = listing("https://mallory.test/a", "https://coastsmelter.test/b", "https://events.northpit.test/c")

    found = finished(looking(Case.of(twin.question(), held)))

    assert Need(NeedKind.CREDENTIAL, "https://coastsmelter.test/b") in found.owed
    assert Need(NeedKind.CREDENTIAL, "https://events.northpit.test/c") in found.owed
    assert [need.id for need in found.offered] == ["https://mallory.test/a"]


def test_no_host_crowds_out_what_another_one_offers() -> None:
    held = listing(*(f"https://mallory.test/{number:04}" for number in range(1_000)), "https://storage.test/made")

    offered = finished(looking(Case.of(twin.question(), held))).offered

    assert {need.id for need in offered[:2]} == {"https://mallory.test/0000", "https://storage.test/made"}


def test_a_neighbour_on_the_host_of_a_party_owes_nothing() -> None:
    links = [{"href": "https://coastsmelter.test/mallory/x", "title": "x"}]
    answers = _found({Need(NeedKind.LINKSET, twin.CATHODE): _linkset(twin.CATHODE, links)})
    case = Case.of(twin.question(), twin.holdings(answers=answers))
    wanted = Wanted(case, ["did:web:coastsmelter.test:smelter"])
    wanted.add(Need(NeedKind.LINKSET, twin.CATHODE), 1.0, frozenset({"dte"}))

    finished(wanted.follow())

    assert [need.id for need in wanted.offered] == ["https://coastsmelter.test/mallory/x"]


def _found(answers: dict[Need, dict[str, object]]) -> dict[Need, Found | Absent]:
    return {
        need: found(json.dumps(body).encode(), media_type="application/linkset+json", source=need.id, at=twin.AT)
        for need, body in answers.items()
    }
