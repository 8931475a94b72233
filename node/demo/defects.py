"""What is planted in the demo, and the finding each planted defect must lead to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from node.demo.companies import GREENSEAL, SMALLHOLDER, SPINNER

UNACCREDITED_CERTIFIER: Final = "unaccredited-certifier"
REVOKED_ATTESTATION: Final = "revoked-attestation"
OVERSOLD_LOT: Final = "oversold-lot"
SUPPLIER_OFFLINE: Final = "supplier-offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One planted defect: ``rule`` finds it; ``subject`` is an id, or the season's name of a credential."""

    name: str
    story: str
    rule: str
    subject: str
    subject_is_credential: bool = False


DEFECTS: Final[tuple[Defect, ...]] = (
    Defect(
        name=UNACCREDITED_CERTIFIER,
        story="Green Seal Partners attests a carbon footprint, but nobody accredited it for the scheme.",
        rule="PV-ACC-2",
        subject=GREENSEAL.did,
    ),
    Defect(
        name=REVOKED_ATTESTATION,
        story="Fibre Assurance revoked its attestation of living wages at the garment works.",
        rule="PV-CRED-3",
        subject="wages-attestation",
        subject_is_credential=True,
    ),
    Defect(
        name=OVERSOLD_LOT,
        story="Deccan Spinning Mill ships more yarn of one lot than it made.",
        rule="PV-QTY-5",
        subject=SPINNER.url("lots/yarn-2026-y"),
    ),
    Defect(
        name=SUPPLIER_OFFLINE,
        story="Malwa Smallholders, who grew a part of the cotton, do not answer.",
        rule="PV-GAP-1",
        subject=SMALLHOLDER.url("lots/cotton-2026-s"),
    ),
)
NAMES: Final = tuple(defect.name for defect in DEFECTS)


def expected_findings(planted: Collection[str], credential_ids: Mapping[str, str]) -> list[dict[str, str]]:
    """The ``expected`` member of ``demo --json``: one ``{"rule", "subject"}`` for each planted defect."""
    return [
        {
            "rule": defect.rule,
            "subject": credential_ids[defect.subject] if defect.subject_is_credential else defect.subject,
        }
        for defect in DEFECTS
        if defect.name in planted
    ]
