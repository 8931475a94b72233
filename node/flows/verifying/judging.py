"""Judging one credential: what must be looked up for it, and its verdict, where the work port does them.

The rule: no document gets more work than one document gets; one that wants more is undetermined with CANON_LIMIT, and
nothing more is asked for it. docs/architecture.md, "One credential, from bytes to verdict".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from contexts.library import ContextLibrary
from credentials.encoding.document import sha256_hex
from credentials.errors import LimitReached, Problem
from credentials.evidence import Evidence, Need
from credentials.schemas import NO_SCHEMAS, SchemaLibrary
from credentials.verdict import INTEGRITY_CHECKS, Check, Outcome, Verdict
from credentials.verify import CREDENTIAL, PresentationVerdict, judge, judge_presentation, needs, needs_presentation
from credentials.verify.roles import Role
from node.flows.verifying.shadowing import Shadowing
from node.flows.verifying.work import TOO_MUCH_WORK, Here, Resources, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Who judges: what ``contexts`` (None: those of the process) and schemas it knows, in what role keys count."""

    contexts: ContextLibrary | None = None
    role: Role = CREDENTIAL
    schemas: SchemaLibrary = NO_SCHEMAS

    def needs(self, raw: bytes, media_type: str | None, evidence: Evidence, resources: Resources) -> frozenset[Need]:
        """What must still be looked up for ``raw``."""
        return needs(raw, media_type, evidence, contexts=resources.over(self.contexts), role=self.role)

    def verdict(
        self, raw: bytes, media_type: str | None, evidence: Evidence, at: datetime, resources: Resources
    ) -> Verdict:
        """The verdict on ``raw`` at ``at``."""
        return judge(
            raw,
            media_type,
            evidence,
            at=at,
            contexts=resources.over(self.contexts),
            role=self.role,
            schemas=self.schemas,
            kept=resources.kept,
        )

    def presentation_needs(
        self, raw: bytes, media_type: str | None, evidence: Evidence, resources: Resources
    ) -> frozenset[Need]:
        """What must still be looked up for the presentation ``raw`` and the credentials in it."""
        return needs_presentation(raw, media_type, evidence, contexts=resources.over(self.contexts), held=self.role)

    def presentation_verdict(
        self,
        raw: bytes,
        media_type: str | None,
        evidence: Evidence,
        at: datetime,
        asked: Mapping[str, str],
        resources: Resources,
    ) -> PresentationVerdict:
        """The verdict on the presentation ``raw``; ``asked`` may say for which ``domain`` and ``challenge`` it is."""
        return judge_presentation(
            raw,
            media_type,
            evidence,
            at=at,
            domain=asked.get("domain"),
            challenge=asked.get("challenge"),
            contexts=resources.over(self.contexts),
            held=self.role,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Has ``judge`` judge where ``work`` is done; ``shadowing`` takes note of each verdict, where it is given."""

    work: Work = field(default_factory=Here)
    judge: Judge = Judge()
    shadowing: Shadowing | None = None

    async def needs(self, raw: bytes, media_type: str | None, evidence: Evidence) -> frozenset[Need]:
        """What must still be looked up for ``raw``. Raises LimitReached: a signature took too much work."""
        return await self.work.read(raw, partial(self.judge.needs, raw, media_type, evidence))

    async def verdict(self, raw: bytes, media_type: str | None, evidence: Evidence, at: datetime) -> Verdict:
        """The verdict at ``at``; undetermined when the document wants more work than it gets."""
        try:
            verdict = await self.work.read(raw, partial(self.judge.verdict, raw, media_type, evidence, at))
        except LimitReached as error:
            verdict = spent(raw, at, error.problem)
        if self.shadowing is not None:
            self.shadowing.note(verdict)
        return verdict


def spent(raw: bytes, at: datetime, problem: Problem = TOO_MUCH_WORK) -> Verdict:
    """The verdict on a document that wanted more than it gets: every check is undetermined, for ``problem``."""
    return Verdict(
        object_digest=sha256_hex(raw),
        credential_digest=None,
        id=None,
        issuer=None,
        form="",
        document=None,
        checks=tuple(Check(name, Outcome.UNDETERMINED, problem) for name in INTEGRITY_CHECKS),
        validity=Check("validity", Outcome.UNDETERMINED, problem),
        status=(),
        schema=Check("schema", Outcome.UNDETERMINED, problem),
        lint=(),
        at=at,
    )
