"""What is asked, and with what in hand: the two arguments of ``needs`` and ``judge``.

The rule: a report is a function of these two values and nothing else, so that the same values give the same report.
See docs/requirements.md T1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from credentials.errors import IdentifierProblem, MalformedInput
from credentials.evidence import Evidence
from credentials.identifiers.canonical_ids import canonical_id
from credentials.provenance.packs.pack_file import core_pack
from credentials.provenance.packs.rule_pack import RulePack
from credentials.trust.policy import Policy
from credentials.trust.trust_lists import TrustList
from credentials.verdict import Unusable, VerifiedCredential


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which claims of ``target`` (an identifier) hold at ``at``; ``claims`` are claim ids, None asks for all.

    ``known`` is when gathering ended, None for ``at``: later evidence may tell what was so then. ``pack`` is what rules
    know of trades and schemes.
    """

    target: str
    at: datetime
    known: datetime | None = None
    claims: frozenset[str] | None = None
    policy: Policy = field(default_factory=Policy)
    pack: RulePack = field(default_factory=core_pack)


def known_by(known: datetime | None, at: datetime) -> datetime | None:
    """``known`` as it may stand beside ``at``: nobody stops gathering before the moment that is asked about.

    Raises:
        MalformedInput: RANGE_ERROR.
    """
    if known is not None and known < at:
        raise MalformedInput(
            "known is before the moment asked about.",
            code="RANGE_ERROR",
            pointer="/known",
            fix="Leave it out, or give the moment when the evidence was gathered.",
        )
    return known


def check_target(identifier: str) -> None:
    """Return if ``identifier`` may be asked for: a number on a label is checked before anything is looked up.

    What else is no identifier by its form may still be what somebody's documents call a thing.

    Raises:
        IdentifierProblem: ID_CHECK_DIGIT.
    """
    try:
        canonical_id(identifier)
    except IdentifierProblem as error:
        told = error.problem
        if told.code == "ID_CHECK_DIGIT":
            raise IdentifierProblem(told.detail, code=told.code, pointer="/identifier", fix=told.fix) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What is in hand: credentials already judged, everything that was looked up, and whom we believe."""

    credentials: tuple[VerifiedCredential | Unusable, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)
    trust: TrustList = field(default_factory=TrustList)
