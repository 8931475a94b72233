"""Data Integrity proofs on documents: add one, check one.

The rule: checking answers one question, whether this key made this proof over this document; whether the key was
allowed to is asked elsewhere. Pointers are relative to the proof.
Specification: VC Data Integrity sections 4.2 to 4.5; EdDSA and ECDSA Cryptosuites 3.2, 3.3 and 3.4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject, Sha256
from credentials.encoding.period import SLACK, ValidityPeriod
from credentials.errors import ProofProblem, Unsupported
from credentials.keys.algorithms import KeyKind, PublicKey, Signer
from credentials.proofs.coverage import covered, proofs_of
from credentials.proofs.proof_options import (
    ProofOptions,
    check_new,
    check_options,
    created_of,
    domains_of,
    expires_of,
)
from credentials.proofs.suite import Cryptosuite, DisclosingSuite, hash_pair, sign_base58, verify_base58
from credentials.proofs.suites import DISCLOSING_SUITES, SUITES
from credentials.proofs.transforms import as_json


class Hashed(NamedTuple):
    """A JSON value, and the SHA-256 of its canonical form in hexadecimal."""

    value: JsonObject
    digest: Sha256


def add_proof(
    document: JsonObject,
    options: ProofOptions,
    *,
    suite: Cryptosuite | DisclosingSuite,
    signer: Signer,
    contexts: ContextLibrary,
    mandatory_pointers: Sequence[str] = (),
) -> dict[str, Json]:
    """A copy of ``document`` with one proof more, which says of itself what ``options`` are; those it has are kept.

    A disclosing suite makes a base proof, which is for the holder; what ``mandatory_pointers`` select can never be held
    back.

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR or PROOF_VERIFICATION_ERROR. ContextProblem, LimitReached, MalformedInput.
    """
    stated = options.members(suite.name)
    proof = make_proof(
        document, stated, suite=suite, signer=signer, contexts=contexts, mandatory_pointers=mandatory_pointers
    )
    return with_proof(document, proof)


def make_proof(
    document: JsonObject,
    options: JsonObject,
    *,
    suite: Cryptosuite | DisclosingSuite,
    signer: Signer,
    contexts: ContextLibrary,
    mandatory_pointers: Sequence[str] = (),
) -> dict[str, Json]:
    """The proof that ``options`` describe, over ``document`` without its proofs (but those it names as previous).

    Raises:
        ProofProblem: as :func:`add_proof`, and PROOF_TRANSFORMATION_ERROR for options of another suite.
        ContextProblem, LimitReached, MalformedInput: as :func:`add_proof`.
    """
    _refuse_signer(suite, signer)
    check_new(options, suite.name)
    proof, kind = dict(options), signer.public_key.kind
    if isinstance(suite, DisclosingSuite):
        proof["proofValue"] = suite.sign(*covered(document, proof, suite), mandatory_pointers, signer, contexts)
        return proof
    if suite.keeps_contexts and "@context" in document:
        proof["@context"] = document["@context"]
    proof["proofValue"] = sign_base58(hash_data(document, proof, suite=suite, kind=kind, contexts=contexts), signer)
    return proof


def _refuse_signer(suite: Cryptosuite | DisclosingSuite, signer: Signer) -> None:
    if signer.public_key.kind not in suite.key_kinds:
        raise ProofProblem(
            f"{suite.name} does not sign with {signer.public_key.kind} keys.",
            code="PROOF_GENERATION_ERROR",
            fix=f"Use a key of kind {', '.join(sorted(suite.key_kinds))}.",
        )


def with_proof(document: JsonObject, proof: JsonObject) -> dict[str, Json]:
    """A copy of ``document`` with ``proof`` behind those it has. Raises ProofProblem when it cannot take one more."""
    proofs = [*proofs_of(document), proof]
    secured = {**document, "proof": proof if len(proofs) == 1 else proofs}
    proofs_of(secured)
    return secured


def check_proof(
    document: JsonObject,
    proof: JsonObject,
    *,
    key: PublicKey,
    contexts: ContextLibrary,
    purpose: str = "assertionMethod",
) -> None:
    """Return if ``key`` made ``proof``, one of the document's proofs, over ``document``, whenever that was.

    Raises:
        ProofProblem: PROOF_VERIFICATION_ERROR. MalformedInput: MALFORMED_VALUE_ERROR. ContextProblem. LimitReached.
    """
    suite = check_stated(proof, kind=key.kind, purpose=purpose)
    value = str(proof["proofValue"])
    if isinstance(suite, DisclosingSuite):
        unsecured, options = covered(document, proof, suite)
        suite.verify(unsecured, options, value, key, contexts)
    else:
        verify_base58(hash_data(document, proof, suite=suite, kind=key.kind, contexts=contexts), value, key)


def check_stated(
    proof: JsonObject,
    *,
    kind: KeyKind,
    purpose: str = "assertionMethod",
    at: datetime | None = None,
    domain: str | None = None,
    challenge: str | None = None,
) -> Cryptosuite | DisclosingSuite:
    """The suite of ``proof``, if what it says of itself fits a key of ``kind`` and what is asked; no signature yet.

    With ``at`` the proof must have been made by then and not have expired; ``domain`` and ``challenge`` are what the
    asker expects, if it expects any.

    Raises:
        ProofProblem: PROOF_VERIFICATION_ERROR, INVALID_DOMAIN_ERROR, INVALID_CHALLENGE_ERROR.
        MalformedInput: MALFORMED_VALUE_ERROR.
    """
    check_options(proof)
    suite = _suite_of(proof, kind)
    _check_use(proof, purpose=purpose, domain=domain, challenge=challenge)
    if at is not None:
        _check_time(proof, at)
    if not isinstance(proof.get("proofValue"), str):
        raise ProofProblem("The proof has no proofValue.", pointer="/proofValue", fix="Sign the document.")
    return suite


def hash_data(
    document: JsonObject,
    proof: JsonObject,
    *,
    suite: Cryptosuite,
    kind: KeyKind,
    contexts: ContextLibrary,
    hashed: Hashed | None = None,
) -> bytes:
    """The bytes that a key of ``kind`` signs for ``proof`` over ``document``: 64, or 96 with P-384.

    ``hashed`` spares the second hashing of a document that was hashed as canonical JSON before.

    Raises:
        ProofProblem, ContextProblem, LimitReached, MalformedInput: as :func:`check_proof`, of a proof whose members
            were checked.
    """
    unsecured, options = covered(document, proof, suite)
    digest = suite.digests[kind]
    configured = (suite.configure or suite.transform)(options, contexts, digest)
    if hashed is not None and suite.transform is as_json and digest == "sha256" and unsecured == hashed.value:
        return hashlib.sha256(configured).digest() + bytes.fromhex(hashed.digest)
    return hash_pair(configured, suite.transform(unsecured, contexts, digest), digest)


def _suite_of(proof: JsonObject, kind: KeyKind) -> Cryptosuite | DisclosingSuite:
    name = proof.get("cryptosuite")
    suite = (SUITES.get(name) or DISCLOSING_SUITES.get(name)) if isinstance(name, str) else None
    if not isinstance(name, str):
        raise ProofProblem("The proof names no cryptosuite.", pointer="/cryptosuite", fix="Secure it again.")
    if suite is None:
        raise Unsupported(
            f"The cryptosuite {name[:40]!r} is not one this node checks.",
            code="UNSUPPORTED_SUITE",
            pointer="/cryptosuite",
            fix=f"Use one of {', '.join(sorted([*SUITES, *DISCLOSING_SUITES]))}.",
        )
    if kind not in suite.key_kinds:
        raise ProofProblem(
            f"{suite.name} does not take {kind} keys.",
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
    if domain is not None and set(domains_of(proof)) != {domain}:
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
    if created is not None and created > at + SLACK:
        raise ProofProblem("The proof was made in the future.", pointer="/created", fix="Set the signer's clock.")
    if ValidityPeriod(ends=expires).is_over(at):
        raise ProofProblem("The proof has expired.", pointer="/expires", fix="Ask the issuer to sign again.")
