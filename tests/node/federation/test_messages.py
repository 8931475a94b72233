"""Batches of events are read completely or refused completely."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from credentials.errors import MalformedInput
from node.federation.messages import EventType, ExchangeEvent, encode_batch, parse_batch

FARM, MILL = "did:web:farm.test", "did:web:mill.test"


def _event(seq: int = 1, **changes: Any) -> ExchangeEvent:
    stated: dict[str, Any] = {
        "id": f"e-{seq}",
        "source": FARM,
        "type": EventType.PUBLISHED,
        "subject": "https://farm.test/lots/1",
        "time": datetime(2026, 1, 2, tzinfo=UTC),
        "dest": MILL,
        "epoch": "01",
        "seq": seq,
        "data": {"credential": "https://farm.test/credentials/1", "credentialDigest": "zQm", "kind": ["dpp"]},
    }
    return ExchangeEvent(**(stated | changes))


def test_a_batch_comes_back_as_it_was_sent() -> None:
    sent = (_event(1), _event(2))

    assert parse_batch(encode_batch(sent), source=FARM, dest=MILL) == sent


def test_the_same_fact_has_one_digest_wherever_it_stands_in_a_stream() -> None:
    assert _event(1).digest == _event(1, epoch="02").digest
    assert _event(9, id="e-1").digest == _event(1).digest
    assert _event(1, data={"credential": "https://farm.test/x"}).digest != _event(1).digest


def _set(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(event: dict[str, Any]) -> None:
        event[name] = value

    return change


def _set_data(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(event: dict[str, Any]) -> None:
        event["data"][name] = value

    return change


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (_set("specversion", "0.3"), "/1/specversion"),
        (_set("source", "did:web:third.test"), "/1/source"),
        (_set("dest", "did:web:third.test"), "/1/dest"),
        (_set("seq", 0), "/1/seq"),
        (_set("seq", True), "/1/seq"),
        (_set("id", "a b"), "/1/id"),
        (_set("id", "x" * 200), "/1/id"),
        (_set("type", "tn.unknown.v1"), "/1/type"),
        (_set("time", "yesterday"), "/1/time"),
        (_set("subject", ""), "/1/subject"),
        (_set("data", []), "/1/data"),
        (_set("digest", "0" * 64), "/1/digest"),
        (_set_data("credential", "https://farm.test/other"), "/1/digest"),
    ],
)
def test_one_wrong_event_refuses_the_batch_and_is_pointed_at(
    change: Callable[[dict[str, Any]], None], pointer: str
) -> None:
    batch = json.loads(encode_batch((_event(1), _event(2))))
    change(batch[1])

    with pytest.raises(MalformedInput) as refused:
        parse_batch(json.dumps(batch).encode(), source=FARM, dest=MILL)
    assert refused.value.problem.pointer == pointer


@pytest.mark.parametrize("data", [{}, {"credential": "http://farm.test/1"}, {"credential": 1}])
def test_an_event_must_name_its_credential_by_https(data: dict[str, Any]) -> None:
    raw = encode_batch((_event(1, data=data),))

    with pytest.raises(MalformedInput) as refused:
        parse_batch(raw, source=FARM, dest=MILL)
    assert refused.value.problem.pointer == "/0/data/credential"


@pytest.mark.parametrize("raw", [b"{}", b"[]", b"null", b"[" * 40, encode_batch([_event(n) for n in range(1, 52)])])
def test_what_is_no_batch_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedInput):
        parse_batch(raw, source=FARM, dest=MILL)
