"""DID documents as we write them are read by our own strict reader."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from credentials.did.documents import PublishedKey, build_did_document, jwk_method, multikey_method
from credentials.errors import KeyProblem
from credentials.keys.controller import parse_controller_document
from tests.corpus.making import KEY, OTHER_KEY

DID = "did:web:farm.test"
DOCUMENT = build_did_document(
    DID,
    [
        PublishedKey(name="cred-1", key=KEY.public_key, purposes=("assertionMethod",)),
        PublishedKey(name="auth-1", key=OTHER_KEY.public_key, purposes=("authentication",)),
    ],
    services=[{"id": f"{DID}#node", "type": "TraceNode", "serviceEndpoint": "https://farm.test"}],
    also_known_as=["did:key:z6Mk"],
)


def test_a_credential_key_is_listed_in_both_forms_under_two_ids() -> None:
    document = parse_controller_document(json.dumps(DOCUMENT).encode(), id=DID)

    for method, kind in ((multikey_method(DID, "cred-1"), "Multikey"), (jwk_method(DID, "cred-1"), "JsonWebKey")):
        found = document.method_for(method, "assertionMethod")
        assert (found.type, found.key) == (kind, KEY.public_key)


def test_a_key_for_authentication_is_listed_once_and_for_that_only() -> None:
    document = parse_controller_document(json.dumps(DOCUMENT).encode(), id=DID)

    assert document.method_for(f"{DID}#auth-1", "authentication").key == OTHER_KEY.public_key
    assert f"{DID}#auth-1-jwk" not in document.methods
    with pytest.raises(KeyProblem):
        document.method_for(f"{DID}#auth-1", "assertionMethod")
    with pytest.raises(KeyProblem):
        document.method_for(f"{DID}#cred-1", "authentication")


def test_services_and_other_names_are_kept() -> None:
    document = parse_controller_document(json.dumps(DOCUMENT).encode(), id=DID)

    assert [service.endpoints for service in document.services_of("TraceNode")] == [("https://farm.test",)]
    assert document.also_known_as == ("did:key:z6Mk",)


def test_the_end_of_a_key_is_written_on_both_forms() -> None:
    end = datetime(2026, 6, 1, tzinfo=UTC)
    key = PublishedKey(name="cred-0", key=KEY.public_key, purposes=("assertionMethod",), revoked=end, expires=end)

    document = parse_controller_document(json.dumps(build_did_document(DID, [key])).encode(), id=DID)

    assert {(method.revoked, method.expires) for method in document.methods.values()} == {(end, end)}
