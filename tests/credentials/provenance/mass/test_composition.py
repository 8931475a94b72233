"""Composition: codes decide what an input is; where nobody classified it, it is possible and not excluded."""

from __future__ import annotations

from fractions import Fraction

from credentials.provenance.case.case import Case
from credentials.provenance.mass.composition import documented_share, inputs_for, is_made_of
from credentials.untp.passport import Material
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, notes
from tests.credentials.provenance.rules.mutations import subject
from tests.credentials.provenance.signing import Draft


def case(drafts: dict[str, Draft] | None = None) -> Case:
    """The case of the consistent world, or of changed drafts."""
    return Case.of(twin.question(), twin.holdings(drafts))


def materials(asked: Case) -> tuple[Material, Material]:
    """Copper and graphite, as the battery's passport lists them."""
    copper, graphite = asked.graph.passports_of(asked.target)[0].said.materials
    return copper, graphite


def test_an_input_is_the_material_whose_code_it_has() -> None:
    asked = case()
    copper, graphite = materials(asked)
    (event,) = asked.graph.makers_of(asked.target)

    assert [is_made_of(asked.graph, portion.lot, copper) for portion in event.inputs] == [True, False]
    assert [is_made_of(asked.graph, portion.lot, graphite) for portion in event.inputs] == [False, True]


def test_an_input_without_passport_could_be_any_material() -> None:
    drafts = twin.drafts()
    del drafts["graphite-passport"]
    asked = case(drafts)
    copper, _ = materials(asked)

    sure, possible = inputs_for(asked.graph, asked.graph.makers_of(asked.target), copper)

    assert [portion.id for portion in sure] == [twin.CATHODE]
    assert [portion.id for portion in possible] == [twin.GRAPHITE]


def test_codes_of_different_schemes_cannot_be_compared() -> None:
    drafts = twin.drafts()
    subject(drafts, "graphite-passport")["productCategory"][0]["schemeId"] = "https://other.test/codes"
    asked = case(drafts)
    _, graphite = materials(asked)
    (event,) = asked.graph.makers_of(asked.target)

    assert is_made_of(asked.graph, event.inputs[1].lot, graphite) is None


def test_the_documented_share_is_what_the_passport_gives_the_inputs_that_are_there() -> None:
    drafts = twin.drafts()
    del subject(drafts, "battery-made")["inputProduct"][1]

    whole, part = case(), case(drafts)

    assert documented_share(whole.graph, whole.graph.makers_of(whole.target)[0]) == 1
    assert documented_share(part.graph, part.graph.makers_of(part.target)[0]) == Fraction(4, 10)


def test_a_surplus_is_a_contradiction_where_the_passport_says_the_inputs_are_all_there() -> None:
    drafts = twin.drafts()
    for portion in subject(drafts, "battery-made")["inputProduct"]:
        portion["quantity"]["value"] = 25

    (answer,) = complaints("PV-QTY-2", twin.holdings(drafts))

    assert answer.outcome.value == "fail"


def test_a_surplus_is_a_gap_where_the_passport_names_more_than_the_inputs() -> None:
    drafts = twin.drafts()
    del subject(drafts, "battery-made")["inputProduct"][1]

    (answer,) = complaints("PV-QTY-2", twin.holdings(drafts))

    assert answer.outcome.value == "unknown"
    assert "58 % of the mass is missing" in answer.detail


def test_what_an_unclassified_input_could_be_is_no_contradiction() -> None:
    drafts = twin.drafts()
    del drafts["graphite-passport"]
    subject(drafts, "battery-made")["inputProduct"][0]["quantity"]["value"] = 30
    subject(drafts, "battery-made")["inputProduct"][1]["quantity"]["value"] = 75

    held = twin.holdings(drafts)

    assert complaints("PV-QTY-8", held) == []
    assert "nobody says what they are" in " ".join(one.detail for one in notes("PV-QTY-8", held))
