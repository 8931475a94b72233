"""What one PV-CLM rule says of one claim and one assessment."""

from __future__ import annotations

from dataclasses import dataclass

from credentials.provenance.rules.rule import RuleOutcome


@dataclass(frozen=True, slots=True)
class Fit:
    """How well one assessment fits one claim in one respect; ``reason`` and ``because`` as in an Answer."""

    outcome: RuleOutcome
    detail: str
    reason: str = ""
    because: tuple[str, ...] = ()
