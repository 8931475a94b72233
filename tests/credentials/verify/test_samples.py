"""The official UNTP samples, signed with fresh keys for the issuers they name, are genuine in both forms."""

from __future__ import annotations

import json
from typing import Any

import pytest

from credentials.did.documents import jwk_method, multikey_method
from credentials.encoding.document import walk
from credentials.errors import ContextProblem
from credentials.evidence import Evidence
from credentials.issue import secure_as_jwt, secure_with_proofs
from credentials.verdict import Outcome
from credentials.verify import check, judge, needs, read
from tests.credentials.verify.world import AT, KEY, did_document, did_need, evidence, found, judged, proofed
from tests.shared import untp_samples

RENDERED = "DigitalIdentityAnchor_instance.json"  # uses render terms that its own context does not define


def the_samples() -> dict[str, tuple[dict[str, Any], str, Evidence]]:
    """Each sample with its issuer and that issuer's DID document."""
    cast = {}
    for name, value in untp_samples().items():
        if "issuer" in value:
            did = value["issuer"]["id"]
            cast[name] = (value, did, Evidence({did_need(did): found(did_document(did))}))
    return cast


def test_every_sample_verifies_as_a_token() -> None:
    for name, (value, did, known) in the_samples().items():
        raw = secure_as_jwt(value, signer=KEY, verification_method=jwk_method(did, "cred-1"))

        assert needs(check(read(raw, None), Evidence()), Evidence()) == {did_need(did)}, name
        verdict = judge(read(raw, None), known, at=AT)
        assert verdict.outcome is Outcome.PASSED, (name, verdict.checks)
        assert verdict.require().value == value


def test_every_sample_verifies_with_a_proof_set_but_the_one_with_undefined_terms_which_is_never_signed_so() -> None:
    for name, (value, did, known) in the_samples().items():
        method = multikey_method(did, "cred-1")
        if name == RENDERED:
            with pytest.raises(ContextProblem):
                secure_with_proofs(value, signer=KEY, verification_method=method, created=AT)
            continue
        raw = secure_with_proofs(value, signer=KEY, verification_method=method, created=AT)
        assert judge(read(raw, None), known, at=AT).outcome is Outcome.PASSED, name


def _set(value: Any, pointer: str, item: Any) -> None:
    *path, last = pointer.lstrip("/").split("/")
    for step in path:
        value = value[int(step)] if isinstance(value, list) else value[step]
    value[int(last) if isinstance(value, list) else last] = item


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_any_text_changed_anywhere_in_a_document_or_its_proof_is_noticed(suite: str) -> None:
    good = proofed(suites=(suite,), name="Lot", evidence=[{"type": ["https://farm.test/types#Audit"], "name": "Audit"}])
    assert judged(good).outcome is Outcome.PASSED

    places = [pointer for pointer, item in walk(good) if isinstance(item, str)]
    assert len(places) > 12
    for pointer in places:
        changed = json.loads(json.dumps(good))
        _set(changed, pointer, next(item for where, item in walk(good) if where == pointer) + "x")
        assert judged(changed, evidence()).outcome is not Outcome.PASSED, pointer
