"""Data Integrity proofs on documents: add one, check one.

The rule: a proof covers the document without any proof, except for the proofs it names as previous; the proof's own
members are covered too, all but ``proofValue``. Checking answers one question, whether this key made this proof over
this document; whether the key was allowed to is asked elsewhere. Pointers are relative to the proof.
Specification: VC Data Integrity sections 4.2 to 4.5, with 4.3 and 4.5 for sets and chains; EdDSA Cryptosuites 3.2, 3.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject
from credentials.encoding.moments import format_moment
from credentials.errors import ContextProblem, ProofProblem
from credentials.keys.algorithms import PublicKey, Signer
from credentials.proofs.options import (
    PROOF_TYPE,
    check_options,
    created_of,
    domains_of,
    expires_of,
    previous_of,
    verification_method_of,
)
from credentials.proofs.registry import SUITES
from credentials.proofs.suite import Cryptosuite

__all__ = [
    "add_proof",
    "check_proof",
    "created_of",
    "hash_data",
    "make_proof",
    "proofs_of",
    "verification_method_of",
]

MAX_PROOFS: Final = 8
SKEW: Final = timedelta(seconds=60)


def proofs_of(document: JsonObject) -> tuple[JsonObject, ...]:
    """The proofs of a document, in order; none is an empty tuple.

    Raises:
        ProofProblem: ``proof`` is not an object or a list of 1 to 8 objects, or two proofs share an id.
    """
    if "proof" not in document:
        return ()
    stated: Json = document["proof"]
    proofs = stated if isinstance(stated, list) else [stated]
    if not proofs or not all(isinstance(proof, Mapping) for proof in proofs):
        raise ProofProblem("proof is not an object or a list of objects.", pointer="/proof", fix="Sign it again.")
    if len(proofs) > MAX_PROOFS:
        raise ProofProblem(f"More than {MAX_PROOFS} proofs.", pointer="/proof", fix="Keep the ones that matter.")
    ids = [proof["id"] for proof in proofs if isinstance(proof.get("id"), str)]
    if len(set(ids)) != len(ids):
        raise ProofProblem("Two proofs share one id.", pointer="/proof", fix="Give each proof its own id.")
    return tuple(proofs)


def add_proof(
    document: JsonObject,
    *,
    suite: Cryptosuite,
    signer: Signer,
    verification_method: str,
    created: datetime,
    contexts: ContextLibrary,
    purpose: str = "assertionMethod",
    expires: datetime | None = None,
    domain: str | None = None,
    challenge: str | None = None,
    proof_id: str | None = None,
    previous: Sequence[str] = (),
) -> dict[str, Json]:
    """A copy of ``document`` with one proof more; the proofs it has are kept.

    ``previous`` names the ids of proofs this one builds on.

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR or PROOF_VERIFICATION_ERROR. ContextProblem, LimitReached, MalformedInput.
    """
    options: dict[str, Json] = {
        "type": PROOF_TYPE,
        "cryptosuite": suite.name,
        "created": format_moment(created),
        "verificationMethod": verification_method,
        "proofPurpose": purpose,
    }
    optional = {
        "id": proof_id,
        "expires": format_moment(expires) if expires else None,
        "domain": domain,
        "challenge": challenge,
        "previousProof": list(previous) if len(previous) > 1 else next(iter(previous), None),
    }
    options |= {key: value for key, value in optional.items() if value is not None}
    proof = make_proof(document, options, suite=suite, signer=signer, contexts=contexts)
    proofs = [*proofs_of(document), proof]
    secured = {**document, "proof": proof if len(proofs) == 1 else proofs}
    proofs_of(secured)
    return secured


def make_proof(
    document: JsonObject, options: JsonObject, *, suite: Cryptosuite, signer: Signer, contexts: ContextLibrary
) -> dict[str, Json]:
    """The proof that ``options`` describe, over ``document`` without its proofs (but those it names as previous).

    Raises:
        ProofProblem, ContextProblem, LimitReached, MalformedInput: as :func:`add_proof`.
    """
    if signer.public_key.kind not in suite.key_kinds:
        raise ProofProblem(
            f"{suite.name} does not sign with {signer.public_key.kind} keys.",
            code="PROOF_GENERATION_ERROR",
            fix=f"Use a key of kind {', '.join(sorted(suite.key_kinds))}.",
        )
    proof = dict(options)
    if suite.keeps_contexts and "@context" in document:
        proof["@context"] = document["@context"]
    proof["proofValue"] = suite.sign(hash_data(document, proof, suite=suite, contexts=contexts), signer)
    return proof


def check_proof(
    document: JsonObject,
    proof: JsonObject,
    *,
    key: PublicKey,
    contexts: ContextLibrary,
    purpose: str = "assertionMethod",
    at: datetime | None = None,
    domain: str | None = None,
    challenge: str | None = None,
) -> None:
    """Return if ``key`` made ``proof``, one of the document's proofs, over ``document``.

    With ``at`` the proof must have been made by then and not have expired; ``domain`` and ``challenge`` are what the
    asker expects, if it expects any.

    Raises:
        ProofProblem: PROOF_VERIFICATION_ERROR, INVALID_DOMAIN_ERROR, INVALID_CHALLENGE_ERROR.
        MalformedInput: MALFORMED_VALUE_ERROR. ContextProblem. LimitReached.
    """
    check_options(proof)
    suite = _suite_of(proof, key)
    _check_use(proof, purpose=purpose, domain=domain, challenge=challenge)
    if at is not None:
        _check_time(proof, at)
    value = proof.get("proofValue")
    if not isinstance(value, str):
        raise ProofProblem("The proof has no proofValue.", pointer="/proofValue", fix="Sign the document.")
    suite.verify(hash_data(document, proof, suite=suite, contexts=contexts), value, key)


def hash_data(document: JsonObject, proof: JsonObject, *, suite: Cryptosuite, contexts: ContextLibrary) -> bytes:
    """The bytes that are signed for ``proof`` over ``document`` (64 for the EdDSA suites).

    Raises:
        ProofProblem, ContextProblem, LimitReached, MalformedInput: as :func:`check_proof`.
    """
    check_options(proof)
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    previous = _previous_proofs(document, proof)
    if previous:
        unsecured["proof"] = previous
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    if suite.keeps_contexts:
        _take_contexts(unsecured, options)
    elif "@context" in options:
        raise ContextProblem(
            f"A proof of {suite.name} has no context of its own.", pointer="/@context", fix="Remove it and sign again."
        )
    elif "@context" in document:
        options["@context"] = document["@context"]
    return suite.hash_data(suite.transform(options, contexts), suite.transform(unsecured, contexts))


def _take_contexts(unsecured: dict[str, Json], options: JsonObject) -> None:
    """The document's contexts must begin with the proof's, and the proof's are what is hashed (section 3.3.2)."""
    if "@context" not in options:
        return
    kept, stated = _listed(options["@context"]), _listed(unsecured.get("@context", []))
    if stated[: len(kept)] != kept or not kept:
        raise ContextProblem(
            "The document's contexts do not begin with those of the proof.",
            pointer="/@context",
            fix="Ask the issuer for the credential as issued; its contexts were changed after signing.",
        )
    unsecured["@context"] = options["@context"]


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _previous_proofs(document: JsonObject, proof: JsonObject) -> list[JsonObject]:
    """The proofs that ``proof`` names as previous, in document order; a missing one or a ring is refused (4.5)."""
    named = previous_of(proof)
    if not named:
        return []
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
    return [known[name] for name in known if name in named]


def _suite_of(proof: JsonObject, key: PublicKey) -> Cryptosuite:
    name = proof.get("cryptosuite")
    suite = SUITES.get(name) if isinstance(name, str) else None
    if suite is None:
        raise ProofProblem(
            f"The cryptosuite {str(name)[:40]!r} is not one this node checks.",
            pointer="/cryptosuite",
            fix=f"Use one of {', '.join(sorted(SUITES))}.",
        )
    if key.kind not in suite.key_kinds:
        raise ProofProblem(
            f"{suite.name} does not take {key.kind} keys.",
            pointer="/verificationMethod",
            fix=f"Name a key of kind {', '.join(sorted(suite.key_kinds))}.",
        )
    return suite


def _check_use(proof: JsonObject, *, purpose: str, domain: str | None, challenge: str | None) -> None:
    if proof["proofPurpose"] != purpose:
        raise ProofProblem(
            f"The proof is for {proof['proofPurpose'][:40]!r}, not for {purpose}.",
            pointer="/proofPurpose",
            fix=f"Sign with proofPurpose {purpose}.",
        )
    if domain is not None and domains_of(proof) != (domain,):
        raise ProofProblem(
            "The proof is meant for another domain.",
            code="INVALID_DOMAIN_ERROR",
            pointer="/domain",
            fix=f"Sign for the domain {domain}.",
        )
    if challenge is not None and proof.get("challenge") != challenge:
        raise ProofProblem(
            "The proof does not answer this challenge.",
            code="INVALID_CHALLENGE_ERROR",
            pointer="/challenge",
            fix="Sign again with the challenge that was given.",
        )


def _check_time(proof: JsonObject, at: datetime) -> None:
    created, expires = created_of(proof), expires_of(proof)
    if created is not None and created > at + SKEW:
        raise ProofProblem("The proof was made in the future.", pointer="/created", fix="Set the signer's clock.")
    if expires is not None and expires < at - SKEW:
        raise ProofProblem("The proof has expired.", pointer="/expires", fix="Ask the issuer to sign again.")
