"""DID Resolution over HTTP, as its suite asks: results, documents, errors, parts of documents."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.conformance.suite import HOLDER, Suite
from tests.corpus.envelopes import did_of_jwk

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = "/1.0/identifiers/"
RESULT = {"Accept": "application/did-resolution"}


@pytest.mark.w3c("A6.5")
async def test_a_did_is_resolved_with_its_metadata_by_default(at_work: Suite) -> None:
    did = at_work.issuer("eddsa-rdfc")
    heard = await at_work.call("GET", ROOT + did)
    assert (heard.status, heard.headers["Content-Type"]) == (200, "application/did-resolution")
    assert heard.json["didDocument"]["id"] == did
    assert heard.json["didResolutionMetadata"] == {"contentType": "application/did"}
    assert heard.json["didDocumentMetadata"] == {}


@pytest.mark.w3c("A6.2", "A6.5")
@pytest.mark.parametrize("name", ["ecdsa-rdfc", "ecdsa-rdfc-p384"])
async def test_an_encoded_did_is_the_same_did(at_work: Suite, name: str) -> None:
    did = at_work.issuer(name)
    heard = await at_work.call("GET", ROOT + quote(did, safe=""), headers=RESULT)
    assert heard.json["didDocument"]["id"] == did


@pytest.mark.w3c("A6.5")
async def test_a_did_jwk_is_resolved(at_work: Suite) -> None:
    did = did_of_jwk(HOLDER.public_key)
    assert (await at_work.call("GET", ROOT + did)).json["didDocument"]["id"] == did


@pytest.mark.w3c("A6.5")
@pytest.mark.parametrize("form", ["application/did", "application/did+json", "application/did+ld+json"])
async def test_who_asks_for_a_document_gets_it_bare(at_work: Suite, form: str) -> None:
    did = at_work.issuer("jose")
    heard = await at_work.call("GET", ROOT + did, headers={"Accept": form})
    assert (heard.headers["Content-Type"], heard.json["id"]) == (form, did)


@pytest.mark.w3c("A6.2", "A6.5", "C1.7")
@pytest.mark.parametrize(
    ("asked", "status", "error"),
    [
        ("not-a-did", 400, "INVALID_DID"),
        ("did:example", 400, "INVALID_DID"),
        ("", 400, "INVALID_DID"),
        ("did:key:z6Mk", 400, "INVALID_DID"),
        ("did:key:u7Q", 400, "INVALID_DID"),
        ("did:unsupported:123456789abcdefghi", 501, "METHOD_NOT_SUPPORTED"),
        ("did:web:nobody.example", 404, "NOT_FOUND"),
        ("did:key:zABC?versionId=1", 501, "FEATURE_NOT_SUPPORTED"),
        ("did:key:zABC?color=red", 400, "INVALID_OPTIONS"),
        ("not-a-did%23key", 400, "INVALID_DID_URL"),
    ],
)
async def test_what_leads_nowhere_has_the_specifications_name(
    at_work: Suite, asked: str, status: int, error: str
) -> None:
    heard = await at_work.call("GET", ROOT + asked, headers=RESULT)
    assert heard.status == status
    assert heard.json["didDocument"] is None
    assert heard.json["didResolutionMetadata"]["error"]["type"] == f"https://www.w3.org/ns/did#{error}"
    assert heard.json["didDocumentMetadata"] == {}


@pytest.mark.w3c("A6.5", "C1.7")
async def test_a_form_that_is_not_there_is_406(at_work: Suite) -> None:
    heard = await at_work.call("GET", ROOT + at_work.issuer("jose"), headers={"Accept": "application/x-other"})
    assert heard.status == 406
    assert heard.json["didResolutionMetadata"]["error"]["type"].endswith("#REPRESENTATION_NOT_SUPPORTED")


@pytest.mark.w3c("A6.5", "C1.7")
@pytest.mark.parametrize("word", ["Привет", "🔥", "foo\u200bbar"])
async def test_a_form_that_is_no_media_type_is_400(at_work: Suite, word: str) -> None:
    heard = await at_work.call("GET", ROOT + at_work.issuer("jose"), params={"accept": word})
    assert heard.status == 400
    assert heard.json["didResolutionMetadata"]["error"]["type"].endswith("#INVALID_OPTIONS")


@pytest.mark.w3c("A6.2", "A6.5")
async def test_a_fragment_stands_for_the_key_it_names(at_work: Suite) -> None:
    did = at_work.issuer("jose")
    name = did.removeprefix("did:key:")
    accept = {"Accept": "application/did-url-dereferencing"}
    heard = await at_work.call("GET", f"{ROOT}{quote(f'{did}#{name}', safe='')}", headers=accept)
    assert heard.status == 200
    assert heard.json["contentStream"]["id"] == f"{did}#{name}"
    assert heard.json["dereferencingMetadata"]["contentType"] in heard.headers["Content-Type"]


@pytest.mark.w3c("A6.5", "C1.7")
async def test_a_fragment_that_names_nothing_is_404(at_work: Suite) -> None:
    url = quote(f"{at_work.issuer('jose')}#nobody", safe="")
    heard = await at_work.call("GET", ROOT + url, headers={"Accept": "application/did-url-dereferencing"})
    assert heard.status == 404
    assert heard.json["contentStream"] is None
    assert heard.json["dereferencingMetadata"]["error"]["type"].endswith("#NOT_FOUND")
