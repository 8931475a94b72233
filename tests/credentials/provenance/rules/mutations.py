"""One table of mutations: each changes the consistent chain in one way, and one rule must say so of one subject.

To add a rule: add at least one row here. ``change`` edits the drafts in place and may give answers that evidence holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from credentials.evidence import Absent, AbsentReason, Found, Need, NeedKind
from tests.credentials.provenance import twin
from tests.credentials.provenance.signing import Draft

Drafts = dict[str, Draft]
Answers = Mapping[Need, Found | Absent]
MAKE_BATTERY = "https://cellworks.test/events/make-pack-0001"
SHIPPED, CAME = "https://northpit.test/events/shipping-sea-2", "https://cellworks.test/events/receiving-sea-2"
MAKE_CATHODE = "https://coastsmelter.test/events/make-cathode-31"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """What is changed (``story``), which rule must notice, and of which subject; ``only_noted``: at severity info."""

    story: str
    rule: str
    subject: str
    change: Callable[[Drafts], Answers | None]
    only_noted: bool = False


def subject(drafts: Drafts, name: str) -> Any:
    """The credential subject of a draft; the first event of a traceability credential."""
    found = drafts[name]["credentialSubject"]
    return found[0] if isinstance(found, list) else found


# ---- names


def _wrong_check_digit(drafts: Drafts) -> None:
    wrong = json.loads(json.dumps(drafts).replace(twin.GRAPHITE, "https://id.gs1.org/01/09506000134353"))
    drafts.update(wrong)


def _model_with_batch(drafts: Drafts) -> None:
    subject(drafts, "cathode-made")["inputProduct"][0]["product"]["idGranularity"] = "model"


def _two_batches_of_one_class(drafts: Drafts) -> None:
    del subject(drafts, "battery-made")["inputProduct"][0]["product"]["batchNumber"]
    other = deepcopy(drafts["cathode-passport"])
    other["id"] += "-32"
    subject({"other": other}, "other")["batchNumber"] = "K-32"
    drafts["cathode-passport-32"] = other


def _stranger_tells_of_the_making(drafts: Drafts) -> None:
    rumour = deepcopy(drafts["battery-made"])
    rumour["id"] = "https://assurer.test/credentials/rumour"
    rumour["issuer"] = deepcopy(drafts["footprint-attestation"]["issuer"])
    drafts["rumour"] = rumour


def _one_sided_alias(drafts: Drafts) -> None:
    subject(drafts, "facility-cellworks.test")["facilityAlsoKnownAs"] = [
        {"type": ["Facility"], "id": "https://register.test/plants/9", "name": "Plant 9"}
    ]


def _certificate_signed_twice(drafts: Drafts) -> None:
    other = deepcopy(drafts["footprint-attestation"])
    subject({"other": other}, "other")["name"] = "Another certificate"
    drafts["other-certificate"] = other


def _second_record_elsewhere(drafts: Drafts) -> None:
    other = deepcopy(drafts["facility-cellworks.test"])
    other["id"] = "https://cellworks.test/credentials/plant"
    subject({"other": other}, "other")["locationInformation"]["geoLocation"]["latitude"] = 50.2
    drafts["other-record"] = other


# ---- places


def _made_elsewhere(drafts: Drafts) -> None:
    subject(drafts, "battery-passport")["producedAtFacility"]["id"] = twin.WORKS


def _no_facility_record(drafts: Drafts) -> None:
    del drafts["facility-coastsmelter.test"]


def _record_without_operator(drafts: Drafts) -> None:
    del subject(drafts, "facility-cellworks.test")["relatedParty"]


def _record_of_somebody_else(drafts: Drafts) -> None:
    role = subject(drafts, "facility-cellworks.test")["relatedParty"][0]
    role["party"]["id"] = twin.SMELTER


def _told_of_anothers_place(drafts: Drafts) -> None:
    subject(drafts, "cathode-made")["madeAtFacility"]["id"] = twin.FACTORY


def _wrong_country(drafts: Drafts) -> None:
    subject(drafts, "battery-passport")["countryOfProduction"]["countryCode"] = "FR"


def _address_in_another_country(drafts: Drafts) -> None:
    subject(drafts, "facility-cellworks.test")["address"]["addressCountry"]["countryCode"] = "FR"


def _point_in_the_sea(drafts: Drafts) -> None:
    subject(drafts, "facility-cellworks.test")["locationInformation"]["geoLocation"] = {"latitude": 0, "longitude": -30}


def _point_at_the_border(drafts: Drafts) -> None:
    point = subject(drafts, "facility-cellworks.test")["locationInformation"]["geoLocation"]
    point["latitude"], point["longitude"] = 51.3, 15.0


# ---- events


def _used_before_it_was_made(drafts: Drafts) -> None:
    subject(drafts, "cathode-made")["eventDate"] = "2026-05-01T06:00:00Z"
    subject(drafts, "cathode-passport")["productionDate"] = "2026-05-01"


def _made_of_itself(drafts: Drafts) -> None:
    loop = deepcopy(subject(drafts, "battery-made")["outputProduct"][0])
    subject(drafts, "cathode-made")["inputProduct"].append(loop)


def _produced_before_it_was_made(drafts: Drafts) -> None:
    subject(drafts, "battery-passport")["productionDate"] = "2026-04-01"


def _nobody_moved_it(drafts: Drafts) -> None:
    del drafts["cathode-shipped"]
    del drafts["cathode-received"]


def _arrives_after_its_use(drafts: Drafts) -> None:
    for name in ("cathode-shipped", "cathode-received"):
        subject(drafts, name)["eventDate"] = "2026-05-10T08:00:00Z"


def _too_fast(drafts: Drafts) -> None:
    subject(drafts, "cathode-received")["eventDate"] = "2026-02-26T08:00:00Z"


def _arrives_before_it_leaves(drafts: Drafts) -> None:
    subject(drafts, "cathode-received")["eventDate"] = "2026-02-24T08:00:00Z"


def _item_used_twice(drafts: Drafts) -> None:
    for number in (1, 2):
        scrapped = deepcopy(drafts["battery-made"])
        scrapped["id"] += f"-scrapped-{number}"
        event = subject({"scrapped": scrapped}, "scrapped")
        for key in ("inputProduct", "outputProduct", "madeAtFacility"):
            event.pop(key)
        event |= {
            "type": ["ModifyEvent", "LifecycleEvent"],
            "id": f"https://cellworks.test/events/scrapped-{number}",
            "eventDate": f"2026-05-0{number + 3}T09:00:00Z",
            "modifiedProduct": deepcopy(subject(drafts, "battery-made")["outputProduct"]),
            "modifiedAtFacility": deepcopy(subject(drafts, "battery-made")["madeAtFacility"]),
        }
        event["modifiedProduct"][0]["disposition"] = "disposed"
        drafts[f"scrapped-{number}"] = scrapped


def _receiver_silent(drafts: Drafts) -> None:
    del drafts["graphite-received"]


def _leaves_as_new(drafts: Drafts) -> None:
    subject(drafts, "graphite-shipped")["movedProduct"][0]["disposition"] = "new"


def _comes_on_its_way(drafts: Drafts) -> None:
    subject(drafts, "graphite-received")["movedProduct"][0]["disposition"] = "inTransit"


def _state_not_stated(drafts: Drafts) -> None:
    del subject(drafts, "graphite-received")["movedProduct"][0]["disposition"]


def _called_back(drafts: Drafts) -> None:
    recall = deepcopy(drafts["cathode-made"])
    recall["id"] += "-recalled"
    event = subject({"recall": recall}, "recall")
    for key in ("inputProduct", "madeAtFacility"):
        place = event.pop(key)
    event |= {
        "type": ["ModifyEvent", "LifecycleEvent"],
        "id": "https://coastsmelter.test/events/recall",
        "eventDate": "2026-05-04T09:00:00Z",
        "modifiedProduct": event.pop("outputProduct"),
        "modifiedAtFacility": place,
    }
    event["modifiedProduct"][0]["disposition"] = "recalled"
    drafts["recall"] = recall


# ---- quantities


def _more_copper_than_went_in(drafts: Drafts) -> None:
    materials = subject(drafts, "cathode-passport")["materialProvenance"]
    materials[0]["massFraction"] = 0.5
    materials.append(deepcopy(materials[0]) | {"massFraction": 0.5})
    materials[1]["materialType"] = materials[1]["materialType"] | {"code": "16390"}
    battery = subject(drafts, "battery-passport")["materialProvenance"]
    battery[0] |= {"massFraction": 0.4, "materialType": materials[0]["materialType"]}


def _unknown_unit(drafts: Drafts) -> None:
    subject(drafts, "battery-made")["inputProduct"][0]["quantity"]["unit"] = "ZZ9"


def _negative(drafts: Drafts) -> None:
    subject(drafts, "battery-made")["inputProduct"][0]["quantity"]["value"] = -42


def _pieces_without_weight(drafts: Drafts) -> None:
    subject(drafts, "battery-made")["inputProduct"][1]["quantity"] = {"value": 3, "unit": "C62"}


def _record_begins_later(drafts: Drafts) -> None:
    drafts["facility-cellworks.test"]["validFrom"] = "2026-05-01T00:00:00Z"


def _materials_of_last_year(drafts: Drafts) -> None:
    subject(drafts, "facility-cellworks.test")["materialUsage"] = {
        "applicablePeriod": {"startDate": "2025-01-01", "endDate": "2025-12-31"},
        "materialConsumed": deepcopy(subject(drafts, "battery-passport")["materialProvenance"]),
    }


def _more_out_than_in(drafts: Drafts) -> None:
    subject(drafts, "cathode-made")["outputProduct"][0]["quantity"]["value"] = 90_000


def _inputs_left_out(drafts: Drafts) -> None:
    del subject(drafts, "battery-made")["inputProduct"][1]


def _oversold(drafts: Drafts) -> None:
    for name in ("cathode-shipped", "cathode-received"):
        subject(drafts, name)["movedProduct"][0]["quantity"]["value"] = 18_500


def _more_received_than_sent(drafts: Drafts) -> None:
    subject(drafts, "cathode-received")["movedProduct"][0]["quantity"]["value"] = 12_500


def _lost_on_the_way(drafts: Drafts) -> None:
    subject(drafts, "cathode-received")["movedProduct"][0]["quantity"]["value"] = 11_000


def _less_came_than_was_used(drafts: Drafts) -> None:
    for name in ("graphite-shipped", "graphite-received"):
        subject(drafts, name)["movedProduct"][0]["quantity"]["value"] = 50


def _less_was_sent_than_was_used(drafts: Drafts) -> None:
    _less_came_than_was_used(drafts)
    del drafts["graphite-received"]


def _sent_on_what_was_used(drafts: Drafts) -> None:
    _less_came_than_was_used(drafts)
    subject(drafts, "battery-made")["inputProduct"][1]["quantity"]["value"] = 30
    sent = deepcopy(drafts["graphite-shipped"])
    sent["id"] = "https://cellworks.test/credentials/sent-back"
    sent["issuer"] = deepcopy(drafts["battery-made"]["issuer"])
    event = subject({"sent": sent}, "sent")
    event |= {
        "id": "https://cellworks.test/events/sent-back",
        "eventDate": "2026-03-20T08:00:00Z",
        "fromFacility": event["toFacility"],
        "toFacility": event["fromFacility"],
        "consignmentId": "urn:carrier:slow-boats:sea-9",
    }
    for role, name in zip(event["relatedParty"], ("consignee", "consignor"), strict=True):
        role["role"] = name
    drafts["sent-back"] = sent


def _item_made_twice(drafts: Drafts) -> None:
    again = deepcopy(drafts["battery-made"])
    again["id"] += "-again"
    subject({"again": again}, "again").update(
        {"id": "https://cellworks.test/events/make-pack-again", "eventDate": "2026-04-28T09:00:00Z"}
    )
    drafts["battery-made-again"] = again


def _more_in_it_than_went_in(drafts: Drafts) -> None:
    subject(drafts, "battery-made")["inputProduct"][0]["quantity"]["value"] = 30


def _fractions_over_one(drafts: Drafts) -> None:
    materials = subject(drafts, "battery-passport")["materialProvenance"]
    materials[0] |= {"massFraction": 0.42, "mass": {"value": 42, "unit": "KGM"}}


def _mass_against_fraction(drafts: Drafts) -> None:
    subject(drafts, "battery-passport")["materialProvenance"][1]["mass"]["value"] = 20


# ---- gaps


def _no_passport(drafts: Drafts) -> None:
    del drafts["graphite-passport"]


def _supplier_silent(drafts: Drafts) -> Answers:
    del drafts["graphite-passport"]
    silent = Absent(reason=AbsentReason.OFFLINE, detail="The host did not answer.")
    return {Need(NeedKind.LINKSET, twin.GRAPHITE): silent}


def _budget_spent(drafts: Drafts) -> Answers:
    spent = Absent(reason=AbsentReason.BUDGET, detail="The budget of this trace was spent before it was asked for.")
    return {Need(NeedKind.LINKSET, twin.GRAPHITE): spent}


def _making_not_told(drafts: Drafts) -> None:
    del drafts["cathode-made"]


OWN_RULES: tuple[Mutation, ...] = (
    Mutation(
        story="a product id is a GS1 key with a wrong check digit",
        rule="PV-MRG-1",
        subject="https://id.gs1.org/01/09506000134353",
        change=_wrong_check_digit,
    ),
    Mutation(
        story="an event calls a batch a model", rule="PV-MRG-2", subject=twin.CONCENTRATE, change=_model_with_batch
    ),
    Mutation(
        story="an input names a class with two known batches",
        rule="PV-MRG-2",
        subject=twin.CATHODE,
        change=_two_batches_of_one_class,
    ),
    Mutation(
        story="a stranger tells of the making too",
        rule="PV-MRG-3",
        subject=MAKE_BATTERY,
        change=_stranger_tells_of_the_making,
        only_noted=True,
    ),
    Mutation(
        story="a facility claims an alias alone",
        rule="PV-MRG-4",
        subject=twin.FACTORY,
        change=_one_sided_alias,
        only_noted=True,
    ),
    Mutation(
        story="two records place one facility differently",
        rule="PV-MRG-5",
        subject=twin.FACTORY,
        change=_second_record_elsewhere,
    ),
    Mutation(
        story="a certifier signs two certificates with one id",
        rule="PV-MRG-6",
        subject="https://assurer.test/credentials/footprint-certificate",
        change=_certificate_signed_twice,
    ),
    Mutation(
        story="the passport names another place than the make event",
        rule="PV-FAC-1",
        subject=twin.BATTERY,
        change=_made_elsewhere,
    ),
    Mutation(story="a facility has no record", rule="PV-FAC-1", subject=twin.WORKS, change=_no_facility_record),
    Mutation(
        story="a record names no operator", rule="PV-FAC-2", subject=twin.FACTORY, change=_record_without_operator
    ),
    Mutation(
        story="a record is issued by a party it does not name",
        rule="PV-FAC-2",
        subject=twin.FACTORY,
        change=_record_of_somebody_else,
    ),
    Mutation(
        story="the issuer of the passport does not operate the place",
        rule="PV-FAC-2",
        subject=twin.BATTERY,
        change=_record_of_somebody_else,
    ),
    Mutation(
        story="a make event is told of the place of another company",
        rule="PV-FAC-3",
        subject=MAKE_CATHODE,
        change=_told_of_anothers_place,
    ),
    Mutation(story="the passport names another country", rule="PV-FAC-4", subject=twin.BATTERY, change=_wrong_country),
    Mutation(
        story="the address is in another country",
        rule="PV-FAC-4",
        subject=twin.FACTORY,
        change=_address_in_another_country,
    ),
    Mutation(
        story="the record of the place begins later",
        rule="PV-FAC-5",
        subject=MAKE_BATTERY,
        change=_record_begins_later,
        only_noted=True,
    ),
    Mutation(
        story="the materials of the place are those of the year before",
        rule="PV-FAC-5",
        subject=MAKE_BATTERY,
        change=_materials_of_last_year,
        only_noted=True,
    ),
    Mutation(story="the coordinates are in the sea", rule="PV-FAC-4", subject=twin.FACTORY, change=_point_in_the_sea),
    Mutation(
        story="the coordinates are near the border",
        rule="PV-FAC-4",
        subject=twin.FACTORY,
        change=_point_at_the_border,
        only_noted=True,
    ),
    Mutation(
        story="an input was made after its use",
        rule="PV-EVT-1",
        subject=MAKE_BATTERY,
        change=_used_before_it_was_made,
    ),
    Mutation(
        story="a lot is made of what is made of it", rule="PV-EVT-1", subject=MAKE_CATHODE, change=_made_of_itself
    ),
    Mutation(
        story="the production date is before the making",
        rule="PV-EVT-1",
        subject=twin.BATTERY,
        change=_produced_before_it_was_made,
    ),
    Mutation(story="nobody moved what was used", rule="PV-EVT-2", subject=MAKE_BATTERY, change=_nobody_moved_it),
    Mutation(
        story="what was used came only later", rule="PV-EVT-2", subject=MAKE_BATTERY, change=_arrives_after_its_use
    ),
    Mutation(
        story="a ship crosses the world in a day",
        rule="PV-EVT-3",
        subject="https://coastsmelter.test/events/shipping-sea-3",
        change=_too_fast,
    ),
    Mutation(
        story="a ship arrives before it leaves",
        rule="PV-EVT-3",
        subject="https://coastsmelter.test/events/shipping-sea-3",
        change=_arrives_before_it_leaves,
    ),
    Mutation(story="an item is scrapped twice", rule="PV-EVT-5", subject=twin.BATTERY, change=_item_used_twice),
    Mutation(
        story="a receiver is silent",
        rule="PV-EVT-4",
        subject=SHIPPED,
        change=_receiver_silent,
        only_noted=True,
    ),
    Mutation(story="goods leave as new", rule="PV-EVT-6", subject=SHIPPED, change=_leaves_as_new),
    Mutation(story="goods have come and are under way", rule="PV-EVT-6", subject=CAME, change=_comes_on_its_way),
    Mutation(
        story="the state of goods is not stated",
        rule="PV-EVT-6",
        subject=CAME,
        change=_state_not_stated,
        only_noted=True,
    ),
    Mutation(
        story="an input was called back",
        rule="PV-EVT-10",
        subject="https://coastsmelter.test/events/recall",
        change=_called_back,
    ),
    Mutation(
        story="more ore is in it than in its inputs",
        rule="PV-QTY-4",
        subject=MAKE_BATTERY,
        change=_more_copper_than_went_in,
    ),
    Mutation(story="a unit is not known", rule="PV-QTY-1", subject=MAKE_BATTERY, change=_unknown_unit),
    Mutation(story="an amount is negative", rule="PV-QTY-1", subject=MAKE_BATTERY, change=_negative),
    Mutation(
        story="pieces have no stated weight", rule="PV-QTY-1", subject=MAKE_BATTERY, change=_pieces_without_weight
    ),
    Mutation(story="more comes out than goes in", rule="PV-QTY-2", subject=MAKE_CATHODE, change=_more_out_than_in),
    Mutation(story="an input is left out", rule="PV-QTY-2", subject=MAKE_BATTERY, change=_inputs_left_out),
    Mutation(story="more is sold than was made", rule="PV-QTY-5", subject=twin.CATHODE, change=_oversold),
    Mutation(story="more is used than came", rule="PV-QTY-6", subject=twin.GRAPHITE, change=_less_came_than_was_used),
    Mutation(
        story="more is used than others sent",
        rule="PV-QTY-6",
        subject=twin.GRAPHITE,
        change=_less_was_sent_than_was_used,
    ),
    Mutation(story="what is used was sent back", rule="PV-QTY-6", subject=twin.GRAPHITE, change=_sent_on_what_was_used),
    Mutation(story="one serial number is made twice", rule="PV-QTY-10", subject=twin.BATTERY, change=_item_made_twice),
    Mutation(
        story="more comes than was sent",
        rule="PV-QTY-7",
        subject="https://cellworks.test/events/receiving-sea-3",
        change=_more_received_than_sent,
    ),
    Mutation(
        story="a ton is lost on the way",
        rule="PV-QTY-7",
        subject="https://cellworks.test/events/receiving-sea-3",
        change=_lost_on_the_way,
    ),
    Mutation(
        story="more of a material in it than went in",
        rule="PV-QTY-8",
        subject=twin.BATTERY,
        change=_more_in_it_than_went_in,
    ),
    Mutation(story="the fractions exceed the whole", rule="PV-QTY-8", subject=twin.BATTERY, change=_fractions_over_one),
    Mutation(
        story="a mass contradicts its fraction", rule="PV-QTY-8", subject=twin.BATTERY, change=_mass_against_fraction
    ),
    Mutation(story="an input has no passport", rule="PV-GAP-1", subject=twin.GRAPHITE, change=_no_passport),
    Mutation(story="a supplier is silent", rule="PV-GAP-1", subject=twin.GRAPHITE, change=_supplier_silent),
    Mutation(story="a budget was spent", rule="PV-GAP-2", subject=twin.BATTERY, change=_budget_spent),
    Mutation(story="nobody says how it was made", rule="PV-GAP-1", subject=twin.CATHODE, change=_making_not_told),
)
