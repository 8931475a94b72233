"""node.store.shown_credentials: pages that lose nothing, filters, states, and the history of a status."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from credentials.encoding.moments import format_moment
from node.flows.issuing.instances import DEFAULT
from node.store.shown_credentials import CredentialFilter
from tests.node.issuer import AT, Issuer, draft, open_issuer
from tests.node.store.conftest import Place


@pytest.fixture
async def spinner(place: Place) -> AsyncIterator[Issuer]:
    async with open_issuer(place.folder / "spinner", url=place.url) as issuer:
        yield issuer


async def _issued(spinner: Issuer, *, at: datetime = AT, **members: Any) -> str:
    return (await spinner.issuing.issue(draft() | members, at=at)).credential.url


async def _found(spinner: Issuer, *, limit: int = 50, at: datetime = AT, **wanted: Any) -> list[tuple[str, str]]:
    async with spinner.store.reading() as tx:
        found = await tx.shown.some(CredentialFilter(instance=DEFAULT, **wanted), limit=limit, at=at)
    return [(credential.url, state) for credential, state in found]


async def test_pages_lose_none_of_those_issued_at_one_moment(spinner: Issuer) -> None:
    made = {await _issued(spinner) for _ in range(5)}
    seen: list[str] = []
    after = None
    for _ in range(3):
        page = await _found(spinner, limit=2, after=after)
        seen += [url for url, _ in page]
        after = (AT, page[-1][0])

    assert sorted(seen) == sorted(made)


async def test_the_newest_come_first_between_since_and_until(spinner: Issuer) -> None:
    times = [AT + timedelta(minutes=minutes) for minutes in range(3)]
    made = [await _issued(spinner, at=at) for at in times]

    assert [url for url, _ in await _found(spinner)] == made[::-1]
    assert [url for url, _ in await _found(spinner, since=times[1], until=times[2])] == [made[1]]


async def test_a_revoked_one_is_found_by_its_state_with_why_and_by_whom(spinner: Issuer) -> None:
    revoked, good = await _issued(spinner), await _issued(spinner)
    await spinner.issuing.set_status(
        revoked, purpose="revocation", value=1, at=AT, actor="token:7:laptop", reason="mass was mistyped"
    )

    assert await _found(spinner, state="revoked") == [(revoked, "revoked")]
    assert await _found(spinner, state="good") == [(good, "good")]
    async with spinner.store.reading() as tx:
        (change,) = await tx.shown.history(revoked)
        assert await tx.shown.history(good) == ()
    assert (change.purpose, change.value, change.reason) == ("revocation", 1, "mass was mistyped")
    assert (change.actor, change.time) == ("token:7:laptop", AT)


async def test_one_whose_end_has_passed_is_expired_unless_it_was_revoked(spinner: Issuer) -> None:
    end = AT + timedelta(hours=1)
    url = await _issued(spinner, validUntil=format_moment(end))

    assert await _found(spinner, at=end - timedelta(seconds=1)) == [(url, "good")]
    assert await _found(spinner, at=end) == [(url, "expired")]
    await spinner.issuing.set_status(url, purpose="revocation", value=1, at=AT)
    assert await _found(spinner, at=end) == [(url, "revoked")]


@pytest.mark.parametrize("text", ["WEAVE", "weave 100%_", "eave"])
async def test_text_is_found_whatever_its_case_and_means_itself(spinner: Issuer, text: str) -> None:
    plain = await _issued(spinner, name="Weave 1000")
    odd = await _issued(spinner, name="Weave 100%_")
    await _issued(spinner, name="Knit")

    found = {url for url, _ in await _found(spinner, text=text)}

    assert found == ({odd} if "%" in text else {plain, odd})
