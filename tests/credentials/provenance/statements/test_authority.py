"""Who has a say, over whole chains: what is not counted in each of them, with the reason; all else is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from credentials.provenance import Case
from credentials.provenance.case.whereabouts import events_of_chain
from credentials.provenance.statements.authority import is_own
from credentials.provenance.statements.extraction import read
from credentials.provenance.statements.statement import EventStatement, FacilityStatement, PassportStatement
from tests.credentials.provenance import official, twin
from tests.shared import needs_shared

#: Records of places in the name space of a register that nobody lists: each is its maker's own word, and checked.
OFFICIAL_HEARSAY = {
    ("https://facility-register.example.com/fac-001", "did:web:sample-mine.example.com"),
    ("https://facility-register.example.com/fac-002", "did:web:sample-refinery.example.com"),
    ("https://facility-register.example.com/fac-003", "did:web:sample-battery.example.com"),
}


def _not_counted(case: Case) -> Iterator[tuple[str, str]]:
    """(subject, teller) of each passport, event and facility record in hand that does not count."""
    counted = {one.order for one in (*case.passports, *events_of_chain(case))}
    counted |= {one.order for place in case.places for one in case.graph.facility_records(place)}
    for credential in case.graph.credentials:
        for told in read(credential, case.graph.lots):
            kinds = PassportStatement | EventStatement | FacilityStatement
            if isinstance(told, kinds) and told.order not in counted:
                yield told.id, told.issuer


def test_in_the_consistent_chain_everybody_speaks_of_what_is_theirs() -> None:
    assert set(_not_counted(Case.of(twin.question(), twin.holdings()))) == set()


@needs_shared
def test_in_the_official_chain_only_records_in_an_unlisted_registers_name_space_do_not_count() -> None:
    case = Case.of(official.question(), official.holdings())
    assert set(_not_counted(case)) == OFFICIAL_HEARSAY
    assert case.passports


@pytest.mark.parametrize(
    ("did", "id", "own"),
    [
        ("did:web:farm.test", "https://farm.test/lots/1", True),
        ("did:web:farm.test", "https://id.farm.test/lots/1", True),
        ("did:web:farm.test", "https://farm.test:8443/lots/1", False),
        ("did:web:farm.test", "https://other.test/lots/1", False),
        ("did:web:farm.test:stall", "https://farm.test/lots/1", False),
        ("did:web:farm.test", "https://farm.test/01/09506000134352/10/A", False),
        ("did:web:farm.test", "urn:epc:id:sgtin:0950600.013435.1", False),
        ("did:key:z6MkFarm", "did:key:z6MkFarm", True),
        ("did:key:z6MkFarm", "did:key:z6MkFarm#lot", True),
        ("did:key:z6MkFarm", "did:key:z6MkFarmer", False),
    ],
)
def test_an_identifier_is_its_hosts_and_a_licensed_number_is_nobodys_by_its_form(did: str, id: str, own: bool) -> None:
    assert is_own(did, id) is own
