"""A trust list that travels: the subject of a signed credential of our own type."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.errors import MalformedInput
from credentials.trust.trust_lists import CREDENTIAL_TYPE, TrustList, trust_list_of
from credentials.verdict import VerifiedCredential
from tests.credentials.provenance import twin
from tests.credentials.provenance.signing import hold

ASSOCIATION = "did:web:association.test"


def signed(**members: Any) -> VerifiedCredential:
    draft = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", f"https://register.test{CREDENTIAL_TYPE}"],
        "id": "https://association.test/trust-list",
        "issuer": {"id": ASSOCIATION},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "https://association.test/trust-list#list", **twin.trust().to_json()},
        **members,
    }
    (credential,) = hold({"list": draft}, at=twin.AT, trust=TrustList()).credentials
    assert isinstance(credential, VerifiedCredential)
    return credential


def test_a_signed_list_says_the_same_as_the_local_file() -> None:
    assert trust_list_of(signed()).digest == twin.trust().digest


def test_a_credential_of_another_type_carries_no_trust_list() -> None:
    with pytest.raises(MalformedInput) as refused:
        trust_list_of(signed(type=["VerifiableCredential"]))

    assert refused.value.problem.pointer == "/type"


def test_a_misspelt_restriction_is_refused_also_when_it_is_signed() -> None:
    entry = {"did": ASSOCIATION, "roles": ["registrar"], "scheme": ["https://a.test"]}
    with pytest.raises(MalformedInput) as refused:
        trust_list_of(signed(credentialSubject={"entries": [entry]}))

    assert refused.value.problem.pointer == "/entries/0/scheme"
