"""What was decided about one credential, and the only way to get one that may be relied on.

Integrity is one thing, judgement another: ``checks`` decide ``outcome`` and cover parse,
model, proof, issuer binding, key and pinned contexts. ``validity``, ``status``, ``schema`` and ``lint`` are separate
named results that rules read per use. A check that did not run is not passed, and a verdict has no truth value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from credentials.encoding.document import Document, JsonObject, Sha256
from credentials.encoding.period import ValidityPeriod
from credentials.errors import NotAccepted, Problem
from credentials.untp.finding import LintFinding

__all__ = [
    "INTEGRITY_CHECKS",
    "Check",
    "LintFinding",
    "Outcome",
    "StatusResult",
    "Unusable",
    "Verdict",
    "VerifiedCredential",
    "worst",
]


class Outcome(StrEnum):
    """The three outcomes of every check."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    UNDETERMINED = "UNDETERMINED"


@dataclass(frozen=True, slots=True)
class Check:
    """One named step with its outcome, and the problem unless it passed."""

    name: str
    outcome: Outcome
    problem: Problem | None = None


#: The integrity checks in their fixed order; a verdict holds exactly one Check for each.
INTEGRITY_CHECKS = ("parse", "contexts", "model", "issuer", "key", "proof")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusResult:
    """One status entry as it stands: ``valid`` is None when it could not be told (the check says why)."""

    purpose: str
    list_url: str
    value: int | None
    check: Check
    as_of: datetime | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Everything that was decided about one credential at one moment."""

    object_digest: Sha256
    credential_digest: Sha256 | None
    id: str | None
    issuer: str | None
    form: str  # "vc+jwt", "eddsa-jcs-2022", "eddsa-rdfc-2022", … : what secured it; "" when nothing did
    document: Document | None  # the credential as the proof covers it, None when it could not be opened
    checks: tuple[Check, ...]
    life: ValidityPeriod  # from when until when its dates, its token and its proofs say that it holds
    validity: Check
    status: tuple[StatusResult, ...]
    schema: Check
    lint: tuple[LintFinding, ...]
    at: datetime
    verification_method: str | None = None

    @property
    def outcome(self) -> Outcome:
        """The worst of the integrity checks; UNDETERMINED when nothing failed but something could not be told."""
        return worst(self.checks)

    @property
    def intact(self) -> bool:
        """Did every integrity check pass?"""
        return self.outcome is Outcome.PASSED

    def check(self, name: str) -> Check:
        """The integrity check called ``name``."""
        return next(check for check in self.checks if check.name == name)

    def require(self) -> VerifiedCredential:
        """The credential, if every integrity check passed.

        Raises:
            NotAccepted: naming the first check that did not pass.
        """
        for check in self.checks:
            if check.outcome is not Outcome.PASSED:
                problem = check.problem
                raise NotAccepted(
                    problem.detail if problem else f"The check {check.name!r} did not pass.",
                    code=problem.code if problem else None,
                    pointer=problem.pointer if problem else "",
                    fix=problem.fix if problem else "",
                )
        if self.document is None or self.id is None or self.issuer is None or self.credential_digest is None:
            raise NotAccepted("The verdict holds no credential.")
        return VerifiedCredential(
            document=self.document,
            id=self.id,
            issuer=self.issuer,
            credential_digest=self.credential_digest,
            verdict=self,
        )

    def __bool__(self) -> bool:
        raise RuntimeError("a verdict has no truth value: ask .outcome or call .require()")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedCredential:
    """A credential whose integrity passed; only :meth:`Verdict.require` makes one."""

    document: Document
    id: str
    issuer: str
    credential_digest: Sha256
    verdict: Verdict

    @property
    def value(self) -> JsonObject:
        """The JSON the proof covers."""
        return self.document.value

    @property
    def object_digest(self) -> Sha256:
        """SHA-256 of the bytes received (what links name)."""
        return self.verdict.object_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """A credential that failed or could not be judged; only rules and gaps read it.

    ``needed`` is False for one that answers nothing that was asked for, intact or not: it is a note and no more.
    """

    verdict: Verdict
    source: str = ""
    needed: bool = True


def worst(checks: tuple[Check, ...]) -> Outcome:
    """FAILED if any failed, else UNDETERMINED if any is, else PASSED; no checks at all is UNDETERMINED."""
    outcomes = {check.outcome for check in checks}
    if Outcome.FAILED in outcomes:
        return Outcome.FAILED
    if Outcome.UNDETERMINED in outcomes or not outcomes:
        return Outcome.UNDETERMINED
    return Outcome.PASSED
