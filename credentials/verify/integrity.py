"""The integrity of one secured document: parse, contexts, model, issuer, key, proof, each told every time.

A step that needs another that did not pass is UNDETERMINED, never left out. The same walk serves credentials, status
lists and presentations; they differ in whose signature is wanted and for which purpose.
Specifications: VCDM 2.0 section 7.1 (Verification); VC Data Integrity sections 4.2 and 4.6; VC-JOSE-COSE section 5.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from contexts.library import ContextLibrary
from credentials.encoding.document import Document, Json, JsonObject, Sha256, sha256_hex
from credentials.encoding.jcs import canonical_json
from credentials.encoding.moments import parse_moment
from credentials.envelopes.claims import JWT_CLAIMS
from credentials.envelopes.opening import EnvelopedToken, Secured, open_secured
from credentials.envelopes.pinning import check_contexts
from credentials.errors import CredentialsError, MalformedInput, Problem, ProofProblem
from credentials.evidence import Evidence, Need
from credentials.keys.algorithms import PublicKey
from credentials.verdict import INTEGRITY_CHECKS, Check
from credentials.verify.controllers import controller_of, did_need, key_for
from credentials.verify.signatures import Asked, Signature, check_signature, signatures_of
from credentials.verify.steps import failed, not_run, passed, run

NOTHING_ASKED: Final = Asked()


class ModelCheck(Protocol):
    """The rules of the data model for one kind of document; empty when it conforms."""

    def __call__(self, document: JsonObject, *, contexts: ContextLibrary) -> tuple[Problem, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Whose signature a document needs: ``party`` reads the signer, ``purpose`` is the relationship its key needs."""

    kind: str  # "vc" or "vp", as a token's typ says it
    party: str  # the member that names the signer: "issuer" or "holder"
    party_required: bool
    purpose: str
    model: ModelCheck
    holds: str = ""  # the member whose values are documents of their own, judged on their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What the walk found; ``document`` is what the signature covers, without the proofs themselves."""

    checks: tuple[Check, ...]
    secured: Secured | None = None
    document: Document | None = None
    signer: str | None = None
    signatures: tuple[Signature, ...] = ()
    digest: Sha256 | None = None


def open_as(raw: bytes, media_type: str | None, role: Role) -> Secured:
    """Open ``raw`` as a document of ``role``; a token of the other kind is refused (security.md item 60).

    Raises:
        MalformedInput: as :func:`open_secured`.
        ProofProblem: as :func:`open_secured`, and for the other kind of token.
    """
    secured = open_secured(raw, media_type)
    if isinstance(secured, EnvelopedToken) and secured.kind != role.kind:
        raise ProofProblem(
            f"This is a {secured.kind}+jwt, but a {role.kind}+jwt is expected here.",
            pointer="/typ",
            fix=f"Send a token with typ {role.kind}+jwt.",
        )
    return secured


def key_needs(secured: Secured, role: Role) -> frozenset[Need]:
    """The DID document that checking ``secured`` takes.

    Raises:
        CredentialsError: its signature cannot count, so nothing need be looked up.
    """
    signer, _ = _own(secured.document.value, signatures_of(secured), role)
    need = did_need(signer)
    return frozenset() if need is None else frozenset({need})


def is_signed(secured: Secured, role: Role, evidence: Evidence, contexts: ContextLibrary) -> bool:
    """Does the first signature of the signer hold? Only that earns a look at what the document merely names."""
    try:
        signer, own = _own(secured.document.value, signatures_of(secured), role)
        key = controller_of(signer, evidence).method_for(own[0].method, role.purpose).usable()
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


def examine(
    raw: bytes,
    media_type: str | None,
    evidence: Evidence,
    role: Role,
    *,
    at: datetime,
    contexts: ContextLibrary,
    asked: Asked = NOTHING_ASKED,
) -> Integrity:
    """Run every integrity check of ``raw`` at ``at``; what is wrong with the document is told, not raised."""
    try:
        secured = open_as(raw, media_type, role)
        document = _covered(secured)
        digest = sha256_hex(canonical_json(document.value))
    except CredentialsError as error:
        parse = failed("parse", error.problem)
        return Integrity(checks=(parse, *(not_run(name, parse) for name in INTEGRITY_CHECKS[1:])))
    binding = _Binding(secured, document.value, role, at, asked)
    bound = binding.checks(evidence, contexts)
    return Integrity(
        checks=(
            passed("parse"),
            run("contexts", lambda: check_contexts(_without(document.value, {role.holds}), contexts)),
            _model(document.value, role, contexts),
            *bound,
        ),
        secured=secured,
        document=_as_hashed(document, binding.own),
        signer=_party(document.value, role),
        signatures=binding.own,
        digest=digest,
    )


class _Binding:
    """The steps from signature to signer to key to proof; ``own`` holds the signer's signatures once known."""

    def __init__(self, secured: Secured, value: JsonObject, role: Role, at: datetime, asked: Asked) -> None:
        self.secured, self.value, self.role, self.at, self.asked = secured, value, role, at, asked
        self.own: tuple[Signature, ...] = ()
        self._keys: list[PublicKey] = []

    def checks(self, evidence: Evidence, contexts: ContextLibrary) -> tuple[Check, Check, Check]:
        """The checks issuer, key and proof."""
        try:
            signatures = signatures_of(self.secured)
        except CredentialsError as error:
            proof = failed("proof", error.problem)
            return not_run("issuer", proof), not_run("key", proof), proof
        try:
            signer, self.own = _own(self.value, signatures, self.role)
        except CredentialsError as error:
            issuer = failed("issuer", error.problem)
            return issuer, not_run("key", issuer), not_run("proof", issuer)
        key = run("key", lambda: self._find_keys(signer, evidence))
        if len(self._keys) != len(self.own):
            return passed("issuer"), key, not_run("proof", key)
        return passed("issuer"), key, run("proof", lambda: self._check_proofs(contexts))

    def _find_keys(self, signer: str, evidence: Evidence) -> None:
        controller = controller_of(signer, evidence)
        stated = _stated_time(self.value)
        keys = [
            key_for(signature, controller, purpose=self.role.purpose, at=self.at, stated=stated)
            for signature in self.own
        ]
        self._keys = keys

    def _check_proofs(self, contexts: ContextLibrary) -> None:
        for signature, key in zip(self.own, self._keys, strict=True):
            check_signature(
                signature,
                self.secured.document.value,
                key=key,
                contexts=contexts,
                purpose=self.role.purpose,
                at=self.at,
                asked=self.asked,
            )


def _covered(secured: Secured) -> Document:
    """The document without its proofs or token claims: what rules and screens read is nothing else (invariant I3)."""
    document = secured.document
    beside = JWT_CLAIMS if isinstance(secured, EnvelopedToken) else {"proof"}
    return Document(document.raw, _without(document.value, beside), document.digest)


def _without(value: JsonObject, names: AbstractSet[str]) -> JsonObject:
    return {name: item for name, item in value.items() if name not in names} if names & value.keys() else value


def _as_hashed(document: Document, own: tuple[Signature, ...]) -> Document:
    """A proof that keeps its contexts covers those, not what was appended to the document's own afterwards."""
    kept = own[0].proof.get("@context") if own and own[0].proof else None
    if kept is None or kept == document.value.get("@context"):
        return document
    return Document(document.raw, {**document.value, "@context": kept}, document.digest)


def _model(value: JsonObject, role: Role, contexts: ContextLibrary) -> Check:
    try:
        problems = role.model(value, contexts=contexts)
    except CredentialsError as error:
        problems = (error.problem,)
    return failed("model", problems[0]) if problems else passed("model")


def _party(value: JsonObject, role: Role) -> str | None:
    stated: Json = value.get(role.party)
    stated = stated.get("id") if isinstance(stated, dict) else stated
    return stated if isinstance(stated, str) else None


def _own(value: JsonObject, signatures: tuple[Signature, ...], role: Role) -> tuple[str, tuple[Signature, ...]]:
    """The signer and the signatures by its keys."""
    signer = _party(value, role)
    if signer is None and (role.party_required or role.party in value):
        raise MalformedInput(
            f"The document names no {role.party}.", pointer=f"/{role.party}", fix="Name it by its DID."
        )
    signer = signer or signatures[0].controller
    own = tuple(signature for signature in signatures if signature.controller == signer)
    if not own:
        raise ProofProblem(
            f"It is signed by a key of {signatures[0].controller[:120]}, but the {role.party} is {signer[:120]}.",
            code="ISSUER_MISMATCH",
            pointer=f"/{role.party}",
            fix=f"The {role.party} signs with a key of its own DID document.",
        )
    return signer, own


def _stated_time(value: JsonObject) -> datetime | None:
    try:
        return parse_moment(value.get("validFrom"))
    except MalformedInput:
        return None
