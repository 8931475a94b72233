"""A report as its page shows it: one sentence first, then claims, gaps, findings, chain and what was read.

The rule: nothing is judged here; every number and word is the report's own. A name always stands with the DID that
says it. See docs/requirements.md T9 and S136.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from contexts.codes.topics import topic
from credentials.provenance import ClaimVerdict, Finding, Gap, Report
from credentials.provenance.report.explain import percent
from credentials.provenance.report.folding import folded
from credentials.provenance.report.report import ClaimPart
from credentials.trust import TrustList
from node.web.chain import Picture, picture_of
from node.web.derivation_view import DerivationView, derivation_views
from node.web.in_short import InShort, in_short
from node.web.words import GAPS, GRADES, KINDS, WORDS, band, said_of_band

#: Grade of what a claim says → (style, sign) of its line.
_BORNE_OUT: Final = {4: ("good", "✓"), 3: ("part", "◐")}
_BY_NOBODY: Final = ("open", "?")
#: On so many parties what is proven is said to rest, those first on whom most does.
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A word with its look and its meaning."""

    word: str
    style: str
    sign: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An interval as a bar of 0 to 100: proven from the left, then unknown."""

    proven: float
    unknown: float
    band: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """An attestation that carries a claim, and the DID that issued it."""

    id: str
    issuer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomLine:
    """One thing that a claim says: what kind of thing, what is said, what was assessed of it, and who bears it out."""

    kind: str
    said: str
    assessed: str
    style: str
    sign: str
    grade: str
    issuers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """One claim with everything a reader asks about it: what was attested, then what its claimant says in quotes.

    ``figures`` are the claimed ones where they are not the attested ones.
    """

    claim: ClaimVerdict
    badge: Badge
    bar: Bar
    headline: str
    quoted: str
    figures: str
    grade: str
    witnesses: tuple[Witness, ...]
    atoms: tuple[AtomLine, ...]
    rests: tuple[tuple[str, str], ...]  # DID and the share of the mass that rests on its word
    derivation: DerivationView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """One thing that is missing: what, how much it leaves open, whom to ask, and which claims wait for it."""

    gap: Gap
    what: str
    share: str
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One finding with what follows from it; ``grave`` when it blocks."""

    finding: Finding
    grave: bool
    consequences: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """The values of the page of a report."""

    report: Report
    badge: Badge
    bar: Bar
    sentence: str
    short: InShort
    grades: str
    parties: int
    claims: tuple[ClaimLine, ...]
    gaps: tuple[GapLine, ...]
    findings: tuple[FindingLine, ...]
    picture: Picture
    kinds: Mapping[str, str]
    listed: Mapping[str, str]
    names: Mapping[str, str]


def view_of(report: Report, trust: TrustList) -> ReportView:
    """The view of ``report``; ``trust`` names the parties that this node believes."""
    issuers = {one.id: one.issuer for one in report.inputs}
    gaps, findings, derivations = _gaps(report), _findings(report), derivation_views(report)
    return ReportView(
        report=report,
        badge=badge_of(report.word.value),
        bar=bar_of(report.coverage),
        sentence=_sentence(report),
        short=in_short(report, [one.gap for one in gaps], len(findings)),
        grades=_grades(report.claims),
        parties=len({one.issuer for one in report.inputs if one.issuer and one.intact == "PASSED"}),
        claims=tuple(_claim(one, issuers, derivations[place]) for place, one in enumerate(report.claims)),
        gaps=gaps,
        findings=findings,
        picture=picture_of(report.chain, report.names),
        kinds=KINDS,
        listed=listed(trust),
        names=report.names,
    )


def listed(trust: TrustList) -> Mapping[str, str]:
    """DID → what this node's trust list believes it for."""
    return {entry.did: ", ".join(sorted(entry.roles)) for entry in trust.entries if entry.pinned}


def badge_of(word: str) -> Badge:
    """The badge of one of the six words."""
    style, sign, meaning = WORDS.get(word, ("open", "?", ""))
    return Badge(word=word, style=style, sign=sign, meaning=meaning)


def bar_of(value: tuple[float, float]) -> Bar:
    """The bar of an interval of shares."""
    low, high = value
    return Bar(
        proven=round(low * 100, 2),
        unknown=round((high - low) * 100, 2),
        band=band(low, high),
        said=said_of_band(low, high),
    )


def _sentence(report: Report) -> str:
    """The report's own sentence without the word it begins with."""
    sentence = report.summary.removeprefix(f"{report.word.value}: ")
    return sentence[:1].upper() + sentence[1:]


def _grades(claims: Iterable[ClaimVerdict]) -> str:
    found = sorted({claim.grade for claim in claims})
    if not found:
        return "none"
    return str(found[0]) if len(found) == 1 else f"{found[0]} to {found[-1]}"


def _claim(claim: ClaimVerdict, issuers: Mapping[str, str], derivation: DerivationView | None) -> ClaimLine:
    return ClaimLine(
        claim=claim,
        badge=badge_of(claim.verdict.value),
        bar=bar_of(claim.value),
        headline=f"{claim.attested[:1].upper()}{claim.attested[1:]}" or f"Not attested: {_claimed(claim)}",
        quoted=claim.name or claim.id,
        figures="" if not claim.attested or claim.statement in claim.attested else claim.statement,
        grade=GRADES[claim.grade],
        witnesses=tuple(Witness(id=id, issuer=issuers.get(id, "")) for id in claim.attested_by),
        atoms=tuple(_atom(one, issuers) for one in sorted(claim.atoms, key=lambda one: one.grade)),
        rests=tuple((one.party, percent(one.share)) for one in claim.rests[:_NAMED]),
        derivation=derivation,
    )


def _atom(one: ClaimPart, issuers: Mapping[str, str]) -> AtomLine:
    """The worst stand first; what is assessed in the words of the claim is not said twice."""
    style, sign = _BORNE_OUT.get(one.grade, _BY_NOBODY)
    return AtomLine(
        kind=one.kind,
        said=one.statement,
        assessed=one.attested if one.attested != one.statement else "",
        style=style,
        sign=sign,
        grade=GRADES[one.grade],
        issuers=tuple(dict.fromkeys(issuers.get(id, "") or id for id in one.attested_by)),
    )


def _claimed(claim: ClaimVerdict) -> str:
    """What is claimed in figures, else on which of our topics; never in the claimant's words."""
    known = topic(claim.topic)
    return claim.statement or (known.label if known is not None else "what is claimed")


def _findings(report: Report) -> tuple[FindingLine, ...]:
    """Root causes, the gravest first, each with what follows from it."""
    ordered = sorted(report.findings, key=lambda one: (one.severity != "block", one.outcome != "fail", one))
    return tuple(
        FindingLine(
            finding=one, grave=one.severity == "block" and one.outcome == "fail", consequences=tuple(consequences)
        )
        for one, consequences in folded(ordered, lambda one: (f"{one.rule} {one.subject}", one.because))
    )


def _gaps(report: Report) -> tuple[GapLine, ...]:
    """Every gap once, the chain's own and those of single claims, the largest first."""
    waiting: dict[Gap, list[str]] = {gap: [] for gap in report.gaps}
    for claim in report.claims:
        for gap in claim.gaps:
            waiting.setdefault(gap, []).append(claim.name or claim.id)
    order = sorted(waiting, key=lambda gap: (-(gap.mass or 0.0), gap.gap_class, gap.subject))
    return tuple(
        GapLine(
            gap=gap,
            what=GAPS.get(gap.gap_class, gap.gap_class),
            share=band(gap.mass, gap.mass) if gap.mass else "",
            waiting=tuple(dict.fromkeys(waiting[gap])),
        )
        for gap in order
    )
