from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from credentials.provenance import Case, judge, to_json
from credentials.provenance.report.figures import amount, number
from credentials.provenance.report.names import in_names, usable
from credentials.untp.values import Measure
from tests.credentials.provenance import official, twin
from tests.credentials.provenance.report.sentences import faults, sentences, unexplained
from tests.credentials.provenance.rules.mutations import OWN_RULES, Mutation, subject

FIRM, GOODS = "did:web:firm.test", "https://firm.test/lots/1"
NAMES = {FIRM: "Firm & Sons", GOODS: "Yarn, 2026 Y"}


@pytest.mark.parametrize("mutation", OWN_RULES, ids=lambda one: f"{one.rule}: {one.story}")
def test_a_sentence_has_names_and_units(mutation: Mutation) -> None:
    drafts = twin.drafts()
    answers = mutation.change(drafts)

    report = to_json(judge(Case.of(twin.question(), twin.holdings(drafts, answers=answers))))

    assert [(said, bad) for said in sentences(report) if (bad := faults(said, report["names"]))] == []  # type: ignore[arg-type]
    assert list(unexplained(report)) == []


def test_millions_of_kilograms_are_written_out() -> None:
    drafts = twin.drafts()
    subject(drafts, "concentrate-shipped")["movedProduct"][0]["quantity"]["value"] = 3e6

    report = to_json(judge(Case.of(twin.question(), twin.holdings(drafts))))
    said = list(sentences(report))

    assert any("3 000 000 kg" in one for one in said)
    assert [one for one in said if faults(one, report["names"])] == []  # type: ignore[arg-type]


def test_the_sentences_of_the_official_chain_have_names_and_units() -> None:
    report = to_json(judge(Case.of(official.question(), official.holdings())))

    assert list(unexplained(report)) == []
    assert [(said, bad) for said in sentences(report) if (bad := faults(said, report["names"]))] == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "said",
    [
        *("3e+06 kg were used up.", "80.0 P1 is claimed.", f"Ask {FIRM}.", f"Of {GOODS} made"),
        *("They are inTransit.", "It is of level authority-peer.", "So says PV-CLM-5."),
    ],
)
def test_what_a_person_cannot_read_is_noticed(said: str) -> None:
    assert faults(said, NAMES)


def test_a_company_is_told_by_name_with_its_did_and_goods_by_name_in_quotes() -> None:
    said = in_names(f"{FIRM} sold {GOODS}: too much, says {FIRM}.", NAMES)

    assert said == f"Firm & Sons ({FIRM}) sold “Yarn, 2026 Y”: too much, says Firm & Sons ({FIRM})."
    assert in_names(said, NAMES) == said


def test_an_id_without_a_known_name_stays_as_it_is() -> None:
    said = "https://firm.test/lots/10 came from did:web:firm.test:branch."

    assert in_names(said, NAMES) == said


@pytest.mark.parametrize(
    "name", ["did:web:brand.test", "see https://x.test", "a\u202eb", "x" * 500, "”, says Other: “"]
)
def test_a_name_that_could_pass_for_something_else_is_none(name: str) -> None:
    assert usable(name) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("3E+6", "3 000 000"),
        ("80.0", "80"),
        ("0.0000125", "0.0000125"),
        ("33.33333", "33.333"),
        ("-1.5", "-1.5"),
        ("0", "0"),
    ],
)
def test_a_number_is_written_without_exponent(value: str, text: str) -> None:
    assert number(Decimal(value)) == text


def test_a_number_beyond_measure_is_said_in_words() -> None:
    assert "e" not in number(Fraction(10) ** 40).replace("more than any goods have", "")


@pytest.mark.parametrize(("unit", "text"), [("P1", "80 %"), ("KGM", "80 kg"), ("XQZ", "80 “XQZ”"), (None, "80")])
def test_an_amount_has_its_unit(unit: str | None, text: str) -> None:
    assert amount(Measure(value=Decimal(80), unit=unit, upper_tolerance=None, lower_tolerance=None)) == text


def test_a_claim_is_headed_by_what_was_attested_not_by_what_its_claimant_calls_it() -> None:
    drafts = twin.drafts()
    subject(drafts, "battery-passport")["performanceClaim"][0]["name"] = "The cleanest battery of all"

    (claim, *_) = judge(Case.of(twin.question(), twin.holdings(drafts))).claims

    assert "cleanest" not in claim.attested
    assert "kg" in claim.attested
    assert claim.name == "The cleanest battery of all"


def test_two_things_of_one_name_are_told_apart() -> None:
    drafts = twin.drafts()
    subject(drafts, "graphite-passport")["name"] = subject(drafts, "concentrate-passport")["name"]

    names = judge(Case.of(twin.question(), twin.holdings(drafts))).names

    assert names[twin.GRAPHITE] != names[twin.CONCENTRATE]


def test_every_finding_says_what_would_close_it() -> None:
    drafts = twin.drafts()
    del drafts["accreditation"]

    findings = judge(Case.of(twin.question(), twin.holdings(drafts))).findings

    assert findings
    assert all(one.closes for one in findings)
    assert {one.ask for one in findings} & {twin.CERTIFIER}
