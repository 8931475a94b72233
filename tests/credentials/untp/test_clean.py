"""The clean credentials others build on are clean by the strict schema and by the published one, too."""

from __future__ import annotations

import jsonschema_rs
import pytest

from credentials.schemas import check_schema
from credentials.untp.kinds import kind_of
from tests.credentials.untp.clean import CLEAN
from tests.shared import needs_shared, shared_json

PUBLISHED = {
    "dpp": "DigitalProductPassport",
    "dcc": "ConformityCredential",
    "dfr": "DigitalFacilityRecord",
    "dia": "DigitalIdentityAnchor",
    "dte": "DigitalTraceabilityEvent",
}


@pytest.mark.parametrize("name", CLEAN)
def test_it_conforms_to_our_strict_schema(name: str) -> None:
    assert check_schema(CLEAN[name]()) == ()


@needs_shared
@pytest.mark.parametrize("name", CLEAN)
def test_it_conforms_to_the_published_schema(name: str) -> None:
    document = CLEAN[name]()
    kind = kind_of(document)
    assert kind is not None
    schema = shared_json("untp", "v0.7.0", "artefacts", "schema", kind.short, f"{PUBLISHED[kind.short]}.json")

    assert jsonschema_rs.validator_for(schema).is_valid(document)


def test_each_call_gives_a_fresh_document() -> None:
    build = CLEAN["passport"]
    build()["credentialSubject"].clear()

    assert build()["credentialSubject"]
