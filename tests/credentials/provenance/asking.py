"""What a test asks of the twin: one rule's bad answers, a whole report's findings, and a revoked credential."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from credentials.evidence import Absent, Found, Need, NeedKind
from credentials.provenance import Finding, Holdings, judge
from credentials.provenance.case.case import Case
from credentials.provenance.rules import RULES
from credentials.provenance.rules.rule import Answer, RuleOutcome, Severity
from credentials.status.status_lists import status_entry, status_list_draft
from tests.credentials.provenance import twin
from tests.credentials.provenance.signing import MEDIA_TYPE, Draft, found, issuer_of, sign_all
from tests.credentials.status.bits import empty_list, with_bit

BY_ID = {rule.id: rule for rule in RULES}


def complaints(rule: str, holdings: Holdings, **asked: Any) -> list[Answer]:
    """What ``rule`` finds wrong or cannot tell, notes left out."""
    value = BY_ID[rule]
    answers = value.answers(Case.of(twin.question(**asked), holdings))
    bad = [one for one in answers if one.outcome in (RuleOutcome.FAIL, RuleOutcome.UNKNOWN)]
    return [one for one in bad if (one.severity or value.severity) is not Severity.INFO]


def notes(rule: str, holdings: Holdings, **asked: Any) -> list[Answer]:
    """What ``rule`` only remarks."""
    value = BY_ID[rule]
    answers = value.answers(Case.of(twin.question(**asked), holdings))
    bad = [one for one in answers if one.outcome in (RuleOutcome.FAIL, RuleOutcome.UNKNOWN)]
    return [one for one in bad if (one.severity or value.severity) is Severity.INFO]


def roots(holdings: Holdings, **asked: Any) -> set[tuple[str, str]]:
    """The root findings of a trace as (rule, subject): what follows from another one is left out."""
    return {(one.rule, one.subject) for one in findings(holdings, **asked) if not one.because}


def findings(holdings: Holdings, **asked: Any) -> tuple[Finding, ...]:
    """Every finding of a trace."""
    return judge(Case.of(twin.question(**asked), holdings)).findings


def with_status(
    drafts: dict[str, Draft], name: str, *, purpose: str = "revocation", value: int = 1, served: bool = True
) -> Mapping[Need, Found | Absent]:
    """Give the draft ``name`` a status entry set to ``value``; the answers hold its list unless not ``served``."""
    draft, index = drafts[name], 7
    url = f"https://{issuer_of(draft).removeprefix('did:web:')}/status/{name}-{purpose}"
    draft["credentialStatus"] = status_entry(list_url=url, index=index, purpose=purpose)
    bits = with_bit(empty_list(), index, value)
    week = timedelta(days=7)
    listed = status_list_draft(
        url=url,
        issuer=issuer_of(draft),
        purpose=purpose,
        bits=bits,
        valid_from=twin.AT - timedelta(hours=1),
        valid_for=week,
        ttl=timedelta(hours=1),
    )
    if not served:
        return {}
    token = sign_all({"list": dict(listed)})["list"]
    return {Need(NeedKind.STATUS_LIST, url): found(token, media_type=MEDIA_TYPE, source=url, at=twin.AT)}
