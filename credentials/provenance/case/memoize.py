"""Working something out once per case.

The rule: only what follows from the case and the arguments alone is kept, and no longer than the case is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from credentials.provenance.case.case import Case

P = ParamSpec("P")
R = TypeVar("R")


def memoize_per_case(work: Callable[Concatenate[Case, P], R]) -> Callable[Concatenate[Case, P], R]:
    """``work`` whose result is kept with the case, by its arguments (compared as dictionary keys)."""

    @wraps(work)
    def remembered(case: Case, /, *args: P.args, **kwargs: P.kwargs) -> R:
        known: dict[object, R] = case.worked_out.setdefault(work, {})
        key = (args, tuple(sorted(kwargs.items()))) if kwargs else args
        if key not in known:
            known[key] = work(case, *args, **kwargs)
        return known[key]

    return remembered
