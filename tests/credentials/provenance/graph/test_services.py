"""Services of a DID document: every shape leads to the anchor, nothing else does."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.evidence import Evidence, Found, Need, NeedKind
from credentials.provenance.graph.lookups import Lookups
from credentials.provenance.graph.services import anchor_addresses
from tests.credentials.provenance import twin
from tests.credentials.provenance.signing import did_document, found

DID, ANCHOR = "did:web:member.test", "https://register.test/credentials/7"


def document(*services: dict[str, Any]) -> Found:
    """What the host of the DID answered."""
    numbered = [{"id": f"{DID}#s{index}", **service} for index, service in enumerate(services)]
    return found(did_document(DID, services=numbered), media_type="application/did+json", source=DID, at=twin.AT)


def addresses(answer: Found | None, *, did: str = DID) -> tuple[tuple[str, str], ...]:
    """Where the document that was found for ``did`` leads."""
    answers = {Need(NeedKind.DID_DOCUMENT, did): answer} if answer is not None else {}
    return anchor_addresses(Lookups(Evidence(answers)).document(did))


@pytest.mark.parametrize(
    "service",
    [
        {"type": "dia", "serviceEndpoint": ANCHOR},
        {"type": "untp:dia", "serviceEndpoint": ANCHOR},
        {"type": ["Other", "DigitalIdentityAnchor"], "serviceEndpoint": [ANCHOR]},
        {"type": "https://test.uncefact.org/vocabulary/linkTypes/dia", "serviceEndpoint": {"uri": ANCHOR}},
        {"type": "untp:digitalIdentityAnchor", "serviceEndpoint": {"href": ANCHOR, "title": "Register entry"}},
        {"type": "IdentityAnchorService", "serviceEndpoint": ANCHOR},
    ],
)
def test_an_anchor_is_found_in_every_shape(service: dict[str, Any]) -> None:
    assert addresses(document(service)) == (("dia", ANCHOR),)


def test_a_linkset_service_leads_to_a_linkset() -> None:
    service = {"type": "linkset", "serviceEndpoint": "https://member.test/links"}

    assert addresses(document(service)) == (("linkset", "https://member.test/links"),)


def test_other_services_lead_nowhere() -> None:
    service = {"type": "LinkedDomains", "serviceEndpoint": "https://member.test"}

    assert addresses(document(service)) == ()


def test_a_document_that_cannot_be_read_or_is_of_another_did_has_no_services() -> None:
    broken = found(b"{", media_type="application/json", source=DID, at=twin.AT)
    other = document({"type": "dia", "serviceEndpoint": ANCHOR})

    assert addresses(broken) == ()
    assert addresses(other, did="did:web:other.test") == ()
    assert addresses(None) == ()
