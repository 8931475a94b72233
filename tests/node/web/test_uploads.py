"""What is handed to the verify page as a file: a credential, a bundle, or something that is neither."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlsplit

import aiohttp
import pytest

from credentials.encoding.bundle_file import read_bundle, write_bundle
from credentials.provenance.packs.pack_file import core_bytes
from credentials.trust.policy import Policy
from node.demo.season import target
from node.flows.bundling import TraceRequest, packed
from node.web.uploads import MOST_BYTES
from node.wire.folder import Folder
from tests.node.api.nodes import Asked, Served
from tests.node.issuer import draft
from tests.node.season import TRUST, season_folder
from tests.node.web.reading import Page, assert_harmless, assert_whole

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@cache
def bundle() -> bytes:
    """The demo's shirt as one file."""
    source = Folder(season_folder())
    asked = TraceRequest(
        identifier=target(),
        at=AT,
        known=None,
        claims=None,
        policy=Policy(),
        lookups=20_000,
        trust=TRUST,
        pack=core_bytes(),
    )
    return asyncio.run(packed(asked, source, source.strays(at=AT)))[1]


async def sent(node: Served, raw: bytes, *, name: str = "shirt.zip", text: str = "") -> Asked:
    form = aiohttp.FormData()
    form.add_field("credential", text)
    form.add_field("file", io.BytesIO(raw), filename=name, content_type="application/octet-stream")
    return await node.ask("POST", "/verify", data=form, headers={"Accept": "text/html"})


def said(answer: Asked) -> str:
    return " ".join(Page(answer.body.decode()).text.split())


@pytest.fixture(scope="module")
def shirt() -> bytes:
    return bundle()


async def test_a_bundle_is_judged_again_and_its_report_shown(node: Served, shirt: bytes) -> None:
    answer = await sent(node, shirt)
    assert answer.status == 200
    text = said(answer)
    assert "The packer’s report was judged again and is the same, byte for byte: PARTIALLY VERIFIED by" in text
    assert "Organic content: VERIFIED (81.5 % to 91 % of the mass) becomes UNVERIFIABLE" in text
    assert "Fibre Assurance" in text
    assert_whole(answer.body.decode())
    assert_harmless(answer.body.decode())


async def test_a_report_that_was_edited_in_the_file_is_not_the_one_that_is_shown(node: Served, shirt: bytes) -> None:
    members = dict(read_bundle(shirt))
    report = json.loads(members["report.json"])
    report["word"] = "VERIFIED"
    members["report.json"] = json.dumps(report).encode()
    text = said(await sent(node, write_bundle(members)))
    assert "The report in the file is not the one that its evidence gives, which is PARTIALLY VERIFIED" in text


async def test_nobody_is_shown_a_word_as_ours_that_rests_on_whom_the_packer_believes(
    node: Served, shirt: bytes
) -> None:
    html = (await sent(node, shirt)).body.decode()
    hero = html[html.index('<div class="facts">') :]
    assert Page(hero[: hero.index("</div>")]).text.split() == ["?", "UNVERIFIABLE"]


async def test_a_bundle_of_which_a_byte_is_another_is_named(node: Served, shirt: bytes) -> None:
    answer = await sent(node, shirt[:5000] + bytes([shirt[5000] ^ 1]) + shirt[5001:])
    assert answer.status == 400
    assert "NOT GENUINE" not in said(answer)
    assert "bundle" in said(answer).lower()


async def test_a_credential_is_verified_from_a_file_as_from_the_text(node: Served) -> None:
    issued = await node.issue(draft("yarn-passport"))
    token = (await node.ask("GET", urlsplit(issued.json["id"]).path, headers={"Accept": "application/vc+jwt"})).body
    from_file, pasted = await sent(node, token + b"\n", name="yarn.jwt"), await sent(node, b"", text=token.decode())
    assert from_file.status == pasted.status == 200
    assert said(from_file) == said(pasted)
    assert "GENUINE" in said(from_file)


async def test_nothing_chosen_and_nothing_pasted_is_told(node: Served) -> None:
    answer = await sent(node, b"")
    assert answer.status == 400
    assert "Nothing was handed over." in said(answer)


@pytest.mark.parametrize("raw", [b"PK\x03\x04" + bytes(100), b"\x89PNG" + bytes(50), b"%PDF-1.7"])
async def test_a_file_that_is_neither_is_never_called_a_forgery(node: Served, raw: bytes) -> None:
    answer = await sent(node, raw)
    assert "NOT GENUINE" not in said(answer)


async def test_a_file_that_is_too_large_leads_to_the_command(node: Served) -> None:
    answer = await sent(node, bytes(MOST_BYTES + 1))
    assert answer.status in (400, 413)
    assert "tracenode verify-bundle" in said(answer)


async def test_of_a_text_and_a_file_none_is_silently_left_aside(node: Served) -> None:
    answer = await sent(node, b"a file", text="a text")
    assert answer.status == 400
    assert "A text and a file were handed over" in said(answer)
