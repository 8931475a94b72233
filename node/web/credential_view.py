"""A verdict as its page shows it: one word and sentence, the checks in fixed order, the claims, everything it says.

The rule: what is shown is what the proof covers; when nothing could be opened, nothing of it is shown. Kinds without
a page of their own are shown member by member, as data. See docs/requirements.md RND-03, RND-04 and D1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from credentials.encoding.document import Json, JsonObject, types_of
from credentials.errors import Problem
from credentials.provenance.report.figures import figures
from credentials.untp.claim import Claim
from credentials.untp.facility import read_facility_record
from credentials.untp.issuer import read_issuer
from credentials.untp.kinds import FACILITY, PASSPORT, kind_of
from credentials.untp.passport import read_passport
from credentials.verdict import INTEGRITY_CHECKS, Check, LintFinding, Outcome, Verdict, worst
from node.web.report_view import Badge
from node.web.words import CHECKS, KINDS, OUTCOMES

_MOST: Final = 600  # members shown one by one; the raw form has them all


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One check: what was asked, how it ended, and the problem with its cure unless it passed."""

    name: str
    asked: str
    badge: Badge
    said: str
    problem: Problem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One claim of the credential, and the addresses of the evidence it names."""

    name: str
    statement: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialView:
    """The values of the page of a credential."""

    verdict: Verdict
    badge: Badge
    sentence: str
    kind: str
    name: str
    issuer: str
    issuer_name: str
    dates: tuple[tuple[str, str], ...]
    checks: tuple[CheckLine, ...]
    lint: tuple[LintFinding, ...]
    claims: tuple[ClaimRow, ...]
    subjects: tuple[str, ...]
    is_traceable: bool
    members: tuple[tuple[int, str, str], ...]
    left_out: int


def view_of(verdict: Verdict) -> CredentialView:
    """The view of ``verdict``."""
    document = verdict.document.value if verdict.document is not None else {}
    members = list(_members(document))
    issuer = read_issuer(document)
    badge, sentence = _headline(verdict)
    return CredentialView(
        verdict=verdict,
        badge=badge,
        sentence=sentence,
        kind=_kind(document),
        name=_text(document.get("name")) or _kind(document),
        issuer=verdict.issuer or issuer.id or "",
        issuer_name=issuer.name or "",
        dates=tuple((word, _text(document.get(key))) for key, word in _DATES if document.get(key)),
        checks=tuple(_lines(verdict)),
        lint=verdict.lint,
        claims=tuple(_claim(claim) for claim in _claims(document)),
        subjects=_subjects(document),
        is_traceable=_is_traceable(document),
        members=tuple(members[:_MOST]),
        left_out=max(0, len(members) - _MOST),
    )


_DATES: Final = (("validFrom", "Valid from"), ("validUntil", "Valid until"))


def _headline(verdict: Verdict) -> tuple[Badge, str]:
    """The word for the whole and its sentence: integrity first, then dates and status."""
    if verdict.outcome is Outcome.FAILED and verdict.document is None:
        return _badge("NO CREDENTIAL", "open", "?"), "What was given cannot be read as a credential; see the checks."
    if verdict.outcome is Outcome.FAILED:
        return _badge("NOT GENUINE", "bad", "✕"), "Do not rely on it: it is not what its issuer signed, or nobody did."
    if verdict.outcome is Outcome.UNDETERMINED:
        return _badge("COULD NOT BE TOLD", "open", "?"), "Whether its issuer signed it could not be told now."
    later = worst((verdict.validity, *(one.check for one in verdict.status)))
    if later is Outcome.FAILED:
        return _badge("GENUINE, NOT IN FORCE", "bad", "✕"), "Its issuer signed it, but it does not hold at this time."
    if later is Outcome.UNDETERMINED:
        said = "Its issuer signed it, but whether it still holds could not be told."
        return _badge("GENUINE, STATUS UNKNOWN", "open", "?"), said
    said = "Its issuer signed it, nothing has been changed since, and it is in force."
    return _badge("GENUINE AND IN FORCE", "good", "✓"), said


def _lines(verdict: Verdict) -> Iterator[CheckLine]:
    for name in INTEGRITY_CHECKS:
        yield _line(name, verdict.check(name))
    yield _line("validity", verdict.validity)
    for one in verdict.status:
        said = f"{CHECKS['status'][1]} Purpose: {one.purpose}. {one.message}".strip()
        yield _line("status", one.check, said=said)
    yield _line("schema", verdict.schema)
    errors = [one for one in verdict.lint if one.severity == "error"]
    first = (errors or list(verdict.lint))[:1]
    problem = next((Problem(code=one.rule, detail=one.detail, pointer=one.pointer, fix=one.fix) for one in first), None)
    outcome = Outcome.FAILED if errors else Outcome.UNDETERMINED if verdict.lint else Outcome.PASSED
    yield _line("lint", Check("lint", outcome, problem))


def _line(name: str, check: Check, *, said: str = "") -> CheckLine:
    asked, passed = CHECKS.get(name, (name, ""))
    style, sign, word = OUTCOMES[check.outcome.value]
    return CheckLine(
        name=name,
        asked=asked,
        badge=_badge(word, style, sign),
        said=(said or passed) if check.outcome is Outcome.PASSED else "",
        problem=check.problem if check.outcome is not Outcome.PASSED else None,
    )


def _badge(word: str, style: str, sign: str) -> Badge:
    return Badge(word=word, style=style, sign=sign, meaning="")


def _kind(document: JsonObject) -> str:
    kind = kind_of(document)
    if kind is not None:
        return KINDS.get(kind.short, kind.short)
    terms = [term for term in types_of(document) if term != "VerifiableCredential"]
    return ", ".join(terms) or "Credential"


def _is_traceable(document: JsonObject) -> bool:
    """Is it about goods or a place, of which there is a chain to trace?"""
    kind = kind_of(document)
    return kind is not None and kind.type in (PASSPORT, FACILITY)


def _claims(document: JsonObject) -> tuple[Claim, ...]:
    kind = kind_of(document)
    if kind is not None and kind.type is PASSPORT:
        product = read_passport(document)
        return product.claims if product else ()
    if kind is not None and kind.type is FACILITY:
        record = read_facility_record(document)
        return record.claims if record else ()
    return ()


def _claim(claim: Claim) -> ClaimRow:
    return ClaimRow(
        name=claim.name or claim.id or "",
        statement=figures(claim.performance),
        evidence=tuple(link.url for link in claim.evidence if link.url),
    )


def _subjects(document: JsonObject) -> tuple[str, ...]:
    value = document.get("credentialSubject")
    subjects = value if isinstance(value, list) else [value]
    return tuple(_text(one.get("id")) for one in subjects if isinstance(one, Mapping) and _text(one.get("id")))


def _members(document: JsonObject) -> Iterator[tuple[int, str, str]]:
    """Every member of the subjects as (depth, name, text), outer before inner."""
    yield from _walk("credentialSubject", document.get("credentialSubject"), 0)


def _walk(name: str, value: Json, depth: int) -> Iterator[tuple[int, str, str]]:
    if isinstance(value, dict):
        yield depth, name, ""
        for key, inner in value.items():
            yield from _walk(key, inner, depth + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _walk(name if len(value) == 1 else f"{name} {number}", inner, depth)
    elif value is not None:
        yield depth, name, str(value).lower() if isinstance(value, bool) else str(value)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
