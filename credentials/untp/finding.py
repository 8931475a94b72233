"""What the lint says: one rule, one place, how bad, why, and how to mend it.

``rule`` is a requirement id of untp.md (a) such as ``DPP-01``. ``error`` keeps a draft from being issued; when
verifying, both severities are findings and neither touches the integrity outcome (design README, Settled 1).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One rule of the lint above the schemas (untp.md (d).6), ``severity`` is ``error`` or ``warn``."""

    rule: str
    pointer: str
    severity: str
    detail: str
    fix: str = ""
