"""What must be looked up, and what was found: the words between judging and gathering.

A judge on this floor never fetches. It says which :class:`Need` it has; the floor above answers each with
:class:`Found` or :class:`Absent`; both travel in an immutable :class:`Evidence`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from credentials.encoding.document import Sha256, sha256_hex


class NeedKind(StrEnum):
    """What kind of thing is looked up; ``Need.id`` is what its comment says."""

    DID_DOCUMENT = "did-document"  # a DID
    STATUS_LIST = "status-list"  # the URL of a status list credential
    CREDENTIAL = "credential"  # the URL or id of a credential
    LINKSET = "linkset"  # an identifier (product, facility, party): which links does its resolver give?
    CATALOGUE = "catalogue"  # the IRI of a conformity scheme: which criteria does its owner list?
    FILE = "file"  # the URL of any other evidence, wanted for its digest


class Need(NamedTuple):
    """One thing to look up; a tuple, because a trace puts hundreds of thousands of them in order and into tables."""

    kind: NeedKind
    id: str


class AbsentReason(StrEnum):
    """Why a need was not met: the classes of gaps (docs/requirements.md T4)."""

    OFFLINE = "offline"
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate-limited"
    BUDGET = "budget"
    REFUSED = "refused"
    UNKNOWN_IDENTIFIER = "unknown-identifier"
    WITHDRAWN = "withdrawn"
    UNUSABLE = "invalid-proof"
    UNSUPPORTED_METHOD = "unsupported-method"
    BLOCKED = "blocked"  # our own guard would not go there


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The bytes that answered a need: exactly as received, from ``source``, at ``at`` (aware, UTC).

    ``served`` says whether they came from the place that the need names; a folder, and what peers handed over, only say
    that they belong there, and so there may be further documents that say the same, ``also``. ``media_type`` is ""
    where nobody said it.
    """

    body: bytes
    media_type: str
    source: str
    at: datetime
    served: bool = True
    also: tuple[Found, ...] = ()

    @property
    def digest(self) -> Sha256:
        """SHA-256 of the bytes, hexadecimal: the object digest."""
        return sha256_hex(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Nobody answered a need: the ``reason`` is a gap class, ``detail`` one sentence for people.

    ``also`` are documents that others handed over and that say that they belong there; they answer only if a link
    names their digest.
    """

    reason: AbsentReason
    detail: str = ""
    also: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """An immutable map from each need to what came of it."""

    answers: Mapping[Need, Found | Absent] = field(default_factory=dict)

    def get(self, need: Need) -> Found | Absent | None:
        """What came of ``need``; None while nobody has looked."""
        return self.answers.get(need)

    def found(self, need: Need) -> Found | None:
        """The bytes for ``need``, or None when absent or not looked up."""
        answer = self.answers.get(need)
        return answer if isinstance(answer, Found) else None

    def missing(self, needs: Iterable[Need]) -> frozenset[Need]:
        """Those of ``needs`` that nobody has looked up yet."""
        return frozenset(need for need in needs if need not in self.answers)

    def only(self, needs: Iterable[Need]) -> Evidence:
        """What came of ``needs`` and nothing else."""
        return Evidence({need: self.answers[need] for need in needs if need in self.answers})

    def with_answers(self, answers: Mapping[Need, Found | Absent]) -> Evidence:
        """A new evidence that also holds ``answers``."""
        return Evidence({**self.answers, **answers})

    def __iter__(self) -> Iterator[Need]:
        return iter(self.answers)
