"""The quick reader gives what the strict reader gives, or leaves it to it."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from credentials.encoding.json_values import DEFAULT_LIMITS, Limits
from credentials.encoding.quick import UNSURE, read_quickly
from credentials.encoding.strict import read_strictly
from credentials.errors import MalformedInput

SMALL = Limits(size=400, depth=3, values=12, key=5, text=20)

_SPACE = st.sampled_from(["", "", "", " ", "\n", " \t", "\r\n"])
_DIGITS = st.text("0159", min_size=1, max_size=18)
_NUMBERS = st.builds("".join, st.tuples(st.sampled_from(["", "-"]), _DIGITS, st.just("."), _DIGITS)) | st.sampled_from(
    ["0", "-0", "-0.0", "1e5", "1E-7", "9007199254740991", "9007199254740992", "123456789012.345", "1e400", "NaN"]
)
_TEXTS = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            "é",
            "😀",
            "{",
            "]",
            ":1e5",
            ',"',
            "\\\\",
            '\\"',
            "\\n",
            "\\u0022",
            "\\u0041",
            "\\u0000",
            "\x7f",
            "0e",
        ]
    ),
    max_size=7,
).map(lambda parts: '"' + "".join(parts) + '"')


def _array(items: list[str], space: str) -> str:
    return "[" + ("," + space).join(items) + space + "]"


def _object(members: list[tuple[str, str]], space: str) -> str:
    return "{" + space + f",{space}".join(f"{key}{space}:{space}{value}" for key, value in members) + "}"


_JSON = st.recursive(
    _NUMBERS | _TEXTS | st.sampled_from(["null", "true", "false"]),
    lambda inner: (
        st.builds(_array, st.lists(inner, max_size=4), _SPACE)
        | st.builds(_object, st.lists(st.tuples(_TEXTS, inner), max_size=4), _SPACE)
    ),
    max_leaves=12,
).map(str.encode)


@given(_JSON, st.sampled_from([SMALL, DEFAULT_LIMITS]))
@settings(max_examples=400, deadline=None)
@example(b'{"a":1,"a" :1}', DEFAULT_LIMITS)
@example(b'{"a":1,"\\u0061":1}', DEFAULT_LIMITS)
@example(b'{"' + b'\\"' * 257 + b'":1}', DEFAULT_LIMITS)
@example(b"18446744073709551616", DEFAULT_LIMITS)
@example(b"[18446744073709551616]", DEFAULT_LIMITS)
@example(b'{"a":["[","]]]]",[[[0]]]]}', SMALL)
def test_it_never_says_anything_else(raw: bytes, limits: Limits) -> None:
    quick = read_quickly(raw, limits)
    try:
        strict = read_strictly(raw, limits)
    except MalformedInput:
        assert quick is UNSURE
        return

    assert quick is UNSURE or repr(quick) == repr(strict)


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, -2.5, 0.125, True, None], "b": {"c": "2025-06-01T00:00:00Z"}},
        {"id": "urn:uuid:5e000000-0000-0000-0000-000000000000", "more": "0e1 and :1e9"},
        {"description": 'Yarn [dyed] "blue" \\ {x}\n' + "x" * 300},
        {f"key{number}": "z6Mk" * 9 for number in range(900)},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_usual_documents_need_no_second_reading(value: dict[str, object], indent: int | None) -> None:
    raw = json.dumps(value, indent=indent, ensure_ascii=False).encode()

    assert read_quickly(raw, DEFAULT_LIMITS) == value
