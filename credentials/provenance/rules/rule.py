"""What a rule is: one value, asked of a case, answering once per subject.

To add a rule: write a function ``(Case) -> Iterable[Answer]`` in the module of its family, make one
:class:`Rule` value of it there, and add that value to the table in ``rules/__init__.py``; then give it one green
fixture and one mutation that turns it red (tests/credentials/provenance/rules/). Nothing else changes.

Rules never short-circuit and never fetch: what is missing is an answer ``unknown`` with a reason.
docs/requirements.md T11 defines the outcomes, D2 says what a cause is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from credentials.provenance.case.case import Case


class RuleOutcome(StrEnum):
    """docs/requirements.md T11: unknown always carries a reason and never counts as pass."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "n/a"


class Severity(StrEnum):
    """How much a fail or unknown weighs; the policy may raise it, never lower it unless marked."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a rule says of one subject.

    ``subject`` is an id (of a claim, product, facility, event, party or credential); ``pointer`` is where in
    ``source`` (a credential id) the judged value stands; ``reason`` is set for unknown (not-found, unreachable,
    encrypted, unsupported, no-history, ambiguous-id, no-unit-conversion, not-stated); ``because`` names root
    causes as ``"RULE subject"`` or credential ids; ``severity`` overrides the rule's own when the case is milder.
    """

    subject: str
    outcome: RuleOutcome
    detail: str
    pointer: str = ""
    source: str = ""
    reason: str = ""
    because: tuple[str, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: its id in docs/rules.md, the question it asks in one sentence, its weight, and how it answers."""

    id: str
    asks: str
    severity: Severity
    answers: Callable[[Case], Iterable[Answer]]


class HasId(Protocol):
    """A statement about one thing that has an id: an event, a passport, a facility record, a claim."""

    @property
    def id(self) -> str:
        """The id of what it is about, as given."""

    @property
    def source(self) -> str:
        """The id of the credential that says it."""


def about(
    told: HasId,
    outcome: RuleOutcome,
    detail: str,
    pointer: str,
    *,
    reason: str = "",
    because: tuple[str, ...] = (),
    severity: Severity | None = None,
) -> Answer:
    """An answer whose subject is what is ``told`` of; ``pointer`` is into the credential that tells it."""
    return Answer(
        subject=told.id,
        outcome=outcome,
        detail=detail,
        pointer=pointer,
        source=told.source,
        reason=reason,
        because=because,
        severity=severity,
    )
