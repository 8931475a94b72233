"""What the demo tells a person: who was there, what the buyer learned, and whether that is what was planted."""

from __future__ import annotations

from collections.abc import Iterator

from node.demo.defects import DEFECTS
from node.demo.demo import DemoResult


def lines_of(result: DemoResult) -> Iterator[str]:
    """The lines for a terminal, the verdict first."""
    report = result.report
    yield ""
    yield f"{report['target']}: {report['word']}"
    yield report["summary"]
    yield ""
    for claim in report["claims"]:
        low, high = claim["value"]
        band = f"{low:.0%}" if low == high else f"{low:.0%} to {high:.0%}"
        yield f"  {claim['verdict']:<18} grade {claim['grade']}  {band:>12}  {claim['name'] or claim['id']}"
    yield ""
    yield from _findings(result)
    yield ""
    for gap in report["gaps"]:
        yield f"  {gap['mass'] or 0:.0%} of the mass is open: {gap['subject']} ({gap['class']}); ask {gap['ask']}"
    yield ""
    for node in result.nodes:
        if node["url"]:
            yield f"  {node['name']:<30} {node['role']:<18} {node['url']}"
    yield ""
    yield "Exactly what was planted was found." if result.ok else "What was found is not what was planted."


def _findings(result: DemoResult) -> Iterator[str]:
    stories = {defect.rule: defect.story for defect in DEFECTS}
    planted = {(item["rule"], item["subject"]) for item in result.expected}
    for finding in result.report["findings"]:
        known = (finding["rule"], finding["subject"]) in planted
        yield f"  {finding['rule']:<10} {finding['detail']}"
        yield f"             planted: {stories[finding['rule']]}" if known else "             NOT planted"
    for rule, subject in sorted(planted - {(item["rule"], item["subject"]) for item in result.report["findings"]}):
        yield f"  {rule:<10} planted and NOT found: {subject}"
