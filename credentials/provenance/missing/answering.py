"""Which documents answer a need: nobody's file stands in for what another party's address names.

The rule: what a need's own place served answers it, and what else its owner signed under that address, whoever handed
it over. Of documents that only say that they belong there, as in a folder,
intact ones are in hand, and credentials.provenance.case.addressed says which of them the address means. What is broken
answers only where a link names its bytes by digest. What could not be told counts as what it says it is, the address's
own, where nothing intact is that. The others are set aside with a note. docs/decisions/0028.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from credentials.encoding.multibase import digest_matches
from credentials.errors import CredentialsError
from credentials.evidence import Found
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.hosts import is_below
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.stated_links import stated_links
from credentials.verdict import Outcome, Unusable, VerifiedCredential

Judged: TypeAlias = VerifiedCredential | Unusable


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document that may answer the need for ``address`` ("" where nobody asked for it), and what was judged of it."""

    address: str
    found: Found
    judged: Judged

    @property
    def aside(self) -> Unusable:
        """The same for a note only."""
        return Unusable(verdict=self.judged.verdict, needed=False)


def answering(arrivals: Sequence[Arrival]) -> tuple[Arrival, ...]:
    """Those of the ``arrivals`` for one need that answer it, whatever links say."""
    served = tuple(one for one in arrivals if one.found.served)
    if served:
        return (*served, *(one for one in arrivals if not one.found.served and _is_another_word(one)))
    if not all(one.address for one in arrivals):
        return ()
    intact = tuple(one for one in arrivals if isinstance(one.judged, VerifiedCredential))
    if any(_says_it_is_of_the_place(one) for one in intact):
        return intact
    untold = (one for one in arrivals if one.judged.verdict.outcome is Outcome.UNDETERMINED)
    return (*intact, *(one for one in untold if _says_it_is_of_the_place(one)))


def _is_another_word(arrival: Arrival) -> bool:
    """Is it a sound document of who has the address, which the address does not serve? Then it says two things."""
    return isinstance(arrival.judged, VerifiedCredential) and _says_it_is_of_the_place(arrival)


def _says_it_is_of_the_place(arrival: Arrival) -> bool:
    return is_below(arrival.judged.verdict.issuer or "", given_or_canonical(arrival.address))


def named_by_digest(aside: Iterable[Arrival], graph: Graph) -> tuple[Arrival, ...]:
    """Those whose address and bytes a link of ``graph`` names."""
    waiting = [(given_or_canonical(one.address), one) for one in aside if one.address]
    if not waiting:
        return ()
    addresses = {address for address, _ in waiting}
    digests: dict[str, set[str]] = {}
    for _, link in stated_links(graph.statements()):
        address = given_or_canonical(link.url) if link.url and link.digest_multibase else ""
        if address in addresses:
            digests.setdefault(address, set()).add(link.digest_multibase or "")
    return tuple(
        one for address, one in waiting if any(_names(digest, one.found) for digest in digests.get(address, ()))
    )


def _names(digest: str, found: Found) -> bool:
    try:
        return digest_matches(found.body, digest)
    except CredentialsError:
        return False
