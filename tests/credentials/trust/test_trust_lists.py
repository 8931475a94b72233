"""Trust lists: what an entry is believed for, and what is refused when one is read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from credentials.encoding.timespan import Timespan
from credentials.errors import MalformedInput
from credentials.trust.trust_lists import TrustList, TrustRole, parse_trust_list

NOW = Timespan.exactly(datetime(2026, 5, 1, tzinfo=UTC))
REGISTRAR = frozenset({TrustRole.REGISTRAR})
THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def listed(**members: Any) -> TrustList:
    return parse_trust_list({"entries": [{"did": "did:web:register.test", "roles": ["registrar"], **members}]})


def test_an_entry_without_restrictions_is_believed_for_anything() -> None:
    assert listed().entries_for("did:web:register.test", roles=REGISTRAR, when=NOW, scheme="https://x.test/")


def test_nobody_is_believed_who_is_not_named() -> None:
    assert not listed().entries_for("did:web:other.test", roles=REGISTRAR, when=NOW)


def test_a_registrar_is_not_an_accreditation_body() -> None:
    assert not listed().entries_for("did:web:register.test", roles=frozenset({TrustRole.ACCREDITATION}), when=NOW)


@pytest.mark.parametrize(
    ("members", "asked"),
    [
        ({"schemes": ["https://a.test/scheme"]}, {"scheme": "https://b.test/scheme"}),
        ({"registerTypes": ["business"]}, {"register_type": "land"}),
        ({"domain": "elsewhere.test"}, {}),
        ({"validFrom": "2026-06-01"}, {}),
        ({"validUntil": "2026-05-01T00:00:00Z"}, {}),
    ],
)
def test_each_restriction_holds(members: dict[str, Any], asked: dict[str, str]) -> None:
    assert not listed(**members).entries_for("did:web:register.test", roles=REGISTRAR, when=NOW, **asked)


def test_a_trailing_slash_does_not_make_another_scheme() -> None:
    found = listed(schemes=["https://a.test/s/"]).entries_for(
        "did:web:register.test", roles=REGISTRAR, when=NOW, scheme="https://a.test/s"
    )

    assert found


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ([], "/entries"),
        ({"entries": {}}, "/entries"),
        ({"entries": [], "delegates": []}, "/delegates"),
        ({"entries": [], "keys": [THUMBPRINT]}, "/keys"),
        ({"entries": [], "keys": {"https://a.test": [THUMBPRINT]}}, "/keys/https://a.test"),
        ({"entries": [], "keys": {"did:web:a.test": THUMBPRINT}}, "/keys/did:web:a.test"),
        ({"entries": [], "keys": {"did:web:a.test": []}}, "/keys/did:web:a.test"),
        ({"entries": [], "keys": {"did:web:a.test": [THUMBPRINT, "short"]}}, "/keys/did:web:a.test/1"),
        ({"entries": [], "keys": {"did:web:a.test": [f"{THUMBPRINT}\n"]}}, "/keys/did:web:a.test/0"),
        ({"entries": [], "identifiers": {"did:web:a.test": [7]}}, "/identifiers/did:web:a.test/0"),
        ({"entries": [], "identifiers": {"did:web:a.test": [" "]}}, "/identifiers/did:web:a.test/0"),
        ({"entries": ["did:web:a.test"]}, "/entries/0"),
        ({"entries": [{"did": "did:web:a.test", "roles": ["registrar"], "scheme": ["x"]}]}, "/entries/0/scheme"),
        ({"entries": [{"did": "https://a.test", "roles": ["registrar"]}]}, "/entries/0/did"),
        ({"entries": [{"did": "did:web:a.test", "roles": ["god"]}]}, "/entries/0/roles"),
        ({"entries": [{"did": "did:web:a.test"}]}, "/entries/0/roles"),
        ({"entries": [{"did": "did:web:a.test", "roles": ["registrar"], "schemes": "x"}]}, "/entries/0/schemes"),
        ({"entries": [{"did": "did:web:a.test", "roles": ["registrar"], "source": 1}]}, "/entries/0/source"),
        ({"entries": [{"did": "did:web:a.test", "roles": ["auditor"], "validFrom": "soon"}]}, "/entries/0/validFrom"),
        ({"entries": [{"did": "did:web:a.test", "roles": ["auditor"], "delegates": True}]}, "/entries/0/delegates"),
        ({"entries": [{"did": "did:web:a.test", "roles": ["auditor"], "delegates": -1}]}, "/entries/0/delegates"),
    ],
)
def test_a_malformed_list_is_refused_with_a_pointer_and_a_cure(value: Any, pointer: str) -> None:
    with pytest.raises(MalformedInput) as refused:
        parse_trust_list(value)

    assert refused.value.problem.pointer == pointer
    assert refused.value.problem.fix


def test_a_limit_that_nothing_keeps_is_refused_by_name() -> None:
    limited = {"did": "did:web:a.test", "roles": ["registrar"], "jurisdictions": ["DE"]}

    with pytest.raises(MalformedInput, match="jurisdictions") as refused:
        parse_trust_list({"entries": [limited]})

    assert refused.value.problem.pointer == "/entries/0/jurisdictions"


def test_the_digest_does_not_depend_on_the_order_of_entries() -> None:
    one = {"did": "did:web:a.test", "roles": ["registrar", "auditor"], "schemes": ["y", "x"]}
    other = {"did": "did:web:b.test", "roles": ["regulator"]}

    forwards, backwards = parse_trust_list({"entries": [one, other]}), parse_trust_list({"entries": [other, one]})

    assert forwards.digest == backwards.digest


def test_a_party_is_pinned_by_its_keys_whether_or_not_it_is_believed() -> None:
    pinned = parse_trust_list({"entries": [], "keys": {"did:web:a.test": [THUMBPRINT]}})

    assert pinned.pinned_keys("did:web:a.test") == {THUMBPRINT}
    assert pinned.pinned_keys("did:web:b.test") == frozenset()
    assert not pinned.names("did:web:a.test")


@pytest.mark.parametrize("spelling", ["https://id.gs1.org/01/09506000134352", "https://shop.test/01/09506000134352"])
def test_a_number_is_given_to_a_party_in_any_spelling(spelling: str) -> None:
    listed = parse_trust_list({"entries": [], "identifiers": {"did:web:a.test": [spelling]}})

    assert listed.holders_of("https://id.gs1.org/01/09506000134352") == {"did:web:a.test"}
    assert listed.holders_of("https://id.gs1.org/01/09506000134369") == frozenset()


@pytest.mark.parametrize(
    "member",
    [{"keys": {"did:web:a.test": [THUMBPRINT]}}, {"identifiers": {"did:web:a.test": ["https://a.test/lots/1"]}}],
)
def test_what_is_pinned_is_part_of_the_list_and_of_its_digest(member: dict[str, Any]) -> None:
    plain, pinned = parse_trust_list({"entries": []}), parse_trust_list({"entries": [], **member})

    assert pinned.to_json() == {"entries": [], **member}
    assert pinned.digest != plain.digest


def test_a_list_reads_back_what_it_writes() -> None:
    full = {
        "did": "did:web:a.test",
        "domain": "a.test",
        "roles": ["scheme-owner"],
        "schemes": ["https://a.test/s"],
        "registerTypes": ["accreditation"],
        "topics": ["https://a.test/t"],
        "validFrom": "2025-01-01T00:00:00Z",
        "validUntil": "2027-01-01T00:00:00Z",
        "delegates": 1,
        "source": "minutes of 2025-01-01",
    }

    assert parse_trust_list({"entries": [full]}).to_json() == {"entries": [full]}
