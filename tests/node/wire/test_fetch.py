"""The fetcher against hosts that behave, and against hosts that do not."""

from __future__ import annotations

import asyncio
import gc
import gzip
import warnings
from dataclasses import replace

import pytest

from credentials.evidence import Absent, AbsentReason, Found
from node.wire.budget import RequestBudget
from node.wire.fetch import Fetcher, Response
from node.wire.purposes import CREDENTIAL, DID_DOCUMENT, LINKSET, Purpose
from tests.node.wire.hosts import AT, Host, Script, authority, raw_host, says
from tests.node.wire.test_addresses import Names

JSON = "Content-Type: application/json"
URL = "https://hostile.test/x"


def fetcher(host: Host) -> Fetcher:
    return Fetcher(dev_hosts=host.dev_hosts, dev_ca=authority().pem)


async def ask(script: Script, purpose: Purpose = CREDENTIAL) -> Found | Absent:
    async with raw_host(script) as host, fetcher(host) as client:
        return await client.fetch(URL, purpose, at=AT)


async def test_a_plain_answer_is_found_exactly_as_sent() -> None:
    answer = await ask(says("200 OK", "Content-Type: Application/VC+JWT; charset=utf-8", body=b"a.b.c"))
    assert answer == Found(body=b"a.b.c", media_type="application/vc+jwt", source=URL, at=AT)


async def test_the_request_asks_for_identity_and_carries_no_cookie() -> None:
    async with raw_host(says("200 OK", JSON, "Set-Cookie: a=b", body=b"{}")) as host, fetcher(host) as client:
        await client.fetch(URL, CREDENTIAL, at=AT)
        await client.fetch(URL, CREDENTIAL, at=AT)
    assert len(host.requests) == 2
    for head in host.requests:
        assert "Accept-Encoding: identity" in head
        assert "Cookie:" not in head


REASONS = {
    "404 Not Found": AbsentReason.UNKNOWN_IDENTIFIER,
    "410 Gone": AbsentReason.WITHDRAWN,
    "401 Unauthorized": AbsentReason.REFUSED,
    "403 Forbidden": AbsentReason.REFUSED,
    "400 Bad Request": AbsentReason.REFUSED,
    "204 No Content": AbsentReason.REFUSED,
    "500 Oops": AbsentReason.OFFLINE,
    "503 Busy": AbsentReason.OFFLINE,
    "504 Late": AbsentReason.TIMEOUT,
}


@pytest.mark.parametrize(("status", "reason"), REASONS.items())
async def test_a_status_becomes_the_reason_of_a_gap(status: str, reason: AbsentReason) -> None:
    answer = await ask(says(status, JSON))
    assert isinstance(answer, Absent)
    assert answer.reason is reason


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b" " * 65_536 + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0)  # or a server whose client hung up would keep the loop to itself


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def hangs_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()


HOSTILE: dict[str, tuple[Script, AbsentReason, str]] = {
    "drip": (drip, AbsentReason.TIMEOUT, "FETCH_TIMEOUT"),
    "silence": (silent, AbsentReason.TIMEOUT, "FETCH_TIMEOUT"),
    "endless body": (endless, AbsentReason.UNUSABLE, "FETCH_TOO_LARGE"),
    "announced size": (
        says("200 OK", JSON, body=b" " * (CREDENTIAL.max_bytes + 1)),
        AbsentReason.UNUSABLE,
        "FETCH_TOO_LARGE",
    ),
    "gzip": (
        says("200 OK", JSON, "Content-Encoding: gzip", body=gzip.compress(b" " * 1_000_000)),
        AbsentReason.UNUSABLE,
        "FETCH_CONTENT_TYPE",
    ),
    "HTML": (says("200 OK", "Content-Type: text/html", body=b"<p>"), AbsentReason.UNUSABLE, "FETCH_CONTENT_TYPE"),
    "no type": (says("200 OK", body=b"{}"), AbsentReason.UNUSABLE, "FETCH_CONTENT_TYPE"),
    "empty": (says("200 OK", JSON), AbsentReason.UNUSABLE, "FETCH_CONTENT_TYPE"),
    "large headers": (says("200 OK", JSON, "X: " + "a" * 70_000, body=b"{}"), AbsentReason.OFFLINE, ""),
    "not HTTP": (says("banana", JSON), AbsentReason.OFFLINE, ""),
    "cut short": (hangs_up, AbsentReason.OFFLINE, ""),
    "other host": (
        says("307 Go", "Location: https://evil.example/x"),
        AbsentReason.BLOCKED,
        "REDIRECT_REFUSED",
    ),
    "to loopback": (says("302 Go", "Location: https://127.0.0.1/"), AbsentReason.BLOCKED, "FETCH_BLOCKED"),
    "to http": (says("301 Go", "Location: http://hostile.test/x"), AbsentReason.BLOCKED, "FETCH_BLOCKED"),
    "to file": (says("302 Go", "Location: file:///etc/passwd"), AbsentReason.BLOCKED, "FETCH_BLOCKED"),
    "for ever": (says("302 Go", "Location: /x"), AbsentReason.BLOCKED, "REDIRECT_REFUSED"),
}


@pytest.mark.parametrize(("script", "reason", "code"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_hostile_answer_is_a_gap_with_a_reason(script: Script, reason: AbsentReason, code: str) -> None:
    answer = await ask(script, replace(CREDENTIAL, seconds=0.3))
    assert isinstance(answer, Absent), answer
    assert answer.reason is reason
    assert code in answer.detail


async def test_a_thousand_cookies_are_taken_as_an_answer_and_none_is_kept() -> None:
    script = says("200 OK", JSON, *(f"Set-Cookie: c{n}=1" for n in range(100)), body=b"{}")
    async with raw_host(script) as host, fetcher(host) as client:
        assert isinstance(await client.fetch(URL, CREDENTIAL, at=AT), Found)
        await client.fetch(URL, CREDENTIAL, at=AT)
    assert "Cookie" not in host.requests[1]


def once_to(path: str, host: list[Host]) -> Script:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = len(host[0].requests) == 1
        answer = says("307 Go", f"Location: {path}") if first else says("200 OK", JSON, body=b"{}")
        await answer(reader, writer)

    return script


async def test_a_credential_follows_a_redirect_on_its_own_origin() -> None:
    known: list[Host] = []
    async with raw_host(once_to("/y", known)) as host, fetcher(host) as client:
        known.append(host)
        answer = await client.fetch(URL, LINKSET, at=AT)
    assert isinstance(answer, Found)
    assert answer.source == "https://hostile.test/y"


async def test_a_did_document_follows_no_redirect_at_all() -> None:
    known: list[Host] = []
    async with raw_host(once_to("/y", known)) as host, fetcher(host) as client:
        known.append(host)
        answer = await client.fetch(URL, DID_DOCUMENT, at=AT)
    assert isinstance(answer, Absent)
    assert len(host.requests) == 1


async def test_a_short_retry_after_is_waited_out_once() -> None:
    known: list[Host] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = len(known[0].requests) == 1
        answer = says("429 Slow", "Retry-After: 0") if first else says("200 OK", JSON, body=b"{}")
        await answer(reader, writer)

    async with raw_host(script) as host, fetcher(host) as client:
        known.append(host)
        assert isinstance(await client.fetch(URL, CREDENTIAL, at=AT), Found)
    assert len(host.requests) == 2


async def test_a_long_retry_after_is_a_gap_and_the_host_is_left_alone() -> None:
    async with raw_host(says("429 Slow", "Retry-After: 600")) as host, fetcher(host) as client:
        first = await client.fetch(URL, CREDENTIAL, at=AT)
        second = await client.fetch("https://hostile.test/other", CREDENTIAL, at=AT)
    for answer in (first, second):
        assert isinstance(answer, Absent)
        assert answer.reason is AbsentReason.RATE_LIMITED
    assert len(host.requests) == 1


async def test_a_429_to_a_delivery_says_nothing_about_reading() -> None:
    known: list[Host] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        posted = len(known[0].requests) == 1
        answer = says("429 Slow", "Retry-After: 600") if posted else says("200 OK", JSON, body=b"{}")
        await answer(reader, writer)

    async with raw_host(script) as host, fetcher(host) as client:
        known.append(host)
        delivered = await client.post(URL, b"[]", headers={})
        again = await client.post(URL, b"[]", headers={})
        read = await client.fetch(URL, CREDENTIAL, at=AT)

    assert isinstance(delivered, Response)
    assert isinstance(again, Response)
    assert delivered.status == again.status == 429
    assert isinstance(read, Found)
    assert len(host.requests) == 2, "the second delivery was not sent"


async def test_many_who_want_one_url_cause_one_request() -> None:
    async with raw_host(says("200 OK", JSON, body=b"{}")) as host, fetcher(host) as client:
        answers = await asyncio.gather(*(client.fetch(URL, CREDENTIAL, at=AT) for _ in range(50)))
    assert all(isinstance(answer, Found) for answer in answers)
    assert len(host.requests) == 1


async def test_no_more_than_four_requests_are_in_flight_to_one_host() -> None:
    flying = most = 0

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal flying, most
        flying += 1
        most = max(most, flying)
        await asyncio.sleep(0.01)
        await says("200 OK", JSON, body=b"{}")(reader, writer)
        flying -= 1

    async with raw_host(script) as host, fetcher(host) as client:
        await asyncio.gather(*(client.fetch(f"{URL}{n}", CREDENTIAL, at=AT) for n in range(12)))
    assert len(host.requests) == 12
    assert most <= 4


async def test_a_spent_budget_is_a_gap_and_no_request() -> None:
    budget = RequestBudget(requests=10, per_host=2)
    async with raw_host(says("200 OK", JSON, body=b"{}")) as host, fetcher(host) as client:
        answers = [await client.fetch(f"{URL}{n}", CREDENTIAL, at=AT, budget=budget) for n in range(4)]
    assert [isinstance(answer, Found) for answer in answers] == [True, True, False, False]
    assert isinstance(answers[3], Absent)
    assert answers[3].reason is AbsentReason.BUDGET
    assert len(host.requests) == 2


async def test_a_name_with_one_private_address_gets_no_byte() -> None:
    async with raw_host(says("200 OK", JSON, body=b"{}")) as host:
        client = Fetcher(dns=Names("8.8.8.8", "127.0.0.1"))
        answer = await client.fetch("https://mixed.example/", CREDENTIAL, at=AT)
        await client.close()
    assert isinstance(answer, Absent)
    assert answer.reason is AbsentReason.BLOCKED
    assert host.requests == []


async def test_a_certificate_of_an_unknown_authority_is_not_taken() -> None:
    async with (
        raw_host(says("200 OK", JSON, body=b"{}")) as host,
        Fetcher(dev_hosts=host.dev_hosts) as client,
    ):
        answer = await client.fetch(URL, CREDENTIAL, at=AT)
    assert isinstance(answer, Absent)
    assert answer.reason is AbsentReason.OFFLINE
    assert host.requests == []


async def test_a_certificate_for_another_name_is_not_taken() -> None:
    async with (
        raw_host(says("200 OK", JSON, body=b"{}"), name="hostile.test") as host,
        Fetcher(dev_hosts={"farm.test": ("127.0.0.1", host.port)}, dev_ca=authority().pem) as client,
    ):
        answer = await client.fetch("https://farm.test/", CREDENTIAL, at=AT)
    assert isinstance(answer, Absent)
    assert host.requests == []


async def test_a_delivery_carries_its_headers_and_returns_whatever_status_came() -> None:
    async with raw_host(says("409 Conflict", JSON, body=b'{"a":1}')) as host, fetcher(host) as client:
        answer = await client.post(URL, b"{}", headers={"Signature": "sig1=:AA==:", "Content-Type": "application/json"})
    assert isinstance(answer, Response)
    assert (answer.status, answer.body) == (409, b'{"a":1}')
    assert "Signature: sig1=:AA==:" in host.requests[0]


async def test_a_delivery_does_not_follow_a_redirect() -> None:
    async with raw_host(says("307 Go", "Location: /other")) as host, fetcher(host) as client:
        answer = await client.post(URL, b"{}", headers={})
    assert isinstance(answer, Response)
    assert answer.status == 307
    assert len(host.requests) == 1


async def test_an_unreachable_host_is_offline() -> None:
    client = Fetcher(dev_hosts={"gone.test": ("127.0.0.1", 1)}, dev_ca=authority().pem)
    answer = await client.fetch("https://gone.test/", CREDENTIAL, at=AT)
    await client.close()
    assert isinstance(answer, Absent)
    assert answer.reason is AbsentReason.OFFLINE


async def test_a_closed_fetcher_leaves_no_connection_to_a_host_that_never_says_goodbye() -> None:
    async def says_no_more(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await says("200 OK", JSON, body=b"{}")(reader, writer)
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a stream writer's transport reads too
        await asyncio.sleep(5)

    async def asks(host: Host) -> Found | Absent:
        async with fetcher(host) as client:
            return await client.fetch(URL, CREDENTIAL, at=AT)

    async with raw_host(says_no_more) as host:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", ResourceWarning)
            answer = await asyncio.to_thread(asyncio.run, asks(host))
            gc.collect()

    assert isinstance(answer, Found)
    assert [str(warning.message) for warning in told] == []
