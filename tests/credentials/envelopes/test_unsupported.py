"""What is no credential is called what it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from credentials.envelopes.opening import open_secured
from credentials.envelopes.unsupported import name_bytes, name_document
from credentials.errors import CredentialsError, MalformedInput, Unsupported
from tests.corpus.making import ISSUER, credential, embedded, enveloped, to_bytes, token


@pytest.mark.parametrize("media_type", [None, "application/vc+jwt", "application/vc"])
@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"<?xml version='1.0'?><epcis:EPCISDocument/>", "XML"),
        (b"\n  <!doctype html>", "HTML"),
        (b"PK\x03\x04\x14\x00", "office"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
    ],
)
def test_a_file_of_another_kind_is_not_supported(raw: bytes, named: str, media_type: str | None) -> None:
    with pytest.raises(Unsupported) as caught:
        open_secured(raw, media_type)

    assert caught.value.problem.code == "UNSUPPORTED_FORM"
    assert named in caught.value.problem.detail


@pytest.mark.parametrize("media_type", [None, "application/vc+jwt"])
@pytest.mark.parametrize(
    ("around", "code", "named"),
    [
        (b"\xef\xbb\xbf%s", "JSON_TEXT", "byte order mark"),
        (b"\xff\xfe%s", "JSON_TEXT", "byte order mark"),
        (b"Bearer %s", "PARSING_ERROR", "Bearer"),
        (b"bearer %s", "PARSING_ERROR", "Bearer"),
        (b'"%s"', "PARSING_ERROR", "quotation marks"),
    ],
)
def test_what_stands_around_a_token_is_named(around: bytes, code: str, named: str, media_type: str | None) -> None:
    with pytest.raises(MalformedInput) as caught:
        open_secured(around % token(), media_type)

    assert (caught.value.problem.code, named in caught.value.problem.detail) == (code, True)


@pytest.mark.parametrize(
    ("value", "code", "named"),
    [
        ([credential(), embedded()], "JSON_INVALID", "list of 2"),
        ([], "JSON_INVALID", "list of 0"),
        ({"type": "EPCISDocument", "epcisBody": {}}, "UNSUPPORTED_FORM", "EPCIS"),
        ({"type": ["EPCISQueryDocument"]}, "UNSUPPORTED_FORM", "EPCIS"),
        ({"id": ISSUER, "verificationMethod": []}, "PARSING_ERROR", "DID document"),
        ({"didDocument": {"id": ISSUER}, "didResolutionMetadata": {}}, "PARSING_ERROR", "resolution result"),
        ({"verifiableCredential": credential()}, "PARSING_ERROR", "'verifiableCredential'"),
        ({"credential": credential(), "options": {}}, "PARSING_ERROR", "'credential'"),
        ({"jwt": "eyJ"}, "PARSING_ERROR", "'jwt'"),
    ],
)
def test_a_document_of_another_kind_is_named(value: Any, code: str, named: str) -> None:
    with pytest.raises(CredentialsError) as caught:
        open_secured(to_bytes(value), None)

    assert caught.value.problem.code == code
    assert named in caught.value.problem.detail
    assert caught.value.problem.fix


@pytest.mark.parametrize("value", [credential(), embedded(), enveloped(token()), {}, {"id": "urn:x:y"}, 5, None])
def test_what_may_be_a_credential_is_left_to_its_reader(value: Any) -> None:
    name_document(value)
    name_bytes(json.dumps(value).encode())
    name_bytes(token())
