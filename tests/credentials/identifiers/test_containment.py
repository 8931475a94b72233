"""What is below an address: on the same origin, by path; whatever is unclear is not."""

from __future__ import annotations

import pytest

from credentials.identifiers.containment import contains

SCHEME = "https://owner.test/schemes/fair"


@pytest.mark.parametrize(
    "inner",
    [
        SCHEME,
        f"{SCHEME}/",
        f"{SCHEME}/criteria/wage",
        "https://OWNER.test/schemes/fair/criteria/wage",
        "https://owner.test:443/schemes/fair/criteria/wage",
        f"{SCHEME}#wage",
    ],
)
def test_a_scheme_contains_itself_and_what_is_below_it(inner: str) -> None:
    assert contains(SCHEME, inner)
    assert contains(f"{SCHEME}/", inner)


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "https://owner.test/schemes",
        "https://owner.test/schemes/fairest/criteria/wage",
        "https://owner.test/schemes/fair/../water/criteria/wage",
        "https://owner.test/schemes/fair/%2e%2e/water",
        "https://owner.test/schemes/fair%2Fwage",
        "https://owner.test/schemes/fair//wage",
        "https://owner.test/schemes/fair/criteria?of=water",
        "http://owner.test/schemes/fair/criteria/wage",
        "https://owner.test:8443/schemes/fair/criteria/wage",
        "https://sub.owner.test/schemes/fair/criteria/wage",
        "https://owner.test@other.test/schemes/fair/criteria/wage",
        "https://[owner/schemes/fair/criteria/wage",
        "urn:owner:schemes:fair:wage",
    ],
)
def test_nothing_else_is_below_it(inner: str) -> None:
    assert not contains(SCHEME, inner)


def test_what_is_no_address_contains_only_itself() -> None:
    assert contains("urn:owner:scheme", "urn:owner:scheme")
    assert not contains("urn:owner:scheme", "urn:owner:scheme:wage")
