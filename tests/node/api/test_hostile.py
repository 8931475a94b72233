"""Hostile identifiers and headers get a named problem and never a fault of ours."""

from __future__ import annotations

import asyncio
from urllib.parse import quote_from_bytes

import pytest

from credentials.evidence import Absent, AbsentReason
from tests.corpus.making import token
from tests.node.api.nodes import HOST, Served

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("silence")]


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A world in which nobody answers."""

    async def fetch(self: object, url: str, *_: object, **__: object) -> Absent:
        return Absent(reason=AbsentReason.OFFLINE, detail="Nobody answers.")

    monkeypatch.setattr("node.wire.fetch.Fetcher.fetch", fetch)


DIDS = [
    *["did:web:localhost", "did:web:127.0.0.1", "did:web:a.test%3A99999", "did:web:%00", "did:web:a.test:..:x"],
    *["did:web:" + "a" * 5000 + ".test", "did:web:" + "a." * 200 + "test", "did:web:[::1]", "did:web:a.test#", "did:"],
    *[
        "did:key:z",
        "did:key:z" + "1" * 199,
        "did:key:zQ3shZ",
        "did:key:u7QE",
        "did:key:z6Mk\u0130",
        "did:jwk:",
        "did:jwk:e30",
    ],
    *[
        "did:jwk:" + "A" * 9000,
        "did:jwk:eyJrdHkiOiJSU0EifQ",
        "did:webvh:x:y",
        "did:x:\ud83d\ude00",
        "not a did",
        "\u202e",
    ],
    *["did:web:a.test?service=x&relativeRef=//evil", "did:web:a.test?versionTime=9999999999999999", "did:web:xn--"],
]
HEADERS = [
    {"Authorization": value}
    for value in ("Bearer", "Bearer ", "bearer \u00ff", "Basic x", " ", "\u00ff\u00ff", "Bearer " + "a" * 7000)
] + [
    *[{"Accept": value} for value in ("\u00ff", "*/*;q=NaN", "text/html;q=1e999", ",,;;==", "a/b;q=-1", "x" * 7000)],
    *[
        {"Content-Type": value}
        for value in (
            "\u00ff",
            "application/json; charset=\u00ff",
            "a/b;" * 900,
            "/",
            "application/json; charset=utf-99",
        )
    ],
    *[{"Content-Encoding": value} for value in ("gzip", "\u00ff", "identity, gzip")],
    *[{"If-None-Match": value} for value in ("\u00ff", '"' * 999, "W/")],
    *[{"Idempotency-Key": value} for value in ("\u00ff", "x" * 7000, "")],
    *[
        {"Range": "bytes=9-1"},
        {"Forwarded": "for=\u00ff"},
        {"X-Forwarded-For": "\u00ff"},
        {"Cookie": "\u00ff=\u00ff; ;="},
        {"Expect": "x"},
    ],
    *[{"Signature": value, "Signature-Input": value} for value in ("\u00ff", "sig=()", "sig=:AA==:", "(" * 900)],
    *[
        {"Accept-Language": "\u00ff"},
        {"If-Modified-Since": "yesterday"},
        {"Host": "spinner.test:99999"},
        {"Host": "\u00ff"},
    ],
]


def _written(identifier: str) -> str:
    return quote_from_bytes(identifier.encode("utf-8", "surrogatepass"), safe="")


@pytest.mark.parametrize("did", DIDS, ids=lambda did: ascii(did)[:40])
@pytest.mark.parametrize(
    "path", ["/1.0/identifiers/{}", "/peers/{}", "/links?uri={}", "/verify?url={}", "/{}", "/trace?id={}"]
)
async def test_a_hostile_identifier_is_no_fault_of_ours(served_node: Served, path: str, did: str) -> None:
    method = "DELETE" if path.startswith("/peers") else "GET"
    answer = await served_node.ask(method, path.format(_written(did)), token=served_node.token)

    assert answer.status < 500 or answer.status == 501, answer.body  # a method that is not resolved here


@pytest.mark.parametrize("did", DIDS, ids=lambda did: ascii(did)[:40])
async def test_a_credential_by_a_hostile_issuer_is_told(served_node: Served, did: str) -> None:
    body = token(issuer=did, header={"kid": f"{did}#k"})
    answer = await served_node.ask(
        "POST",
        "/credentials/verify",
        token=served_node.token,
        data=body,
        headers={"Content-Type": "application/vc+jwt"},
    )

    assert answer.status in (200, 400)
    if answer.status == 200:
        assert answer.json["verified"] is False


@pytest.mark.parametrize("headers", HEADERS, ids=lambda headers: ascii(headers)[:40])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/links?uri=urn:x:y"),
        ("POST", "/credentials/verify"),
        ("POST", "/fed/v1/inbox"),
        ("POST", "/credentials/issue"),
    ],
)
async def test_a_hostile_header_is_no_fault_of_ours(
    served_node: Served, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await served_node.ask(method, path, data=b"{}" if method == "POST" else None, headers=headers)

    assert answer.status < 500, answer.body


@pytest.mark.parametrize(
    "name", [b"Authorization: Bearer ", b"Authorization: ", b"Accept: ", b"Content-Type: ", b"Prefer: "]
)
@pytest.mark.parametrize("value", [b"\xff\xfe", b"\xed\xa0\x80", b"tn_\x80"], ids=ascii)
@pytest.mark.parametrize(
    "path", [b"GET /", b"GET /credentials", b"POST /traces", b"POST /credentials/issue"], ids=ascii
)
async def test_bytes_of_no_text_in_a_header_are_no_fault_of_ours(
    served_node: Served, path: bytes, name: bytes, value: bytes
) -> None:
    base = served_node.session._base_url
    assert base is not None
    reader, writer = await asyncio.open_connection(base.host, base.port)
    writer.write(
        path + b" HTTP/1.1\r\nHost: " + HOST.encode() + b"\r\n" + name + value + b"\r\nConnection: close\r\n\r\n"
    )
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert answer.split(b" ")[1] < b"500", answer
