"""One plain sentence for a whole trace: the word, how much is borne out, what is open, who could close it.

The rule: from templates alone, so that the same report always reads the same; never a bare tick, always why not
better. See docs/requirements.md T9.
"""

from __future__ import annotations

from collections.abc import Sequence

from credentials.provenance.report.folding import folded
from credentials.provenance.report.report import ClaimVerdict, Finding, Gap, Word


def summary(
    word: Word,
    *,
    claims: Sequence[ClaimVerdict],
    findings: Sequence[Finding],
    gaps: Sequence[Gap],
    coverage: tuple[float, float],
) -> str:
    """The summary sentence of a report."""
    parts = [_claims(claims), _mass(coverage), _findings(findings), _gaps(gaps)]
    return f"{word.value}: " + "; ".join(part for part in parts if part) + "."


def _claims(claims: Sequence[ClaimVerdict]) -> str:
    if not claims:
        return "no claim about it is in hand"
    counts = {word: sum(claim.verdict is word for claim in claims) for word in Word}
    whole = f"{counts[Word.VERIFIED]} of {len(claims)} {'claim' if len(claims) == 1 else 'claims'} verified"
    others = [f"{counts[word]} {word.value.lower()}" for word in _OTHERS if counts[word]]
    return ", ".join([whole, *others])


def _mass(coverage: tuple[float, float]) -> str:
    return f"{percent(coverage[0])} of the mass is traced to its origin"


def _findings(findings: Sequence[Finding]) -> str:
    roots = folded(findings, lambda one: (f"{one.rule} {one.subject}", one.because))
    if not roots:
        return "nothing was found wrong"
    return f"{len(roots)} {'thing was' if len(roots) == 1 else 'things were'} found wrong or could not be told"


def _gaps(gaps: Sequence[Gap]) -> str:
    if not gaps:
        return ""
    largest = max(gaps, key=lambda gap: (gap.mass or 0.0, gap.subject))
    mass = f" ({percent(largest.mass)} of the mass)" if largest.mass else ""
    if not largest.ask:
        return f"{len(gaps)} {'end is' if len(gaps) == 1 else 'ends are'} open"
    if len(gaps) == 1:
        return f"1 end is open{mass}, which {largest.ask} could close"
    return f"{len(gaps)} ends are open, of which {largest.ask} could close the largest{mass}"


def percent(share: float) -> str:
    """A share for people, to one decimal, never rounded up to all of it."""
    shown = f"{share * 100:.1f}".removesuffix(".0")
    if shown == "100" and share < 1:
        return "99.9 %"
    return f"{shown} %"


_OTHERS = (Word.PARTIALLY_VERIFIED, Word.UNVERIFIABLE, Word.CONTRADICTED, Word.REFUTED, Word.INVALID)
