"""Judging one credential or presentation: read it once, say what is needed, then decide from what was found."""

from credentials.verify.checking import check, is_checked
from credentials.verify.judging import foreseen, judge, needs
from credentials.verify.presentation import (
    PRESENTATION,
    PresentationVerdict,
    held,
    judge_presentation,
    needs_presentation,
)
from credentials.verify.reading import Reading, read
from credentials.verify.readings import Readings
from credentials.verify.roles import CREDENTIAL, STATUS_LIST, UNBOUND, Role
from credentials.verify.signatures import Asked
from credentials.verify.status import Lists
from credentials.verify.view import all_checks, standing, to_json

__all__ = [
    "CREDENTIAL",
    "PRESENTATION",
    "STATUS_LIST",
    "UNBOUND",
    "Asked",
    "Lists",
    "PresentationVerdict",
    "Reading",
    "Readings",
    "Role",
    "all_checks",
    "check",
    "foreseen",
    "held",
    "is_checked",
    "judge",
    "judge_presentation",
    "needs",
    "needs_presentation",
    "read",
    "standing",
    "to_json",
]
