"""Every sentence of a report, and what no sentence for people may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from contexts.codes.codelists import ASSESSMENT_LEVELS, ASSESSOR_LEVELS, DISPOSITIONS
from contexts.codes.units import UNITS

_EXPONENT = re.compile(r"\b\d+(?:\.\d+)?[eE][+-]?\d+\b")
_CODE = re.compile(rf"\d (?:{'|'.join(map(re.escape, sorted(UNITS, key=len, reverse=True)))})\b")
_RULE = re.compile(r"\b(?:PV|UNTP)-[A-Z]+(?:-[0-9]+)?\b")
_OF_LISTS = {code for codes in (ASSESSMENT_LEVELS, ASSESSOR_LEVELS, DISPOSITIONS) for code in codes}
_LISTED = re.compile(rf"\b(?:{'|'.join(sorted(one for one in _OF_LISTS if not one.islower() or '-' in one))})\b")
_IDS = re.compile(r"(?:did:|https?://)[^\s,;“”\"'<>()]+")


def sentences(report: Mapping[str, Any]) -> Iterator[str]:
    """Summary, findings, notes, gaps and claims, as ``to_json`` gives them."""
    yield report["summary"]
    for one in (*report["findings"], *report["notes"], *report["gaps"]):
        yield one["detail"]
    for claim in report["claims"]:
        yield from (claim["nextGrade"], claim["statement"], claim["attested"])
        yield from (gap["detail"] for gap in claim["gaps"])
        yield from (text for part in claim["atoms"] for text in (part["statement"], part["attested"]))


def faults(sentence: str, names: Mapping[str, str]) -> list[str]:
    """What a person could not read: exponents, codes of units, rules and lists, ids whose name is left out."""
    bad = [
        match[0]
        for pattern in (_EXPONENT, _CODE, _RULE, _LISTED)
        for match in pattern.finditer(re.sub(_IDS, "", sentence))
    ]
    for match in _IDS.finditer(sentence):
        id = match[0].rstrip(".:!?")
        name = names.get(id, "")
        if name and not sentence[: match.start()].endswith(f"{name} ("):
            bad.append(id)
    return bad


def unexplained(report: Mapping[str, Any]) -> Iterator[str]:
    """Words that nothing explains: no finding, note or gap that a claim names, or none that failed for a bad word."""
    found: dict[str, set[str]] = {}
    for one in (*report["findings"], *report["notes"]):
        found.setdefault(f"{one['rule']} {one['subject']}", set()).add(one["outcome"])
    failed = {f"{one['rule']} {one['subject']}" for one in report["findings"] if one["outcome"] == "fail"}
    for claim in report["claims"]:
        causes, said = claim["because"], f"{claim['verdict']} {claim['id']}"
        if claim["verdict"] == "VERIFIED":
            continue
        if not causes and not claim["gaps"]:
            yield f"{said}: for no reason"
        yield from (f"{said}: no finding {cause}" for cause in causes if cause not in found)
        if claim["verdict"] in _BAD and failed.isdisjoint(causes):
            yield f"{said}: nothing failed"
    for one in report["findings"]:
        yield from (
            f"{one['rule']} {one['subject']}: no finding {cause}" for cause in one["because"] if cause not in found
        )


_BAD = frozenset({"REFUTED", "CONTRADICTED", "INVALID"})
