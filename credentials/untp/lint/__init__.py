"""The lint above the schemas; see ``lint.document``."""

from credentials.untp.finding import LintFinding
from credentials.untp.lint.document import lint
from credentials.untp.lint.rules import PROBES, REQUIREMENTS

__all__ = ["PROBES", "REQUIREMENTS", "LintFinding", "lint"]
