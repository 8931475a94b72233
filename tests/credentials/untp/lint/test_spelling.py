"""A misspelt member is told, with the word that was meant."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.untp.lint import lint
from credentials.untp.lint.rules import WARN
from tests.credentials.untp.clean import CLEAN, facility_record, passport


def _told(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(found.pointer, found.severity, found.fix) for found in lint(document) if found.rule == "VOC-02"]


@pytest.mark.parametrize(
    ("path", "name", "meant"),
    [
        ((), "validUntill", "validUntil"),
        (("issuer",), "issuerAlsoKnownas", "issuerAlsoKnownAs"),
        (("credentialSubject",), "materialProvenence", "materialProvenance"),
        (("credentialSubject", "producedAtFacility"), "registeredID", "registeredId"),
        (("credentialSubject", "materialProvenance", 0), "massfraction", "massFraction"),
    ],
)
def test_a_misspelt_member_is_warned_of_with_the_nearest_term(
    path: tuple[str | int, ...], name: str, meant: str
) -> None:
    document = passport()
    place: Any = document
    for step in path:
        place = place[step]
    place[name] = "x"

    pointer = "".join(f"/{step}" for step in (*path, name))
    assert _told(document) == [(pointer, WARN, f"Write {meant}.")]


def test_a_member_of_another_class_is_told_too() -> None:
    document = facility_record()
    document["credentialSubject"]["batchNumber"] = "B1"

    assert [pointer for pointer, _, _ in _told(document)] == ["/credentialSubject/batchNumber"]


def test_words_of_another_context_are_its_own_but_a_near_miss_is_told() -> None:
    document = passport()
    document["@context"].append("https://trade.test/battery/v1")
    document["credentialSubject"] |= {"ratedCapacity": 5, "materialProvenence": []}

    assert [pointer for pointer, _, _ in _told(document)] == ["/credentialSubject/materialProvenence"]


def test_free_characteristics_and_members_named_by_an_address_are_left_alone() -> None:
    document = passport()
    document["credentialSubject"] |= {"characteristics": {"ratedCapacity": 5}, "https://trade.test/twist": "Z"}

    assert _told(document) == []


@pytest.mark.parametrize("name", CLEAN)
def test_clean_documents_are_clean(name: str) -> None:
    assert _told(CLEAN[name]()) == []
