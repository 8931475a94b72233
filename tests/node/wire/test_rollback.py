"""node.wire.rollback: once a status list was seen, its host cannot go back to an older one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from credentials.evidence import Absent, AbsentReason, Evidence, Found, Need, NeedKind
from credentials.status.bitstring import pack_values
from credentials.status.status_lists import status_list_draft
from credentials.verdict import StatusResult
from credentials.verify.steps import passed
from node.flows.verifying.judging import Judging
from node.wire.rollback import ListMemory
from tests.node.issuer import AT, Issuer, draft, open_issuer

WEEK = timedelta(days=7)


@pytest.fixture
async def spinner(tmp_path: Path) -> AsyncIterator[Issuer]:
    async with open_issuer(tmp_path / "spinner") as issuer:
        yield issuer


async def _offered(spinner: Issuer, *moments: timedelta, form: str = "vc+jwt") -> tuple[str, list[Found]]:
    url = (await spinner.issuing.issue(draft(), at=AT)).credential.url
    async with spinner.store.reading() as tx:
        token = (await tx.statuses.slot_of(url, "revocation")).token
    lists = [await spinner.publishing.status_list(token, form=form, at=AT + moment) for moment in moments]
    address = spinner.identity.status_list_url(token)
    return address, [Found(body=raw, media_type=f"application/{form}", source=address, at=AT) for raw in lists]


def _verified(url: str, seconds: float = 0, **changes: object) -> StatusResult:
    as_of = AT + timedelta(seconds=seconds)
    result = StatusResult(purpose="revocation", list_url=url, value=0, check=passed("status"), as_of=as_of)
    return replace(result, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["vc+jwt", "vc"])
async def test_last_weeks_list_is_refused_after_todays_was_verified(spinner: Issuer, form: str) -> None:
    url, (old, new) = await _offered(spinner, timedelta(), WEEK, form=form)
    memory = ListMemory(spinner.store, Judging().status_list)
    assert await memory.checked(url, old) is old
    await memory.note([_verified(url, WEEK.total_seconds())], Evidence(), at=AT + WEEK)

    answer = await memory.checked(url, old)

    assert isinstance(answer, Absent)
    assert answer.reason is AbsentReason.REFUSED
    assert await memory.checked(url, new) is new


async def test_a_copy_of_the_last_minutes_is_still_taken(spinner: Issuer) -> None:
    url, (offered,) = await _offered(spinner, timedelta())
    memory = ListMemory(spinner.store, Judging().status_list)

    await memory.note([_verified(url, 300)], Evidence(), at=AT)
    assert await memory.checked(url, offered) is offered
    await memory.note([_verified(url, 301)], Evidence(), at=AT)
    assert isinstance(await memory.checked(url, offered), Absent)


async def test_an_older_verified_list_does_not_turn_the_memory_back(spinner: Issuer) -> None:
    url, (offered,) = await _offered(spinner, timedelta())
    memory = ListMemory(spinner.store, Judging().status_list)

    for seconds in (3600, 0):
        await memory.note([_verified(url, seconds)], Evidence(), at=AT)

    assert isinstance(await memory.checked(url, offered), Absent)


async def _lists_of_two(spinner: Issuer) -> tuple[str, dict[str, Found], Found]:
    """Two credentials of one list: the list with none, one and the other of them revoked; all rightly signed."""
    urls = [(await spinner.issuing.issue(draft(), at=AT)).credential.url for _ in range(2)]
    async with spinner.store.reading() as tx:
        slots = [await tx.statuses.slot_of(url, "revocation") for url in urls]
    address, lists = spinner.identity.status_list_url(slots[0].token), {}
    assert len({slot.token for slot in slots}) == 1
    for name, revoked in (("none", []), ("first", [0]), ("second", [1]), ("both", [0, 1])):
        bits = pack_values({slots[index].index: 1 for index in revoked}, entries=131_072)
        moment = AT + timedelta(hours=1 if name in ("first", "both") else 2)
        unsigned = status_list_draft(
            url=address,
            issuer=spinner.identity.did,
            purpose="revocation",
            bits=bits,
            valid_from=moment,
            valid_for=WEEK,
            ttl=WEEK,
        )
        raw = spinner.publishing.secure(unsigned, form="vc+jwt", at=moment)
        lists[name] = Found(body=raw, media_type="application/vc+jwt", source=address, at=AT)
    return address, lists


async def _remembering(spinner: Issuer, url: str, found: Found) -> ListMemory:
    memory = ListMemory(spinner.store, Judging().status_list)
    evidence = Evidence({Need(NeedKind.STATUS_LIST, url): found})
    await memory.note([_verified(url, 3600)], evidence, at=AT)
    return memory


@pytest.mark.parametrize("offered", ["none", "second"])
async def test_a_list_that_takes_back_a_revocation_is_refused_although_it_is_newer(
    spinner: Issuer, offered: str
) -> None:
    url, lists = await _lists_of_two(spinner)
    memory = await _remembering(spinner, url, lists["first"])

    answer = await memory.checked(url, lists[offered])

    assert isinstance(answer, Absent)
    assert answer.reason is AbsentReason.REFUSED
    assert all(one.digest in answer.detail for one in (lists["first"], lists[offered])), "both lists are named"


async def test_a_list_that_revokes_more_is_taken(spinner: Issuer) -> None:
    url, lists = await _lists_of_two(spinner)
    memory = await _remembering(spinner, url, lists["first"])

    assert await memory.checked(url, lists["both"]) is lists["both"]


async def test_a_suspension_may_be_taken_back(spinner: Issuer) -> None:
    url, lists = await _lists_of_two(spinner)
    memory = ListMemory(spinner.store, Judging().status_list)
    evidence = Evidence({Need(NeedKind.STATUS_LIST, url): lists["first"]})
    await memory.note([_verified(url, 3600, purpose="suspension")], evidence, at=AT)

    assert await memory.checked(url, lists["none"]) is lists["none"]


@pytest.mark.parametrize("changes", [{"value": None}, {"as_of": None}])
async def test_a_list_that_did_not_answer_is_not_remembered(spinner: Issuer, changes: dict[str, object]) -> None:
    url, (offered,) = await _offered(spinner, timedelta())
    memory = ListMemory(spinner.store, Judging().status_list)

    await memory.note([_verified(url, 3600, **changes)], Evidence(), at=AT)

    assert await memory.checked(url, offered) is offered


async def test_another_address_has_a_memory_of_its_own(spinner: Issuer) -> None:
    url, (offered,) = await _offered(spinner, timedelta())
    memory = ListMemory(spinner.store, Judging().status_list)

    await memory.note([_verified(url + "x", 3600)], Evidence(), at=AT)

    assert await memory.checked(url, offered) is offered


async def test_what_is_no_list_is_left_to_the_judge(spinner: Issuer) -> None:
    memory = ListMemory(spinner.store, Judging().status_list)
    await memory.note([_verified("https://farm.test/status/1")], Evidence(), at=AT)
    found = Found(body=b"<html>", media_type="text/html", source="", at=AT)

    assert await memory.checked("https://farm.test/status/1", found) is found
