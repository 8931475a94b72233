"""The report of a trace: claims, findings, gaps and inputs, the same bytes for the same inputs in any order.

The JSON shape is a contract (docs/requirements.md D10); tests freeze it. Lists are sorted by their own content,
numbers are rounded to six decimals, and nothing depends on arrival order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from credentials.encoding.document import Json


class Word(StrEnum):
    """docs/requirements.md T6: the six words a claim (and a whole trace) can end in."""

    VERIFIED = "VERIFIED"
    PARTIALLY_VERIFIED = "PARTIALLY VERIFIED"
    UNVERIFIABLE = "UNVERIFIABLE"
    REFUTED = "REFUTED"
    CONTRADICTED = "CONTRADICTED"
    INVALID = "INVALID"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """A rule outcome fail or unknown at severity block or warn; one per (rule, subject, pointer).

    ``shown_by``: ids of the documents that show it, the one that ``pointer`` is into first; a linkset goes by the
    identifier it was asked for.
    """

    rule: str
    subject: str
    pointer: str
    outcome: str
    severity: str
    detail: str
    because: tuple[str, ...] = ()
    shown_by: tuple[str, ...] = ()
    closes: str = ""  # what would close it, one sentence; "" in the notes
    ask: str = ""  # DID of whom to ask


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Gap:
    """Something missing: its class (docs/requirements.md T4), the share of mass it leaves open, and whom to ask.

    ``mass`` is a share of the target's mass in 0..1, None when no mass can be given to it.
    """

    gap_class: str
    subject: str
    mass: float | None
    ask: str
    detail: str
    retry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPart:
    """One thing that a claim says: a criterion, topic, metric or score, and who else says it.

    ``id`` is canonical, "" where the claim gives none; ``grade`` is 1 where nobody else bears it out, 3 or 4 where
    attestations do. See docs/requirements.md T22.
    """

    kind: str
    id: str
    statement: str
    grade: int
    attested_by: tuple[str, ...]
    attested: str = ""  # of a metric or score, the figure that was assessed


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldsUnless:
    """A claim that is proven is false only if everybody of one of ``sets`` (DIDs) lies; each is as small as can be.

    ``complete``: no other set of up to three parties would do. ``at_least``: nor would any of fewer parties than that.
    See docs/derivation.md.
    """

    sets: tuple[tuple[str, ...], ...]
    complete: bool
    at_least: int
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """So much (0..1) of what is proven of a claim rests on the word of one party (a DID)."""

    party: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimVerdict:
    """One claim: its word, its grade 0..5, its interval over mass, and why it is not better.

    See docs/requirements.md T12.
    """

    id: str
    type: str
    subject: str
    topic: str
    verdict: Word
    grade: int
    value: tuple[float, float]
    gaps: tuple[Gap, ...]
    because: tuple[str, ...]
    name: str = ""
    statement: str = ""  # what is claimed in figures, e.g. "95 % organic content"
    attested: str = ""  # what was attested of it: figure and criterion as the assessor names them
    says: str = ""  # DID of the issuer of the claim
    attested_by: tuple[str, ...] = ()  # ids of attestations that support it
    accredited_by: tuple[str, ...] = ()  # DIDs of the trust list that their assessors are recognised by
    next_grade: str = ""  # why the next grade was not reached, one sentence
    atoms: tuple[ClaimPart, ...] = ()  # everything that the claim says, in the order of its members
    derivation: int | None = None  # the step of the report's derivation that is worth the lower bound; None: nothing is
    holds_unless: HoldsUnless | None = None  # who would have to lie; None where less than is claimed is proven
    rests: tuple[Rest, ...] = ()  # of such a claim: on whose word what is proven rests
    ruined_by: tuple[str, ...] = ()  # DIDs of those who, by what they have a say about, could ruin the claim


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Input:
    """One credential that was read: intact, how it stood when it was used (``then``) and at ``at`` (``now``).

    ``until``: when its dates, its token and its proofs say that it ends, "" where they do not.
    """

    id: str
    digest: str
    intact: str
    then: str
    now: str
    issuer: str = ""
    kind: str = ""
    code: str = ""  # problem code when not intact
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a trace found. ``coverage`` is [lower, upper] of mass whose chain reaches accepted origin evidence;
    ``explained`` is documented input mass over input mass implied by outputs (docs/requirements.md T7), None if
    unknown.
    """

    target: str
    at: str
    known: str  # when gathering ended
    word: Word
    summary: str
    claims: tuple[ClaimVerdict, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    coverage: tuple[float, float]
    explained: float | None
    inputs: tuple[Input, ...]
    policy: Mapping[str, Json]
    software: str
    chain: Mapping[str, Json]  # vertices and links for the picture: {"vertices": [...], "links": [...]}
    derivation: Mapping[str, Json] = field(default_factory=lambda: {"documents": [], "steps": []})
    names: Mapping[str, str] = field(default_factory=dict)  # id → what it is called by those who have a say
