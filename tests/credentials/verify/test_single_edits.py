"""Every single edit of every official sample, judged whole: what signs the JSON misses none, what signs statements only
what RDF cannot tell, and then the verdict says so (docs/requirements.md S17, S23, S41, S42, S73 and R18).
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from contexts.library import standard_library
from credentials.did.documents import jwk_method, multikey_method
from credentials.encoding.document import parse_document
from credentials.encoding.multibase import decode_base64url, encode_base64url
from credentials.envelopes.opening import EnvelopedToken, open_secured
from credentials.errors import CredentialsError
from credentials.evidence import Evidence
from credentials.issue import secure_as_jwt, secure_with_proofs
from credentials.proofs.coverage import proofs_of
from credentials.proofs.data_integrity import check_proof
from credentials.verdict import Outcome
from credentials.verify import judge, read
from credentials.verify.view import to_json
from tests.corpus.envelopes import in_cose, in_sd_jwt
from tests.corpus.making import to_bytes
from tests.credentials.verify.edits import UNORDERED, Edit, edits_of, said_elsewhere, some_of
from tests.credentials.verify.test_samples import RENDERED, the_samples
from tests.credentials.verify.world import AT, KEY
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

_FOLDER = SHARED / "untp" / "v0.7.0" / "artefacts" / "samples"
NAMES = sorted(path.name for kind in ("dpp", "dcc", "dte", "dfr", "dia") for path in (_FOLDER / kind).glob("*.json"))
FEW = 15

each_sample = pytest.mark.parametrize("name", NAMES)
each_but_rendered = pytest.mark.parametrize("name", [name for name in NAMES if name != RENDERED])


@cache
def _samples() -> dict[str, tuple[dict[str, Any], str, Evidence]]:
    return the_samples()


def _proofed(name: str, suite: str) -> tuple[dict[str, Any], Evidence]:
    value, did, known = _samples()[name]
    raw = secure_with_proofs(
        value, signer=KEY, verification_method=multikey_method(did, "cred-1"), created=AT, suites=(suite,)
    )
    return json.loads(raw), known


def _missed(document: dict[str, Any], known: Evidence, edits: list[Edit]) -> Counter[str]:
    """The kinds of edits that still PASS, with a check that the verdict of each says what it does not cover."""
    missed: Counter[str] = Counter()
    for edit in edits:
        changed = edit.applied(document)
        if _proof_fails(changed):
            continue  # then the whole fails, and need not be judged
        verdict = judge(read(to_bytes(changed), "application/vc"), known, at=AT)
        if verdict.outcome is Outcome.PASSED:
            missed["said elsewhere" if said_elsewhere(document, edit) else edit.kind] += 1
            proof = next(check for check in to_json(verdict)["checks"] if check["name"] == "proof")
            assert proof["code"] == "ORDER_UNPROTECTED", edit
    return missed


def _proof_fails(document: dict[str, Any]) -> bool:
    try:
        for proof in proofs_of(parse_document(to_bytes(document)).value):
            check_proof(document, proof, key=KEY.public_key, contexts=standard_library())
    except CredentialsError:
        return True
    return False


def _token_fails(raw: bytes, media_type: str) -> bool:
    try:
        opened = open_secured(raw, media_type)
        assert isinstance(opened, EnvelopedToken)
        opened.token.verify(KEY.public_key)
    except CredentialsError:
        return True
    return False


def _tokens_missed(name: str, edits: list[Edit], *, forms: tuple[str, ...]) -> list[tuple[str, Edit]]:
    """The edits of a payload that pass under the signature of the original, by form."""
    value, did, _ = _samples()[name]
    kid = jwk_method(did, "cred-1")
    token = secure_as_jwt(value, signer=KEY, verification_method=kid).decode()
    shown = in_sd_jwt(value, signer=KEY, verification_method=kid).decode().rstrip("~")
    sealed = in_cose(value, signer=KEY, verification_method=kid)
    payload = decode_base64url(token.split(".")[1])
    missed = []
    for edit in edits:
        changed = to_bytes(edit.applied(value))
        for form, compact, tail in (("vc+jwt", token, ""), ("vc+sd-jwt", shown, "~")):
            if form not in forms:
                continue
            head, _, signature = compact.split(".")
            raw = f"{head}.{encode_base64url(changed)}.{signature}{tail}".encode()
            if not _token_fails(raw, f"application/{form}"):
                missed.append((form, edit))
        if "vc+cose" in forms and len(changed) == len(payload):  # a length is written before it
            raw = sealed.replace(payload, changed)
            if not _token_fails(raw, "application/vc+cose"):
                missed.append(("vc+cose", edit))
    return missed


@each_sample
def test_no_edit_of_the_payload_of_a_token_escapes(name: str) -> None:
    edits = some_of(edits_of(_samples()[name][0]), FEW)
    assert _tokens_missed(name, edits, forms=("vc+jwt", "vc+sd-jwt", "vc+cose")) == []


@each_sample
@pytest.mark.slow
def test_no_edit_at_all_of_the_payload_of_a_token_escapes(name: str) -> None:
    edits = edits_of(_samples()[name][0])
    assert len(edits) > 100
    assert _tokens_missed(name, list(edits), forms=("vc+jwt",)) == []


@each_sample
def test_no_edit_escapes_a_jcs_proof(name: str) -> None:
    document, known = _proofed(name, "eddsa-jcs-2022")
    assert judge(read(to_bytes(document), "application/vc"), known, at=AT).outcome is Outcome.PASSED
    assert _missed(document, known, some_of(edits_of(document), FEW)) == {}


@each_sample
@pytest.mark.slow
def test_no_edit_at_all_escapes_a_jcs_proof(name: str) -> None:
    document, known = _proofed(name, "eddsa-jcs-2022")
    edits = edits_of(document)
    assert len(edits) > 100
    assert _missed(document, known, list(edits)) == {}


@each_but_rendered
def test_only_what_rdf_cannot_tell_escapes_a_proof_over_statements_and_is_told(name: str) -> None:
    document, known = _proofed(name, "eddsa-rdfc-2022")
    assert judge(read(to_bytes(document), "application/vc"), known, at=AT).outcome is Outcome.PASSED
    assert _missed(document, known, some_of(edits_of(document), FEW)).keys() <= UNORDERED


@each_but_rendered
@pytest.mark.slow
def test_of_all_edits_only_what_rdf_cannot_tell_escapes_a_proof_over_statements(name: str) -> None:
    document, known = _proofed(name, "eddsa-rdfc-2022")
    missed = _missed(document, known, list(edits_of(document)))
    assert missed.keys() <= UNORDERED
    assert missed, "a proof over statements that notices order is no such proof"


def test_a_jcs_proof_and_a_token_have_no_such_remark() -> None:
    name = NAMES[0]
    value, did, known = _samples()[name]
    token = secure_as_jwt(value, signer=KEY, verification_method=jwk_method(did, "cred-1"))
    document, _ = _proofed(name, "eddsa-jcs-2022")
    for raw in (token, to_bytes(document)):
        checks = to_json(judge(read(raw, None), known, at=AT))["checks"]
        assert [check["code"] for check in checks if check["name"] == "proof"] == [None]


def test_the_samples_are_all_there() -> None:
    assert len(NAMES) == len(_samples()) >= 5
    assert RENDERED in NAMES
