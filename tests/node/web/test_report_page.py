from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from credentials.provenance import Report, Word
from credentials.trust import TrustList
from node.flows.identity.identity import Identity
from node.web.chain import picture_of
from node.web.pages import render
from node.web.report_view import bar_of, view_of
from node.web.words import WORDS, band, said_of_band
from tests.node.web.reading import PAYLOADS, Page, assert_harmless, assert_whole, poisoned

BRAND = Identity(name="Plain Shirt Company", did="did:web:brand.test", public_url="https://brand.test")


def html_of(report: Report, trust: TrustList, **changed: str) -> str:
    return render(
        "report.html",
        identity=BRAND,
        index=False,
        view=view_of(report, trust),
        name="Plain shirt",
        links=[],
        told=None,
        explained="",
        **{
            "download": "/trace?identifier=x&format=json",
            "bundle": "/trace?identifier=x&format=zip",
            **changed,
        },
    )


def test_word_share_grade_and_sentence_come_before_everything_else(report: Report, trust: TrustList) -> None:
    text = Page(html_of(report, trust)).text
    first = [text.index(part) for part in (report.word.value, "93–100 %", "grade of the claims", "What is claimed")]
    assert first == sorted(first)


def test_each_claim_tells_who_says_it_who_attests_it_and_on_whose_accreditation(
    report: Report, trust: TrustList
) -> None:
    text = Page(html_of(report, trust)).text
    cards = text[text.index("What is claimed, and how well it holds") :]
    organic = cards[cards.index("Organic content") : cards.index("Recycled content")]
    assert "did:web:brand.test" in organic
    assert "did:web:certifier.test" in organic
    assert "did:web:accreditor.test (on this node’s trust list: accreditation, scheme-owner)" in organic
    assert "Why not better" in organic


def test_what_is_missing_names_its_share_and_whom_to_ask(report: Report, trust: TrustList) -> None:
    text = Page(html_of(report, trust)).text
    missing = text[text.index("What is missing, and whom to ask") :]
    assert "did:web:smallholder.test" in missing
    assert "7 %" in missing


def test_every_finding_stands_with_rule_subject_and_detail(report: Report, trust: TrustList) -> None:
    text = Page(html_of(report, trust)).text
    assert report.findings
    for one in report.findings:
        assert one.rule in text
        assert one.subject in text
        assert one.detail in text


def test_what_is_wrong_stands_before_the_cards_with_what_would_close_it_and_whom_to_ask(
    report: Report, trust: TrustList
) -> None:
    text = Page(html_of(report, trust)).text
    wrong = text[text.index("What was found wrong or could not be told") : text.index("What is claimed, and how")]
    for one in report.findings:
        assert one.detail in wrong
        assert one.closes in wrong
    assert "Deccan Spinning Mill did:web:spinner.test" in " ".join(wrong.split())


def test_a_claim_is_headed_by_what_was_attested_and_quotes_who_claims_it(report: Report, trust: TrustList) -> None:
    boast = "Free of child labour, AAA"
    claims = tuple(replace(one, name=boast) for one in report.claims)
    page = html_of(replace(report, claims=claims), trust)
    assert f"<h3><bdi>{boast}" not in page
    assert f"“<bdi>{boast}</bdi>”, says <bdi>Plain Shirt Company</bdi>" in page
    assert "<h3><bdi>80 % “Organic content”, under “Organic content”</bdi></h3>" in page


def test_all_that_a_claim_says_stands_in_it_worst_first_with_who_bears_it_out(report: Report, trust: TrustList) -> None:
    claim = next(one for one in report.claims if one.verdict is Word.VERIFIED and one.atoms[-1].kind == "metric")
    first, *rest, figure = claim.atoms
    unsaid = replace(first, statement="“Free of child labour”", grade=1, attested_by=())
    worse = replace(figure, statement="99 % of it", attested="80 % of it")
    page = html_of(replace(report, claims=(replace(claim, atoms=(*rest, worse, unsaid)),)), trust)
    said = " ".join(Page(page).text.split())
    assert said.index("criterion “Free of child labour”") < said.index("metric 99 % of it")
    assert "“Free of child labour” nobody whose word counts" in said
    assert "99 % of it Fibre Assurance" in said
    assert "assessed: 80 % of it" in said


def test_what_follows_from_a_finding_is_folded_under_it(report: Report, trust: TrustList) -> None:
    root = report.findings[0]
    follows = replace(root, rule="PV-CLM-5", subject="https://x.test/claim", because=(f"{root.rule} {root.subject}",))
    lines = view_of(replace(report, findings=(*report.findings, follows)), trust).findings
    assert len(lines) == len(report.findings)
    assert [one.consequences for one in lines if one.finding == root] == [(follows,)]


def test_findings_that_name_each_other_are_not_lost(report: Report, trust: TrustList) -> None:
    root = report.findings[0]
    here = replace(root, rule="A", subject="1", because=("B 2",))
    there = replace(root, rule="B", subject="2", because=("A 1",))
    (line,) = view_of(replace(report, findings=(here, there)), trust).findings
    assert {line.finding, *line.consequences} == {here, there}


def test_the_card_of_the_target_carries_the_word_of_the_page(report: Report, trust: TrustList) -> None:
    (card,) = (one for one in view_of(report, trust).picture.cards if one.id.startswith(report.target))
    assert card.word == report.word.value


def test_nothing_but_a_claim_is_refuted_in_the_picture(report: Report, trust: TrustList) -> None:
    assert report.word.value != "REFUTED"
    assert "REFUTED" not in {one.word for one in view_of(report, trust).picture.cards}


def test_letters_of_the_picture_are_eleven_pixels_at_least_however_large_it_is(
    report: Report, trust: TrustList
) -> None:
    html = html_of(report, trust)
    sizes = [float(size) for size in re.findall(r"\.chain [^{]*\{[^}]*font-size:([\d.]+)px", html)]
    assert len(sizes) >= 3
    assert min(sizes) >= 11
    screen = html[: html.index("@media print")]
    assert ".chain{display:block;margin:0 auto;max-width:none}" in screen


@pytest.mark.parametrize("count", [11, 60, 300])
def test_no_two_cards_overlap(count: int) -> None:
    vertices = [
        {"id": str(n), "kind": "product", "label": "Lot", "issuer": "", "word": "VERIFIED"} for n in range(count)
    ]
    links = [{"from": str(n), "to": str(n // 3), "kind": "input"} for n in range(1, count)]
    picture = picture_of({"vertices": vertices, "links": links})
    wide, high = picture.card
    places = sorted((one.y, one.x) for one in picture.cards)
    assert picture.drawn
    assert all(b[0] - a[0] >= high or b[1] - a[1] >= wide for a, b in pairwise(places))
    assert all(one.x + wide <= picture.width and one.y + high <= picture.height for one in picture.cards)


def test_every_vertex_has_its_word_in_the_picture_and_in_the_list(report: Report, trust: TrustList) -> None:
    html = html_of(report, trust)
    picture = view_of(report, trust).picture
    svg = html[html.index('<svg class="chain"') :]
    assert len(picture.cards) == len(report.chain["vertices"])  # type: ignore[arg-type]
    assert svg.count('<g class="card') == len(picture.cards)
    for card in picture.cards:
        assert card.word in WORDS
        assert html.count(card.id) >= 1


def test_a_card_of_goods_leads_to_their_own_trace_and_one_of_a_document_to_the_document(
    report: Report, trust: TrustList
) -> None:
    cards = {card.kind: card.href for card in view_of(report, trust).picture.cards}
    assert cards["goods"].startswith("/trace?identifier=https%3A%2F%2F")
    assert cards["attestation"].startswith("https://greenseal.test/credentials/")
    svg = html_of(report, trust)
    svg = svg[svg.index('<svg class="chain"') :]
    assert f'<a href="{cards["goods"]}">' in svg


def test_a_party_is_told_by_what_it_does_in_the_chain(report: Report, trust: TrustList) -> None:
    kinds = {card.id: card.kind for card in view_of(report, trust).picture.cards}
    assert kinds["did:web:certifier.test"] == "assessor"
    assert kinds["did:web:accreditor.test"] == "accreditation body"
    assert kinds["did:web:register.test"] == "register"


def test_a_card_never_leads_to_what_may_not_be_clicked() -> None:
    vertex = {"id": "javascript:alert(1)", "kind": "event", "label": "A", "issuer": "", "word": "VERIFIED"}
    (card,) = picture_of({"vertices": [vertex], "links": []}).cards
    assert card.href == ""


def test_every_step_of_a_proven_claim_is_told_once_below_its_card(report: Report, trust: TrustList) -> None:
    organic = next(one for one in view_of(report, trust).claims if one.claim.id.endswith("organic-content"))
    assert organic.derivation is not None
    told = [one for one in organic.derivation.lines if not one.again and not one.closes]
    assert len(told) == len({one.number for one in told}) == organic.derivation.steps
    assert told[0].number == organic.claim.derivation
    assert {"did:web:fieldcheck.test", "did:web:spinner.test", "did:web:accreditor.test"} <= {one.party for one in told}
    said = " ".join(Page(html_of(report, trust)).text.split())
    assert "Deccan Spinning Mill states the amount: 8 400 kg" in said
    assert "Textile Accreditation Body vouches for Field Check" in said
    assert "Field Check assessed a figure that guarantees at least 100 %" in said


def test_a_derivation_too_long_to_draw_says_where_it_is(report: Report, trust: TrustList) -> None:
    steps = [
        {"rule": "sum", "from": [number - 1] if number else [], "party": "", "say": "", "value": "1"}
        for number in range(500)
    ]
    claims = (replace(report.claims[0], derivation=499), *report.claims[1:])
    long = replace(report, claims=claims, derivation={"documents": [], "steps": steps})
    assert "too many to draw" in html_of(long, trust)


def test_the_picture_has_a_title_and_a_description(report: Report, trust: TrustList) -> None:
    html = html_of(report, trust)
    assert 'role="group" aria-labelledby="chain-title chain-desc"' in html
    assert re.search(r'<title id="chain-title">[^<]+</title>\s*<desc id="chain-desc">[^<]+</desc>', html)


def test_the_same_report_gives_the_same_bytes(report: Report, trust: TrustList) -> None:
    assert html_of(report, trust) == html_of(report, trust)


def test_the_page_is_whole_harmless_and_small(report: Report, trust: TrustList) -> None:
    html = html_of(report, trust)
    assert_whole(html)
    assert_harmless(html)
    assert len(html.encode()) < 150_000


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_report_full_of_markup_is_shown_as_text(report: Report, trust: TrustList, payload: str) -> None:
    chain = {
        "vertices": [{**one, "label": payload, "issuer": payload} for one in report.chain["vertices"]],  # type: ignore[misc,union-attr]
        "links": report.chain["links"],
    }
    bad = replace(poisoned(report, payload), chain=chain)
    html = html_of(bad, trust)
    page = assert_harmless(html)
    assert_whole(html)
    assert payload in page.text


def test_a_report_without_anything_still_is_a_page(report: Report, trust: TrustList) -> None:
    empty = replace(report, claims=(), findings=(), notes=(), gaps=(), inputs=(), chain={})
    html = html_of(empty, trust)
    assert_whole(html)
    assert "No claim about it is in hand." in html


def test_a_chain_too_large_for_a_picture_is_a_list(report: Report, trust: TrustList) -> None:
    many = [
        {"id": f"https://a.test/{n}", "kind": "product", "label": f"Lot {n}", "issuer": "", "word": "VERIFIED"}
        for n in range(301)
    ]
    html = html_of(replace(report, chain={"vertices": many, "links": []}), trust)
    assert '<svg class="chain"' not in html
    assert "Lot 300" in html


def test_a_link_to_something_that_is_not_there_is_left_out() -> None:
    vertex = {"id": "a", "kind": "product", "label": "A", "issuer": "", "word": "VERIFIED"}
    picture = picture_of({"vertices": [vertex], "links": [{"from": "a", "to": "b", "kind": "input"}]})
    assert picture.lines == ()


@pytest.mark.parametrize(
    ("value", "shown", "said"),
    [
        ((0.84, 0.91), "84–91 %", "84 % of the mass is proven, 7 % is unknown."),
        ((1.0, 1.0), "100 %", "100 % of the mass is proven."),
        ((0.0, 1.0), "0–100 %", "Nothing is proven yet."),
        ((0.0, 0.9), "0–90 %", "Nothing is proven yet; 90 % is possible at most."),
        ((0.0, 0.0), "0 %", "It holds for none of the mass."),
    ],
)
def test_a_band_is_told_in_one_sentence(value: tuple[float, float], shown: str, said: str) -> None:
    assert (band(*value), said_of_band(*value)) == (shown, said)


def test_a_bar_is_proven_from_the_left_then_unknown() -> None:
    bar = bar_of((0.84, 0.91))
    assert (bar.proven, bar.unknown) == (84, 7)
