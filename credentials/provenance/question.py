"""What is asked, and with what in hand: the two arguments of ``needs`` and ``judge``.

The rule: a report is a function of these two values and nothing else, so that the same values give the same report.
See docs/requirements.md T1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from credentials.evidence import Evidence
from credentials.trust.policy import Policy
from credentials.trust.trust_lists import TrustList
from credentials.verdict import Unusable, VerifiedCredential


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which claims of ``target`` (an identifier) hold at ``at``; ``claims`` are claim ids, None asks for all."""

    target: str
    at: datetime
    claims: frozenset[str] | None = None
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What is in hand: credentials already judged, everything that was looked up, and whom we believe."""

    credentials: tuple[VerifiedCredential | Unusable, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)
    trust: TrustList = field(default_factory=TrustList)
