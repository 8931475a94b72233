"""Selective disclosure on documents: the issuer adds a base proof, the holder derives what is shown.

The rule: what is shown carries the derived proof alone. Other proofs, the base proof itself above all, cover or reveal
what was held back.
Specification: ECDSA Cryptosuites 3.6.1 and 3.6.6; VC Data Integrity section 4.2.
"""

from __future__ import annotations

from collections.abc import Sequence

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject
from credentials.errors import ProofProblem
from credentials.keys.algorithms import Signer
from credentials.proofs.coverage import covered, without_proof
from credentials.proofs.data_integrity import refuse_signer, with_proof
from credentials.proofs.proof_options import ProofOptions, check_new, check_options
from credentials.proofs.suite import DisclosingSuite
from credentials.proofs.suites import DISCLOSING_SUITES


def add_base_proof(
    document: JsonObject,
    options: ProofOptions,
    *,
    signer: Signer,
    mandatory_pointers: Sequence[str],
    contexts: ContextLibrary,
    suite: str = "ecdsa-sd-2023",
) -> dict[str, Json]:
    """A copy of ``document`` with a base proof more; what ``mandatory_pointers`` select can never be held back.

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR. ContextProblem, LimitReached, MalformedInput.
    """
    chosen = _suite(suite, "PROOF_GENERATION_ERROR")
    refuse_signer(chosen, signer)
    proof = options.members(suite)
    check_new(proof, suite)
    unsecured, configuration = covered(document, proof, chosen)
    proof["proofValue"] = chosen.sign(unsecured, configuration, mandatory_pointers, signer, contexts)
    return with_proof(document, proof)


def derive_proof(
    document: JsonObject, proof: JsonObject, *, selective_pointers: Sequence[str], contexts: ContextLibrary
) -> dict[str, Json]:
    """The part of ``document`` that ``selective_pointers`` and the issuer's mandatory ones select, with its own proof.

    ``proof`` is the base proof, one of the document's.

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR, PROOF_VERIFICATION_ERROR. ContextProblem, LimitReached, MalformedInput.
    """
    check_options(proof)
    suite = _suite(proof.get("cryptosuite"), "PROOF_VERIFICATION_ERROR")
    value = proof.get("proofValue")
    if not isinstance(value, str):
        raise ProofProblem("The proof has no proofValue.", pointer="/proofValue", fix="Derive from a base proof.")
    shown, derived = suite.derive(without_proof(document), value, selective_pointers, contexts)
    return {**shown, "proof": {**proof, "proofValue": derived}}


def _suite(name: Json, code: str) -> DisclosingSuite:
    suite = DISCLOSING_SUITES.get(name) if isinstance(name, str) else None
    if suite is None:
        raise ProofProblem(
            f"The cryptosuite {str(name)[:40]!r} does not disclose selectively.",
            code=code,
            pointer="/cryptosuite",
            fix=f"Use {', '.join(sorted(DISCLOSING_SUITES))}.",
        )
    return suite
