"""The official UNTP 0.7.0 sample chain, signed by us for the issuers it names: mine, smelter, battery factory.

The samples stay where they are published; only facts (ids, codes, figures) stand in the tests. What no signature can
mend, such as the generic anchor with an invalid DID, is left out by name.
"""

from __future__ import annotations

from typing import Any

from credentials.provenance.question import Holdings, Question
from credentials.trust.trust_lists import TrustList
from tests.credentials.provenance.signing import Draft, hold, moment
from tests.shared import untp_samples

AT = moment("2025-06-01T00:00:00Z")
BATTERY = "https://id.sample-battery.example.com/product/bat-75kwh-2025"
CONCENTRATE = "https://id.sample-mine.example.com/product/cu-conc-2025"
CATHODE = "https://id.sample-refinery.example.com/product/cu-cathode-2025"
BATTERY_MADE = "https://sample-battery.example.com/events/make-battery-2025-0401-00471"
CONCENTRATE_MOVED = "https://sample-mine.example.com/events/move-conc-2025-0301"
BATTERY_MAKER = "did:web:sample-battery.example.com"
ASSESSORS = ("did:web:sample-cab.example.com", "did:web:sample-vap-cab.example.com")
#: Its subject's DID is none (a slash in the method-specific id), and it uses render terms its context lacks.
LEFT_OUT = frozenset({"DigitalIdentityAnchor_instance.json"})


def drafts() -> dict[str, Draft]:
    """The sample credentials by file name."""
    return {name: draft for name, draft in untp_samples().items() if name not in LEFT_OUT}


def holdings(changed: dict[str, Draft] | None = None, *, trust: TrustList | None = None) -> Holdings:
    """The whole set, signed and judged; nobody is trusted unless ``trust`` says so: the chain names no root."""
    return hold(changed or drafts(), at=AT, trust=trust or TrustList())


def question(**changes: Any) -> Question:
    """What of the battery holds on 1 June 2025?"""
    return Question(**({"target": BATTERY, "at": AT} | changes))
