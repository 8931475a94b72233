"""node.store.issued and received: exact bytes under every name they have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from credentials.evidence import Evidence
from credentials.verdict import Outcome, Verdict
from credentials.verify import check, judge, read
from node.errors import Conflict
from node.flows.identity.own_documents import OwnDocuments
from tests.node.issuer import AT, Issuer, draft, open_issuer
from tests.node.store.conftest import Place


@pytest.fixture
async def spinner(place: Place) -> AsyncIterator[Issuer]:
    async with open_issuer(place.folder / "spinner", url=place.url) as issuer:
        yield issuer


async def _verdict(spinner: Issuer, raw: bytes) -> Verdict:
    from credentials.verify import needs

    evidence = Evidence()
    while wanted := needs(check(read(raw, "application/vc+jwt"), evidence), evidence):
        evidence = evidence.with_answers(await OwnDocuments(spinner.publishing).answer(wanted, at=AT))
    return judge(read(raw, "application/vc+jwt"), evidence, at=AT)


async def test_a_credential_is_found_by_address_and_token(spinner: Issuer) -> None:
    issuance = await spinner.issuing.issue(draft(), at=AT)
    credential = issuance.credential

    async with spinner.store.reading() as tx:
        found = [
            await tx.issued.by_url(credential.url),
            await tx.issued.by_token(credential.token),
        ]
        bodies = {form: await tx.issued.body(credential.token, form) for form in issuance.forms}

    assert found == [credential] * 2
    assert bodies == issuance.forms


async def test_what_was_not_issued_is_not_found(spinner: Issuer) -> None:
    credential = (await spinner.issuing.issue(draft(), at=AT)).credential

    async with spinner.store.reading() as tx:
        for token in ("", "%", credential.token[:-1] + "_", credential.token.swapcase(), "' OR 1=1 --"):
            assert await tx.issued.by_token(token) is None
        assert await tx.issued.body(credential.token, "vc+cose") is None


async def test_one_address_holds_one_credential_for_ever(spinner: Issuer) -> None:
    issuance = await spinner.issuing.issue(draft(), at=AT)
    other = replace(issuance.credential, token="another", digest="ab" * 32)

    async def again() -> None:
        async with spinner.store.writing() as tx:
            await tx.issued.keep(other, {})

    with pytest.raises(Conflict):
        await again()


async def test_received_bytes_are_kept_as_they_came_and_once(spinner: Issuer) -> None:
    raw = (await spinner.issuing.issue(draft(), at=AT)).forms["vc+jwt"]
    credential = (await _verdict(spinner, raw)).require()

    async with spinner.store.writing() as tx:
        kept = [
            await tx.received.accept(credential, raw, media_type="application/vc+jwt", source="did:web:a.test")
            for _ in range(2)
        ]
    async with spinner.store.reading() as tx:
        (found,) = await tx.received.by_url(credential.id)

    assert kept == [True, False]
    assert (found.raw, found.outcome, found.issuer) == (raw, Outcome.PASSED, spinner.identity.did)


async def test_a_refusal_is_kept_with_the_check_that_failed(spinner: Issuer) -> None:
    raw = (await spinner.issuing.issue(draft(), at=AT)).forms["vc+jwt"]
    changed = raw[:-4] + (b"AAAA" if raw[-4:] != b"AAAA" else b"BBBB")
    verdict = await _verdict(spinner, changed)

    async with spinner.store.writing() as tx:
        await tx.received.refuse(verdict, changed, media_type="application/vc+jwt", source="did:web:a.test")
    async with spinner.store.reading() as tx:
        (found,) = await tx.received.by_url(verdict.id)

    assert found.outcome is Outcome.FAILED
    assert [check["name"] for check in found.verdict["checks"] if check["outcome"] == "FAILED"] == ["proof"]


async def test_a_clock_that_was_ahead_is_forgiven_once_and_not_for_what_comes_after(place: Place) -> None:
    async with open_issuer(place.folder / "spinner", url=place.url, forms=("vc+jwt",)) as issuer:
        await issuer.issuing.issue(draft(), at=AT + timedelta(days=9))
        async with issuer.store.writing() as tx:
            await tx.issued.forgive_clock()

        await issuer.issuing.issue(draft(), at=AT)
        with pytest.raises(Conflict) as refusal:
            await issuer.issuing.issue(draft(), at=AT - timedelta(hours=1))

    assert refusal.value.problem.code == "CLOCK_BEHIND"
