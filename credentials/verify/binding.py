"""From the signatures of a document to its signer, from the signer to the keys, from the keys to the proof.

The rule: the signer is whom the document names, only the signer's signatures count, and all of them must hold
(security.md items 44 to 46). What they build on must hold too, whoever made it.
Specification: VC Data Integrity section 2.1.2 (Proof Chains).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from contexts.library import ContextLibrary
from credentials.encoding.document import JsonObject
from credentials.encoding.moments import parse_moment
from credentials.envelopes.opening import Secured
from credentials.errors import CredentialsError, MalformedInput, ProofProblem
from credentials.evidence import Evidence, Need
from credentials.keys.algorithms import PublicKey
from credentials.keys.controller import ControllerDocument
from credentials.proofs.coverage import previous_proofs
from credentials.verdict import Check
from credentials.verify.controllers import controller_of, did_need, key_for
from credentials.verify.roles import Role, party_of
from credentials.verify.signatures import NOTHING_ASKED, Asked, Signature, check_signature, signatures_of
from credentials.verify.steps import failed, not_run, passed, run


def key_needs(secured: Secured, role: Role, evidence: Evidence, contexts: ContextLibrary) -> frozenset[Need]:
    """The DID documents that ``secured`` still takes: its signer's, then those of proofs that the signer's build on.

    Raises:
        CredentialsError: its signature cannot count, so nothing need be looked up.
    """
    signatures = signatures_of(secured)
    own = own_signatures(secured.document.value, signatures, role)
    wanted = evidence.missing(_did_needs(own))
    if wanted:
        return wanted
    previous = evidence.missing(_did_needs(previous_signatures(secured, own, signatures)))
    return previous if previous and is_signed(secured, role, evidence, contexts) else frozenset()


def _did_needs(signatures: tuple[Signature, ...]) -> frozenset[Need]:
    needs = (did_need(signature.controller) for signature in signatures)
    return frozenset(need for need in needs if need is not None)


def is_signed(secured: Secured, role: Role, evidence: Evidence, contexts: ContextLibrary) -> bool:
    """Does the first signature of the signer hold? Only that earns a look at what the document merely names."""
    try:
        own = own_signatures(secured.document.value, signatures_of(secured), role)
        key = controller_of(own[0].controller, evidence).method_for(own[0].method, role.purpose).usable()
        check_signature(
            own[0],
            secured.document.value,
            key=key,
            contexts=contexts,
            purpose=role.purpose,
            at=None,
            asked=NOTHING_ASKED,
        )
    except CredentialsError:
        return False
    return True


class Binding:
    """The steps from signature to signer to key to proof.

    ``own`` holds the signer's signatures once known, ``previous`` those of others that they build on.
    """

    def __init__(self, secured: Secured, value: JsonObject, role: Role, at: datetime, asked: Asked) -> None:
        self.secured, self.value, self.role, self.at, self.asked = secured, value, role, at, asked
        self.own: tuple[Signature, ...] = ()
        self.previous: tuple[Signature, ...] = ()
        self._keys: list[PublicKey] = []

    def named(self) -> tuple[Check, ...]:
        """The check issuer alone; with key and proof beside it where it never comes to keys."""
        try:
            signatures = signatures_of(self.secured)
        except CredentialsError as error:
            proof = failed("proof", error.problem)
            return not_run("issuer", proof), not_run("key", proof), proof
        try:
            self.own = own_signatures(self.value, signatures, self.role)
        except CredentialsError as error:
            issuer = failed("issuer", error.problem)
            return issuer, not_run("key", issuer), not_run("proof", issuer)
        try:
            self.previous = previous_signatures(self.secured, self.own, signatures)
        except CredentialsError as error:
            proof = failed("proof", error.problem)
            return passed("issuer"), not_run("key", proof), proof
        return (passed("issuer"),)

    def checks(self, evidence: Evidence, contexts: ContextLibrary) -> tuple[Check, ...]:
        """The checks issuer, key and proof."""
        named = self.named()
        if len(named) > 1:
            return named
        key = run("key", lambda: self._find_keys(evidence))
        if not self._keys:
            return (*named, key, not_run("proof", key))
        return (*named, key, run("proof", lambda: self._check_proofs(contexts)))

    def _find_keys(self, evidence: Evidence) -> None:
        signatures = (*self.own, *self.previous)
        self._keys = keys_of(signatures, self.value, evidence, purpose=self.role.purpose, at=self.at)

    def _check_proofs(self, contexts: ContextLibrary) -> None:
        for signature, key in zip((*self.own, *self.previous), self._keys, strict=True):
            check_signature(
                signature,
                self.secured.document.value,
                key=key,
                contexts=contexts,
                purpose=self.role.purpose,
                at=self.at,
                asked=self.asked if signature in self.own else NOTHING_ASKED,
            )


def keys_of(
    signatures: Sequence[Signature], value: JsonObject, evidence: Evidence, *, purpose: str, at: datetime
) -> list[PublicKey]:
    """The key of each of ``signatures`` over ``value``.

    Raises:
        CredentialsError: as :func:`controller_of` and :func:`key_for`, for the first that has none.
    """
    controllers: dict[str, ControllerDocument] = {}
    for signature in signatures:
        if signature.controller not in controllers:
            controllers[signature.controller] = controller_of(signature.controller, evidence)
    stated = _stated_time(value)
    return [
        key_for(signature, controllers[signature.controller], purpose=purpose, at=at, stated=stated)
        for signature in signatures
    ]


def own_signatures(value: JsonObject, signatures: tuple[Signature, ...], role: Role) -> tuple[Signature, ...]:
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


def previous_signatures(
    secured: Secured, own: tuple[Signature, ...], signatures: tuple[Signature, ...]
) -> tuple[Signature, ...]:
    """The signatures of others on which ``own`` builds. Raises ProofProblem when one of a chain is missing."""
    named = [
        previous
        for signature in own
        if signature.proof is not None
        for previous in previous_proofs(secured.document.value, signature.proof)
    ]
    return tuple(other for other in signatures if other not in own and any(other.proof is proof for proof in named))


def _stated_time(value: JsonObject) -> datetime | None:
    try:
        return parse_moment(value.get("validFrom"))
    except MalformedInput:
        return None
