"""What can go wrong, under the specifications' own names.

    CredentialsError
    ├── MalformedInput        bytes or values that cannot be what they claim to be
    ├── ContextProblem        a JSON-LD context we do not pin, or a term it does not define
    ├── ProofProblem          a proof that cannot be made or does not verify
    ├── KeyProblem            a key that must not be used, here or at all
    ├── IdentifierProblem     a DID or URL that is not one
    ├── StatusProblem         a status list that cannot answer
    ├── Unsupported           a context, form, key, algorithm or method that may be good and is not read here
    ├── LimitReached          the work budget of one input is spent
    └── NotAccepted           a verdict that was asked for more than it can give

Every error carries a :class:`Problem`: a stable ``code`` (docs/problems.md; the W3C's word where there is one), a
JSON pointer into the input, one sentence of cause (``detail``) and one of cure (``fix``).
Specifications: RFC 9457; VCDM 2.0 section 7; VC Data Integrity section 4.6; Bitstring Status List section 3.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

_VCDM: Final = "https://www.w3.org/TR/vc-data-model#"
_SECURITY: Final = "https://w3id.org/security#"
_STATUS: Final = "https://www.w3.org/ns/credentials/status-list#"

# The W3C's own URI where one exists; every other code lives under our documentation page.
PROBLEM_TYPES: Final[dict[str, str]] = {
    "PARSING_ERROR": _VCDM + "PARSING_ERROR",
    "CRYPTOGRAPHIC_SECURITY_ERROR": _VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR",
    "MALFORMED_VALUE_ERROR": _VCDM + "MALFORMED_VALUE_ERROR",
    "RANGE_ERROR": _VCDM + "RANGE_ERROR",
    "PROOF_GENERATION_ERROR": _SECURITY + "PROOF_GENERATION_ERROR",
    "PROOF_VERIFICATION_ERROR": _SECURITY + "PROOF_VERIFICATION_ERROR",
    "PROOF_TRANSFORMATION_ERROR": _SECURITY + "PROOF_TRANSFORMATION_ERROR",
    "DATA_LOSS_DETECTION_ERROR": _SECURITY + "DATA_LOSS_DETECTION_ERROR",
    "INVALID_DOMAIN_ERROR": _SECURITY + "INVALID_DOMAIN_ERROR",
    "INVALID_CHALLENGE_ERROR": _SECURITY + "INVALID_CHALLENGE_ERROR",
    "UNKNOWN_OPTION_PROVIDED": "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED",
    "STATUS_RETRIEVAL_ERROR": _STATUS + "STATUS_RETRIEVAL_ERROR",
    "STATUS_VERIFICATION_ERROR": _STATUS + "STATUS_VERIFICATION_ERROR",
    "STATUS_LIST_LENGTH_ERROR": _STATUS + "STATUS_LIST_LENGTH_ERROR",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One named problem: ``code`` is stable, ``pointer`` is an RFC 6901 JSON pointer ("" is the whole input).

    ``name`` is a specification's own word where it tells more than ``code`` does (Controlled Identifiers section 3.5).
    """

    code: str
    detail: str
    pointer: str = ""
    fix: str = ""
    name: str = ""

    @property
    def unsupported(self) -> bool:
        """Is this about something that may be good and is not read here (:class:`Unsupported`)?"""
        return self.code.startswith("UNSUPPORTED_")

    @property
    def type(self) -> str:
        """The problem's URI (RFC 9457 ``type``): the specification's where there is one, else on the node's own page.

        The latter is relative to the node's address; whoever answers for a node makes it absolute.
        """
        if self.name:
            return _SECURITY + self.name
        return PROBLEM_TYPES.get(self.code, f"/problems#{self.code}")


class CredentialsError(Exception):
    """Root of everything this floor raises on purpose; ``problem`` says what, where, why and how to mend it."""

    default_code: ClassVar[str] = "MALFORMED_VALUE_ERROR"

    def __init__(
        self, detail: str, *, code: str | None = None, pointer: str = "", fix: str = "", name: str = ""
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(code=code or self.default_code, detail=detail, pointer=pointer, fix=fix, name=name)


class MalformedInput(CredentialsError):
    """The bytes or values are not what they claim to be: JSON_*, TOO_LARGE, MALFORMED_VALUE_ERROR, RANGE_ERROR."""

    default_code = "MALFORMED_VALUE_ERROR"


class ContextProblem(CredentialsError):
    """CONTEXT_NOT_ALLOWED, CONTEXT_HASH, TERM_INVALID or DATA_LOSS_DETECTION_ERROR."""

    default_code = "CONTEXT_NOT_ALLOWED"


class ProofProblem(CredentialsError):
    """A proof is missing, malformed, of an unknown kind, or does not verify."""

    default_code = "PROOF_VERIFICATION_ERROR"


class KeyProblem(CredentialsError):
    """KEY_INVALID (the key itself) or KEY_NOT_AUTHORIZED (not for this purpose, issuer or time)."""

    default_code = "KEY_INVALID"


class IdentifierProblem(CredentialsError):
    """DID_INVALID or DID_DOCUMENT."""

    default_code = "DID_INVALID"


class StatusProblem(CredentialsError):
    """STATUS_RETRIEVAL_ERROR, STATUS_VERIFICATION_ERROR, STATUS_LIST_LENGTH_ERROR or RANGE_ERROR."""

    default_code = "STATUS_VERIFICATION_ERROR"


class Unsupported(CredentialsError):
    """UNSUPPORTED_CONTEXT, _FORM, _KEY, _ALGORITHM or _METHOD: it may be good, and is neither good nor bad here.

    What breaks a rule that is known here is never one of these.
    """

    default_code = "UNSUPPORTED_FORM"


class LimitReached(CredentialsError):
    """CANON_LIMIT: the counted work budget of one document is spent."""

    default_code = "CANON_LIMIT"


class NotAccepted(CredentialsError):
    """``require()`` was asked of a verdict whose outcome is not PASSED."""

    default_code = "NOT_ACCEPTED"
