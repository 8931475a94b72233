"""A report for a terminal: the word first, one sentence, then claims, findings, and gaps with whom to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

_WIDTH: Final = 60


def lines_of(report: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a report as ``trace --json`` gives it."""
    yield report["word"]
    yield report["summary"]
    yield from _section("Claims", list(_claims(report["claims"])))
    yield from _section("Findings", list(_findings(report["findings"])))
    yield from _section("Gaps", list(_gaps(report["gaps"])))
    yield ""
    yield f"{len(report['inputs'])} credentials read as of {report['at']} by {report['software']}."


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows as columns, each as wide as its widest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        yield from (f"  {line}" for line in lines)


def _claims(claims: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = [
        (claim["verdict"], _band(claim["value"]), f"grade {claim['grade']}", _short(claim["name"] or claim["id"]))
        for claim in claims
    ]
    for line, claim in zip(table(rows), claims, strict=True):
        yield line
        if claim["nextGrade"]:
            yield f"    why not better: {claim['nextGrade']}"


def _findings(findings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for finding in findings:
        yield f"{finding['rule']} {finding['outcome']} ({finding['severity']})  {finding['subject']}"
        yield f"    {finding['detail']}"
        if finding["because"]:
            yield f"    because of {', '.join(finding['because'])}"
        if finding["shownBy"]:
            yield f"    shown by {', '.join(finding['shownBy'])}"


def _gaps(gaps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for gap in gaps:
        share = f" ({gap['mass']:.1%} of the mass)" if gap["mass"] is not None else ""
        yield f"{gap['class']}{share}  {gap['subject']}"
        yield f"    {gap['detail']}"
        if gap["ask"]:
            yield f"    ask {gap['ask']}"


def _band(value: Sequence[float]) -> str:
    low, high = value
    return f"{low:.0%}" if low == high else f"{low:.0%} to {high:.0%}"


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def lint_lines(findings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What the lint found: rule, place, cause and cure, and at the end where the rules are explained."""
    for one in findings:
        place = f" ({one['pointer']})" if one["pointer"] else ""
        yield f"  {one['severity']} {one['rule']}{place}: {one['detail']} {one['fix']}".rstrip()
    if findings:
        yield "  These rules: docs/rules.md#requirements-of-the-lint, and /rules of any node."
