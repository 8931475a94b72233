"""The demo's season written to a folder once a test run: real credentials by throw-away keys."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from credentials.trust import TrustList, parse_trust_list
from node.demo import defects
from node.demo.offline import OfflineSeason, pinned_trust_list
from tests.node.issuer import AT

TRUST: TrustList = parse_trust_list(pinned_trust_list())


@cache
def season_folder(planted: frozenset[str] = frozenset(defects.NAMES)) -> Path:
    """The folder of a season with these defects; do not write into it."""
    folder = Path(mkdtemp(prefix="season-"))
    OfflineSeason(folder=folder, at=AT, planted=planted).write()
    return folder


def season_ids(planted: Collection[str] = defects.NAMES) -> dict[str, str]:
    """What the season calls its credentials: key → id, in the order of issue."""
    from node.demo.season import season

    return {step.key: step.issuer.url(f"credentials/{number}") for number, step in enumerate(season(AT, planted))}
