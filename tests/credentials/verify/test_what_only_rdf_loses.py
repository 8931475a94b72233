"""What RDF cannot keep is refused where statements are signed, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from contexts.library import standard_library
from credentials.encoding.document import parse_document
from credentials.errors import CredentialsError
from credentials.evidence import Evidence
from credentials.proofs.data_integrity import add_proof, check_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import SUITES
from credentials.verdict import Outcome
from credentials.verify import check, judge, read
from tests.corpus.making import AT, CREATED, KEY, METHOD, credential, to_bytes, token

UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
LOST: dict[str, dict[str, Any]] = {
    "a third of hundred": {"latitude": 100 / 3},
    "a latitude of seventeen digits": {"latitude": 51.879999999999995},
    "the direction of a text": {"name": {"@value": "لوط", "@language": "ar", "@direction": "rtl"}},
}
CASES = pytest.mark.parametrize("told", LOST.values(), ids=list(LOST))


def _document(told: dict[str, Any]) -> dict[str, Any]:
    contexts = [*credential()["@context"], UNTP]
    return credential(**{"@context": contexts}, credentialSubject={"id": "urn:x:lot", **told})


def _proof(document: dict[str, Any], suite: str) -> dict[str, Any]:
    options = ProofOptions(verification_method=METHOD, created=CREATED)
    return add_proof(document, options, suite=SUITES[suite], signer=KEY, contexts=standard_library())


@CASES
def test_a_token_keeps_it(told: dict[str, Any]) -> None:
    verdict = judge(check(read(token(_document(told)), None), Evidence()), Evidence(), at=AT)

    assert verdict.outcome is Outcome.PASSED
    assert verdict.document is not None
    assert verdict.document.value["credentialSubject"] == {"id": "urn:x:lot", **told}


@CASES
def test_a_proof_over_canonical_json_keeps_it(told: dict[str, Any]) -> None:
    signed = parse_document(to_bytes(_proof(_document(told), "eddsa-jcs-2022"))).value

    check_proof(signed, signed["proof"], key=KEY.public_key, contexts=standard_library())


@CASES
def test_a_proof_over_statements_is_not_made(told: dict[str, Any]) -> None:
    with pytest.raises(CredentialsError) as caught:
        _proof(_document(told), "eddsa-rdfc-2022")

    assert caught.value.problem.code in {"JSON_NUMBER_RANGE", "DATA_LOSS_DETECTION_ERROR"}
