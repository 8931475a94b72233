"""The lint above the schemas; see ``lint.document``."""

from credentials.untp.finding import LintFinding
from credentials.untp.lint.document import lint
from credentials.untp.lint.rules import PROBES, SEVERITIES

__all__ = ["PROBES", "SEVERITIES", "LintFinding", "lint"]
