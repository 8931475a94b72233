"""What a document says it is."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.untp.kinds import CONTEXTS, TYPES, kind_of
from tests.credentials.untp.clean import CLEAN, passport
from tests.shared import needs_shared, untp_samples

SHORT = {
    "passport": "dpp",
    "attestation": "dcc",
    "make": "dte",
    "move": "dte",
    "modify": "dte",
    "facility record": "dfr",
    "anchor": "dia",
}


@pytest.mark.parametrize("name", CLEAN)
def test_each_clean_credential_is_of_its_kind(name: str) -> None:
    kind = kind_of(CLEAN[name]())

    assert kind is not None
    assert (kind.short, kind.version) == (SHORT[name], "0.7.0")


@needs_shared
def test_every_official_sample_is_of_the_kind_of_its_folder() -> None:
    kinds = {kind.short for document in untp_samples().values() if (kind := kind_of(document)) is not None}

    assert kinds == {kind.short for kind in TYPES.values()}
    assert all(kind_of(document) is not None for document in untp_samples().values())


@pytest.mark.parametrize(
    "type_",
    [None, [], "VerifiableCredential", ["DigitalProductPassport", "DigitalFacilityRecord"], [7, None], {"a": 1}],
)
def test_none_or_several_types_are_no_kind(type_: Any) -> None:
    document = passport() | {"type": type_}

    assert kind_of(document) is None


@pytest.mark.parametrize("contexts", [None, "https://www.w3.org/ns/credentials/v2", [CONTEXTS["0.7.0"] + "x"], [7]])
def test_a_kind_without_a_known_context_has_no_version(contexts: Any) -> None:
    kind = kind_of(passport() | {"@context": contexts})

    assert kind is not None
    assert kind.version is None


def test_a_type_written_as_one_text_is_read() -> None:
    kind = kind_of({"type": "DigitalIdentityAnchor"})

    assert kind is not None
    assert kind.short == "dia"
