"""Hosts: who lives on whose domain."""

from __future__ import annotations

import pytest

from credentials.identifiers.hosts import domain_of, host_of, is_below


@pytest.mark.parametrize(
    ("did", "domain"),
    [
        ("did:web:Farm.test", "farm.test"),
        ("did:web:farm.test%3A8443:units:a", "farm.test"),
        ("did:webvh:QmScid:mill.test", "mill.test"),
        ("did:key:z6Mk", ""),
        ("https://farm.test", ""),
    ],
)
def test_the_domain_of_a_did_is_its_host(did: str, domain: str) -> None:
    assert domain_of(did) == domain


@pytest.mark.parametrize(
    ("identifier", "host"),
    [
        ("HTTPS://Farm.TEST:8443/lots/1", "farm.test"),
        ("https://[::1]/lots/1", "::1"),
        ("https://[farm.test/lots/1", ""),
        ("urn:uuid:1", ""),
        ("did:web:farm.test", ""),
        ("", ""),
    ],
)
def test_an_address_has_a_host_and_nothing_else_has(identifier: str, host: str) -> None:
    assert host_of(identifier) == host


@pytest.mark.parametrize(
    ("identifier", "is_on"),
    [
        ("https://farm.test/lots/1", True),
        ("https://id.farm.test/lots/1", True),
        ("https://farm.test:8443/lots/1", False),
        ("https://other-farm.test/lots/1", False),
        ("https://test/lots/1", False),
        ("https://[farm.test", False),
        ("did:web:farm.test:lots:1", False),
    ],
)
def test_who_owns_a_domain_owns_what_is_below_it(identifier: str, is_on: bool) -> None:
    assert is_below("did:web:farm.test", identifier) is is_on


def test_what_has_no_domain_owns_no_address() -> None:
    assert not is_below("did:key:z6Mk", "no address")


@pytest.mark.parametrize(
    ("did", "address", "is_its_own"),
    [
        ("did:web:shop.test:ann", "https://shop.test/ann/lots/1", True),
        ("did:web:shop.test:ann", "https://shop.test/ann", True),
        ("did:web:shop.test:ann", "https://shop.test/annabel/lots/1", False),
        ("did:web:shop.test:ann", "https://shop.test/ann/../bob/lots/1", False),
        ("did:web:shop.test:ann", "https://shop.test/lots/1", False),
        ("did:web:shop.test:ann", "https://ann.shop.test/ann/lots/1", False),
        ("did:web:shop.test%3A8443", "https://shop.test:8443/lots/1", True),
        ("did:web:shop.test%3A8443", "https://shop.test/lots/1", False),
        ("did:webvh:QmSCID:shop.test:ann", "https://shop.test/ann/lots/1", True),
        ("did:webvh:QmSCID:shop.test:ann", "https://shop.test/lots/1", False),
    ],
)
def test_a_tenant_owns_its_path_and_a_port_is_part_of_a_host(did: str, address: str, is_its_own: bool) -> None:
    assert is_below(did, address) is is_its_own
