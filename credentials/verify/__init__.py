"""Judging one credential or presentation: say what is needed, then decide from what was found."""

from credentials.verify.judging import CREDENTIAL, UNBOUND, judge, needs
from credentials.verify.presentation import PresentationVerdict, judge_presentation, needs_presentation
from credentials.verify.view import all_checks, standing, to_json

__all__ = [
    "CREDENTIAL",
    "UNBOUND",
    "PresentationVerdict",
    "all_checks",
    "judge",
    "judge_presentation",
    "needs",
    "needs_presentation",
    "standing",
    "to_json",
]
