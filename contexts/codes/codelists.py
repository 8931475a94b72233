"""The closed code lists of UNTP 0.7.0 and the names it takes from elsewhere.

Facts of the released schemas of UNTP 0.7.0. A list is a frozen set: membership is the question.
"""

from __future__ import annotations

from typing import Final


def _codes(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: DPP-01: how fine a product identifier is.
GRANULARITIES: Final = frozenset({"model", "batch", "item"})

#: b.2: the part a party plays.
PARTY_ROLES: Final = _codes("""
    owner producer manufacturer processor remanufacturer recycler operator serviceProvider inspector certifier
    logisticsProvider carrier consignor consignee importer exporter distributor retailer brandOwner
    regulator""")

#: DTE-06: the state of goods after an event.
DISPOSITIONS: Final = _codes("new inTransit active repaired recalled expired consumed recycled disposed")

#: DIA-06: what a register lists.
REGISTER_TYPES: Final = _codes("product facility business trademark land accreditation")

#: DCC-02: who assesses, in the issuer's own words.
ASSESSOR_LEVELS: Final = _codes("self commercial buyer membership unspecified 3rdParty hybrid")

#: DCC-02: who stands behind the assessment, in the issuer's own words.
ASSESSMENT_LEVELS: Final = _codes("""
    authority-benchmark authority-mandate authority-globalmra authority-peer authority-extended-mra scheme-self
    scheme-cab no-endorsement""")

#: DCC-02: what kind of attestation it is.
ATTESTATION_TYPES: Final = _codes("certification declaration inspection testing verification validation calibration")

#: VCP-08: what a status entry is for.
STATUS_PURPOSES: Final = frozenset({"refresh", "revocation", "suspension", "message"})

#: TAX-02: which way a metric gets better, and how its values add up.
IMPROVEMENT_DIRECTIONS: Final = frozenset({"lower", "higher", "context-dependent"})
AGGREGATION_METHODS: Final = _codes("sum weighted-average average latest count minimum maximum")
