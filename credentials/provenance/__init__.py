"""From credentials to a verdict on a product: what is missing, and what holds."""

from credentials.provenance.case.case import Case
from credentials.provenance.judging.judge import judge
from credentials.provenance.missing.frontier import Frontier, looking, needs, offers_of
from credentials.provenance.question import Holdings, Question
from credentials.provenance.report.report import ClaimVerdict, Finding, Gap, Input, Report, Word
from credentials.provenance.report.report_json import REPORT_SCHEMA, to_json

__all__ = [
    "REPORT_SCHEMA",
    "Case",
    "ClaimVerdict",
    "Finding",
    "Frontier",
    "Gap",
    "Holdings",
    "Input",
    "Question",
    "Report",
    "Word",
    "judge",
    "looking",
    "needs",
    "offers_of",
    "to_json",
]
