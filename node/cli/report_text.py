"""A report for a terminal: the word first, one sentence, then what is wrong, claims, and gaps with whom to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from credentials.provenance.report.ending import first_to_end
from credentials.provenance.report.explain import percent
from credentials.provenance.report.folding import folded
from credentials.provenance.report.names import quoted, told
from node.web.words import band

_WIDTH: Final = 100
#: On so many parties what is proven is said to rest, those first on whom most does.
_NAMED: Final = 5


def lines_of(report: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a report as ``trace --json`` gives it."""
    names = report["names"]
    yield report["word"]
    yield report["summary"]
    yield from _section("Findings", list(_findings(report["findings"], names)))
    issuers = {one["id"]: one["issuer"] for one in report["inputs"]}
    yield from _section("Claims", list(_claims(report["claims"], names, issuers)))
    yield from _section("Gaps", list(_gaps(report["gaps"], names)))
    yield ""
    yield f"{len(report['inputs'])} credentials read as of {report['at']} by {report['software']}."
    ending = first_to_end(
        frozenset(report["derivation"]["documents"]),
        ((one["digest"], one["id"], one["until"]) for one in report["inputs"]),
    )
    if ending is not None:
        first, day = told(ending[1], names), ending[0][:10]
        yield f"Of what it rests on {first} ends first, on {day}; any of it may be revoked before."


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


def _claims(claims: Sequence[Mapping[str, Any]], names: Mapping[str, str], issuers: Mapping[str, str]) -> Iterator[str]:
    """What was attested heads a claim; what its claimant says of it stands in quotes below, then all that it says."""
    rows = [
        (claim["verdict"], f"{band(*claim['value'])} of the mass", f"grade {claim['grade']}", _short(_headline(claim)))
        for claim in claims
    ]
    for line, claim in zip(table(rows), claims, strict=True):
        yield line
        yield f"    {_in_quotes(claim)} says {told(claim['says'], names)}"
        if claim["holdsUnless"] and claim["holdsUnless"]["sentence"]:
            yield f"    {claim['holdsUnless']['sentence']}"
        if claim["rests"]:
            most = (f"{told(one['party'], names)} ({percent(one['share'])})" for one in claim["rests"][:_NAMED])
            yield f"    what is proven rests on {', '.join(most)}"
        yield from (f"    {row}" for row in table([*_atoms(claim["atoms"], names, issuers)]))
        if claim["nextGrade"]:
            yield f"    why not better: {claim['nextGrade']}"


def _atoms(
    atoms: Sequence[Mapping[str, Any]], names: Mapping[str, str], issuers: Mapping[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    """Each thing that a claim says, the worst first: what kind of thing, grade, what is said, and who bears it out."""
    for one in sorted(atoms, key=lambda one: one["grade"]):
        by = dict.fromkeys(issuers.get(id, "") or id for id in one["attestedBy"])
        who = " and ".join(names.get(did) or did for did in by)
        assessed = f": {one['attested']}" if one["attested"] not in ("", one["statement"]) else ""
        borne_out = f"borne out by {who}{assessed}" if who else "borne out by nobody whose word counts"
        yield one["kind"], f"grade {one['grade']}", _short(one["statement"]), borne_out


def _headline(claim: Mapping[str, Any]) -> str:
    return claim["attested"] or f"not attested: {claim['statement'] or 'what is claimed'}"


def _in_quotes(claim: Mapping[str, Any]) -> str:
    words = quoted(claim["name"]) or claim["id"]
    is_said = claim["statement"] in (claim["attested"] or claim["statement"])
    return f"{words}," if is_said else f"{words}, {claim['statement']},"


def _findings(findings: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Iterator[str]:
    for finding, consequences in folded(findings, lambda one: (f"{one['rule']} {one['subject']}", one["because"])):
        yield from _one_finding(finding, names)
        if finding["because"]:
            yield f"    because of {', '.join(finding['because'])}"
        if finding["shownBy"]:
            yield f"    shown by {', '.join(finding['shownBy'])}"
        if finding["closes"]:
            ask = f" Ask {told(finding['ask'], names)}." if finding["ask"] else ""
            yield f"    what would close it: {finding['closes']}{ask}"
        for one in consequences:
            yield from (f"    {line}" for line in _one_finding(one, names))


def _one_finding(finding: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    id = finding["subject"]
    called = f"  {names[id]}" if id in names else ""
    yield f"{finding['rule']} {finding['outcome']} ({finding['severity']})  {id}{called}"
    yield f"    {finding['detail']}"


def _gaps(gaps: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Iterator[str]:
    for gap in gaps:
        share = f" ({percent(gap['mass'])} of the mass)" if gap["mass"] is not None else ""
        yield f"{gap['class']}{share}  {gap['subject']}"
        yield f"    {gap['detail']}"
        if gap["ask"]:
            yield f"    ask {told(gap['ask'], names)}"


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def lint_lines(findings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What the lint found: rule, place, cause and cure, and at the end where the rules are explained."""
    for one in findings:
        place = f" ({one['pointer']})" if one["pointer"] else ""
        yield f"  {one['severity']} {one['rule']}{place}: {one['detail']} {one['fix']}".rstrip()
    if findings:
        yield "  These rules: docs/rules.md#requirements-of-the-lint, and /rules of any node."
