"""From the signatures of a document to its signer: whose signatures count, and what they build on.

The rule: the signer is whom the document names, only the signer's signatures count, and all of them must hold. What
they build on must hold too, whoever made it.
Specifications: VCDM 2.0 section 4.7 (Issuer); VC Data Integrity section 2.1.2 (Proof Chains).
"""

from __future__ import annotations

from typing import NamedTuple

from credentials.encoding.document import JsonObject
from credentials.envelopes.opening import Secured
from credentials.errors import CredentialsError, MalformedInput, ProofProblem
from credentials.proofs.coverage import previous_proofs
from credentials.verdict import Check
from credentials.verify.roles import Role, party_of
from credentials.verify.signatures import Signature, signatures_of
from credentials.verify.steps import found, not_run, passed


class Bound(NamedTuple):
    """The check issuer, with key and proof beside it where it never comes to keys, and the signatures that count.

    ``own`` are the signer's, ``previous`` those of others that they build on.
    """

    checks: tuple[Check, ...]
    own: tuple[Signature, ...] = ()
    previous: tuple[Signature, ...] = ()


def bind(secured: Secured, value: JsonObject, role: Role) -> Bound:
    """Whose signatures count for ``value``, what ``secured`` covers, in ``role``."""
    try:
        signatures = signatures_of(secured)
    except CredentialsError as error:
        proof = found("proof", error.problem)
        return Bound((not_run("issuer", proof), not_run("key", proof), proof))
    try:
        own = _own(value, signatures, role)
    except CredentialsError as error:
        issuer = found("issuer", error.problem)
        return Bound((issuer, not_run("key", issuer), not_run("proof", issuer)))
    try:
        previous = _previous(secured, own, signatures)
    except CredentialsError as error:
        proof = found("proof", error.problem)
        return Bound((passed("issuer"), not_run("key", proof), proof), own)
    return Bound((passed("issuer"),), own, previous)


def _own(value: JsonObject, signatures: tuple[Signature, ...], role: Role) -> tuple[Signature, ...]:
    """The signatures that count: those by the party's keys; all of them where the role is not bound to its party."""
    signer = party_of(value, role)
    if signer is None and (role.party_required or role.party in value):
        raise MalformedInput(
            f"The document names no {role.party}.", pointer=f"/{role.party}", fix="Name it by its DID."
        )
    if not role.bound:
        return signatures
    signer = signer or signatures[0].controller
    own = tuple(signature for signature in signatures if signature.controller == signer)
    if not own:
        raise ProofProblem(
            f"It is signed by a key of {signatures[0].controller[:120]}, but the {role.party} is {signer[:120]}.",
            code="ISSUER_MISMATCH",
            pointer=f"/{role.party}",
            fix=f"The {role.party} signs with a key of its own DID document.",
        )
    return own


def _previous(secured: Secured, own: tuple[Signature, ...], signatures: tuple[Signature, ...]) -> tuple[Signature, ...]:
    """The signatures of others on which ``own`` builds. Raises ProofProblem when one of a chain is missing."""
    named = [
        previous
        for signature in own
        if signature.proof is not None
        for previous in previous_proofs(secured.document.value, signature.proof)
    ]
    return tuple(other for other in signatures if other not in own and any(other.proof is proof for proof in named))
