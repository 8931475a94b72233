"""N-Quads: what goes in comes out, and what is not a statement does not go in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.encoding.iri import is_iri, is_language_tag
from credentials.errors import MalformedInput
from credentials.rdf.nquads import Quad, parse_nquads, write_nquads
from credentials.rdf.terms import iri_term, literal_term

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(_TEXT, st.sampled_from(["http://www.w3.org/2001/XMLSchema#string", "urn:x:type"]))
def test_a_literal_written_is_the_literal_read(value: str, datatype: str) -> None:
    quad = Quad("<urn:x:s>", "<urn:x:p>", literal_term(value, datatype), "_:g")
    assert parse_nquads(write_nquads([quad])) == [quad]


@given(_TEXT, _TEXT)
def test_different_literals_are_written_differently(one: str, other: str) -> None:
    assert (literal_term(one) == literal_term(other)) == (one == other)


@given(_TEXT)
def test_an_iri_written_is_the_iri_read(text: str) -> None:
    iri = f"urn:x:{text}"
    quad = Quad(iri_term(iri), "<urn:x:p>", "_:o")
    assert not is_iri(iri) or parse_nquads(quad.line()) == [quad]


def test_escapes_are_read_and_written_in_one_canonical_way() -> None:
    text = '<urn:x:s> <urn:x:p> "\\u0041\\U0001F600\\u0001\\u007f\\t\\\\"^^<http://www.w3.org/2001/XMLSchema#string>.'
    assert write_nquads(parse_nquads(text)) == '<urn:x:s> <urn:x:p> "A😀\\u0001\\u007F\\t\\\\" .\n'


def test_comments_blank_lines_and_repeats_leave_no_trace() -> None:
    text = "# comment\n\n<urn:x:s>\t<urn:x:p>  _:o . # end\r\n<urn:x:s> <urn:x:p> _:o .\n"
    assert parse_nquads(text) == [Quad("<urn:x:s>", "<urn:x:p>", "_:o")]


@pytest.mark.parametrize(
    "line",
    [
        "<urn:x:s> <urn:x:p> <urn:x:o>",
        "<urn:x:s> <urn:x:p> .",
        '"literal" <urn:x:p> <urn:x:o> .',
        "<urn:x:s> _:p <urn:x:o> .",
        '<urn:x:s> <urn:x:p> "open .',
        '<urn:x:s> <urn:x:p> "a"@ .',
        '<urn:x:s> <urn:x:p> "a"@en--ltr .',
        '<urn:x:s> <urn:x:p> "a\\x" .',
        '<urn:x:s> <urn:x:p> "a\\ud800" .',
        '<urn:x:s> <urn:x:p> "a\\UFFFFFFFF" .',
        "<urn:x: s> <urn:x:p> <urn:x:o> .",
        "<urn:x:\\u0020s> <urn:x:p> <urn:x:o> .",
        "<relative> <urn:x:p> <urn:x:o> .",
        "<urn:x:s> <urn:x:p> _:o. <urn:x:g> <urn:x:h> .",
        "_: <urn:x:p> <urn:x:o> .",
        "_:a. <urn:x:p> <urn:x:o> .",
    ],
)
def test_what_is_not_a_statement_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(MalformedInput, match="Line 2") as caught:
        parse_nquads(f"# first\n{line}\n")
    assert caught.value.problem.fix


@pytest.mark.parametrize("iri", ["urn:x:1", "https://example.com/a?b=c#d", "did:web:a.example", "https://例え.jp/é"])
def test_an_absolute_iri_is_one(iri: str) -> None:
    assert is_iri(iri)


@pytest.mark.parametrize(
    "iri",
    [
        "",
        "foo",
        "/a",
        "urn:",
        "https:",
        "https://",
        "http:/x",
        "1a:b",
        "urn:x y",
        "urn:x\n",
        "urn:x\u00a0",
        "urn:x\u202e",
    ]
    + [f"urn:x{character}" for character in '<>"{}|\\^`\x00\x7f\xa0\u200b\u202e\ufeff'],
)
def test_what_readers_would_strip_or_split_is_no_iri(iri: str) -> None:
    assert not is_iri(iri)


@pytest.mark.parametrize("tag", ["en", "en-GB", "zh-Hant-TW", "x-private"[2:]])
def test_a_language_tag_is_one(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.parametrize("tag", ["", "e", "en\n", "en GB", 'en"', "en_GB", "-en", "en-", "englishlong"])
def test_what_is_no_language_tag_is_refused(tag: str) -> None:
    assert not is_language_tag(tag)
