"""Gathering back: what a node lost its partners show it again, and nothing counts that it did not sign."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from credentials.encoding.multibase import encode_base64url
from credentials.evidence import Found
from node.backups import wish_orphans_revoked
from node.demo.companies import FARM, SPINNER
from node.federation.client import HELD, TOLD
from node.store.adopted import Gathered
from node.store.fingerprints import CLOSED
from node.wire.purposes import CREDENTIAL
from tests.federation.network import Network, Participant, draft, open_network

pytestmark = pytest.mark.slow


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Network]:
    async with open_network(tmp_path / "network", FARM, SPINNER) as network:
        await network.introduce(network.participants[FARM.key], network.participants[SPINNER.key])
        yield network


@pytest.fixture
def farm(network: Network) -> Participant:
    return network.participants[FARM.key]


@pytest.fixture
def spinner(network: Network) -> Participant:
    return network.participants[SPINNER.key]


async def _issued(farm: Participant, **options: Any) -> str:
    return (await farm.issue(draft("farm-facility"), **options)).credential.url


async def _status(farm: Participant, url: str, value: int, purpose: str = "revocation") -> None:
    await farm.node.issuing.set_status(url, purpose=purpose, value=value, at=farm.node.clock())


async def _slot(farm: Participant, url: str, purpose: str = "revocation") -> tuple[str, int, int]:
    async with farm.node.store.reading() as tx:
        slot = await tx.statuses.slot_of(url, purpose)
        state = await tx.statuses.state(slot.token)
        assert state is not None
        return slot.token, slot.index, state.values.get(slot.index, 0)


async def _backed_up(network: Network, folder: Path) -> Path:
    await network.come_to_rest()
    await network.stop(FARM)
    shutil.copytree(network.demo.members[FARM.key].data, folder)
    await network.start(FARM)
    return folder


async def _set_back(network: Network, kept: Path, *, wishing: bool = False) -> Participant:
    """The farm with the database of then; it asked its peers, and is in the life that this began."""
    data = network.demo.members[FARM.key].data
    settings = network.participants[FARM.key].settings
    await network.stop(FARM)
    (data / "node.db").write_bytes((kept / "node.db").read_bytes())
    (data / CLOSED).unlink()
    if wishing:
        await wish_orphans_revoked(settings, at=network.clock())
    farm = await network.start(FARM)
    await farm.node.witnesses.ask()
    return farm


async def test_what_was_issued_and_revoked_since_is_there_again_with_its_indexes(
    network: Network, farm: Participant, spinner: Participant, tmp_path: Path
) -> None:
    old = await _issued(farm)
    kept = await _backed_up(network, tmp_path / "kept")
    farm = network.participants[FARM.key]
    public, private = await _issued(farm), await _issued(farm, private=True, audience=[SPINNER.did])
    for url in (old, public):
        await _status(farm, url, 1)
    await network.come_to_rest()
    before = {url: await _slot(farm, url) for url in (old, public, private)}

    farm = await _set_back(network, kept)
    gathered = await farm.node.gathering.once()

    assert gathered == (Gathered(peer=SPINNER.did, adopted=2, revoked=2, complete=True),)
    assert {url: await _slot(farm, url) for url in (old, public, private)} == before
    async with farm.node.store.reading() as tx:
        found = {url: await tx.issued.by_url(url) for url in (public, private)}
        assert await tx.consistency.orphans() == () == await tx.consistency.damaged()
    assert {url: row.private for url, row in found.items() if row} == {public: False, private: True}
    served = await spinner.node.fetcher.fetch(public, CREDENTIAL, at=network.clock())
    assert isinstance(served, Found)
    fresh = await _slot(farm, await _issued(farm))
    assert fresh[0] not in {token for token, _, _ in before.values()}


async def test_gathering_a_second_time_changes_nothing(network: Network, farm: Participant, tmp_path: Path) -> None:
    kept = await _backed_up(network, tmp_path / "kept")
    url = await _issued(network.participants[FARM.key])
    await network.come_to_rest()
    farm = await _set_back(network, kept)

    first = await farm.node.gathering.once()
    async with farm.node.store.writing() as tx:
        await (await tx.session.connection()).exec_driver_sql("update gathered set complete = 0")
    second = await farm.node.gathering.once()

    assert first == second
    assert await farm.rows("select count(*) from credential where url = :url", url=url) == [(1,)]


async def test_a_revocation_that_only_a_list_shows_holds_also_where_its_credential_is_not_known(
    network: Network, farm: Participant, spinner: Participant, tmp_path: Path
) -> None:
    kept = await _backed_up(network, tmp_path / "kept")
    farm = network.participants[FARM.key]
    url = await _issued(farm)
    await network.come_to_rest()
    await _status(farm, url, 1)
    token, index, _ = await _slot(farm, url)
    ((raw,),) = await farm.rows("select raw from body")
    await spinner.node.verifying.verify(raw, "application/vc+jwt", at=network.clock())
    async with spinner.node.store.writing() as tx:
        await (await tx.session.connection()).exec_driver_sql("delete from received")

    farm = await _set_back(network, kept)
    (gathered,) = await farm.node.gathering.once()

    assert (gathered.adopted, gathered.revoked, gathered.missing) == (0, 1, 1)
    async with farm.node.store.reading() as tx:
        state = await tx.statuses.state(token)
    assert state is not None
    assert state.values == {index: 1}


async def test_the_newest_list_decides_of_a_suspension(
    network: Network, farm: Participant, spinner: Participant, tmp_path: Path
) -> None:
    stated = farm.settings.data / "settings.toml"
    stated.write_text('statuses = ["suspension"]\n' + stated.read_text())
    await network.stop(FARM)
    farm = await network.start(FARM)
    url = await _issued(farm)
    await _status(farm, url, 1, "suspension")
    kept = await _backed_up(network, tmp_path / "kept")
    farm = network.participants[FARM.key]
    network.clock.move(hours=1)
    await _status(farm, url, 0, "suspension")
    ((raw,),) = await farm.rows("select raw from body")
    network.clock.move(seconds=1)
    await spinner.node.verifying.verify(raw, "application/vc+jwt", at=network.clock())
    await _issued(farm)  # so that the partner knows more than the backup
    await network.come_to_rest()

    farm = await _set_back(network, kept)
    assert (await _slot(farm, url, "suspension"))[2] == 1
    await farm.node.gathering.once()

    assert (await _slot(farm, url, "suspension"))[2] == 0


async def test_what_nobody_shows_is_told_and_revoked_where_that_was_asked_for(
    network: Network, farm: Participant, spinner: Participant, tmp_path: Path
) -> None:
    old = await _issued(farm)
    kept = await _backed_up(network, tmp_path / "kept")
    farm = network.participants[FARM.key]
    shown = await _issued(farm)
    await network.come_to_rest()
    lost = await _issued(farm)
    await farm.send()  # told, but never looked at: its bytes are nowhere else
    token, index, _ = await _slot(farm, lost)

    farm = await _set_back(network, kept, wishing=True)
    (gathered,) = await farm.node.gathering.once()

    assert (gathered.adopted, gathered.missing) == (1, 1)
    async with farm.node.store.reading() as tx:
        state = await tx.statuses.state(token)
        assert not await tx.adopted.wished()
    assert state is not None
    assert state.values[index] == 1
    assert [(await _slot(farm, url))[2] for url in (old, shown)] == [0, 0]


async def test_nothing_is_revoked_for_want_of_a_partner_that_did_not_answer(
    network: Network, farm: Participant, tmp_path: Path
) -> None:
    await _issued(farm)
    kept = await _backed_up(network, tmp_path / "kept")
    await _issued(network.participants[FARM.key])
    await network.come_to_rest()
    farm = await _set_back(network, kept, wishing=True)
    await network.stop(SPINNER)

    (gathered,) = await farm.node.gathering.once()

    async with farm.node.store.reading() as tx:
        assert (gathered.complete, await tx.adopted.wished()) == (False, True)
    assert await farm.rows("select count(*) from status_list where filled is not null") == [(0,)]


async def test_what_a_partner_makes_up_is_left_out_and_counted(
    network: Network, farm: Participant, spinner: Participant, tmp_path: Path
) -> None:
    old = await _issued(farm)
    kept = await _backed_up(network, tmp_path / "kept")
    lost = await _issued(network.participants[FARM.key])
    await network.come_to_rest()
    foreign = await spinner.issue(draft("spinner-facility"))
    farm = await _set_back(network, kept)
    async with spinner.node.store.reading() as tx:
        (head, *_) = await tx.heard.heads(farm.did)
        facts = await tx.heard.told(farm.did, head.epoch, after=0, limit=9)
    made_up = {
        "id": "made-up",
        "source": farm.did,
        "type": "tn.credential.status.v1",
        "subject": old,
        "data": {"credential": old, "statusPurpose": "revocation", "value": 1},
    }
    events = [{"seq": seq, "event": json.loads(raw)} for seq, raw in facts]
    events[-1] = {"seq": events[-1]["seq"], "event": made_up}
    told = {"heads": [{"epoch": head.epoch, "previous": "", "head": head.raw}], "events": events}
    raw = foreign.forms["vc+jwt"]
    held = {"credentials": [{"mediaType": "application/vc+jwt", "raw": encode_base64url(raw)}]}
    for path, body in ((TOLD, told), (HELD, held)):
        answer = json.dumps(body).encode()
        spinner.serves_instead[path] = Found(body=answer, media_type="application/json", source="", at=network.clock())

    (gathered,) = await farm.node.gathering.once()

    assert (gathered.adopted, gathered.revoked, gathered.refused) == (0, 0, len(events) + 1)
    assert (await _slot(farm, old))[2] == 0
    assert await farm.rows("select count(*) from credential where url = :url", url=lost) == [(0,)]
