"""One presentation: its own proof by its holder, and every credential in it judged on its own.

The rule: the presentation holds only if its own checks pass, at a moment its token's or proof's own times allow, and
every credential in it is intact; no part makes up for another. That a challenge is used once is for whoever gave it
out to see to.
Specifications: VCDM 2.0 section 4.13; VC Data Integrity section 2.1; VC-JOSE-COSE section 3.1.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import Document, Json, JsonObject, as_list, compact_json
from credentials.errors import Problem
from credentials.evidence import Evidence, Need
from credentials.model.presentation import check_presentation
from credentials.verdict import Check, Outcome, Verdict, worst
from credentials.verify.checking import integrity
from credentials.verify.judging import needs, validity_of
from credentials.verify.reading import Reading
from credentials.verify.roles import Role
from credentials.verify.signatures import NOTHING_ASKED, Asked

CREDENTIAL_LIMIT: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationVerdict:
    """What was decided about one presentation at one moment, and about each credential in it."""

    holder: str | None
    form: str
    checks: tuple[Check, ...]
    credentials: tuple[Verdict, ...]
    document: Document | None = None  # what the proof covers

    @property
    def outcome(self) -> Outcome:
        """The worst of its own checks and of the integrity of every credential in it."""
        return worst((*self.checks, *(check for verdict in self.credentials for check in verdict.checks)))

    def __bool__(self) -> bool:
        raise RuntimeError("a verdict has no truth value: ask .outcome")


def held(presentation: Reading) -> tuple[bytes, ...]:
    """The credentials in a presentation as bytes, each to be read on its own; none where there are too many."""
    listed = _listed(presentation)
    if len(listed) > CREDENTIAL_LIMIT:
        return ()  # the model check has said so; nothing is spent on the rest
    return tuple(map(compact_json, listed))


def needs_presentation(presentation: Reading, credentials: Sequence[Reading], evidence: Evidence) -> frozenset[Need]:
    """What must still be looked up for a ``presentation`` and the ``credentials`` in it, all of them checked."""
    if len(_listed(presentation)) > CREDENTIAL_LIMIT:
        return frozenset()
    return needs(presentation, evidence).union(*(needs(one, evidence) for one in credentials))


def judge_presentation(
    presentation: Reading,
    credentials: Sequence[Verdict],
    evidence: Evidence,
    *,
    at: datetime,
    asked: Asked = NOTHING_ASKED,
    contexts: ContextLibrary | None = None,
) -> PresentationVerdict:
    """The verdict on ``presentation`` at ``at``, for what is ``asked``, with those on the ``credentials`` in it."""
    return PresentationVerdict(
        holder=presentation.signer,
        form=presentation.first.form if presentation.first else "",
        checks=(
            *integrity(presentation, evidence, at=at, asked=asked, contexts=contexts),
            validity_of(presentation, at=at),
        ),
        credentials=tuple(credentials),
        document=presentation.document,
    )


def _model(document: JsonObject, *, contexts: ContextLibrary) -> tuple[Problem, ...]:
    count = len(_members(document))
    if count > CREDENTIAL_LIMIT:
        return (
            Problem(
                code="MALFORMED_VALUE_ERROR",
                detail=f"It holds {count} credentials; the limit is {CREDENTIAL_LIMIT}.",
                pointer="/verifiableCredential",
                fix="Present them in several parts.",
            ),
        )
    return check_presentation(document, contexts=contexts)


def _listed(presentation: Reading) -> list[Json]:
    return _members(presentation.document.value) if presentation.document else []


def _members(value: JsonObject) -> list[Json]:
    return list(as_list(value.get("verifiableCredential", [])))


PRESENTATION: Final = Role(
    kind="vp",
    party="holder",
    party_required=False,
    purpose="authentication",
    model=_model,
    holds="verifiableCredential",
    advised=False,
)
