"""Our schemas answer as the released ones do, stricter only where this file says so, and why."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jsonschema_rs
import pytest

from contexts.schemas import UnknownSchema, credential_types, json_schema
from credentials.errors import Problem
from credentials.schemas import check_schema
from tests.contexts.full_documents import TABLE, full_credential, instance
from tests.shared import needs_shared, shared_json, untp_samples

RELEASED = {
    "DigitalProductPassport": ("dpp", "DigitalProductPassport.json", "DigitalProductPassport_battery_instance.json"),
    "DigitalConformityCredential": ("dcc", "ConformityCredential.json", "ConformityCredential_battery_instance.json"),
    "DigitalFacilityRecord": ("dfr", "DigitalFacilityRecord.json", "DigitalFacilityRecord_battery_instance.json"),
    "DigitalIdentityAnchor": ("dia", "DigitalIdentityAnchor.json", "DigitalIdentityAnchor_instance.json"),
    "DigitalTraceabilityEvent": (
        "dte",
        "DigitalTraceabilityEvent.json",
        "DigitalTraceabilityEvent_battery_make_instance.json",
    ),
}


def released(name: str) -> jsonschema_rs.Draft202012Validator:
    kind, file, _ = RELEASED[name]
    schema = shared_json("untp", "v0.7.0", "artefacts", "schema", kind, file)
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def sample(name: str) -> Any:
    return copy.deepcopy(untp_samples()[RELEASED[name][2]])


class Stricter(NamedTuple):
    """Where we refuse what the released schema lets through: the reason, how to see it, and what the problem says."""

    reason: str
    credential: str
    change: Callable[[Any], Any]
    says: str


def subject(document: Any) -> Any:
    held = document["credentialSubject"]
    return held[0] if isinstance(held, list) else held


STRICTER = {
    "the credential has a type": Stricter(
        "a slip of the release: the member is described and not required (VCP-02)",
        "DigitalProductPassport",
        lambda d: d.pop("type"),
        "The member 'type' is missing.",
    ),
    "every typed part has its type": Stricter(
        "the context gives a part's members their meaning by its type; without it they are undefined (VOC-03)",
        "DigitalConformityCredential",
        lambda d: subject(d)["issuedToParty"].pop("type"),
        "The member 'type' is missing.",
    ),
    "a required list has an entry": Stricter(
        "a required list that may be empty requires nothing (CLM-01, DPP-02, DTE-12)",
        "DigitalProductPassport",
        lambda d: subject(d).update(productCategory=[]),
        "The list has fewer than 1 entries.",
    ),
    "an issuer is a DID": Stricter(
        "the text of the specification says so, the schema says URI (VCP-04)",
        "DigitalProductPassport",
        lambda d: d["issuer"].update(id="https://issuer.example"),
        "The text does not match ^did:",
    ),
    "an anchored identity is a DID": Stricter(
        "the text of the specification says so, the schema says URI (DIA-09)",
        "DigitalIdentityAnchor",
        lambda d: subject(d).update(id="https://identity.example"),
        "The text does not match ^did:",
    ),
    "a country is in ISO 3166-1": Stricter(
        "the release names the list and does not hold values against it (DPP-02)",
        "DigitalProductPassport",
        lambda d: subject(d)["countryOfProduction"].update(countryCode="ZZZ"),
        "The value is not in the code list.",
    ),
    "a unit has the form of a code": Stricter(
        "the release names Recommendation 20 and does not hold values against it; the list is open here",
        "DigitalTraceabilityEvent",
        lambda d: subject(d)["outputProduct"][0].update(quantity={"value": 1, "unit": "kilogram"}),
        "The text does not match ^[0-9A-Z]{1,3}$.",
    ),
    "a performance says something": Stricter(
        "a performance without measure and score states nothing (CLM-02)",
        "DigitalProductPassport",
        lambda d: subject(d)["performanceClaim"][0]["claimedPerformance"].append({}),
        "None of measure or score is given.",
    ),
    "a location is somewhere": Stricter(
        "a location without code, point and boundary states nothing (DFR-03)",
        "DigitalFacilityRecord",
        lambda d: subject(d).update(locationInformation={}),
        "None of plusCode or geoLocation or geoBoundary is given.",
    ),
    "an image is base64": Stricter(
        "the release names a format that no validator knows",
        "DigitalProductPassport",
        lambda d: subject(d).update(
            productLabel=[{"name": "label", "imageData": "no image", "mediaType": "image/png"}]
        ),
        "The text does not match ^[A-Za-z0-9+/]",
    ),
    "an event is one of the three": Stricter(
        "the release lets an event name two kinds when it has the members of one",
        "DigitalTraceabilityEvent",
        lambda d: subject(d)["type"].append("MoveEvent"),
        "The list does not hold exactly one of MakeEvent, MoveEvent, ModifyEvent.",
    ),
}


@needs_shared
@pytest.mark.parametrize("name", STRICTER)
def test_each_stricter_case_passes_the_released_schema_and_not_ours(name: str) -> None:
    case = STRICTER[name]
    document = sample(case.credential)
    assert check_schema(document) == ()

    case.change(document)

    if name != "the credential has a type":
        assert case.says in " ".join(problem.detail for problem in check_schema(document))
    assert not ours(case.credential).is_valid(document)
    assert released(case.credential).is_valid(document)


def ours(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(dict(json_schema(name)), validate_formats=True)


@needs_shared
@pytest.mark.parametrize("name", RELEASED)
def test_a_status_index_may_be_a_decimal_string_where_the_release_wants_an_integer(name: str) -> None:
    document = sample(name)
    status = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": 7}
    document["credentialStatus"] = {**status, "statusListCredential": "https://status.example/1"}
    assert ours(name).is_valid(document)
    assert released(name).is_valid(document)

    document["credentialStatus"]["statusListIndex"] = "7"

    assert ours(name).is_valid(document)
    assert not released(name).is_valid(document)


@needs_shared
def test_every_official_sample_conforms() -> None:
    for name, document in untp_samples().items():
        assert check_schema(document) == (), name


def mutations(document: Any) -> Iterator[tuple[str, Any]]:
    """The document with one member removed, one value made another, or one unheard-of member; restored after."""
    waiting = [("", document)]
    while waiting:
        pointer, here = waiting.pop()
        waiting.extend((f"{pointer}/{key}", value) for key, value in children(here) if isinstance(value, (dict, list)))
        if isinstance(here, dict):
            yield from added(pointer, here, document)
        for key, value in list(children(here)):
            for other in (7, -999, "seven of them", [], {}, True):
                here[key] = other
                yield f"{pointer}/{key} made {other!r}", document
            here[key] = value


def children(here: Any) -> Iterator[tuple[Any, Any]]:
    return iter(here.items() if isinstance(here, dict) else enumerate(here))


def added(pointer: str, here: dict[str, Any], document: Any) -> Iterator[tuple[str, Any]]:
    here["unheard"] = 1
    yield f"{pointer}/unheard added", document
    del here["unheard"]
    for key in list(here):
        kept = dict(here)
        del here[key]
        yield f"{pointer}/{key} removed", document
        here.clear()
        here.update(kept)


def named(problem: Problem) -> bool:
    return any(case.says in problem.detail for case in STRICTER.values())


def compare_answers(name: str, document: Any) -> int:
    """How many mutations of ``document`` the released schema refused, all answers being accounted for."""
    theirs, mine = released(name), ours(name)
    refused = 0
    for what, mutant in mutations(document):
        if not theirs.is_valid(mutant):
            refused += 1
            assert not mine.is_valid(mutant), f"{what}: the released schema refuses, ours does not"
        elif not mine.is_valid(mutant) and what != "/type removed":
            problems = check_schema(mutant)
            assert problems, what
            assert all(named(problem) for problem in problems), f"{what}: stricter, and not in the list: {problems}"
    return refused


@needs_shared
def test_every_mutation_of_a_sample_gets_the_released_answer_or_a_named_stricter_one() -> None:
    for document in untp_samples().values():
        name = next(name for name in RELEASED if name in document["type"])

        assert compare_answers(name, document) > 20


@needs_shared
@pytest.mark.parametrize("name", RELEASED)
def test_every_mutation_of_a_full_credential_gets_the_released_answer_or_a_named_stricter_one(name: str) -> None:
    document = full_credential(name)
    assert check_schema(document) == ()
    assert released(name).is_valid(document)

    assert compare_answers(name, document) > 40


@needs_shared
@pytest.mark.parametrize("kind", ["MoveEvent", "ModifyEvent"])
def test_the_other_kinds_of_event_get_the_released_answers_too(kind: str) -> None:
    document = full_credential("DigitalTraceabilityEvent")
    document["credentialSubject"] = [instance(TABLE.classes[kind])]
    assert check_schema(document) == ()

    assert compare_answers("DigitalTraceabilityEvent", document) > 40


@needs_shared
@pytest.mark.parametrize("name", RELEASED)
def test_our_schema_is_valid_closed_in_itself_and_the_same_every_time(name: str) -> None:
    schema = json_schema(name)
    text = json.dumps(schema)
    json_schema.cache_clear()

    jsonschema_rs.meta.validate(dict(schema))
    assert text == json.dumps(json_schema(name))
    assert all(part.startswith('"#/$defs/') for part in text.split('"$ref": ')[1:])


def test_the_table_states_the_five_untp_credential_types() -> None:
    assert set(credential_types()) == set(RELEASED)


@pytest.mark.parametrize(
    ("name", "version"),
    [("DigitalProductPassport", "0.6.1"), ("Product", "0.7.0"), ("Nonsense", "0.7.0"), ("", "../manifest")],
)
def test_a_type_or_version_without_a_table_is_an_error(name: str, version: str) -> None:
    with pytest.raises(UnknownSchema):
        json_schema(name, version)
