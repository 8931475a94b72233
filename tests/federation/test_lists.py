"""Status lists between nodes: what a verdict says of their age, and a host that goes back to an older one."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from credentials.encoding.moments import parse_moment
from credentials.envelopes.opening import open_secured
from credentials.evidence import Found
from credentials.verdict import Outcome, StatusResult
from node.demo.companies import FARM
from node.flows.issuing.issuing import Issuance
from node.flows.verifying.verifying import Verifying
from node.wire.gather import Gather
from node.wire.purposes import STATUS_LIST
from tests.federation.network import Network, Participant, draft

pytestmark = pytest.mark.asyncio(loop_scope="module")
TTL = timedelta(seconds=300)


async def _status(reader: Participant, issuance: Issuance, *, remembers: bool = True) -> StatusResult:
    """What ``reader`` makes of the credential's status now."""
    source = reader.node.source if remembers else Gather(fetcher=reader.node.fetcher)
    verifying = Verifying(source=source)
    verdict, _ = await verifying.verify(issuance.forms["vc+jwt"], "application/vc+jwt", at=reader.node.clock())
    assert all(check.outcome is Outcome.PASSED for check in verdict.checks)
    (status,) = verdict.status
    return status


async def _list(reader: Participant, url: str) -> Found:
    """The list as its host serves it."""
    answer = await reader.node.fetcher.fetch(url, STATUS_LIST, at=reader.node.clock())
    assert isinstance(answer, Found), answer
    return answer


async def _revoke(issuer: Participant, issuance: Issuance) -> None:
    url = issuance.credential.url
    await issuer.node.issuing.set_status(url, purpose="revocation", value=1, at=issuer.node.clock())


@pytest.mark.w3c("A5.3")
async def test_the_verdict_is_as_of_the_list_and_the_list_is_as_fresh_as_the_setting_says(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    issuance = await farm.issue(draft("farm-facility"))
    seen = []
    for _ in range(4):
        status = await _status(spinner, issuance)
        found = await _list(spinner, status.list_url)
        document = open_secured(found.body, found.media_type).document.value
        start, end = (parse_moment(document[name]) for name in ("validFrom", "validUntil"))
        assert status.as_of == start <= network.clock() < start + TTL
        assert end - start == 2 * TTL
        assert timedelta(milliseconds=document["credentialSubject"]["ttl"]) == TTL
        seen.append(start)
        network.clock.move(seconds=130)

    assert seen == sorted(seen)
    assert 1 < len(set(seen)) < 4, "it is signed anew for each period, and not for each question"


@pytest.mark.w3c("A5.8")
async def test_a_list_of_an_earlier_time_says_what_a_verdict_of_then_said(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    issuance = await farm.issue(draft("farm-facility"))
    then, before = network.clock(), await _status(spinner, issuance)
    network.clock.move(hours=1)
    await _revoke(farm, issuance)
    now, after = network.clock(), await _status(spinner, issuance)

    earlier, present = [
        await _list(spinner, f"{before.list_url}?timestamp={moment:%Y-%m-%dT%H:%M:%SZ}") for moment in (then, now)
    ]

    starts = [
        parse_moment(open_secured(found.body, found.media_type).document.value["validFrom"])
        for found in (earlier, present)
    ]
    assert (before.value, after.value) == (0, 1)
    assert starts == [before.as_of, after.as_of]
    assert after.as_of == now


async def test_a_host_that_goes_back_to_an_older_list_is_noticed_and_the_verdict_tells_it(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    issuance = await farm.issue(draft("farm-facility"))
    fine = await _status(spinner, issuance)
    old = await _list(spinner, fine.list_url)
    network.clock.move(seconds=301)
    await _revoke(farm, issuance)
    revoked = await _status(spinner, issuance)
    assert (fine.value, revoked.value) == (0, 1)
    farm.serves_instead[fine.list_url.removeprefix(f"https://{FARM.host}")] = old

    told, believed = await _status(spinner, issuance), await _status(spinner, issuance, remembers=False)

    assert believed.value == 0, "without a memory the revocation is undone: the old list is still valid"
    assert (told.value, told.check.outcome) == (None, Outcome.UNDETERMINED)
    assert told.check.problem is not None
    assert told.check.problem.code == "STATUS_RETRIEVAL_ERROR"
    for moment in (fine.as_of, revoked.as_of):
        assert moment is not None
        assert moment.isoformat() in told.check.problem.detail

    farm.serves_instead.clear()
    assert (await _status(spinner, issuance)).value == 1


async def test_the_memory_of_lists_outlives_a_restart(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    issuance = await farm.issue(draft("farm-facility"))
    fine = await _status(spinner, issuance)
    old = await _list(spinner, fine.list_url)
    network.clock.move(seconds=301)
    await _revoke(farm, issuance)
    await _status(spinner, issuance)
    await network.stop(spinner.company)
    farm.serves_instead[fine.list_url.removeprefix(f"https://{FARM.host}")] = old

    spinner = await network.start(spinner.company)
    told = await _status(spinner, issuance)

    farm.serves_instead.clear()
    assert (told.value, told.check.outcome) == (None, Outcome.UNDETERMINED)
    assert json.dumps(str(told.check.problem)).count("was seen") == 1


async def test_a_revocation_that_its_issuer_takes_back_leaves_the_status_unknown_and_never_good(
    network: Network, farm: Participant, spinner: Participant
) -> None:
    issuance = await farm.issue(draft("farm-facility"))
    async with farm.node.store.reading() as tx:
        slot = await tx.statuses.slot_of(issuance.credential.url, "revocation")
    await _revoke(farm, issuance)
    revoked = await _status(spinner, issuance)
    # The issuer was set back to before the revocation, and signs a list of today.
    async with farm.node.store.writing() as tx:
        await (await tx.session.connection()).exec_driver_sql("update status_entry set value = 0")
    network.clock.move(hours=1)

    good, told = await _status(spinner, issuance, remembers=False), await _status(spinner, issuance)

    assert (revoked.value, good.value) == (1, 0), "by the list alone it is good again"
    assert (told.value, told.check.outcome) == (None, Outcome.UNDETERMINED)
    assert told.check.problem is not None
    assert told.check.problem.code == "STATUS_RETRIEVAL_ERROR"
    assert told.check.problem.detail.count("SHA-256") == 2, "both lists are named"
    assert told.list_url.endswith(slot.token)
