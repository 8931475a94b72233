"""What a trace wants to look up: needs with their weights, each once, owed to the chain or offered by others.

The rule: what the chain's own documents ask for is owed, and so is what its speakers list at places of their own. What
lists offer from hosts of nobody who speaks in the chain is apart, each host in turn, so that nobody's list crowds out
what the chain asks for. See docs/requirements.md T3 and T8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from credentials.evidence import Need, NeedKind
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.hosts import domain_of, host_of, is_below
from credentials.provenance.case.addressed import credential_at
from credentials.provenance.case.case import Case
from credentials.provenance.statements.stepwise import STEP, Steps

_OLDER: Final = "predecessor-version"
_ORDER: Final = tuple(NeedKind)


class Wanted:
    """Needs with their weights, each once in whatever spelling: what is owed to the chain, and what others offer.

    ``speaking`` are the DIDs of who has a say in the chain or is believed.
    """

    def __init__(self, case: Case, speaking: Iterable[str]) -> None:
        self._case = case
        self._most = case.policy.budget.lots
        self._hosts: dict[str, list[str]] = {}
        self._above: dict[str, tuple[str, ...]] = {}
        for did in speaking:
            self._hosts.setdefault(domain_of(did), []).append(did)
        self.owed: dict[Need, float] = {}
        self.offered: dict[Need, float] = {}
        self._relations: dict[Need, frozenset[str]] = {}
        self._spelling: dict[tuple[NeedKind, str], Need] = {}

    def add(self, need: Need, weight: float, relations: frozenset[str] = frozenset()) -> bool:
        """Want ``need``, and from a linkset its links of these ``relations``; is it new?"""
        if not _is_asked(need):
            return False
        kept = self._spelling.setdefault(self._case.evidence.name_of(need), need)
        is_new = kept not in self.owed
        self.owed[kept] = max(weight, self.owed.get(kept, 0.0))
        self._relations[kept] = self._relations.get(kept, frozenset()) | relations
        return is_new

    def offer(self, need: Need, weight: float, relations: frozenset[str]) -> bool:
        """The same for what nobody in the chain asks for; what is owed stays so."""
        kept = self._spelling.get(self._case.evidence.name_of(need), need)
        if not _is_asked(need) or kept in self.owed or (kept not in self.offered and len(self.offered) >= self._most):
            return False
        self._spelling.setdefault(self._case.evidence.name_of(need), kept)
        is_new = kept not in self.offered
        self.offered[kept] = max(weight, self.offered.get(kept, 0.0))
        self._relations[kept] = self._relations.get(kept, frozenset()) | relations
        return is_new

    def follow(self) -> Steps[None]:
        """Follow the linksets that were found, and resolvers they name, each once; elsewhere is offered."""
        waiting = [need for need in self.owed if need.kind is NeedKind.LINKSET]
        elsewhere: list[tuple[Need, Need]] = []
        while waiting and len(self.owed) < self._most:
            need = waiting.pop()
            if len(waiting) % STEP == 0:
                yield
            for reached in self._targets(need):
                if not self._is_of_chain(reached, need):
                    elsewhere.append((reached, need))
                elif self.add(reached, self.owed[need], self._relations[need]) and reached.kind is NeedKind.LINKSET:
                    waiting.append(reached)
        for reached, need in elsewhere:
            self.offer(reached, self.owed[need], self._relations[need])

    def follow_offers(self) -> Steps[None]:
        """Follow the linksets that are offered; whatever they list is offered too."""
        waiting = [need for need in self.offered if need.kind is NeedKind.LINKSET]
        while waiting and len(self.offered) < self._most:
            need = waiting.pop()
            if len(waiting) % STEP == 0:
                yield
            for reached in self._targets(need):
                is_new = self.offer(reached, self.offered[need], self._relations[need])
                if is_new and reached.kind is NeedKind.LINKSET:
                    waiting.append(reached)

    def open(self) -> tuple[Need, ...]:
        """What is owed and nobody has answered, and that is not in hand, the heaviest first."""
        missing = [need for need in self.owed if not self._in_hand(need)]
        return tuple(sorted(missing, key=lambda need: _heaviest(need, self.owed))[: self._most])

    def open_offers(self) -> tuple[Need, ...]:
        """What is offered, likewise, but each host in turn, so that none of them can crowd out another."""
        missing = (need for need in self.offered if not self._in_hand(need))
        turns: Counter[str] = Counter()
        ordered: list[tuple[int, Need]] = []
        for need in sorted(missing, key=lambda need: _heaviest(need, self.offered)):
            host = host_of(need.id) or domain_of(need.id)
            ordered.append((turns[host], need))
            turns[host] += 1
        return tuple(need for _, need in sorted(ordered, key=lambda pair: pair[0]))

    def _is_of_chain(self, reached: Need, listed_by: Need) -> bool:
        """Is it below the place of who has a say in the chain?

        While nobody at the host that lists it is known to have one: is it at that host?
        """
        host = host_of(reached.id)
        if host and host not in self._hosts and host == (host_of(listed_by.id) or domain_of(listed_by.id)):
            return True
        dids = self._speaking_above(host)
        place = given_or_canonical(reached.id) if dids else ""
        return any(is_below(did, place) for did in dids)

    def _speaking_above(self, host: str) -> tuple[str, ...]:
        """The DIDs of who has a say whose host is ``host`` or one above it."""
        if host not in self._above:
            labels = host.split(".")
            names = (".".join(labels[start:]) for start in range(len(labels)))
            self._above[host] = tuple(did for name in names for did in self._hosts.get(name, ()))
        return self._above[host]

    def _in_hand(self, need: Need) -> bool:
        if self._case.evidence.in_any_spelling(need):
            return True
        return need.kind is NeedKind.CREDENTIAL and credential_at(self._case, need.id) is not None

    def _targets(self, need: Need) -> Iterator[Need]:
        for answered in self._case.evidence.in_any_spelling(need):
            for target in self._case.evidence.targets(answered):
                if target.relation in self._relations[need] and _OLDER not in target.qualifiers:
                    yield Need(NeedKind.CREDENTIAL, target.href)
                elif target.relation == "idr":
                    yield Need(NeedKind.LINKSET, target.href)


def _is_asked(need: Need) -> bool:
    return need.id.startswith(("http://", "https://", "did:", "urn:"))


def _heaviest(need: Need, weights: Mapping[Need, float]) -> tuple[object, ...]:
    return (-weights[need], _ORDER.index(need.kind), need.id)
