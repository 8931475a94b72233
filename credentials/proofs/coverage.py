"""What a proof is about: the proofs of a document, those that one of them builds on, and the content that it covers.

The rule: a proof covers the document without any proof, except for the proofs it names as previous; the proof's own
members are covered too, all but ``proofValue``. Pointers are relative to the proof.
Specification: VC Data Integrity sections 2.1.1, 2.1.2 and 4.3 to 4.5; EdDSA Cryptosuites 3.2.5 and 3.3.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from credentials.encoding.document import Json, JsonObject, as_list
from credentials.errors import ContextProblem, ProofProblem
from credentials.proofs.proof_options import previous_of
from credentials.proofs.suite import Cryptosuite, DisclosingSuite

MAX_PROOFS: Final = 8


def proofs_of(document: JsonObject) -> tuple[JsonObject, ...]:
    """The proofs of a document, in order; none is an empty tuple.

    Raises:
        ProofProblem: ``proof`` is not an object or a list of 1 to 8 objects, or two proofs share an id.
    """
    if "proof" not in document:
        return ()
    proofs = as_list(document["proof"])
    if not proofs or not all(isinstance(proof, Mapping) for proof in proofs):
        raise ProofProblem("proof is not an object or a list of objects.", pointer="/proof", fix="Sign it again.")
    if len(proofs) > MAX_PROOFS:
        raise ProofProblem(f"More than {MAX_PROOFS} proofs.", pointer="/proof", fix="Keep the ones that matter.")
    ids = [proof["id"] for proof in proofs if isinstance(proof.get("id"), str)]
    if len(set(ids)) != len(ids):
        raise ProofProblem("Two proofs share one id.", pointer="/proof", fix="Give each proof its own id.")
    return tuple(proofs)


def covered(
    document: JsonObject, proof: JsonObject, suite: Cryptosuite | DisclosingSuite
) -> tuple[dict[str, Json], dict[str, Json]]:
    """What ``proof`` of ``suite`` covers: the document as it is hashed, and the proof's options as they are hashed.

    Raises:
        ProofProblem: a previous proof is missing, or the suite cannot build on others.
        ContextProblem: CONTEXT_NOT_ALLOWED.
    """
    unsecured = without_proof(document)
    previous = previous_proofs(document, proof)
    if previous and isinstance(suite, DisclosingSuite):
        raise ProofProblem(
            f"A proof of {suite.name} builds on no other.", pointer="/previousProof", fix="Let the others build on it."
        )
    if previous:
        unsecured["proof"] = [other for other in previous if other["id"] in previous_of(proof)]
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    if suite.keeps_contexts:
        _take_contexts(unsecured, options)
    elif "@context" in options:
        raise ContextProblem(
            f"A proof of {suite.name} has no context of its own.", pointer="/@context", fix="Remove it and sign again."
        )
    elif "@context" in document:
        options["@context"] = document["@context"]
    return unsecured, options


def without_proof(document: JsonObject) -> dict[str, Json]:
    """The document without any proof."""
    return {name: value for name, value in document.items() if name != "proof"}


def previous_proofs(document: JsonObject, proof: JsonObject) -> tuple[JsonObject, ...]:
    """The proofs that ``proof`` builds on, directly or through others, in the document's order.

    Raises:
        ProofProblem: one is missing, or the proofs build on each other in a ring (section 4.5).
    """
    named = previous_of(proof)
    if not named:
        return ()
    known = {other["id"]: other for other in proofs_of(document) if isinstance(other.get("id"), str)}
    todo, seen = list(named), set[str]()
    while todo:
        name = todo.pop()
        if name not in known:
            raise ProofProblem(
                f"The previous proof {name[:80]!r} is missing.", pointer="/previousProof", fix="Keep the whole chain."
            )
        if name == proof.get("id"):
            raise ProofProblem("The proof builds on itself.", pointer="/previousProof", fix="Name earlier proofs only.")
        if name not in seen:
            seen.add(name)
            todo.extend(previous_of(known[name]))
    return tuple(other for name, other in known.items() if name in seen)


def _take_contexts(unsecured: dict[str, Json], options: JsonObject) -> None:
    """The document's contexts must begin with the proof's, and the proof's are what is hashed (section 3.3.2)."""
    if "@context" not in options:
        return
    kept, stated = as_list(options["@context"]), as_list(unsecured.get("@context", []))
    if stated[: len(kept)] != kept or not kept:
        raise ContextProblem(
            "The document's contexts do not begin with those of the proof.",
            pointer="/@context",
            fix="Ask the issuer for the credential as issued; its contexts were changed after signing.",
        )
    unsecured["@context"] = options["@context"]
