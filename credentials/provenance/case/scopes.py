"""What a scope contains: a criterion of its own, or one that somebody with a say puts under it.

The rule: a scope contains what is equal to it or below it by path, what the rule pack says is the same or within it,
and what a scheme's own catalogue lists, once it was served at the scheme's own address. A catalogue that somebody hands
over lists nothing, and the word of who claims or assesses widens no scope.
Specification: UNTP 0.7.0, Conformity Vocabulary Catalogue; docs/requirements.md T13 and T23; docs/rule-packs.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from credentials.encoding.document import Json, parse_document
from credentials.errors import CredentialsError
from credentials.evidence import NeedKind
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.containment import contains
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case


def covers(case: Case, scope: str, criterion: str) -> bool:
    """Does the ``scope`` (canonical, as the ``criterion``) contain the criterion?"""
    return any(contains(scope, one) for one in _meant(case, criterion))


@memoize_per_case
def _meant(case: Case, criterion: str) -> frozenset[str]:
    """The criterion under every id, and the schemes and criteria that it is part of."""
    same = case.pack.same_as(criterion)
    above = frozenset[str]().union(*(case.pack.within(one) for one in same))
    listed = (scheme for scheme, criteria in _catalogues(case).items() if not criteria.isdisjoint(same))
    return same | above | frozenset(listed)


@memoize_per_case
def _catalogues(case: Case) -> Mapping[str, frozenset[str]]:
    """The criteria and profiles that each scheme's own catalogue lists, by canonical ids."""
    found: dict[str, frozenset[str]] = {}
    for need in case.evidence.of_kind(NeedKind.CATALOGUE):
        answer = case.evidence.found(need)
        if answer is not None and answer.served:
            scheme = given_or_canonical(need.id)
            found[scheme] = found.get(scheme, frozenset()) | _listed(answer.body, scheme)
    return found


def _listed(body: bytes, scheme: str) -> frozenset[str]:
    """What a catalogue lists if it is one of the scheme's own; one that cannot be read lists nothing."""
    try:
        value = parse_document(body).value
    except CredentialsError:
        return frozenset()
    named = value.get("id")
    if not isinstance(named, str) or not contains(scheme, given_or_canonical(named)):
        return frozenset()
    return frozenset(given_or_canonical(one) for one in _ids_in(value))


def _ids_in(value: Mapping[str, Json]) -> Iterator[str]:
    """The ids of the criteria and profiles below a scheme or profile."""
    for member in ("includedProfile", "criterion"):
        rows = value.get(member)
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, Mapping):
                named = row.get("id")
                if isinstance(named, str):
                    yield named
                if member == "includedProfile":
                    yield from _ids_in({"criterion": row.get("criterion")})
