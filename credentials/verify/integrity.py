"""The integrity of one secured document: parse, contexts, model, issuer, key, proof, each told every time.

A step that needs another that did not pass is UNDETERMINED, never left out. The same walk serves credentials, status
lists and presentations; they differ in whose signature is wanted and for which purpose.
Specifications: VCDM 2.0 section 7.1 (Verification); VC Data Integrity sections 4.2 and 4.6; VC-JOSE-COSE section 5.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from contexts.library import ContextLibrary
from credentials.encoding.document import Document, JsonObject, Sha256, sha256_hex
from credentials.encoding.jcs import canonical_json
from credentials.envelopes.claims import JWT_CLAIMS
from credentials.envelopes.opening import EnvelopedToken, Secured, open_secured
from credentials.envelopes.pinning import check_contexts
from credentials.errors import CredentialsError, ProofProblem
from credentials.evidence import Evidence
from credentials.verdict import INTEGRITY_CHECKS, Check
from credentials.verify.binding import Binding
from credentials.verify.roles import Role, party_of
from credentials.verify.signatures import NOTHING_ASKED, Asked, Signature
from credentials.verify.steps import failed, not_run, passed, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What the walk found; ``document`` is what the signature covers, without the proofs themselves.

    ``signatures`` are the signer's own, ``previous`` those of others that they build on.
    """

    checks: tuple[Check, ...]
    secured: Secured | None = None
    document: Document | None = None
    signer: str | None = None
    signatures: tuple[Signature, ...] = ()
    previous: tuple[Signature, ...] = ()
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


def examine(
    raw: bytes,
    media_type: str | None,
    evidence: Evidence,
    role: Role,
    *,
    at: datetime,
    contexts: ContextLibrary,
    asked: Asked = NOTHING_ASKED,
    keys: bool = True,
) -> Integrity:
    """Run every integrity check of ``raw`` at ``at``; what is wrong with the document is told, not raised.

    Without ``keys`` it ends where keys would be needed: the checks key and proof are then left to the caller.
    """
    try:
        secured = open_as(raw, media_type, role)
        document = _covered(secured)
    except CredentialsError as error:
        parse = failed("parse", error.problem)
        return Integrity(checks=(parse, *(not_run(name, parse) for name in INTEGRITY_CHECKS[1:])))
    binding = Binding(secured, document.value, role, at, asked)
    bound = binding.checks(evidence, contexts) if keys else binding.named()
    hashed = _as_hashed(document, binding.own)
    canonical = canonical_json(hashed.value)
    top = canonical.count(b'"@context":') == 1  # in canonical JSON that is a member and nothing else
    return Integrity(
        checks=(
            passed("parse"),
            run("contexts", lambda: check_contexts(_without(document.value, {role.holds}), contexts, only_at_top=top)),
            _model(document.value, role, contexts),
            *bound,
        ),
        secured=secured,
        document=hashed,
        signer=party_of(document.value, role) or (binding.own[0].controller if binding.own else None),
        signatures=binding.own,
        previous=binding.previous,
        digest=sha256_hex(canonical),
    )


def _covered(secured: Secured) -> Document:
    """The document without its proofs or token claims: what rules and screens read is nothing else (invariant I3)."""
    document = secured.document
    beside = JWT_CLAIMS if isinstance(secured, EnvelopedToken) else {"proof"}
    return Document(document.raw, _without(document.value, beside))


def _without(value: JsonObject, names: AbstractSet[str]) -> JsonObject:
    return {name: item for name, item in value.items() if name not in names} if names & value.keys() else value


def _as_hashed(document: Document, own: tuple[Signature, ...]) -> Document:
    """A proof that keeps its contexts covers those, not what was appended to the document's own afterwards."""
    kept = own[0].proof.get("@context") if own and own[0].proof else None
    if kept is None or kept == document.value.get("@context"):
        return document
    return Document(document.raw, {**document.value, "@context": kept})


def _model(value: JsonObject, role: Role, contexts: ContextLibrary) -> Check:
    try:
        problems = role.model(value, contexts=contexts)
    except CredentialsError as error:
        problems = (error.problem,)
    return failed("model", problems[0]) if problems else passed("model")
