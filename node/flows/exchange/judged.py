"""What came of a credential that a peer told of: is it the one, why is it not kept, can it be read here at all?"""

from __future__ import annotations

from collections.abc import Mapping

from credentials.encoding.document import Json
from credentials.encoding.multibase import digest_matches
from credentials.errors import CredentialsError, Problem
from credentials.verdict import Outcome, Verdict


def digest_problem(body: bytes, data: Mapping[str, Json]) -> str:
    """Why ``body`` is not what the event with ``data`` names; "" when it is."""
    try:
        if digest_matches(body, str(data.get("credentialDigest"))):
            return ""
    except CredentialsError as error:
        return error.problem.detail
    return "The bytes at the credential's URL are not the ones the event names."


def why(verdict: Verdict) -> str:
    """The first thing that keeps the verdict from PASSED."""
    problems = _problems(verdict)
    return f"{problems[0].code}: {problems[0].detail}" if problems else verdict.outcome


def is_unread(verdict: Verdict) -> bool:
    """Is it undetermined for nothing but what is not read here, so that looking again tells nothing new?"""
    problems = _problems(verdict)
    is_open = verdict.outcome is Outcome.UNDETERMINED
    return is_open and bool(problems) and all(problem.unsupported for problem in problems)


def _problems(verdict: Verdict) -> list[Problem]:
    return [check.problem for check in verdict.checks if check.problem and check.outcome is not Outcome.PASSED]
