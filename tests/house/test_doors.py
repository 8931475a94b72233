"""The counters at the libraries' doors count what comes, also under keys that were loaded before."""

from __future__ import annotations

import pytest

from credentials.encoding.document import parse_json
from credentials.encoding.multibase import decode_base64url
from credentials.errors import MalformedInput, ProofProblem
from credentials.keys.algorithms import KeyKind, SigningKey
from tests.doors import watch


@pytest.mark.parametrize("kind", list(KeyKind))
def test_each_check_of_a_signature_counts_whether_or_not_it_holds(
    kind: KeyKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = SigningKey.generate(kind)
    signature, public = key.sign(b"yarn"), key.public_key
    public.verify(signature, b"yarn")
    doors = watch(monkeypatch)
    public.verify(signature, b"yarn")
    public.verify(signature, b"yarn")
    with pytest.raises(ProofProblem):
        public.verify(signature, b"cotton")
    assert (doors.checks, sorted(doors.checked.values())) == (3, [1, 2])


def test_each_text_counts_by_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    doors = watch(monkeypatch)
    for raw in (b'{"a":1}', b'{"a":1}', b'{"a":2}'):
        parse_json(raw)
    with pytest.raises(MalformedInput):
        parse_json(b"{")
    decode_base64url("eWFybg")
    assert (doors.parsings(), doors.twice(least=0), doors.decoded.total()) == (4, {b'{"a":1}': 2}, 1)
    doors.forget()
    assert doors.parsings() == 0
