"""Every sentence of a report, and what no sentence for people may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from contexts.codes.units import UNITS

_EXPONENT = re.compile(r"\b\d+(?:\.\d+)?[eE][+-]?\d+\b")
_CODE = re.compile(rf"\d (?:{'|'.join(map(re.escape, sorted(UNITS, key=len, reverse=True)))})\b")
_IDS = re.compile(r"(?:did:|https?://)[^\s,;“”\"'<>()]+")


def sentences(report: Mapping[str, Any]) -> Iterator[str]:
    """Summary, findings, notes, gaps and claims, as ``to_json`` gives them."""
    yield report["summary"]
    for one in (*report["findings"], *report["notes"], *report["gaps"]):
        yield one["detail"]
    for claim in report["claims"]:
        yield from (claim["nextGrade"], claim["statement"], claim["attested"])
        yield from (gap["detail"] for gap in claim["gaps"])


def faults(sentence: str, names: Mapping[str, str]) -> list[str]:
    """What a person could not read: exponents, codes of units, and ids whose name is known and not said."""
    bad = [match[0] for pattern in (_EXPONENT, _CODE) for match in pattern.finditer(re.sub(_IDS, "", sentence))]
    for match in _IDS.finditer(sentence):
        id = match[0].rstrip(".:!?")
        name = names.get(id, "")
        if name and not sentence[: match.start()].endswith(f"{name} ("):
            bad.append(id)
    return bad
