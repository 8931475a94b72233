"""The signatures of a secured document in one shape, whether a token or embedded proofs carry them.

The rule: a signature names a key by DID URL, and counts only for the DID of that URL. What a third party signed never
counts for the issuer, and every signature of the issuer must hold (security.md items 44 to 46).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contexts.library import ContextLibrary
from credentials.did.identifiers import parse_did_url
from credentials.encoding.document import JsonObject
from credentials.encoding.moments import parse_moment
from credentials.envelopes.jose import CompactJws
from credentials.envelopes.opening import EmbeddedProofs, EnvelopedToken, Secured
from credentials.errors import ProofProblem
from credentials.keys.algorithms import PublicKey

#: Which form a verdict names when several secure one document: the one that protects most comes first.
_PREFERENCE = ("eddsa-jcs-2022", "ecdsa-jcs-2019", "eddsa-rdfc-2022", "ecdsa-rdfc-2019")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature: its ``form``, the DID URL of its key, when it says it was made, and what carries it."""

    form: str
    method: str
    controller: str
    signed_at: datetime | None
    purpose: str | None
    token: CompactJws | None = None
    proof: JsonObject | None = None
    pointer: str = ""


def signatures_of(secured: Secured) -> tuple[Signature, ...]:
    """Every signature of ``secured``, those of the preferred forms first.

    Raises:
        ProofProblem: nothing secures the document, or a proof does not say which key made it.
        IdentifierProblem: DID_INVALID, a key that is named by no DID URL.
    """
    if isinstance(secured, EnvelopedToken):
        return (
            Signature(
                form=f"{secured.kind}+jwt",
                method=secured.kid,
                controller=_controller(secured.kid, "/kid"),
                signed_at=secured.times.issued_at,
                purpose=None,
                token=secured.token,
            ),
        )
    if isinstance(secured, EmbeddedProofs):
        single = not isinstance(secured.document.value["proof"], list)
        found = [
            _embedded(proof, "/proof" if single else f"/proof/{index}") for index, proof in enumerate(secured.proofs)
        ]
        return tuple(sorted(found, key=_rank))
    raise ProofProblem(
        "The document carries no proof.",
        fix="Send it as issued: as application/vc+jwt, or with its embedded proof.",
    )


def check_signature(signature: Signature, document: JsonObject, *, key: PublicKey, contexts: ContextLibrary) -> None:
    """Return if ``key`` made ``signature`` over ``document``. Raises ProofProblem and what its suite raises."""
    if signature.token is not None:
        signature.token.verify(key)
        return
    raise ProofProblem("No data integrity yet.")


def _embedded(proof: JsonObject, pointer: str) -> Signature:
    method, suite = proof.get("verificationMethod"), proof.get("cryptosuite")
    if proof.get("type") != "DataIntegrityProof" or not isinstance(suite, str):
        raise ProofProblem(
            f"The proof type {str(proof.get('type'))[:60]!r} is not accepted.",
            pointer=pointer,
            fix="Secure it with a DataIntegrityProof and a cryptosuite.",
        )
    created = proof.get("created")
    return Signature(
        form=suite,
        method=str(method),
        controller=_controller(method, f"{pointer}/verificationMethod"),
        signed_at=None if created is None else parse_moment(created, pointer=f"{pointer}/created"),
        purpose=str(proof.get("proofPurpose")),
        proof=proof,
        pointer=pointer,
    )


def _controller(method: object, pointer: str) -> str:
    url = parse_did_url(method, pointer=pointer)
    if not url.fragment:
        raise ProofProblem("The key's DID URL has no fragment.", pointer=pointer, fix="Name the key, did:…#key-1.")
    return str(url.did)


def _rank(signature: Signature) -> int:
    return _PREFERENCE.index(signature.form) if signature.form in _PREFERENCE else len(_PREFERENCE)
