"""What the lint says: one rule, one place, how bad, why, and how to mend it.

``rule`` is a requirement id of docs/rules.md such as ``DPP-01``. ``error`` keeps a draft from being issued; when
verifying, both severities are findings and neither touches the integrity outcome (docs/requirements.md D1).
"""

from __future__ import annotations

from dataclasses import dataclass

from credentials.encoding.document import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One rule of the lint above the schemas, ``severity`` is ``error`` or ``warn``.

    See docs/rules.md#requirements-of-the-lint.
    """

    rule: str
    pointer: str
    severity: str
    detail: str
    fix: str = ""

    @property
    def page(self) -> str:
        """Where a node explains it, relative to the node's address."""
        return f"/rules#{self.rule}"

    def to_json(self) -> dict[str, Json]:
        """The finding as reports and answers list it."""
        return {
            "rule": self.rule,
            "pointer": self.pointer,
            "severity": self.severity,
            "detail": self.detail,
            "fix": self.fix,
            "page": self.page,
        }
