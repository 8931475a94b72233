"""Selective disclosure on documents: from the base proof that the issuer added the holder derives what is shown.

The rule: what is shown carries the derived proof alone. Other proofs, the base proof itself above all, cover or reveal
what was held back.
Specification: ECDSA Cryptosuites 3.6.1 and 3.6.6; VC Data Integrity section 4.2.
"""

from __future__ import annotations

from collections.abc import Sequence

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject
from credentials.errors import ProofProblem
from credentials.proofs.coverage import without_proof
from credentials.proofs.proof_options import check_options
from credentials.proofs.suites import DISCLOSING_SUITES


def derive_proof(
    document: JsonObject, proof: JsonObject, *, selective_pointers: Sequence[str], contexts: ContextLibrary
) -> dict[str, Json]:
    """The part of ``document`` that ``selective_pointers`` and the issuer's mandatory ones select, with its own proof.

    ``proof`` is the base proof, one of the document's.

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR, PROOF_VERIFICATION_ERROR. ContextProblem, LimitReached, MalformedInput.
    """
    check_options(proof)
    name = proof.get("cryptosuite")
    suite = DISCLOSING_SUITES.get(name) if isinstance(name, str) else None
    if suite is None:
        raise ProofProblem(
            f"The cryptosuite {str(name)[:40]!r} does not disclose selectively.",
            pointer="/cryptosuite",
            fix=f"Use {', '.join(sorted(DISCLOSING_SUITES))}.",
        )
    value = proof.get("proofValue")
    if not isinstance(value, str):
        raise ProofProblem("The proof has no proofValue.", pointer="/proofValue", fix="Derive from a base proof.")
    shown, derived = suite.derive(without_proof(document), value, selective_pointers, contexts)
    return {**shown, "proof": {**proof, "proofValue": derived}}
