"""The report as JSON: its members, their order, and the schema that freezes them.

The rule: this shape is a contract (docs/requirements.md D10). Members may be added, none may change or go. The same
report gives the same bytes.
"""

from __future__ import annotations

from typing import Any, Final

from credentials.encoding.document import Json
from credentials.provenance.report.report import ClaimPart, ClaimVerdict, Finding, Gap, HoldsUnless, Input, Report, Word


def to_json(report: Report) -> dict[str, Json]:
    """The report as ``trace --json`` and ``POST /traces`` give it."""
    return {
        "target": report.target,
        "at": report.at,
        "known": report.known,
        "word": report.word.value,
        "summary": report.summary,
        "claims": [_claim(one) for one in report.claims],
        "findings": [_finding(one) for one in report.findings],
        "gaps": [_gap(one) for one in report.gaps],
        "coverage": list(report.coverage),
        "explained": report.explained,
        "inputs": [_input(one) for one in report.inputs],
        "policy": report.policy,
        "software": report.software,
        "notes": [_finding(one) for one in report.notes],
        "chain": report.chain,
        "derivation": report.derivation,
        "names": dict(report.names),
    }


def _claim(one: ClaimVerdict) -> dict[str, Json]:
    return {
        "id": one.id,
        "type": one.type,
        "subject": one.subject,
        "topic": one.topic,
        "verdict": one.verdict.value,
        "grade": one.grade,
        "value": list(one.value),
        "gaps": [_gap(gap) for gap in one.gaps],
        "because": list(one.because),
        "name": one.name,
        "statement": one.statement,
        "attested": one.attested,
        "says": one.says,
        "attestedBy": list(one.attested_by),
        "accreditedBy": list(one.accredited_by),
        "nextGrade": one.next_grade,
        "atoms": [_part(part) for part in one.atoms],
        "derivation": one.derivation,
        "holdsUnless": _unless(one.holds_unless) if one.holds_unless is not None else None,
        "rests": [{"party": rest.party, "share": rest.share} for rest in one.rests],
        "ruinedBy": list(one.ruined_by),
    }


def _unless(one: HoldsUnless) -> dict[str, Json]:
    return {
        "sets": [list(parties) for parties in one.sets],
        "complete": one.complete,
        "atLeast": one.at_least,
        "sentence": one.sentence,
    }


def _part(one: ClaimPart) -> dict[str, Json]:
    return {
        "kind": one.kind,
        "id": one.id,
        "statement": one.statement,
        "grade": one.grade,
        "attestedBy": list(one.attested_by),
        "attested": one.attested,
    }


def _finding(one: Finding) -> dict[str, Json]:
    return {
        "rule": one.rule,
        "subject": one.subject,
        "pointer": one.pointer,
        "outcome": one.outcome,
        "severity": one.severity,
        "detail": one.detail,
        "because": list(one.because),
        "shownBy": list(one.shown_by),
        "closes": one.closes,
        "ask": one.ask,
    }


def _gap(one: Gap) -> dict[str, Json]:
    return {
        "class": one.gap_class,
        "subject": one.subject,
        "mass": None if one.mass is None else round(one.mass, 6),
        "ask": one.ask,
        "detail": one.detail,
        "retry": one.retry,
    }


def _input(one: Input) -> dict[str, Json]:
    return {
        "id": one.id,
        "digest": one.digest,
        "intact": one.intact,
        "then": one.then,
        "now": one.now,
        "issuer": one.issuer,
        "kind": one.kind,
        "code": one.code,
        "until": one.until,
    }


_TEXT: Final = {"type": "string"}
_TEXTS: Final = {"type": "array", "items": _TEXT}
_SHARE: Final = {"type": "number", "minimum": 0, "maximum": 1}
_INTERVAL: Final = {"type": "array", "items": _SHARE, "minItems": 2, "maxItems": 2}
_DIGEST: Final = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_COUNT: Final = {"type": "integer", "minimum": 0}
#: A statement: the place of its document among ``documents``, and a JSON pointer.
_SAID: Final = {"type": "array", "prefixItems": [_COUNT, _TEXT], "minItems": 2, "maxItems": 2}
_WORD: Final = {"enum": [word.value for word in Word]}


def _object(**members: Any) -> dict[str, Any]:
    """A closed object, every member required."""
    return {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }


def _list(of: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/$defs/{of}"}}


#: JSON Schema 2020-12 of the report.
REPORT_SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Report of a trace",
    **_object(
        target=_TEXT,
        at={"type": "string", "format": "date-time"},
        known={"type": "string", "format": "date-time"},
        word=_WORD,
        summary=_TEXT,
        claims=_list("claim"),
        findings=_list("finding"),
        gaps=_list("gap"),
        coverage=_INTERVAL,
        explained={"anyOf": [_SHARE, {"type": "null"}]},
        inputs=_list("input"),
        policy={
            "type": "object",
            "properties": {
                "digest": _DIGEST,
                "trustList": _DIGEST,
                "rulePack": _object(name=_TEXT, version=_TEXT, digest=_DIGEST),
            },
            "required": ["digest", "trustList", "rulePack"],
        },
        software=_TEXT,
        notes=_list("finding"),
        chain=_object(vertices=_list("vertex"), links=_list("link")),
        derivation=_object(documents={"type": "array", "items": _DIGEST}, steps=_list("step")),
        names={"type": "object", "additionalProperties": _TEXT},
    ),
    "$defs": {
        "claim": _object(
            id=_TEXT,
            type={"enum": ["fraction", "forall"]},
            subject=_TEXT,
            topic=_TEXT,
            verdict=_WORD,
            grade={"type": "integer", "minimum": 0, "maximum": 5},
            value=_INTERVAL,
            gaps=_list("gap"),
            because=_TEXTS,
            name=_TEXT,
            statement=_TEXT,
            attested=_TEXT,
            says=_TEXT,
            attestedBy=_TEXTS,
            accreditedBy=_TEXTS,
            nextGrade=_TEXT,
            atoms=_list("atom"),
            derivation={"anyOf": [_COUNT, {"type": "null"}]},
            holdsUnless={"anyOf": [{"$ref": "#/$defs/unless"}, {"type": "null"}]},
            rests=_list("rest"),
            ruinedBy=_TEXTS,
        ),
        "unless": _object(
            sets={"type": "array", "items": _TEXTS}, complete={"type": "boolean"}, atLeast=_COUNT, sentence=_TEXT
        ),
        "rest": _object(party=_TEXT, share=_SHARE),
        "step": {
            **_object(
                rule=_TEXT,
                party=_TEXT,
                say=_TEXT,
                value={"type": ["string", "array", "null"], "items": {"type": ["string", "null"]}},
                **{"from": {"type": "array", "items": {"anyOf": [_COUNT, _SAID]}}},
            )
        },
        "atom": _object(
            kind={"enum": ["criterion", "topic", "metric", "score"]},
            id=_TEXT,
            statement=_TEXT,
            grade={"type": "integer", "minimum": 0, "maximum": 5},
            attestedBy=_TEXTS,
            attested=_TEXT,
        ),
        "finding": _object(
            rule=_TEXT,
            subject=_TEXT,
            pointer=_TEXT,
            outcome={"enum": ["fail", "unknown"]},
            severity={"enum": ["block", "warn", "info"]},
            detail=_TEXT,
            because=_TEXTS,
            shownBy=_TEXTS,
            closes=_TEXT,
            ask=_TEXT,
        ),
        "gap": {
            **_object(
                subject=_TEXT,
                mass={"anyOf": [_SHARE, {"type": "null"}]},
                ask=_TEXT,
                detail=_TEXT,
                retry=_TEXT,
                **{"class": _TEXT},
            )
        },
        "input": _object(
            id=_TEXT,
            digest=_DIGEST,
            intact={"enum": ["PASSED", "FAILED", "UNDETERMINED"]},
            then=_TEXT,
            now=_TEXT,
            issuer=_TEXT,
            kind=_TEXT,
            code=_TEXT,
            until={"anyOf": [{"type": "string", "format": "date-time"}, {"const": ""}]},
        ),
        "vertex": _object(
            id=_TEXT,
            kind={"enum": ["product", "event", "facility", "party", "attestation", "gap"]},
            label=_TEXT,
            issuer=_TEXT,
            word=_WORD,
        ),
        "link": {**_object(kind=_TEXT, to=_TEXT, **{"from": _TEXT})},
    },
}
