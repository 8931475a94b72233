"""What lies one level down in a list or wrapper."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.encoding.document import parse_document
from credentials.envelopes.holding import held_documents
from credentials.envelopes.opening import open_secured
from tests.corpus.making import ISSUER, credential, embedded, enveloped, to_bytes, token


@pytest.mark.parametrize(
    "wrapped",
    [
        [embedded()],
        {"verifiableCredential": embedded()},
        {"verifiableCredential": [embedded()]},
        {"credential": embedded(), "options": {"x": 1}},
        {"presentation": embedded()},
    ],
)
def test_a_document_is_found_one_level_down(wrapped: Any) -> None:
    (found,) = held_documents(to_bytes(wrapped))

    assert open_secured(found, None).document.value == embedded()


def test_a_token_is_found_as_it_stands_there() -> None:
    assert held_documents(to_bytes({"jwt": token().decode()})) == (token(),)
    assert held_documents(to_bytes([token().decode(), embedded()])) == (token(), to_bytes(embedded()))


def test_the_document_of_a_did_resolution_result_is_found() -> None:
    document = {"id": ISSUER, "verificationMethod": []}

    for stated in ({}, {"@context": "https://w3id.org/did-resolution/v1"}):
        (found,) = held_documents(to_bytes({**stated, "didDocument": document, "didDocumentMetadata": {}}))
        assert parse_document(found).value == document


@pytest.mark.parametrize(
    "raw",
    [
        to_bytes(credential()),
        to_bytes(embedded()),
        to_bytes(enveloped(token())),
        to_bytes({"type": ["VerifiablePresentation"], "verifiableCredential": [embedded()]}),
        to_bytes({"proof": {}, "credential": embedded()}),
        to_bytes([[embedded()]]),
        to_bytes([5]),
        to_bytes({"credential": 5}),
        token(),
        b"[1,",
        b"",
        b'{"a":1,"a":2}',
    ],
)
def test_what_is_a_document_itself_or_unreadable_holds_none(raw: bytes) -> None:
    assert held_documents(raw) == ()
