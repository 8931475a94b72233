"""The page that checks bundles, in a real browser: the demo's bundle is accepted, and no edited one is."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from random import Random
from typing import Any

import pytest
import pytest_asyncio
from click.testing import CliRunner

from credentials.encoding.bundle_file import read_bundle, write_bundle
from credentials.encoding.jcs import canonical_json
from node.cli.entry import commands
from node.demo.offline import pinned_trust_list
from node.demo.season import target
from tests.node.season import season_folder
from tests.node.web.driven import BY_DROP, DrivenPage, driven
from tests.shared import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

PAGE = (ROOT / "docs" / "check.html").as_uri()


@pytest.fixture(scope="module")
def shirt(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bundle of the demo's shirt."""
    folder = tmp_path_factory.mktemp("shirt")
    (folder / "trust.json").write_text(json.dumps(pinned_trust_list()))
    asked = ["--from", str(season_folder()), "--trust", str(folder / "trust.json"), "--at", "2026-06-01T12:00:00Z"]
    CliRunner().invoke(commands, ["bundle", *asked, "-o", str(folder / "shirt.zip"), target()], catch_exceptions=False)
    return (folder / "shirt.zip").read_bytes()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DrivenPage]:
    async with driven(PAGE, tmp_path_factory.mktemp("profile")) as one:
        yield one


async def test_the_demos_bundle_is_shown_by_the_input_and_by_a_drop(
    page: DrivenPage, shirt: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    first, again = await page.check(shirt), await page.check(shirt, how=BY_DROP)
    assert (first["state"], first["word"]) == ("shown", "PARTIALLY VERIFIED")
    assert "at least 81.5 %" in first["text"]
    assert "did:web:fieldcheck.test, or did:web:maker.test, or did:web:spinner.test" in first["text"]
    assert again["text"] == first["text"]
    with capsys.disabled():
        print(f"\nthe demo's bundle is checked in {first['took']:.0f} ms, then {again['took']:.0f} ms")


async def test_the_page_asks_no_network_for_anything(page: DrivenPage, shirt: bytes) -> None:
    await page.check(shirt)
    assert page.asked == [PAGE]
    assert page.logged == []
    blocked = "fetch('data:,x').then(() => 'sent', () => 'blocked')"
    assert await page.value(blocked) == "blocked"


async def test_no_field_of_a_record_of_the_zip_can_be_another(page: DrivenPage, shirt: bytes) -> None:
    """Every byte of the first and a later local record, of a record of the directory, and of the end."""
    start = int.from_bytes(shirt[-6:-2], "little")
    second = shirt.index(b"PK\x03\x04", 4)
    records = ((0, 43), (second, 42), (start, 59), (start + 59, 58), (len(shirt) - 22, 22))
    for first, length in records:
        for place in range(first, first + length):
            edited = bytearray(shirt)
            edited[place] ^= 1 << (place % 8)
            assert (await page.check(bytes(edited)))["state"] == "refused", place


async def test_bytes_edited_in_a_member_change_nothing_that_is_shown(page: DrivenPage, shirt: bytes) -> None:
    """With a manifest that fits: what is not refused is told beside, and shows the same of every claim."""
    members, chance, refused = read_bundle(shirt), Random(11), 0
    shown = _shown(await page.check(shirt))
    names = ["question.json", "trust.json", "answers.json", "pack.toml", "report.json", *_documents(members)[:3]]
    for name in names:
        for _ in range(25):
            part = bytearray(members[name])
            part[chance.randrange(len(part))] ^= chance.randrange(1, 128)
            told = await page.check(write_bundle(members | {name: bytes(part)}))
            refused += told["state"] == "refused"
            assert told["state"] == "refused" or _shown(told) == shown, name
    assert refused > 100


async def test_hostile_names_are_text(page: DrivenPage, shirt: bytes) -> None:
    canary = "</script></style><img src=x onerror=\"document.documentElement.dataset.xss='1'\">\u202e"
    members = read_bundle(shirt)
    _report(members, lambda report: report["claims"][1].update(id=canary))
    told = await page.check(write_bundle(members), name=canary)
    assert told["state"] == "shown"
    assert told["text"].count("<img src=x onerror=") == 2
    assert "[U+202E]" in told["text"]
    _report(members, lambda report: report["claims"][0].update(id=canary))
    assert "<img src=x onerror=" in (await page.check(write_bundle(members)))["text"]
    question = json.loads(members["question.json"]) | {"identifier": canary}
    members["question.json"] = canonical_json(question)
    await page.check(write_bundle(members))
    assert await page.value("document.documentElement.dataset.xss ?? 'silent'") == "silent"
    assert await page.value("document.querySelectorAll('img').length") == 0


async def test_bytes_edited_anywhere_in_the_file_are_refused(page: DrivenPage, shirt: bytes) -> None:
    chance = Random(5)
    for _ in range(60):
        edited = bytearray(shirt)
        edited[chance.randrange(len(edited))] ^= chance.randrange(1, 256)
        assert (await page.check(bytes(edited)))["state"] == "refused"
    for cut in (0, 1, 22, len(shirt) // 2, len(shirt) - 1):
        assert (await page.check(shirt[:cut]))["state"] == "refused"
    assert (await page.check(shirt + b"\0"))["state"] == "refused"


def _edits() -> Iterator[tuple[str, Callable[[dict[str, bytes]], object]]]:
    digest = "documents/" + "0" * 64
    yield "a member is added", lambda members: members.update({digest: b"{}"})
    for name in ("report.json", "trust.json", "pack.toml", "question.json", "answers.json"):
        yield f"{name} is dropped", lambda members, name=name: members.pop(name)
    yield "a document is dropped", lambda members: members.pop(_documents(members)[0])
    yield "documents are exchanged", _exchange
    yield "the word is better", lambda members: _report(members, lambda report: report.update(word="VERIFIED"))
    yield "a claim is called verified", lambda members: _report(members, _verified)
    yield "a claim borrows what shows another", lambda members: _report(members, _borrowed)
    yield (
        "more is proven",
        lambda members: _report(members, lambda report: report["claims"][3].update(value=[0.9, 0.91])),
    )
    yield "a liar is left out", lambda members: _report(members, lambda report: _sets(report).pop())
    yield (
        "an innocent is added",
        lambda members: _report(members, lambda report: _sets(report).append(["did:web:x.test"])),
    )
    yield "an amount is another", lambda members: _report(members, _amount)


def _shown(told: Mapping[str, Any]) -> list[str]:
    """What is shown of each claim, without names and without what the report only tells."""
    return re.findall(r"(?:Shown here|Proven|Claimed|False only if)\n(.*)", told["text"])


def _documents(members: dict[str, bytes]) -> list[str]:
    return sorted(name for name in members if name.startswith("documents/"))


def _exchange(members: dict[str, bytes]) -> None:
    one, other = _documents(members)[:2]
    members[one], members[other] = members[other], members[one]


def _report(members: dict[str, bytes], edit: Callable[..., object]) -> None:
    report = json.loads(members["report.json"])
    edit(report)
    members["report.json"] = (json.dumps(report, indent=2, ensure_ascii=False) + "\n").encode()


def _sets(report: dict[str, object]) -> list[list[str]]:
    sets: list[list[str]] = report["claims"][3]["holdsUnless"]["sets"]  # type: ignore[index]
    return sets


def _verified(report: dict[str, list[dict[str, object]]]) -> None:
    for claim in report["claims"]:
        claim["verdict"] = "VERIFIED"
    report["word"] = "VERIFIED"  # type: ignore[assignment]


def _borrowed(report: dict[str, list[dict[str, object]]]) -> None:
    first, second = report["claims"][:2]
    second.update(
        verdict="VERIFIED", derivation=first["derivation"], value=[1.0, 1.0], holdsUnless=first["holdsUnless"]
    )


def _amount(report: dict[str, dict[str, list[dict[str, object]]]]) -> None:
    step = next(step for step in report["derivation"]["steps"] if step["rule"] == "amount")
    step["value"] = ["9000", "9000"]


@pytest.mark.parametrize(("story", "edit"), tuple(_edits()))
async def test_an_edit_with_a_manifest_that_fits_does_not_survive(
    page: DrivenPage, shirt: bytes, story: str, edit: Callable[[dict[str, bytes]], object]
) -> None:
    members = read_bundle(shirt)
    edit(members)
    told = await page.check(write_bundle(members))
    assert told["state"] in ("refused", "partly"), story
    assert told["word"] in ("", "PARTIALLY VERIFIED")
    if story != "a claim is called verified":
        assert told["state"] == "refused"
