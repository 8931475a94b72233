"""The signatures of a secured document in one shape, whether a token or embedded proofs carry them.

The rule: a signature names a key by DID URL, and counts only for the DID of that URL. What a third party signed never
counts for the issuer, and every signature of the issuer must hold.
Specifications: VC Data Integrity section 2.1; VC-JOSE-COSE section 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from credentials.did.syntax import parse_did_url
from credentials.encoding.document import JsonObject
from credentials.encoding.moments import parse_moment
from credentials.envelopes.opening import EmbeddedProofs, EnvelopedToken, Secured
from credentials.errors import IdentifierProblem, ProofProblem, Unsupported
from credentials.proofs.coverage import proofs_of

#: Which form a verdict names when several secure one document: the one that protects most comes first.
_PREFERENCE = ("eddsa-jcs-2022", "ecdsa-jcs-2019", "eddsa-rdfc-2022", "ecdsa-rdfc-2019", "ecdsa-sd-2023")

#: How the types of proofs end that came before VC Data Integrity: Ed25519Signature2020, JsonWebSignature2020, …
_OLDER: Final = ("Signature2018", "Signature2019", "Signature2020", "Signature2021", "SignatureProof2020")

#: The word of Controlled Identifiers 1.0 section 3.5 for a key that is named by no usable URL.
_BAD_URL: Final = "INVALID_VERIFICATION_METHOD_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature: its ``form``, the DID URL of its key, when it says it was made, and the proof unless a token's."""

    form: str
    method: str
    controller: str
    signed_at: datetime | None
    purpose: str | None
    proof: JsonObject | None = None
    pointer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the asker of a presentation expects its signature to name; None where nothing is expected."""

    domain: str | None = None
    challenge: str | None = None


NOTHING_ASKED: Final = Asked()


def signatures_of(secured: Secured) -> tuple[Signature, ...]:
    """Every signature of ``secured``, those of the preferred forms first.

    Raises:
        ProofProblem: nothing secures the document, or a proof does not say which key made it.
        IdentifierProblem: DID_INVALID, a key that is named by no DID URL.
    """
    if isinstance(secured, EnvelopedToken):
        return (
            Signature(
                form=secured.form,
                method=secured.kid,
                controller=_controller(secured.kid, "/kid"),
                signed_at=secured.times.issued_at,
                purpose=None,
            ),
        )
    if isinstance(secured, EmbeddedProofs):
        value = secured.document.value
        single = not isinstance(value["proof"], list)
        found = [
            _embedded(proof, "/proof" if single else f"/proof/{index}") for index, proof in enumerate(proofs_of(value))
        ]
        return tuple(sorted(found, key=_rank) if len(found) > 1 else found)
    raise ProofProblem(
        "The document carries no proof.",
        fix="Send it as issued: as application/vc+jwt, or with its embedded proof.",
    )


def _embedded(proof: JsonObject, pointer: str) -> Signature:
    method, suite = proof.get("verificationMethod"), proof.get("cryptosuite")
    if str(proof.get("type")).endswith(_OLDER):
        raise Unsupported(
            f"The proof type {str(proof.get('type'))[:60]!r} is one of before VC Data Integrity.",
            code="UNSUPPORTED_SUITE",
            pointer=pointer,
            fix="Ask for it with a DataIntegrityProof of a cryptosuite that README lists, or as application/vc+jwt.",
        )
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
    try:
        url = parse_did_url(method, pointer=pointer)
    except IdentifierProblem as error:
        problem = error.problem
        raise IdentifierProblem(problem.detail, pointer=pointer, fix=problem.fix, name=_BAD_URL) from error
    if not url.fragment:
        raise ProofProblem(
            "The key's DID URL has no fragment.", pointer=pointer, fix="Name the key, did:…#key-1.", name=_BAD_URL
        )
    return str(url.did)


def _rank(signature: Signature) -> int:
    return _PREFERENCE.index(signature.form) if signature.form in _PREFERENCE else len(_PREFERENCE)


def check_answer(payload: JsonObject, asked: Asked) -> None:
    """A token answers a challenge with ``nonce`` and names the domain as ``aud`` (VC-JOSE-COSE section 3.1.2).

    Raises:
        ProofProblem: INVALID_DOMAIN_ERROR or INVALID_CHALLENGE_ERROR.
    """
    audience = payload.get("aud")
    if asked.domain is not None and audience not in (asked.domain, [asked.domain]):
        raise ProofProblem(
            "The token is meant for another domain.",
            code="INVALID_DOMAIN_ERROR",
            pointer="/aud",
            fix=f"Sign with aud {asked.domain}.",
        )
    if asked.challenge is not None and payload.get("nonce") != asked.challenge:
        raise ProofProblem(
            "The token does not answer this challenge.",
            code="INVALID_CHALLENGE_ERROR",
            pointer="/nonce",
            fix="Sign again with nonce set to the challenge that was given.",
        )
