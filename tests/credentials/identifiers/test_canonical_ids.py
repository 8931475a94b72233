"""Canonical identifiers: every spelling of one name meets, and no two names do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.errors import IdentifierProblem
from credentials.identifiers.canonical_ids import (
    canonical_id,
    coarser,
    digital_links,
    given_or_canonical,
    lot_key,
    same_id,
)
from credentials.identifiers.lots import LotKey

GTIN = "https://id.gs1.org/01/09506000134352"
BATCH = f"{GTIN}/10/ABC123"


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("HTTPS://Example.COM/Lots/7", "https://example.com/Lots/7"),
        ("https://example.com:443/lots/7", "https://example.com/lots/7"),
        ("http://example.com:80/", "http://example.com"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com/lots/7/", "https://example.com/lots/7"),
        ("https://example.com/%7euser/%c3%a9", "https://example.com/~user/%C3%A9"),
        ("https://example.com/é", "https://example.com/%C3%A9"),
        ("https://example.com/a?id=7", "https://example.com/a?id=7"),
        ("https://example.com/a#part", "https://example.com/a#part"),
        ("URN:UUID:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        ("did:web:Example.com", "did:web:Example.com"),
        ("did:web:example.com#key-1", "did:web:example.com#key-1"),
    ],
)
def test_a_spelling_has_one_canonical_form(spelling: str, canonical: str) -> None:
    assert canonical_id(spelling) == canonical


@pytest.mark.parametrize(
    "spelling",
    [
        "(01)09506000134352(10)ABC123",
        "(01) 09506000134352 (17) 270101 (10) ABC123",
        "]d2010950600013435210ABC123",
        "]C1010950600013435210ABC123\x1d3705",
        "urn:epc:class:lgtin:9506000.013435.ABC123",
        "https://id.gs1.org/01/09506000134352/10/ABC123?17=270101",
        "https://shop.example/01/09506000134352/10/ABC123/",
        "https://shop.example/produkte/01/09506000134352/10/ABC123#top",
    ],
)
def test_all_spellings_of_a_gs1_lot_meet(spelling: str) -> None:
    assert canonical_id(spelling) == BATCH


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("urn:epc:id:sgtin:0614141.112345.400", "https://id.gs1.org/01/10614141123459/21/400"),
        ("urn:epc:id:sscc:0614141.1234567890", "https://id.gs1.org/00/106141412345678908"),
        ("urn:epc:id:sgln:0614141.12345.0", "https://id.gs1.org/414/0614141123452"),
        ("urn:epc:id:sgln:0614141.12345.5678", "https://id.gs1.org/414/0614141123452/254/5678"),
        ("9506000134352", GTIN),
    ],
)
def test_other_gs1_keys_have_one_form_too(spelling: str, canonical: str) -> None:
    assert canonical_id(spelling) == canonical


@pytest.mark.parametrize(
    "spelling",
    [
        "https://id.gs1.org/01/09506000134353",
        "https://shop.example/01/09506000134353/10/ABC",
        "(01)09506000134353",
        "]d20109506000134353",
        "]d2",
        "09506000134353",
        "https://id.gs1.org/00/106141412345678909",
    ],
)
def test_a_wrong_check_digit_is_refused_and_names_only_itself(spelling: str) -> None:
    with pytest.raises(IdentifierProblem) as refused:
        canonical_id(spelling)

    assert refused.value.problem.code == "ID_CHECK_DIGIT"
    assert given_or_canonical(spelling) == spelling


@pytest.mark.parametrize("spelling", ["", "lot 7", "https://exa mple.com", "https://example.com:port/", "//x/y", "7"])
def test_what_is_no_identifier_is_refused(spelling: str) -> None:
    with pytest.raises(IdentifierProblem) as refused:
        canonical_id(spelling)

    assert refused.value.problem.code == "ID_INVALID"


def test_a_path_that_only_looks_like_a_key_is_left_alone() -> None:
    assert canonical_id("https://example.com/reports/01/20250101") == "https://example.com/reports/01/20250101"


def test_a_query_outside_digital_links_is_part_of_the_name() -> None:
    assert not same_id("https://register.example/company?id=1", "https://register.example/company?id=2")


def test_numbers_in_a_digital_link_and_numbers_beside_it_name_one_lot() -> None:
    in_the_link = lot_key(f"{GTIN}/10/ABC123/21/9")
    beside_it = lot_key(GTIN, batch="ABC123", item="9")

    assert in_the_link == beside_it == LotKey(GTIN, "ABC123", "9")


def test_numbers_within_the_name_are_stronger_than_numbers_beside_it() -> None:
    assert lot_key(BATCH, batch="OTHER").batch == "ABC123"


urls = st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["a.example", "A.Example", "a.example:443", "a.example:80", "b.example:8080"]),
    st.text(alphabet="aB/%.~é01-", max_size=14).map(lambda path: f"/{path}"),
    st.sampled_from(["", "?q=1", "?q=%41", "#part"]),
)
dids = st.from_regex(r"did:[a-z]{1,8}:[A-Za-z0-9._%-]{1,12}(:[A-Za-z0-9._-]{1,6})?", fullmatch=True)


@given(urls | dids)
def test_law_canonical_is_stable(spelling: str) -> None:
    once = given_or_canonical(spelling)

    assert given_or_canonical(once) == once


@given(dids, dids)
def test_law_different_dids_are_never_merged(one: str, other: str) -> None:
    assert same_id(one, other) == (one == other)


@given(urls)
def test_law_the_case_of_scheme_and_host_never_matters(url: str) -> None:
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")

    assert same_id(url, f"{scheme.upper()}://{host.upper()}{slash}{path}")


@given(st.text(min_size=1, max_size=24))
def test_law_no_text_makes_it_stumble(text: str) -> None:
    assert isinstance(given_or_canonical(text), str)
    assert lot_key(text).id


@pytest.mark.parametrize(
    ("spelling", "names"),
    [
        (f"{BATCH}/21/7", (f"{GTIN}/21/7", BATCH, GTIN)),
        (f"{GTIN}/22/2A/10/ABC123", (f"{GTIN}/22/2A", GTIN)),
        ("(01)09506000134352(10)ABC123", (GTIN,)),
        ("https://shop.example/p/01/09506000134352/10/ABC123/", ("https://shop.example/p/01/09506000134352",)),
        ("9506000134352", ()),
        ("https://shop.example/lots/10/7", ()),
        ("https://id.gs1.org/01/09506000134353/10/A", ()),
        ("did:web:shop.example", ()),
    ],
)
def test_a_gs1_key_is_spoken_of_under_coarser_names_too(spelling: str, names: tuple[str, ...]) -> None:
    assert coarser(spelling) == names


NUMBERS = st.text(alphabet="AB1/-%+ é", max_size=21)


@given(batch=NUMBERS, item=NUMBERS)
def test_a_digital_link_is_made_only_where_it_names_that_very_lot(batch: str, item: str) -> None:
    lot = lot_key(GTIN, batch=batch, item=item)
    for link in digital_links(lot):
        assert canonical_id(link) == link
        assert lot_key(link) in (lot, LotKey(GTIN, "", item))


@given(
    st.from_regex(r"[a-z0-9.-]{1,12}", fullmatch=True),
    st.lists(st.sampled_from(["01", "00", "414", "10", "09506000134352", "lots", "a.b", "..", "~x", ""]), max_size=5),
    st.sampled_from(["", "#", "#part", "#/credentialSubject/0", "#a/01/b"]),
)
def test_law_an_address_read_at_a_glance_has_the_form_it_has_by_its_parts(
    host: str, path: list[str], fragment: str
) -> None:
    rest = f"{'/'.join([host, *path])}{fragment}"

    assert given_or_canonical(f"https://{rest}") == given_or_canonical(f"HTTPS://{rest}").replace("HTTPS:", "https:", 1)
    assert lot_key(f"https://{rest}", batch="B").batch == lot_key(f"HTTPS://{rest}", batch="B").batch
