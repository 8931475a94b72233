"""did:web to a URL, decided on the text."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.did.web import document_url
from credentials.errors import IdentifierProblem, Unsupported


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:farm.test", "https://farm.test/.well-known/did.json"),
        ("did:web:farm.test:unit-1", "https://farm.test/unit-1/did.json"),
        ("did:web:farm.test%3A8443", "https://farm.test:8443/.well-known/did.json"),
        ("did:web:farm.test%3a8443:a:b", "https://farm.test:8443/a/b/did.json"),
        ("did:web:xn--80ak6aa92e.com", "https://xn--80ak6aa92e.com/.well-known/did.json"),
        ("did:web:identifiers.example-company.com:12345", "https://identifiers.example-company.com/12345/did.json"),
    ],
)
@pytest.mark.w3c("A6.3")
def test_a_did_web_names_one_url(did: str, url: str) -> None:
    assert document_url(did) == url


@pytest.mark.parametrize(
    "specific",
    [
        "user%40evil.example", "evil.example%23.good.example", "evil.example%3F.good", "a.test%2F@b.test",
        "good.example%0d%0aX:y", "good.example%00", "good.example%5C", "good.example:..:..:admin",
        "good.example:%2e%2e:x", "good.example:a%2F..%2Fb", "good.example:.", "Good.example", "good.example.",
        ".good.example", "good..example", "-good.example", "good-.example", "good_x.example", "good.example%3A",
        "good.example%3A0", "good.example%3A99999", "good.example%3A80%3A80", "good.example%3Aport", "a" * 64 + ".test",
        "good.example:", "%67ood.example",
    ],
)  # fmt: skip
@pytest.mark.w3c("A6.3")
def test_what_a_url_library_could_read_as_another_host_or_path_is_refused(specific: str) -> None:
    with pytest.raises(IdentifierProblem) as caught:
        document_url(f"did:web:{specific}")

    assert caught.value.problem.code == "DID_INVALID"


@pytest.mark.parametrize(
    "specific",
    ["127.0.0.1", "169.254.169.254:latest:meta-data", "1.2.3", "2130706433"],
)
@pytest.mark.w3c("A6.3")
def test_addresses_are_blocked(specific: str) -> None:
    with pytest.raises(IdentifierProblem) as caught:
        document_url(f"did:web:{specific}")

    assert caught.value.problem.code == "FETCH_BLOCKED"


@pytest.mark.parametrize("specific", ["localhost", "localhost%3A6379", "intranet:unit-1"])
@pytest.mark.w3c("A6.3")
def test_local_names_are_not_asked_but_not_wrong_either(specific: str) -> None:
    with pytest.raises(Unsupported) as caught:
        document_url(f"did:web:{specific}")

    assert caught.value.problem.code == "UNSUPPORTED_METHOD"


def test_another_method_is_refused() -> None:
    with pytest.raises(IdentifierProblem):
        document_url("did:key:z6Mk")


PIECES = ["farm", "mill", ".test", ".", "-", "%3A8443", ":unit", ":", "%2F", "..", "@", "#", "?", "%", "1", "A"]


@given(st.lists(st.sampled_from(PIECES), max_size=4))
def test_the_host_that_is_fetched_is_the_host_that_is_written(pieces: list[str]) -> None:
    specific = "".join(["farm.test", *pieces])
    try:
        url = document_url(f"did:web:{specific}")
    except IdentifierProblem:
        return
    parts = urlsplit(url)
    assert parts.hostname == specific.split(":")[0].split("%3A")[0]
    assert parts.username is None
    assert parts.path.endswith("/did.json")
    assert not parts.query
    assert ".." not in parts.path.split("/")
