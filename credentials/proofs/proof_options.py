"""The members of a proof: read strictly, one meaning each.

The rule: only members that the specification defines; a moment is a moment, a URL is a URL, a challenge comes with a
domain. What a proof says about itself is checked here, who may say it elsewhere.
Specification: VC Data Integrity sections 2.1 and 4.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from credentials.encoding.document import Json, JsonObject
from credentials.encoding.iri import is_iri
from credentials.encoding.moments import format_moment, parse_moment
from credentials.errors import CredentialsError, MalformedInput, ProofProblem

PROOF_TYPE: Final = "DataIntegrityProof"
MEMBERS: Final = frozenset(
    {
        "@context",
        "challenge",
        "created",
        "cryptosuite",
        "domain",
        "expires",
        "id",
        "nonce",
        "previousProof",
        "proofPurpose",
        "proofValue",
        "type",
        "verificationMethod",
    }
)
_TEXTS: Final = MEMBERS - {"@context", "created", "domain", "expires", "id", "previousProof"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofOptions:
    """What a proof to be made says of itself, in the words of VC Data Integrity section 2.1; moments are aware.

    ``previous_proof`` names the ids of the proofs that it builds on, ``domain`` one or several that it is meant for.
    """

    verification_method: str
    created: datetime
    proof_purpose: str = "assertionMethod"
    expires: datetime | None = None
    domain: str | Sequence[str] | None = None
    challenge: str | None = None
    nonce: str | None = None
    id: str | None = None
    previous_proof: Sequence[str] = ()

    def members(self, suite: str) -> dict[str, Json]:
        """The members of a proof of ``suite``, all but its value."""
        previous = list(self.previous_proof)
        optional: dict[str, Json] = {
            "id": self.id,
            "expires": format_moment(self.expires) if self.expires else None,
            "domain": self.domain if self.domain is None or isinstance(self.domain, str) else list(self.domain),
            "challenge": self.challenge,
            "nonce": self.nonce,
            "previousProof": previous if len(previous) > 1 else next(iter(previous), None),
        }
        return {
            "type": PROOF_TYPE,
            "cryptosuite": suite,
            "created": format_moment(self.created),
            "verificationMethod": self.verification_method,
            "proofPurpose": self.proof_purpose,
            **{key: value for key, value in optional.items() if value is not None},
        }


def check_new(options: JsonObject, suite: str) -> None:
    """Return if a proof of ``suite`` can be made as ``options`` say.

    Raises:
        ProofProblem: PROOF_TRANSFORMATION_ERROR for another type or suite, PROOF_GENERATION_ERROR for all else
            (Cryptosuites, "Proof Configuration").
    """
    if options.get("type") != PROOF_TYPE or options.get("cryptosuite") != suite:
        raise ProofProblem(
            f"The options are not those of a {PROOF_TYPE} with the suite {suite}.",
            code="PROOF_TRANSFORMATION_ERROR",
            fix=f"Ask for type {PROOF_TYPE} and cryptosuite {suite}.",
        )
    try:
        check_options(options)
    except CredentialsError as error:
        problem = error.problem
        raise ProofProblem(
            problem.detail, code="PROOF_GENERATION_ERROR", pointer=problem.pointer, fix=problem.fix
        ) from error


def check_options(proof: JsonObject) -> None:
    """Return if every member of ``proof`` is known and of its kind; ``proofValue`` may be missing.

    Raises:
        ProofProblem: PROOF_VERIFICATION_ERROR. MalformedInput: MALFORMED_VALUE_ERROR for moments and URLs.
    """
    for key in proof.keys() - MEMBERS:
        raise _refused(f"A proof has no member {key[:40]!r}.", f"/{key}", "Remove it and sign again.")
    for key in _TEXTS & proof.keys():
        if not isinstance(proof[key], str):
            raise _refused(f"{key} is not text.", f"/{key}", "Write it as a string.")
    if proof.get("type") != PROOF_TYPE:
        raise _refused(f"The proof is not a {PROOF_TYPE}.", "/type", f"Use {PROOF_TYPE} with a cryptosuite.")
    for key in ("verificationMethod", "proofPurpose"):
        if not proof.get(key):
            raise _refused(f"The proof has no {key}.", "", f"Add {key} and sign again.")
    for key in ("verificationMethod", "id"):
        if key in proof and not (isinstance(proof[key], str) and is_iri(proof[key])):
            raise MalformedInput(f"{key} is not a URL.", pointer=f"/{key}", fix="Write an absolute URL or DID URL.")
    created_of(proof)
    expires_of(proof)
    previous_of(proof)
    domains_of(proof)


def verification_method_of(proof: JsonObject) -> str:
    """The DID URL of the key that is said to have made the proof. Raises ProofProblem when there is none."""
    method = proof.get("verificationMethod")
    if not isinstance(method, str) or not method:
        raise _refused("The proof has no verificationMethod.", "/verificationMethod", "Name the key that signs.")
    return method


def created_of(proof: JsonObject) -> datetime | None:
    """When the proof says it was made, None when it does not say. Raises MalformedInput."""
    return parse_moment(proof["created"], pointer="/created") if "created" in proof else None


def expires_of(proof: JsonObject) -> datetime | None:
    """Until when the proof holds, None for ever. Raises MalformedInput."""
    return parse_moment(proof["expires"], pointer="/expires") if "expires" in proof else None


def previous_of(proof: JsonObject) -> tuple[str, ...]:
    """The ids of the proofs this one builds on (proof chains). Raises ProofProblem."""
    return _texts(proof, "previousProof")


def domains_of(proof: JsonObject) -> tuple[str, ...]:
    """The domains the proof is meant for; a challenge demands one. Raises ProofProblem."""
    domains = _texts(proof, "domain")
    if "challenge" in proof and not domains:
        raise _refused("The proof has a challenge but no domain.", "/challenge", "Add the domain that asked.")
    return domains


def _texts(proof: JsonObject, key: str) -> tuple[str, ...]:
    if key not in proof:
        return ()
    stated: Json = proof[key]
    texts = [stated] if isinstance(stated, str) else stated
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise _refused(f"{key} is not text or a list of texts.", f"/{key}", "Write a string or a list of strings.")
    return tuple(texts)


def _refused(detail: str, pointer: str, fix: str) -> ProofProblem:
    return ProofProblem(detail, pointer=pointer, fix=fix)
