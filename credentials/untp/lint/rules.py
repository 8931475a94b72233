"""The table of the lint: every requirement it checks with its weight, and the 21 probes of what schemas let through.

A requirement the specification words as MUST is an ``error``, SHOULD and our own advice are ``warn``. A check may
lower the weight of one case (DIA-05 outside accreditation). To add a check write a function in the module of its
subject, yield ``finding(…)``, and give its requirement a line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from credentials.untp.finding import LintFinding

ERROR: Final = "error"
WARN: Final = "warn"

#: Requirement id → its usual weight.
SEVERITIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "VCP-02": ERROR,
        "VCP-03": ERROR,
        "VCP-04": ERROR,
        "VCP-05": ERROR,
        "VCP-19": ERROR,
        "VOC-02": WARN,
        "VOC-03": ERROR,
        "DPP-01": ERROR,
        "DPP-02": ERROR,
        "DPP-03": ERROR,
        "DPP-08": ERROR,
        "CLM-01": ERROR,
        "CLM-02": ERROR,
        "CLM-04": ERROR,
        "DCC-03": ERROR,
        "DCC-04": ERROR,
        "DCC-05": ERROR,
        "DCC-08": ERROR,
        "DTE-01": ERROR,
        "DTE-02": ERROR,
        "DTE-03": ERROR,
        "DTE-04": ERROR,
        "DTE-05": ERROR,
        "DTE-06": ERROR,
        "DTE-07": ERROR,
        "DTE-12": ERROR,
        "DFR-01": WARN,
        "DFR-02": ERROR,
        "DFR-03": ERROR,
        "DIA-05": ERROR,
        "DIA-09": ERROR,
        "TAX-01": WARN,
    }
)

#: Family of requirement ids → what it is about (UNTP's own groups).
FAMILIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "VCP": "the envelope every credential shares",
        "VOC": "vocabulary",
        "DPP": "product passport",
        "CLM": "performance claim",
        "DCC": "conformity credential",
        "DTE": "traceability event",
        "DFR": "facility record",
        "DIA": "identity anchor",
        "TAX": "topics and metrics",
    }
)

#: Probe number (docs/requirements.md#what-the-schemas-let-through) → the requirements its document breaks.
PROBES: Final[Mapping[int, tuple[str, ...]]] = MappingProxyType(
    {
        1: ("VCP-02",),
        2: ("VCP-04",),
        3: ("CLM-01",),
        4: ("CLM-02",),
        5: ("DPP-03",),
        6: ("DPP-03",),
        7: ("DPP-01",),
        8: ("DPP-02",),
        9: ("CLM-04",),
        10: ("DPP-02",),
        11: ("VCP-19",),
        12: ("VCP-03",),
        13: ("DTE-12",),
        14: ("DTE-05", "DTE-06", "DTE-07"),
        15: ("DTE-12",),
        16: ("DCC-03",),
        17: ("DCC-03", "DCC-05"),
        18: ("DIA-05",),
        19: ("DIA-09",),
        20: ("DFR-03",),
        21: ("DFR-03",),
    }
)


def finding(rule: str, pointer: str, detail: str, fix: str, *, severity: str | None = None) -> LintFinding:
    """A finding of a listed requirement, with its usual weight unless ``severity`` says otherwise."""
    return LintFinding(rule=rule, pointer=pointer, severity=severity or SEVERITIES[rule], detail=detail, fix=fix)
