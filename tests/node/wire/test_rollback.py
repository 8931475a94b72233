"""node.wire.rollback: once a status list was seen, its host cannot go back to an older one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from credentials.evidence import Absent, AbsentReason, Found
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
    await memory.note([_verified(url, WEEK.total_seconds())], at=AT + WEEK)

    answer = await memory.checked(url, old)

    assert isinstance(answer, Absent)
    assert answer.reason is AbsentReason.REFUSED
    assert await memory.checked(url, new) is new


async def test_a_copy_of_the_last_minutes_is_still_taken(spinner: Issuer) -> None:
    url, (offered,) = await _offered(spinner, timedelta())
    memory = ListMemory(spinner.store, Judging().status_list)

    await memory.note([_verified(url, 300)], at=AT)
    assert await memory.checked(url, offered) is offered
    await memory.note([_verified(url, 301)], at=AT)
    assert isinstance(await memory.checked(url, offered), Absent)


async def test_an_older_verified_list_does_not_turn_the_memory_back(spinner: Issuer) -> None:
    url, (offered,) = await _offered(spinner, timedelta())
    memory = ListMemory(spinner.store, Judging().status_list)

    for seconds in (3600, 0):
        await memory.note([_verified(url, seconds)], at=AT)

    assert isinstance(await memory.checked(url, offered), Absent)


@pytest.mark.parametrize("changes", [{"value": None}, {"as_of": None}])
async def test_a_list_that_did_not_answer_is_not_remembered(spinner: Issuer, changes: dict[str, object]) -> None:
    url, (offered,) = await _offered(spinner, timedelta())
    memory = ListMemory(spinner.store, Judging().status_list)

    await memory.note([_verified(url, 3600, **changes)], at=AT)

    assert await memory.checked(url, offered) is offered


async def test_another_address_has_a_memory_of_its_own(spinner: Issuer) -> None:
    url, (offered,) = await _offered(spinner, timedelta())
    memory = ListMemory(spinner.store, Judging().status_list)

    await memory.note([_verified(url + "x", 3600)], at=AT)

    assert await memory.checked(url, offered) is offered


async def test_what_is_no_list_is_left_to_the_judge(spinner: Issuer) -> None:
    memory = ListMemory(spinner.store, Judging().status_list)
    await memory.note([_verified("https://farm.test/status/1")], at=AT)
    found = Found(body=b"<html>", media_type="text/html", source="", at=AT)

    assert await memory.checked("https://farm.test/status/1", found) is found
