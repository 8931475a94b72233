"""What would close a finding, and who can do it: said with every finding, so that it is a thing to do and no riddle.

The rule: a family has a sentence, a rule its own where that is more exact; who is asked is the author of what was found
to be wrong or missing, as far as the report names one. See docs/requirements.md T9.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.hosts import is_below
from credentials.provenance.report.report import Finding, Gap, Input

#: Rule or family → what would close its findings.
CLOSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PV-CRED": "A credential of the same issuer that stands and says the same.",
        "PV-CRED-1": "The document as it was signed, published again by its issuer.",
        "PV-CRED-3": "A new credential, or a status list that can be read and does not have this one.",
        "PV-CRED-5": "The document that the link names, or a link that names the document there is.",
        "PV-ID": "An identity anchor by a register that the trust list names.",
        "PV-ID-5": "A name that the register has too, from the party or from the register.",
        "PV-MRG": "One of the two, by saying what the other one says.",
        "PV-FAC": "A record of the place that names its operator, and a passport or event that names the place.",
        "PV-FAC-4": "Coordinates, or a country, that fit each other.",
        "PV-FAC-5": "A record of the place that holds for the day when it was made there.",
        "PV-EVT": "The event that is missing, or one with the date and place as they were.",
        "PV-QTY": "The record that is missing, or amounts as they were.",
        "PV-QTY-1": "An amount in a unit of mass, or a passport that states the weight of one.",
        "PV-QTY-2": "An event that names every input with its amount.",
        "PV-QTY-3": "An event that names every input with its amount, or a rule pack that knows this process.",
        "PV-QTY-5": "A record that it was made more than once, or the true amounts from whoever sent it.",
        "PV-QTY-6": "A receipt of what is missing here.",
        "PV-QTY-7": "Sender and receiver, by telling the same amount.",
        "PV-CLM": "An attestation by a recognised assessor that covers what is claimed.",
        "PV-CLM-4": "An assessment that says that it conforms.",
        "PV-CLM-5": "A claim with the figure that was attested, or an attestation of the figure that is claimed.",
        "PV-CLM-7": "An attestation that was in force when the goods were made.",
        "PV-CLM-8": "The evidence, published where the claim says it is.",
        "PV-CLM-9": "An attestation that was issued to whoever makes the claim.",
        "PV-ACC": "An accreditation of the assessor for this, by a body that the trust list names.",
        "PV-GAP": "What is missing, published where it is looked for.",
        "PV-GAP-2": "A larger budget.",
        "PV-AGG": "What else is made at the place, with its figures, or the figures as they were.",
        "PV-GEO": "A record of the place whose coordinates, boundary and plus code are of one place.",
        "PV-GEO-4": "The country where the material was made, or the record of where it comes from.",
    }
)
_ITSELF: Final = "Its author, by a document without this mistake."


def closes(rule: str) -> str:
    """What would close a finding of ``rule``: its own sentence, else its family's."""
    return CLOSES.get(rule) or CLOSES.get(rule.rpartition("-")[0]) or _ITSELF


def whom_to_ask(finding: Finding, asked: Mapping[str, str], issuers: Mapping[str, str]) -> str:
    """Who can close it: of a gap whoever it names, else who issued what it is about, else what shows it."""
    if finding.subject in asked:
        return asked[finding.subject]
    if finding.subject.startswith("did:"):
        return finding.subject
    documents = (finding.subject, *finding.shown_by)
    return next((issuer for document in documents if (issuer := issuers.get(document, ""))), "")


def asked_about(gaps: tuple[Gap, ...]) -> Mapping[str, str]:
    """Subject of a gap → whom it says to ask."""
    return {gap.subject: gap.ask for gap in gaps if gap.ask}


def issuers_of(inputs: tuple[Input, ...]) -> Mapping[str, str]:
    """Document → who issued it, of those that are intact and whose issuer has their address: an id is anybody's."""
    intact = (one for one in inputs if one.intact == "PASSED")
    return {one.id: one.issuer for one in intact if is_below(one.issuer, given_or_canonical(one.id))}
