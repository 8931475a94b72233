"""A bundle under the reader's own trust list: nothing that the packer chose decides."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from credentials.provenance import to_json
from credentials.provenance.packs.pack_file import core_bytes, core_pack
from credentials.trust.policy import Policy
from node.demo.season import target
from node.flows.bundling import TraceRequest, differences, packed, unpacked
from node.wire.folder import Folder
from tests.node.issuer import AT
from tests.node.season import TRUST, season_folder

ORGANIC = "https://brand.test/claims/shirt-2026-g/organic-content"
OTHER_PACK = core_bytes().replace(b'name = "core"', b'name = "packer"', 1)


def bundled(**chosen: Any) -> bytes:
    """The demo's shirt as a packer chose to ask of it."""
    source = Folder(season_folder())
    usual: dict[str, Any] = {"known": None, "claims": None, "policy": Policy(), "lookups": 20_000, "pack": core_bytes()}
    asked = TraceRequest(identifier=target(), at=AT, trust=TRUST, **(usual | chosen))
    return asyncio.run(packed(asked, source, source.strays(at=AT)))[1]


def as_the_reader_has_it(raw: bytes) -> dict[str, Any]:
    return to_json(asyncio.run(unpacked(raw).under(TRUST, policy=Policy(), pack=core_bytes())))


@pytest.mark.parametrize(
    "chosen",
    [
        {"claims": (ORGANIC,)},
        {"policy": Policy(forall_share=0.0, de_minimis=1.0, suspended="warn", max_chain=16)},
        {"pack": OTHER_PACK},
    ],
    ids=["claims", "policy", "pack"],
)
def test_what_a_packer_chose_changes_nothing_for_who_believes_a_list_of_their_own(chosen: dict[str, Any]) -> None:
    assert core_bytes() != OTHER_PACK
    raw = bundled(**chosen)
    packers = to_json(asyncio.run(unpacked(raw).judged()))
    mine, plain = as_the_reader_has_it(raw), as_the_reader_has_it(bundled())
    assert packers != mine
    assert mine == plain
    assert mine["policy"]["rulePack"]["digest"] == core_pack().digest


def test_one_good_claim_that_a_packer_picked_is_told_from_all_that_there_are() -> None:
    raw = bundled(claims=(ORGANIC,))
    packers = to_json(asyncio.run(unpacked(raw).judged()))
    mine = as_the_reader_has_it(raw)
    assert (packers["word"], mine["word"]) == ("VERIFIED", "PARTIALLY VERIFIED")
    told = differences(packers, mine)
    assert told[0] == "VERIFIED becomes PARTIALLY VERIFIED"
    assert any(one.startswith("Living wages where it was sewn: not judged becomes UNVERIFIABLE") for one in told)
