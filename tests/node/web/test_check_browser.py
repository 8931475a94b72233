"""The page that checks bundles, in a real browser: the demo's bundle is accepted, and no edited one is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from random import Random

import pytest
import pytest_asyncio
from click.testing import CliRunner

from credentials.encoding.bundle_file import read_bundle, write_bundle
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
