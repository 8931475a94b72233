"""Making one :class:`Check`: passed, failed with its problem, or not told with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from credentials.errors import CredentialsError, LimitReached, Problem
from credentials.verdict import Check, Outcome


class CannotTell(CredentialsError):
    """A step cannot be decided with the evidence at hand; that is neither good nor bad."""

    default_code = "DID_DOCUMENT"


@cache  # of a dozen names
def passed(name: str) -> Check:
    """The step ``name`` ran and found nothing wrong."""
    return Check(name, Outcome.PASSED)


def failed(name: str, problem: Problem) -> Check:
    """The step ``name`` ran and found ``problem``."""
    return Check(name, Outcome.FAILED, problem)


def found(name: str, problem: Problem, *, below: str = "") -> Check:
    """The step ``name`` found ``problem``, with ``below`` before its pointer: FAILED, or UNDETERMINED.

    What the problem is about may be good and is only not read here: unsupported is never failed.
    """
    placed = replace(problem, pointer=below + problem.pointer) if below else problem
    return untold(name, placed) if problem.unsupported else failed(name, placed)


def untold(name: str, problem: Problem) -> Check:
    """The step ``name`` could not be decided, because of ``problem``."""
    return Check(name, Outcome.UNDETERMINED, problem)


def not_run(name: str, because: Check) -> Check:
    """The step ``name`` did not run because an earlier one did not pass; it keeps that one's code."""
    cause = because.problem
    return untold(
        name,
        Problem(
            code=cause.code if cause else "MALFORMED_VALUE_ERROR",
            detail=f"Not checked, because the step {because.name!r} did not pass.",
            pointer=cause.pointer if cause else "",
            fix=cause.fix if cause else "",
        ),
    )


def run(name: str, step: Callable[[], None], *, below: str = "") -> Check:
    """Run ``step`` as the check ``name``; ``below`` is put before the pointer of what it finds.

    Missing evidence, a spent work budget and what is not read here mean that it could not be told; every other error
    is a failure.
    """
    try:
        step()
    except (LimitReached, CannotTell) as error:
        return untold(name, replace(error.problem, pointer=below + error.problem.pointer))
    except CredentialsError as error:
        return found(name, error.problem, below=below)
    return passed(name)
