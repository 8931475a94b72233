"""Stored links as a linkset that anyone may be served, finest context first.

The rule: strictly conforming out (IDR-06, IDR-07); what the schema cannot say is left out, never bent. A lot's linkset
also holds the links of the product it is a lot of (IDR-04).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from credentials.identifiers.canonical_ids import coarser, given_or_canonical
from credentials.untp.linkset import LinkContext, Target
from credentials.untp.linkset_output import build_linkset
from node.store import StoredLink, Transaction
from node.wire.own_store import target_of

_WEB: Final = re.compile(r"https?://[a-zA-Z0-9./]\S*")
_ORDER: Final = ("dpp", "dfr", "dcc", "dia", "dte")


async def contexts_of(tx: Transaction, identifier: str) -> tuple[tuple[str, tuple[StoredLink, ...]], ...]:
    """Every context of ``identifier`` that has public links, the finest first: (name, links)."""
    found = []
    for name in (identifier, *coarser(identifier)):
        links = await tx.links.of(given_or_canonical(name))
        if links:
            found.append((name, tuple(sorted(links, key=_rank))))
    return tuple(found)


def linkset_json(contexts: Iterable[tuple[str, Sequence[StoredLink]]], *, anchor: str = "") -> dict[str, object]:
    """The linkset of these contexts; ``anchor`` stands for a name that is no web address."""
    return build_linkset(
        LinkContext(
            anchor=name if _WEB.fullmatch(name) else anchor,
            targets=tuple(_conforming(target_of(link)) for link in links if _WEB.fullmatch(link.href)),
        )
        for name, links in contexts
    )


def matching(links: Sequence[StoredLink], *, relation: str, languages: Sequence[str]) -> StoredLink | None:
    """The link that ``relation`` asks for, in the best language; None when there is none."""
    fitting = [link for link in links if link.relation == relation and not link.superseded]
    for language in languages:
        for link in fitting:
            if language in link.hreflang.split(","):
                return link
    return fitting[0] if fitting else None


def default_of(contexts: Sequence[tuple[str, Sequence[StoredLink]]]) -> StoredLink | None:
    """Where an identifier leads without further wishes: the preferred link of the finest context, else its first."""
    for _, links in contexts:
        current = [link for link in links if not link.superseded]
        preferred = [link for link in current if link.preferred]
        if current:
            return (preferred or current)[0]
    return None


def _rank(link: StoredLink) -> tuple[int, bool, str]:
    order = _ORDER.index(link.relation) if link.relation in _ORDER else len(_ORDER)
    return order, link.superseded, link.href


def _conforming(target: Target) -> Target:
    return target if target.title else replace(target, title=target.href)
