"""Ten questions that readers ask, and where the first screen answers each from its fact, in four worlds."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import pytest

from credentials.provenance import ClaimVerdict, Report, Word
from credentials.trust.policy import Policy
from node.demo import defects
from node.demo.season import target
from node.flows.tracing import Tracing
from node.web.words import GAPS, band
from node.wire.folder import Folder
from tests.node.issuer import AT
from tests.node.season import TRUST, season_folder
from tests.node.web.reading import Page
from tests.node.web.test_report_page import html_of

WORLDS = {
    "everything planted": frozenset(defects.NAMES),
    "nothing planted": frozenset[str](),
    "a certificate revoked": frozenset({defects.REVOKED_ATTESTATION}),
    "a lot oversold": frozenset({defects.OVERSOLD_LOT}),
}
_REPORTS: dict[str, Report] = {}


def world(name: str) -> Report:
    """The report on the shirt of one of the worlds, traced once."""
    if name not in _REPORTS:
        tracing = Tracing(source=Folder(season_folder(WORLDS[name])))
        _REPORTS[name] = asyncio.run(tracing.trace(target(), at=AT, trust=TRUST, policy=Policy()))
    return _REPORTS[name]


@dataclass(frozen=True)
class Question:
    """What is asked, the claim it is about, the fact that answers it, and another report in which the fact is another.

    ``where`` is the element that answers; of a claim's row the column.
    """

    asked: str
    where: str
    fact: Callable[[Report], tuple[str, ...]]
    otherwise: Callable[[Report], Report]


def organic(report: Report) -> ClaimVerdict:
    return next(one for one in report.claims if one.id.endswith("organic-content"))


def name(report: Report, did: str) -> str:
    return report.names.get(did) or did


def with_organic(report: Report, **changed: object) -> Report:
    claims = (replace(one, **changed) if one is organic(report) else one for one in report.claims)  # type: ignore[arg-type]
    return replace(report, claims=tuple(claims))


def checkers(report: Report) -> tuple[str, ...]:
    issuers = {one.id: one.issuer for one in report.inputs}
    return tuple(name(report, issuers[id]) for id in organic(report).attested_by)


def liars(report: Report) -> tuple[str, ...]:
    unless = organic(report).holds_unless
    assert unless is not None
    return tuple(name(report, party) for one in unless.sets for party in one)


def other_liars(report: Report) -> Report:
    unless = organic(report).holds_unless
    assert unless is not None
    return with_organic(
        report,
        holds_unless=replace(
            unless, sets=(("did:web:other.test",),), sentence="False only if did:web:other.test lies."
        ),
    )


def ends(report: Report) -> tuple[str, ...]:
    documents = report.derivation["documents"]
    assert isinstance(documents, list)
    return (min(one.until for one in report.inputs if one.digest in documents and one.until)[:10],)


def ending_sooner(report: Report) -> Report:
    documents = report.derivation["documents"]
    assert isinstance(documents, list)
    first, *rest = (one for one in report.inputs if one.digest in documents)
    others = [one for one in report.inputs if one.digest not in documents]
    return replace(report, inputs=(replace(first, until="2026-12-02T00:00:00Z"), *rest, *others))


def missing(report: Report) -> tuple[str, ...]:
    return tuple(GAPS[one.gap_class] for one in {*report.gaps, *(gap for claim in report.claims for gap in claim.gaps)})


def to_ask(report: Report) -> tuple[str, ...]:
    gaps = {*report.gaps, *(gap for claim in report.claims for gap in claim.gaps)}
    return tuple(f"ask {name(report, one.ask)}" for one in gaps if one.ask)


def without_gaps(report: Report) -> Report:
    return replace(report, gaps=(), claims=tuple(replace(one, gaps=()) for one in report.claims))


def asking_another(report: Report) -> Report:
    other = "did:web:other.test"
    claims = (replace(one, gaps=tuple(replace(gap, ask=other) for gap in one.gaps)) for one in report.claims)
    return replace(report, gaps=tuple(replace(gap, ask=other) for gap in report.gaps), claims=tuple(claims))


QUESTIONS = (
    Question(
        "is it organic?",
        "What is claimed",
        lambda report: (organic(report).verdict.value, "Organic content"),
        lambda report: with_organic(report, verdict=Word.REFUTED),
    ),
    Question(
        "how much of it?",
        "Proven",
        lambda report: (f"{band(*organic(report).value)}of the mass",),
        lambda report: with_organic(report, value=(0.25, 0.5)),
    ),
    Question(
        "who says so?",
        "What is claimed",
        lambda report: (f"says {name(report, organic(report).says)}",),
        lambda report: with_organic(report, says="did:web:other.test"),
    ),
    Question(
        "who checked them?",
        "Who checked it",
        lambda report: (*checkers(report), *(name(report, one) for one in organic(report).accredited_by)),
        lambda report: with_organic(report, accredited_by=("did:web:other.test",)),
    ),
    Question("what is missing?", "short-missing", missing, without_gaps),
    Question("whom do I ask?", "short-missing", to_ask, asking_another),
    Question(
        "what is wrong?",
        "short-wrong",
        lambda report: tuple(one.detail for one in report.findings) or ("nothing was found",),
        lambda report: replace(report, findings=report.findings[1:] or world("everything planted").findings),
    ),
    Question("who would have to lie?", "Who would have to lie, or what it lacks", liars, other_liars),
    Question("can I rely on it tomorrow?", "short-until", ends, ending_sooner),
    Question(
        "what do I send my auditor?",
        "short-auditor",
        lambda _: ("One file with all evidence", "the report alone"),
        lambda report: report,
    ),
)


def answers(html: str) -> Mapping[str, str]:
    """The text of each place of the first screen; of the table, the row about organic content."""
    found: dict[str, str] = {}
    table = html[html.index('id="short-claims"') : html.index("</table>")]
    row = next(one for one in table.split("<tr>") if "Organic content" in one)
    cells = re.findall(r'<t[hd](?: class="tight")? (?:scope="row"|data-label="([^"]*)")>(.*?)</t[hd]>', row, re.DOTALL)
    for label, inner in cells:
        found[label or "What is claimed"] = _text(inner)
    for place in ("short-wrong", "short-missing", "short-until", "short-auditor"):
        start = html.index(f'id="{place}">') + len(place) + 6
        found[place] = _text(html[start : html.index("</dd>", start)])
    return found


def _text(inner: str) -> str:
    return " ".join(Page(inner).text.split())


def answer(report: Report, where: str) -> str:
    return answers(html_of(report, TRUST))[where]


@pytest.mark.parametrize("of", WORLDS)
def test_ten_questions_are_answered_from_their_facts_on_the_first_screen(of: str) -> None:
    report = world(of)
    said = answers(html_of(report, TRUST))
    assert len(QUESTIONS) == 10
    for question in QUESTIONS:
        for fact in question.fact(report):
            assert " ".join(fact.split()) in said[question.where], question.asked


@pytest.mark.parametrize("question", QUESTIONS[:-1], ids=lambda one: one.asked)
def test_an_answer_changes_with_its_fact(question: Question) -> None:
    report = world("everything planted")
    other = question.otherwise(report)
    assert answer(other, question.where) != answer(report, question.where)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.asked)
def test_two_worlds_that_differ_in_a_fact_differ_in_the_answer_and_in_nothing_else(question: Question) -> None:
    said = {of: (set(question.fact(world(of))), answer(world(of), question.where)) for of in WORLDS}
    for one, other in combinations(WORLDS, 2):
        (fact, shown), (other_fact, other_shown) = said[one], said[other]
        assert (fact == other_fact) == (shown == other_shown), (one, other)


def test_what_an_auditor_gets_is_the_file_about_this_identifier_and_no_link_where_there_is_none() -> None:
    report = world("nothing planted")
    html = html_of(report, TRUST)
    assert '<a href="/trace?identifier=x&amp;format=zip">One file with all evidence</a>' in html
    without = html_of(report, TRUST, download="", bundle="")
    assert "The file that you have" in answers(without)["short-auditor"]
    assert '<a href="">' not in without


def test_everybody_who_is_called_by_a_name_stands_with_the_did_below() -> None:
    report = world("everything planted")
    said = _text(html_of(report, TRUST).split('id="short-parties">')[1].split("</dd>")[0])
    for did in ("brand", "certifier", "accreditor", "fieldcheck", "maker", "spinner", "greenseal"):
        assert f"{report.names[f'did:web:{did}.test']} did:web:{did}.test" in said


def test_a_name_that_another_party_has_as_well_never_stands_alone() -> None:
    report = world("everything planted")
    names = {**report.names, "did:web:stranger.test": report.names["did:web:certifier.test"]}
    said = answers(html_of(replace(report, names=names), TRUST))
    assert "Fibre Assurance (did:web:certifier.test)" in said["Who checked it"]
    assert "Field Check (" not in said["Who would have to lie, or what it lacks"]


def test_four_worlds_give_four_first_screens() -> None:
    said = {of: tuple(answers(html_of(world(of), TRUST)).values()) for of in WORLDS}
    assert len(set(said.values())) == len(WORLDS)
    assert answer(world("nothing planted"), "short-wrong") == "nothing was found"
    assert answer(world("a lot oversold"), "Proven") != answer(world("nothing planted"), "Proven")
