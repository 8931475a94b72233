"""Origins: declared by class and place, shown by somebody recognised, never by a lot that hides its making."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.mass.shares import End
from credentials.provenance.missing.gaps import coverage, mass_gaps
from credentials.provenance.packs.rule_pack import RulePack
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, findings, with_status
from tests.credentials.provenance.signing import Draft


def ends(drafts: dict[str, Draft], **asked: Any) -> dict[LotKey, End]:
    """How the chain ends at each of its last lots."""
    return {one.lot: one.end for one in Case.of(twin.question(**asked), twin.holdings(drafts)).shares.ends}


def at(id: str, batch: str) -> LotKey:
    return LotKey(id, batch)


GRAPHITE, CATHODE = at(twin.GRAPHITE, "G-2"), at(twin.CATHODE, "K-31")


def test_a_lot_that_names_its_own_material_hides_what_it_was_made_of() -> None:
    drafts = twin.drafts()
    del drafts["cathode-made"]
    cathode = drafts["cathode-passport"]["credentialSubject"]
    cathode["materialProvenance"][0]["materialType"] = deepcopy(cathode["productCategory"][0])
    cathode["materialProvenance"][0]["massFraction"] = 1
    del cathode["materialProvenance"][1:]

    assert ends(drafts)[CATHODE] is End.NO_PRODUCER
    assert ("PV-GAP-1", twin.CATHODE) in {(one.rule, one.subject) for one in findings(twin.holdings(drafts))}


def test_a_raw_lot_of_a_place_that_does_not_list_its_division_is_no_origin() -> None:
    drafts = twin.drafts()
    del drafts["facility-northpit.test"]["credentialSubject"]["processCategory"][1]

    assert ends(drafts)[GRAPHITE] is End.NO_PRODUCER


def test_a_raw_lot_of_a_place_that_uses_lots_of_its_division_from_elsewhere_is_no_origin() -> None:
    drafts = twin.drafts()
    bought = deepcopy(drafts["graphite-passport"])
    bought["id"] += "-bought"
    bought["credentialSubject"] |= {"id": "https://northpit.test/lots/graphite-9", "batchNumber": "G-9"}
    bought["credentialSubject"]["producedAtFacility"]["id"] = "https://northpit.test/facilities/other"
    using = deepcopy(drafts["cathode-made"])
    using |= {"id": "https://northpit.test/credentials/mixing", "issuer": deepcopy(bought["issuer"])}
    event = using["credentialSubject"][0]
    event |= {"id": "https://northpit.test/events/mixing"}
    event["madeAtFacility"]["id"] = twin.PIT
    for portion, name in ((event["inputProduct"][0], "graphite-9"), (event["outputProduct"][0], "graphite-10")):
        portion["product"] |= {"id": f"https://northpit.test/lots/{name}", "batchNumber": name[-2:]}
    event["inputProduct"][0]["product"]["batchNumber"] = "G-9"
    del event["inputProduct"][1:], event["outputProduct"][1:]
    assert ends(drafts)[GRAPHITE] is End.ORIGIN

    found = ends(drafts | {"bought": bought, "using": using})

    assert found[GRAPHITE] is End.NO_PRODUCER


def mined(drafts: dict[str, Draft], *, passport: str = "graphite-passport", place: str = twin.PIT) -> Draft:
    """A make event of the mine that states that nothing went into the passport's lot."""
    made, product = deepcopy(drafts["cathode-made"]), drafts[passport]["credentialSubject"]
    issuer = deepcopy(drafts[passport]["issuer"])
    made |= {"id": f"https://{issuer['id'].removeprefix('did:web:')}/credentials/mined", "issuer": issuer}
    event = made["credentialSubject"][0]
    event |= {"id": made["id"].replace("credentials", "events"), "eventDate": "2026-01-12T08:00:00Z"}
    event |= {"inputProduct": [], "outputProduct": event["outputProduct"][:1], "relatedDocument": []}
    event["madeAtFacility"]["id"] = place
    event["relatedParty"] = deepcopy(product["relatedParty"])
    portion = event["outputProduct"][0]
    portion["product"] = {key: product[key] for key in ("type", "id", "name", "batchNumber", "idGranularity")}
    portion["quantity"] = {"value": 5_000, "unit": "KGM"}
    return made


def test_a_making_of_nothing_at_a_primary_place_tells_of_an_origin() -> None:
    drafts = twin.drafts()
    told = drafts | {"mined": mined(drafts)}

    assert ends(told) == ends(drafts)
    assert ends(told)[GRAPHITE] is End.ORIGIN
    assert findings(twin.holdings(told)) == findings(twin.holdings(drafts)) == ()


@pytest.mark.parametrize(
    "activity",
    [
        {"code": "assembling", "name": "Assembling"},
        {"schemeId": "https://pit.test/steps", "schemeName": "Our own steps"},
    ],
)
def test_a_making_of_nothing_in_an_activity_that_is_not_known_to_be_primary_is_no_origin(
    activity: dict[str, str],
) -> None:
    drafts = twin.drafts()
    made = mined(drafts)
    made["credentialSubject"][0]["activityType"] |= activity

    assert ends(drafts | {"mined": made}).get(GRAPHITE) is not End.ORIGIN


def test_which_classes_are_primary_is_the_pack_s_to_say() -> None:
    nothing = RulePack(name="own", version="1")

    assert ends(twin.drafts(), pack=nothing)[GRAPHITE] is End.NO_PRODUCER


def test_a_making_of_nothing_where_no_primary_class_is_made_leaves_its_mass_open() -> None:
    drafts = twin.drafts()
    drafts["cathode-made"]["credentialSubject"][0]["inputProduct"] = []

    assert End.ORIGIN not in {end for lot, end in ends(drafts).items() if lot == CATHODE}
    assert [one.subject for one in complaints("PV-QTY-2", twin.holdings(drafts))] == [
        "https://coastsmelter.test/events/make-cathode-31"
    ]


def test_a_making_of_nothing_at_another_place_than_the_passport_names_is_no_origin() -> None:
    drafts = twin.drafts()

    assert ends(drafts | {"mined": mined(drafts, place=twin.FACTORY)}).get(GRAPHITE) is not End.ORIGIN


def test_a_making_that_leaves_out_what_went_in_tells_of_no_origin() -> None:
    drafts = twin.drafts()
    made = mined(drafts)
    del made["credentialSubject"][0]["inputProduct"]

    assert ends(drafts | {"mined": made}).get(GRAPHITE) is not End.ORIGIN


def test_an_input_that_names_no_lot_went_in_all_the_same() -> None:
    drafts = twin.drafts()
    made = mined(drafts)
    made["credentialSubject"][0]["inputProduct"] = [{"quantity": {"value": 5_000, "unit": "KGM"}}]

    assert ends(drafts | {"mined": made}).get(GRAPHITE) is not End.ORIGIN


def test_an_origin_that_nobody_recognised_vouches_for_is_only_declared() -> None:
    drafts = twin.drafts()
    del drafts["sourcing-attestation"]
    case = Case.of(twin.question(), twin.holdings(drafts))

    assert {(gap.gap_class, gap.subject) for gap in mass_gaps(case)} == {
        ("declared-origin", twin.GRAPHITE),
        ("declared-origin", twin.CONCENTRATE),
    }
    assert coverage(case) == (0, 1)


def test_an_assessment_that_finds_the_place_at_fault_shows_no_origin() -> None:
    drafts = twin.drafts()
    drafts["sourcing-attestation"]["credentialSubject"]["conformityAssessment"][0]["conformance"] = False

    assert coverage(Case.of(twin.question(), twin.holdings(drafts))) == (0, 1)


def test_a_raw_lot_that_names_another_material_was_made_of_something() -> None:
    drafts = twin.drafts()
    graphite = drafts["graphite-passport"]["credentialSubject"]
    graphite["materialProvenance"][0]["materialType"]["code"] = "16310"

    assert ends(drafts)[GRAPHITE] is End.NO_PRODUCER


def test_that_nobody_vouches_any_more_follows_from_the_revoked_attestation() -> None:
    drafts = twin.drafts()
    source = drafts["sourcing-attestation"]["id"]
    answers = with_status(drafts, "sourcing-attestation")
    held = twin.holdings(drafts, answers=answers)

    gaps = [one for one in findings(held) if one.rule == "PV-GAP-1"]

    assert gaps
    assert {one.because for one in gaps} == {(f"PV-CRED-3 {source}",)}
