"""Successors: what one issuer signed under one id and did not replace, and what the documents differ in.

The rule: a later document replaces an earlier one of the same issuer and id that was over or revoked when the later one
began. Two that are not so related are two words under one name, and which of them a link means cannot be told.
See docs/rules.md PV-MRG-6.
"""

from __future__ import annotations

from itertools import pairwise

from credentials.encoding.json_values import walk
from credentials.provenance.graph.graph import Graph
from credentials.provenance.statements.statement import Statement
from credentials.trust.standing import Standing, issued, status
from credentials.verdict import VerifiedCredential


def differing(graph: Graph, issuer: str, id: str) -> tuple[tuple[VerifiedCredential, VerifiedCredential], ...]:
    """The neighbours in time, earlier and later, of what ``issuer`` signed under ``id`` that are two words."""
    held = [one for one in graph.credentials_at(id) if (one.issuer, one.id) == (issuer, id)]
    ordered = sorted(held, key=lambda one: (str(issued(one) or ""), one.object_digest))
    return tuple(pair for pair in pairwise(ordered) if not _agree(*pair))


def words_beside(graph: Graph, credential: VerifiedCredential) -> tuple[VerifiedCredential, ...]:
    """The documents that are another word beside ``credential``."""
    pairs = differing(graph, credential.issuer, credential.id)
    words = {one.object_digest: one for pair in pairs if credential in pair for one in pair}
    words.pop(credential.object_digest, None)
    return tuple(words.values())


def is_said_in(other: VerifiedCredential, statement: Statement) -> bool:
    """Is what stands at the place of ``statement`` said in ``other`` too, there or beside it?"""
    around = statement.pointer.rpartition("/")[0]
    said = dict(walk(statement.credential.value)).get(statement.pointer)
    return any(value == said for place, value in walk(other.value) if place.rpartition("/")[0] == around)


def is_undisputed(graph: Graph, statement: Statement, *members: str) -> bool:
    """Do the documents beside that of ``statement`` say the same in these members of it?"""
    others = words_beside(graph, statement.credential)
    if not others:
        return True
    places = [f"{statement.pointer}/{member}" for member in members]
    said = dict(walk(statement.credential.value))
    return all(
        told.get(place) == said.get(place) for told in (dict(walk(one.value)) for one in others) for place in places
    )


def _agree(earlier: VerifiedCredential, later: VerifiedCredential) -> bool:
    if earlier.value.get("credentialSubject") == later.value.get("credentialSubject"):
        return True
    begins, ended = issued(later), earlier.verdict.life.ends
    if begins is None or issued(earlier) == begins:
        return False
    return status(earlier) is Standing.REVOKED or (ended is not None and ended <= begins)
