"""DIDs and DID URLs by their grammar."""

from __future__ import annotations

import pytest

from credentials.did.syntax import Did, parse_did, parse_did_url
from credentials.errors import IdentifierProblem


@pytest.mark.parametrize(
    "text", ["did:web:farm.test", "did:web:farm.test%3A8443:unit-1", "did:key:z6Mk", "did:a:b", "did:ex:a::b"]
)
def test_a_did_reads_back_as_written(text: str) -> None:
    assert str(parse_did(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "did", "did:", "did:web", "did:web:", "DID:web:farm.test", "did:Web:farm.test", "did:web:farm.test ",
        " did:web:farm.test", "did:web:farm.test\n", "did:web:farm test", "did:web:farm.test#key", "did:web:a/b",
        "did:web:a?b", "did:web:ä.test", "did:web:a%", "did:web:a%G0", "did:web:a:", "did:web:[::1]", "urn:x:y",
        "did:web:" + "a" * 1100, None, 5, ["did:web:a"], b"did:web:a",
    ],
)  # fmt: skip
def test_anything_else_is_no_did(text: object) -> None:
    with pytest.raises(IdentifierProblem) as caught:
        parse_did(text, pointer="/issuer")

    assert (caught.value.problem.code, caught.value.problem.pointer) == ("DID_INVALID", "/issuer")


def test_a_did_url_comes_apart() -> None:
    url = parse_did_url("did:web:farm.test/a/b?versionId=1#key-1")

    assert (url.did, url.path, url.query, url.fragment) == (Did("web", "farm.test"), "/a/b", "versionId=1", "key-1")


@pytest.mark.parametrize(
    "text",
    ["#k", "https://farm.test#k", "did:web:farm.test#a#b", "did:web:farm.test#a b", "did:web:a#" + "k" * 3000, None],
)
def test_anything_else_is_no_did_url(text: object) -> None:
    with pytest.raises(IdentifierProblem):
        parse_did_url(text)
