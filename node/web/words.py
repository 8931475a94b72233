"""What pages say: the plain word and sentence for every code that a verdict or a report can carry.

The rule: tables of our own words, never text that came with a credential; a code without a row is shown as it is.
See docs/requirements.md T4, T6, T9 and T12.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from credentials.provenance import Word
from credentials.provenance.report.explain import percent
from credentials.verdict import Outcome

#: Word → (style, sign, what it means). The sign says without colour what the colour says.
WORDS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        Word.VERIFIED.value: ("good", "✓", "Proven, even if everything that is unknown speaks against it."),
        Word.PARTIALLY_VERIFIED.value: ("part", "◐", "Part of it is proven; the rest is still open."),
        Word.UNVERIFIABLE.value: ("open", "?", "Nothing speaks against it, and nothing that counts proves it."),
        Word.REFUTED.value: ("bad", "✕", "It is not so, even if everything that is unknown speaks for it."),
        Word.CONTRADICTED.value: ("bad", "≠", "Equally good evidence speaks for it and against it."),
        Word.INVALID.value: ("bad", "!", "The credential that says it does not verify, so it says nothing."),
    }
)

OUTCOMES: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        Outcome.PASSED.value: ("good", "✓", "passed"),
        Outcome.FAILED.value: ("bad", "✕", "failed"),
        Outcome.UNDETERMINED.value: ("open", "?", "could not be told"),
    }
)

#: Check → (what is asked, what it means that it passed).
CHECKS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "parse": ("Readable", "It is well-formed and within every limit."),
        "contexts": ("Vocabulary", "Every vocabulary it uses is known here, word by word."),
        "model": ("Form", "It has all that a W3C Verifiable Credential 2.0 must have."),
        "issuer": ("Issuer", "The issuer's identity document was found, and the key is one of its own."),
        "key": ("Key", "The issuer lists the key for signing credentials."),
        "proof": ("Signature", "The signature fits: nothing it covers has been changed."),
        "validity": ("Dates", "It is within the dates it is valid for."),
        "status": ("Status", "Its status list does not say that it is revoked or suspended."),
        "schema": ("Strict schema", "Every member is what the UNTP schema asks for."),
        "lint": ("Content rules", "No rule above the schema is bent."),
    }
)

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dpp": "Digital product passport",
        "dcc": "Conformity attestation",
        "dfr": "Facility record",
        "dia": "Identity anchor",
        "dte": "Traceability events",
    }
)

GRADES: Final = (
    "broken or contradicted",
    "self-declared",
    "documented",
    "attested by another party",
    "attested by a recognised party",
    "backed by the whole chain",
)

GAPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "offline": "Its keeper did not answer",
        "timeout": "Its keeper took too long",
        "rate-limited": "Its keeper asked us to wait",
        "budget": "Not followed any further",
        "refused": "Its keeper refused us",
        "commitment-only": "Only a commitment is shown",
        "sealed-only": "Only a sealed form is shown",
        "unknown-identifier": "Nobody knows the identifier",
        "no-producer": "Its origin is not recorded",
        "declared-origin": "Its origin is declared, and nobody vouches for it",
        "withdrawn": "Withdrawn",
        "issuer-gone": "Its issuer is gone",
        "invalid-proof": "The evidence does not verify",
        "unrecognised-issuer": "The assessor is not recognised",
        "expired": "The evidence had expired",
        "revoked": "The evidence has been revoked",
        "stale": "Its status could not be looked up",
        "unsupported": "It is written in a way that is not read here",
        "unsupported-method": "An unknown method secures it",
    }
)

VERTICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "product": "goods",
        "event": "event",
        "facility": "place",
        "party": "party",
        "attestation": "attestation",
        "gap": "gap",
    }
)

#: What a party does in a chain, by the link that leads away from it.
PARTIES: Final[Mapping[str, str]] = MappingProxyType(
    {"issued": "assessor", "accredits": "accreditation body", "registers": "register"}
)

LINKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "input": "went into",
        "output": "made",
        "moved": "was moved in",
        "at": "is where it happened:",
        "issued": "issued",
        "attests": "attests",
        "accredits": "accredits",
        "registers": "registers",
        "missing": "is missing for",
    }
)


def band(low: float, high: float) -> str:
    """An interval of shares, such as ``84–91 %``."""
    if percent(low) == percent(high):
        return percent(low)
    return f"{percent(low).removesuffix(' %')}–{percent(high)}"


def said_of_band(low: float, high: float) -> str:
    """What an interval over the mass means, in one sentence."""
    if low == high:
        return f"{percent(low)} of the mass is proven." if low else "It holds for none of the mass."
    if low <= 0:
        return "Nothing is proven yet." if high >= 1 else f"Nothing is proven yet; {percent(high)} is possible at most."
    return f"{percent(low)} of the mass is proven, {percent(high - low)} is unknown."
