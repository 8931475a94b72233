"""The table of the lint: every requirement it checks with its weight, and the 21 probes of what schemas let through.

A requirement the specification words as MUST is an ``error``, SHOULD and our own advice are ``warn``. A check may
lower the weight of one case (DIA-05 outside accreditation). To add a check write a function in the module of its
subject, yield ``finding(…)``, and give its requirement a line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from credentials.untp.finding import LintFinding

ERROR: Final = "error"
WARN: Final = "warn"


class Requirement(NamedTuple):
    """What UNTP's prose demands beside its schemas; ``severity`` is the usual weight of a finding, error or warn."""

    severity: str
    demands: str


#: Requirement id → its usual weight, and what it demands.
REQUIREMENTS: Final[Mapping[str, Requirement]] = MappingProxyType(
    {
        "VCP-02": Requirement(
            ERROR, "A credential states exactly one UNTP credential type, and VerifiableCredential beside it."
        ),
        "VCP-03": Requirement(ERROR, "A credential has a URI as id, a name, and a validFrom with time and zone."),
        "VCP-04": Requirement(ERROR, "The issuer is named by a DID, with its name and the type CredentialIssuer."),
        "VCP-05": Requirement(ERROR, "The credential itself is signed, not wrapped in a claim vc."),
        "VCP-19": Requirement(ERROR, "validUntil lies after validFrom."),
        "VOC-02": Requirement(WARN, "Each member of a UNTP object is one that UNTP or another listed context defines."),
        "VOC-03": Requirement(ERROR, "The types of a subject name the UNTP class it is of, the parent class too."),
        "DPP-01": Requirement(
            ERROR, "A model, batch or item states the number of its granularity, and none that is finer."
        ),
        "DPP-02": Requirement(ERROR, "A product states its category, and countries and dates by ISO codes."),
        "DPP-03": Requirement(
            ERROR, "Mass fractions add up to at most 1, and a hazardous material links its safety information."
        ),
        "DPP-08": Requirement(ERROR, "A country of a party is an ISO 3166-1 code of two letters."),
        "CLM-01": Requirement(ERROR, "A claim names a criterion, a performance and a topic, and its dates are dates."),
        "CLM-02": Requirement(ERROR, "A performance states a measure or a score, and a measure names its metric."),
        "CLM-04": Requirement(
            ERROR,
            "Topics, metrics and units come from UNTP's taxonomies and UN/ECE Recommendation 20, and fit each other.",
        ),
        "DCC-03": Requirement(ERROR, "An attestation holds an assessment, and each names what was assessed."),
        "DCC-04": Requirement(ERROR, "An assessment names the criteria it was made by, and its date is a date."),
        "DCC-05": Requirement(ERROR, "An assessment says whether its object conforms."),
        "DCC-08": Requirement(ERROR, "An attestation has a URI as id, and each assessment a topic."),
        "DTE-01": Requirement(ERROR, "An event states when it happened, with time and zone."),
        "DTE-02": Requirement(ERROR, "A make event names what was made."),
        "DTE-03": Requirement(ERROR, "A move event names what was moved."),
        "DTE-04": Requirement(ERROR, "A modify event names what was modified."),
        "DTE-05": Requirement(ERROR, "Goods of an event that are no serialised items state a quantity."),
        "DTE-06": Requirement(ERROR, "Goods of an event state the condition they are in afterwards."),
        "DTE-07": Requirement(ERROR, "An event names the parties that took part, each with a role."),
        "DTE-12": Requirement(
            ERROR, "A credential holds at least one event, with no negative quantity and comparable units."
        ),
        "DFR-01": Requirement(WARN, "A facility states its registered id and the scheme of that id."),
        "DFR-02": Requirement(ERROR, "A facility states its process category, and its country by an ISO code."),
        "DFR-03": Requirement(
            ERROR, "A facility's location is a plus code, a point or a closed ring of at least four points."
        ),
        "DIA-05": Requirement(ERROR, "An anchor lists by URI what the registration covers."),
        "DIA-09": Requirement(ERROR, "An anchor is about a DID without path or query, and its date is a date."),
        "TAX-01": Requirement(WARN, "Topics and metrics are spelt as the taxonomy spells them."),
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
    return LintFinding(
        rule=rule, pointer=pointer, severity=severity or REQUIREMENTS[rule].severity, detail=detail, fix=fix
    )
