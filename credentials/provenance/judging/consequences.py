"""Every lie once: which findings only say again, of another statement, what a root finding already says.

The rule: a finding follows from another one where the table has its rule after the other's and one document shows
both. It stays in the report and says ``because``; what its own rule already traced to a root is left as it is.
See docs/requirements.md D2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from credentials.provenance.report.report import Finding

#: For each rule the rules whose failure makes it fail too, over one document; requirements of the lint by their ids.
FOLLOWS: Final[Mapping[str, tuple[str, ...]]] = {
    "PV-EVT-3": ("PV-FAC-4",),  # a place that is elsewhere is too far away
    "PV-FAC-2": ("PV-FAC-1",),  # whoever names the wrong place does not operate it
    "PV-FAC-4": ("PV-FAC-1",),  # and it may be in another country
    "PV-QTY-1": ("CLM-04", "DTE-05", "DTE-12"),  # an amount that is none cannot be compared
    "PV-FAC-5": ("PV-CRED-4",),  # a record that ran out holds for no making after that
    "PV-QTY-3": ("PV-QTY-2", "PV-QTY-5", "PV-QTY-6"),  # amounts that cannot be give no yield that can be
    "PV-QTY-6": ("PV-QTY-5", "PV-QTY-7", "PV-EVT-2"),  # what was never there, or came late, cannot have been used
    "PV-QTY-8": ("DPP-03", "PV-QTY-2"),  # a whole that is too heavy has too much of each part
    "PV-QTY-9": ("DPP-03", "PV-CLM-5"),  # a figure nobody found is not that of the materials either
}


def rooted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in the same order, consequences with their causes as "RULE subject"."""
    found = tuple(findings)
    roots: dict[tuple[str, str], set[str]] = {}
    for one in found:
        if one.outcome == "fail" and one.severity != "info":
            for document in (*one.shown_by, one.subject):  # of a credential's own standing it is the document
                roots.setdefault((one.rule, document), set()).add(f"{one.rule} {one.subject}")
    return tuple(one if one.because else _after(one, roots) for one in found)


def _after(one: Finding, roots: Mapping[tuple[str, str], set[str]]) -> Finding:
    rules = FOLLOWS.get(one.rule, ())
    causes = {cause for rule in rules for document in one.shown_by for cause in roots.get((rule, document), ())}
    return replace(one, because=tuple(sorted(causes))) if causes else one
