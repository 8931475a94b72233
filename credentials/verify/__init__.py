"""Judging one credential or presentation: say what is needed, then decide from what was found."""

from credentials.verify.judging import judge, needs

__all__ = ["judge", "needs"]
