"""A proof's options filled into a form are the bytes that the general way gives, or go that way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contexts.library import standard_library
from credentials.errors import CredentialsError
from credentials.proofs.configuration import _form_for, options_as_statements
from credentials.proofs.transforms import as_statements

LIBRARY = standard_library()
BASE = "https://www.w3.org/ns/credentials/v2"
UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
OPTIONS: dict[str, Any] = {
    "@context": [BASE],
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2026-01-31T12:00:00Z",
    "verificationMethod": "did:web:farm.test#key-1",
    "proofPurpose": "assertionMethod",
}


def outcome(way: Any, options: dict[str, Any]) -> bytes | str:
    try:
        return bytes(way(options, LIBRARY, "sha256"))
    except CredentialsError as error:
        return f"{error.problem.code} at {error.problem.pointer}"


@given(
    st.fixed_dictionaries(
        {
            "@context": st.sampled_from([[BASE], [BASE, UNTP], BASE, [], [1], ["https://unknown.test/"], None]),
            "type": st.sampled_from(["DataIntegrityProof", "Other", True, 1]),
            "cryptosuite": st.sampled_from(["eddsa-rdfc-2022", "2000-01-01T00:00:00Z", "did:example:form#key", 'a"b']),
            "created": st.sampled_from(
                ["2026-01-31T12:00:00Z", "2000-01-01T00:00:00.5+14:00", "2026-01-31", "today", "", 5]
            ),
            "verificationMethod": st.sampled_from(
                ["did:web:farm.test#key-1", "did:example:form#key", "did:", "did:a b", "https://a.test/#k", "x", 7]
            ),
            "proofPurpose": st.sampled_from(["assertionMethod", "authentication", "mine", "did:example:form#key"]),
        },
        optional={"expires": st.just("2027-01-01T00:00:00Z"), "nonce": st.just("n")},
    )
)
@settings(max_examples=500, deadline=None)
def test_both_ways_end_alike(options: dict[str, Any]) -> None:
    assert outcome(options_as_statements, options) == outcome(as_statements, options)


def test_the_usual_options_are_filled_in() -> None:
    assert _form_for(OPTIONS, LIBRARY) is not None


@pytest.mark.parametrize(
    "other", [{"created": "yesterday"}, {"verificationMethod": "did:a>b"}, {"type": 1}, {"nonce": "n"}]
)
def test_whatever_is_unusual_goes_the_general_way(other: dict[str, Any]) -> None:
    assert _form_for({**OPTIONS, **other}, LIBRARY) is None
