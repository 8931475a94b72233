"""Ten documents as other makers write them, each of their members dropped, repeated, mistyped and re-spelt in turn.

Whatever becomes of them, a node over HTTP answers and names what is wrong, the command says the same of the file alone
and so does a trace of the folder that holds it; and nobody is called a forger who signed what he wrote.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from credentials.did.key import document_of_key
from credentials.did.syntax import parse_did
from credentials.encoding.cbor import Cbor
from credentials.envelopes import cose
from credentials.envelopes.holding import held_documents
from credentials.status.status_lists import status_list_draft
from credentials.trust import Policy, TrustList
from credentials.verdict import Outcome, Verdict
from node.flows.tracing import Tracing
from node.flows.verifying.verifying import Verifying
from node.wire.folder import Folder
from tests.corpus.making import ISSUER, KEY, METHOD, compact, credential, embedded, enveloped, to_bytes, token
from tests.credentials.provenance import twin
from tests.credentials.status.bits import empty_list
from tests.house.test_problems import every_code
from tests.node.api.nodes import Served
from tests.node.issuer import AT

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

SEED: Final = 9
MOST: Final = 48  # changes of one document
UNTP: Final = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
_DAY: Final = timedelta(days=1)


class Stranger(NamedTuple):
    """A document by its members; ``write`` makes the bytes that travel, signed anew where ``signed`` says so."""

    value: dict[str, Any]
    media_type: str = "application/vc"
    write: Callable[[bytes], bytes] = bytes
    signed: bool = False
    supported: bool = True


def _by_key(document: bytes, header: dict[str, str]) -> bytes:
    return compact({"alg": "EdDSA", "kid": METHOD, **header}, document)


def _in_cose(document: bytes) -> bytes:
    header: dict[int, Cbor] = {
        cose.CONTENT_TYPE: "application/vc",
        cose.KID: METHOD.encode(),
        cose.TYP: "application/vc+cose",
    }
    return cose.write_sign1(header, document, signer=KEY)


def _passport() -> dict[str, Any]:
    return {**twin.drafts()["battery-passport"], "issuer": {"type": ["CredentialIssuer"], "id": ISSUER, "name": "Key"}}


def _status_list() -> dict[str, Any]:
    url, bits = "https://farm.test/status/9", empty_list()
    return status_list_draft(
        url=url, issuer=ISSUER, purpose="revocation", bits=bits, valid_from=AT, valid_for=_DAY, ttl=_DAY
    )


def _model_1_1() -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/2018/credentials/v1", {"lot": "https://farm.test/terms#lot"}],
        "id": "https://farm.test/credentials/old",
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "issuanceDate": "2024-01-01T00:00:00Z",
        "credentialSubject": {"id": "https://farm.test/lots/1", "lot": "1"},
        "proof": {"type": "Ed25519Signature2018", "verificationMethod": METHOD, "jws": "e30..AA"},
    }


def _events_of_epcis() -> dict[str, Any]:
    event = {
        "type": "ObjectEvent",
        "eventTime": "2024-05-01T08:00:00Z",
        "epcList": ["urn:epc:id:sgtin:9506000.013435.55"],
        "action": "ADD",
        "bizStep": "commissioning",
    }
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2024-05-02T00:00:00Z",
        "epcisBody": {"eventList": [event]},
    }


def _did_document() -> dict[str, Any]:
    did = "did:web:weaver.test"
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "C73pw_ad3721yYxB0mKrFei7COiBodto50Kbilh3tmE", "use": "sig"}
    method = {"id": "#key-1", "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": jwk}
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "alsoKnownAs": ["https://weaver.test"],
        "verificationMethod": [method],
        "assertionMethod": ["#key-1"],
        "service": [{"id": "#links", "type": "LinkedDomains", "serviceEndpoint": "https://weaver.test"}],
    }


STRANGERS: Final[dict[str, Callable[[], Stranger]]] = {
    "a credential of data model 1.1": lambda: Stranger(_model_1_1(), supported=False),
    "an envelope with further contexts": lambda: Stranger(
        enveloped(token(), **{"@context": [credential()["@context"][0], UNTP]})
    ),
    "events of EPCIS": lambda: Stranger(_events_of_epcis(), supported=False),
    "an SD-JWT": lambda: Stranger(
        credential(),
        "application/vc+sd-jwt",
        lambda raw: _by_key(raw, {"typ": "vc+sd-jwt"}) + b"~",
        signed=True,
    ),
    "a COSE envelope": lambda: Stranger(
        credential(),
        "application/vc+cose",
        _in_cose,
        signed=True,
    ),
    "a passport as a token": lambda: Stranger(
        _passport(), "application/vc+jwt", lambda raw: _by_key(raw, {"typ": "vc+jwt"}), signed=True
    ),
    "a token's header": lambda: Stranger(
        {"alg": "EdDSA", "kid": METHOD, "typ": "vc+jwt", "cty": "vc", "iss": ISSUER},
        "application/vc+jwt",
        lambda raw: compact(raw, to_bytes(credential())),
        signed=True,
    ),
    "a status list": lambda: Stranger(
        _status_list(), "application/vc+jwt", lambda raw: _by_key(raw, {"typ": "vc+jwt"}), signed=True
    ),
    "a credential with a proof": lambda: Stranger(embedded()),
    "a DID document of did:web": lambda: Stranger(_did_document(), supported=False),
    "a DID resolution result of did:key": lambda: Stranger(
        {
            "didDocument": dict(document_of_key(parse_did(ISSUER))),
            "didResolutionMetadata": {"contentType": "application/did"},
            "didDocumentMetadata": {},
        },
        supported=False,
    ),
}


class Change(NamedTuple):
    """One member changed: how, where, and the bytes of the document as it is now."""

    how: str
    pointer: str
    raw: bytes


def _changes(value: dict[str, Any]) -> list[Change]:
    """Every member of ``value`` in every way, as many as :data:`MOST` drawn by :data:`SEED`."""
    places = list(_members(value))
    every = [
        Change(how, "/".join(map(str, ("", *place))), _changed(value, place, how)) for place in places for how in HOW
    ]
    return random.Random(SEED).sample(every, min(MOST, len(every)))


def _members(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in parts:
        if isinstance(key, str):
            yield (*place, key)
        yield from _members(item, (*place, key))


HOW: Final = ("dropped", "repeated", "mistyped", "re-spelt")
_AGAIN: Final = "said once more"


def _changed(value: dict[str, Any], place: tuple[str | int, ...], how: str) -> bytes:
    whole: Any = deepcopy(value)
    parent: Any = whole
    for step in place[:-1]:
        parent = parent[step]
    key = place[-1]
    if how == "mistyped":
        parent[key] = {str: 7, int: "seven", float: "half", bool: "yes", list: {"0": "x"}, dict: ["x"]}[
            type(parent[key])
        ]
    elif how == "repeated":
        parent[_AGAIN] = parent[key]
    else:
        taken = parent.pop(key)
        parent |= {str(key).swapcase(): taken} if how == "re-spelt" else {}
    return to_bytes(whole).replace(to_bytes(_AGAIN), to_bytes(key))


def _reason(verdict: Verdict) -> str:
    """The code of what is wrong, else of what could not be told; "" where nothing is."""
    for outcome in (Outcome.FAILED, Outcome.UNDETERMINED):
        for check in verdict.checks:
            if check.outcome is outcome and check.problem is not None:
                return check.problem.code
    return ""


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS.keys())
async def test_unchanged_it_is_read_or_named_for_what_it_is(
    served_node: Served, tmp_path: Path, stranger: Callable[[], Stranger]
) -> None:
    made = stranger()
    raw = made.write(to_bytes(made.value))
    verdict, _ = await Verifying(source=Folder(tmp_path)).verify(raw, made.media_type, at=AT)

    assert (verdict.outcome is Outcome.PASSED) == made.supported, _reason(verdict)
    assert bool(_reason(verdict)) != made.supported


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS.keys())
async def test_a_change_of_any_member_is_answered_with_its_own_reason(
    served_node: Served, tmp_path: Path, stranger: Callable[[], Stranger]
) -> None:
    made, known = stranger(), set(every_code())
    for number, change in enumerate(_changes(made.value)):
        raw, what = made.write(change.raw), f"{change.how} {change.pointer}"
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "file").write_bytes(raw)
        answer = await served_node.ask(
            "POST", "/credentials/verify", data=raw, headers={"Content-Type": made.media_type}, token=served_node.token
        )
        verdict, _ = await Verifying(source=Folder(folder)).verify(raw, made.media_type, at=AT)

        assert answer.status == 200, (what, answer.body)
        told = [problem["code"] for problem in answer.json["problemDetails"]]
        assert set(told) <= known, what
        assert told[:1] == [_reason(verdict)] or not _reason(verdict), what
        if change.how == "repeated":
            assert told[:1] == ["JSON_DUPLICATE_KEY"], (what, told)
        if made.signed and change.pointer not in SAYS_WHO:
            assert verdict.check("proof").outcome is not Outcome.FAILED, (what, told)
        if not made.supported:
            assert verdict.outcome is not Outcome.PASSED, what
        held = held_documents(raw)
        document = held[0] if len(held) == 1 else raw  # as the command reads it
        await _traced(folder, document, what)


#: Members of a header that say how and by whom it is signed: another algorithm or key is another signature.
SAYS_WHO: Final = frozenset({"/alg", "/kid"})


async def _traced(folder: Path, document: bytes, what: str) -> None:
    """The trace of a folder with this file alone gives the reason that ``verify`` gives for the file."""
    source = Folder(folder)
    verdict, _ = await Verifying(source=source).verify(document, None, at=AT)
    tracing = Tracing(source=source, arrived=source.strays(at=AT))
    report = await tracing.trace(verdict.id or "https://nobody.test/1", at=AT, trust=TrustList(), policy=Policy())
    told = [one.detail for one in report.findings if one.rule == "PV-CRED-1"]
    reasons = {check.problem.detail for check in verdict.checks if check.problem is not None}
    assert all(any(reason in detail for reason in reasons) for detail in told), (what, told, reasons)
