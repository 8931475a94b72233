"""What two JSON parsers could read differently does not enter."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.encoding.document import Limits, escape_pointer, parse_document, parse_json, walk
from credentials.errors import MalformedInput

SMALL = Limits(size=200, depth=4, values=10, key=5, text=20)
TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]))
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=5), inner, max_size=4),
    max_leaves=12,
)


def code_of(raw: bytes, limits: Limits = SMALL) -> str:
    with pytest.raises(MalformedInput) as caught:
        parse_document(raw, limits=limits)
    return caught.value.problem.code


def test_a_document_keeps_its_bytes() -> None:
    raw = b'{ "b": 1,\n "a": [true, null, 0.5] }'

    document = parse_document(raw)

    assert document.raw == raw
    assert document.value == {"b": 1, "a": [True, None, 0.5]}
    assert pickle.loads(pickle.dumps(document)) == document


@given(JSON_VALUES)
def test_everything_within_the_limits_reads_as_written(value: Any) -> None:
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=40))
def test_arbitrary_bytes_are_read_or_refused_by_name(raw: bytes) -> None:
    try:
        parse_json(raw)
    except MalformedInput as error:
        problem = error.problem
    else:
        return
    assert problem.code.startswith("JSON_")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "JSON_INVALID"),
        (b"[]", "JSON_INVALID"),
        (b'"x"', "JSON_INVALID"),
        (b'{"a":1,}', "JSON_INVALID"),
        (b'{"a":1}x', "JSON_INVALID"),
        (b"{'a':1}", "JSON_INVALID"),
        (b'{"a":01}', "JSON_INVALID"),
        (b'{"a":NaN}', "JSON_INVALID"),
        (b'{"a":-Infinity}', "JSON_INVALID"),
        (b'{"a":1,"a":1}', "JSON_DUPLICATE_KEY"),
        (b'{"a":{"b":1,"\\u0062":2}}', "JSON_DUPLICATE_KEY"),
        (b'{"a":9007199254740992}', "JSON_NUMBER_RANGE"),
        (b'{"a":-9007199254740992}', "JSON_NUMBER_RANGE"),
        (b'{"a":1e400}', "JSON_NUMBER_RANGE"),
        (b'{"a":0.300000000000000044}', "JSON_NUMBER_RANGE"),
        (b'{"a":1e-400}', "JSON_NUMBER_RANGE"),
        (b'{"a":"\\ud83d"}', "JSON_TEXT"),
        (b'{"\\udc00":1}', "JSON_TEXT"),
        (b'{"a":"\\u0000"}', "JSON_TEXT"),
        (b'{"a":"\\u000b"}', "JSON_TEXT"),
        (b'{"a":"\x7f"}', "JSON_TEXT"),
        (b'{"a":"\xff"}', "JSON_TEXT"),
        (b"\xef\xbb\xbf{}", "JSON_TEXT"),
        (b'{"a":[[[[1]]]]}', "JSON_TOO_DEEP"),
        (b'{"abcdef":1}', "TOO_LARGE"),
        (b'{"a":"' + b"x" * 21 + b'"}', "TOO_LARGE"),
        (b'{"a":[1,2,3,4,5,6,7,8,9]}', "TOO_LARGE"),
        (b"{}" + b" " * 199, "TOO_LARGE"),
    ],
)
def test_what_does_not_enter_is_refused_by_name(raw: bytes, code: str) -> None:
    assert code_of(raw) == code


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":9007199254740991}',
        b'{"a":-9007199254740991}',
        b'{"a":0.1}',
        b'{"a":"\\ud83d\\ude00"}',
        b'{"a":"\\n\\t\\r"}',
        b'{"a":[[[1]]]}',
        b'{"abcde":1}',
        b'{"a":"' + b"x" * 20 + b'"}',
        b'{"a":[1,2,3,4,5,6,7,8]}',
        b"{}" + b" " * 198,
        b'{"a":"[[[[[[[["}',
        b'{"a":"\\"[[[[[["}',
    ],
)
def test_at_the_limit_is_within_it(raw: bytes) -> None:
    assert parse_document(raw, limits=SMALL).value == json.loads(raw)


@pytest.mark.parametrize("depth", [33, 1_000, 5_000, 1_000_000])
def test_depth_is_refused_before_any_parser_sees_it(depth: int) -> None:
    assert code_of(b"[" * depth + b"]" * depth, Limits(size=1 << 22)) == "JSON_TOO_DEEP"


def test_pointers_are_escaped_and_parents_come_first() -> None:
    walked = list(walk({"a/b": {"~": [1]}}))

    assert [pointer for pointer, _ in walked] == ["", "/a~1b", "/a~1b/~0", "/a~1b/~0/0"]
    assert escape_pointer("~/") == "~0~1"


def test_text_problems_say_where() -> None:
    with pytest.raises(MalformedInput) as caught:
        parse_document(b'{"a":[0,"\\u0001"]}')

    assert caught.value.problem.pointer == "/a/1"
