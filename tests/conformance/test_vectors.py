"""The W3C's own documents over HTTP: what it calls good is taken, what it calls bad is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from credentials.did.key import did_of_key
from tests.conformance.suite import HOLDER, Suite, signed
from tests.shared import SHARED, needs_shared, shared_json

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.w3c("A1", "C1.4"), needs_shared]

_FOLDER = SHARED / "vectors" / "vcdm2"
#: The suite writes moments in place of words before it sends it.
_TEMPLATE = "credential-validUntil-validFrom-ok"
#: Good as a draft; what it carries is a legacy proof that nobody here can check.
_LEGACY_PROOF = "credential-proof-ok"
_SIGNED = {
    "eddsa-rdfc": "eddsa-rdfc-2022/signedDataInt.json",
    "eddsa-jcs": "eddsa-jcs-2022/signedJCS.json",
    "ecdsa-rdfc": "ecdsa-rdfc-2019-p256/signedECDSAP256.json",
    "ecdsa-jcs": "ecdsa-jcs-2019-p256/signedJCSECDSAP256.json",
    "ecdsa-sd": "ecdsa-sd-2023/derivedRevealDocument.json",
}
_CHAINS = ("signedProofChain1.json", "signedProofSet1.json", "signedProofSet2.json")


def _named(prefix: str, suffix: str) -> list[str]:
    return sorted(path.stem for path in Path(_FOLDER).glob(f"{prefix}*{suffix}.json"))


def _credential(at_work: Suite, name: str) -> dict[str, Any]:
    """As the suite sends it: with the instance's issuer, unless the issuer is what is wrong with it."""
    document: dict[str, Any] = shared_json("vectors", "vcdm2", f"{name}.json")
    if "issuer" in name and name.endswith("-fail"):
        return document
    if isinstance(document.get("issuer"), dict):
        document["issuer"]["id"] = at_work.issuer("vcdm")
    else:
        document["issuer"] = at_work.issuer("vcdm")
    return document


@pytest.mark.parametrize("name", _named("credential", "-ok"))
async def test_a_good_credential_is_issued_and_verifies(at_work: Suite, name: str) -> None:
    document = _credential(at_work, name)
    if name == _TEMPLATE:
        document |= {"validFrom": "2025-01-01T00:00:00Z", "validUntil": "2027-01-01T00:00:00Z"}
    heard = await at_work.issue("vcdm", document)
    assert heard.status == 201, heard.json
    expected = 400 if name == _LEGACY_PROOF else 200
    assert (await at_work.verify("vcdm", heard.json)).status == expected


@pytest.mark.parametrize("name", _named("credential", "-fail"))
async def test_a_bad_credential_is_not_issued(at_work: Suite, name: str) -> None:
    assert (await at_work.issue("vcdm", _credential(at_work, name))).status == 400


@pytest.mark.parametrize("name", _named("presentation", "-fail"))
async def test_a_bad_presentation_is_refused(at_work: Suite, name: str) -> None:
    document = shared_json("vectors", "vcdm2", f"{name}.json")
    if "holder" not in name:
        document["holder"] = did_of_key(HOLDER.public_key)
    heard = await at_work.present("vcdm", signed(document))
    assert heard.status == 400
    assert {problem["code"] for problem in heard.json["problemDetails"]} != {"PROOF_VERIFICATION_ERROR"}


@pytest.mark.parametrize("name", _SIGNED)
async def test_a_signed_vector_of_another_issuer_verifies(at_work: Suite, name: str) -> None:
    heard = await at_work.verify(name, shared_json("vectors", *_SIGNED[name].split("/")))
    assert (heard.status, heard.json["verified"]) == (200, True), heard.json


@pytest.mark.w3c("A2.8")
@pytest.mark.parametrize("file", _CHAINS)
async def test_a_proof_set_and_a_proof_chain_verify_and_no_proof_may_be_changed(at_work: Suite, file: str) -> None:
    document = shared_json("vectors", "proof-set-chain", file)
    assert (await at_work.verify("eddsa-rdfc", document)).status == 200
    proofs = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    for proof in proofs:
        rest = [other for other in proofs if other is not proof]
        changed = {**document, "proof": [*rest, {**proof, "created": "2023-02-27T09:51:26Z"}]}
        assert (await at_work.verify("eddsa-rdfc", changed)).status == 400


@pytest.mark.parametrize("name", _SIGNED)
@pytest.mark.parametrize("change", ["claim", "context", "option", "byte"])
async def test_a_vector_with_one_thing_changed_is_refused(at_work: Suite, name: str, change: str) -> None:
    document = shared_json("vectors", *_SIGNED[name].split("/"))
    match change:
        case "claim":
            document["credentialSubject"]["id"] = "did:example:other"
        case "context":
            document["@context"] = document["@context"][:1]
        case "option":
            document["proof"]["created"] = "2023-02-25T23:36:38Z"
        case "byte":
            value = document["proof"]["proofValue"]
            middle = len(value) // 2
            document["proof"]["proofValue"] = (
                value[:middle] + ("A" if value[middle] != "A" else "B") + value[middle + 1 :]
            )
    assert (await at_work.verify(name, document)).status == 400


@pytest.mark.parametrize("name", _SIGNED)
async def test_an_ordinary_verifier_wants_the_issuers_own_key(at_work: Suite, name: str) -> None:
    from credentials.encoding.document import compact_json
    from credentials.evidence import Evidence
    from credentials.verify import judge, read
    from node.conformance.profile import contexts_of
    from tests.conformance.suite import AT

    raw = compact_json(shared_json("vectors", *_SIGNED[name].split("/")))
    contexts = contexts_of(SHARED / "contexts")
    verdict = judge(read(raw, "application/vc", contexts=contexts), Evidence(), at=AT, contexts=contexts)
    problem = verdict.check("issuer").problem
    assert problem is not None
    assert problem.code == "ISSUER_MISMATCH"
