"""Rotation goes unnoticed; a compromise is told; old credentials are judged right, or the doubt is said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from credentials.evidence import Evidence, Found, Need, NeedKind
from credentials.verdict import Outcome, Verdict
from credentials.verify import judge, read
from node.errors import Conflict
from node.flows.identity.keys import WAIT, KeyCare, compromise_json
from node.flows.issuing.issuing import MEDIA_TYPES, Issuance
from tests.node.issuer import AT, Issuer, draft, open_issuer

HOUR = timedelta(hours=1)


@pytest.fixture
async def spinner(tmp_path: Path) -> AsyncIterator[Issuer]:
    async with open_issuer(tmp_path / "spinner") as issuer:
        yield issuer


def _care(spinner: Issuer) -> KeyCare:
    return KeyCare(keyring=spinner.keyring, store=spinner.store)


async def _issue(spinner: Issuer, at: datetime) -> Issuance:
    changes = {"validFrom": at.isoformat().replace("+00:00", "Z")}
    return await spinner.issuing.issue({**draft(), **changes}, at=at)


async def _judged(spinner: Issuer, issuance: Issuance, form: str, at: datetime) -> Verdict:
    """What a stranger finds who fetches the DID document and the status list now."""
    did = await spinner.publishing.did_document_bytes()
    token = await _slot(spinner, issuance.credential.url)
    listed = await spinner.publishing.status_list(token, at=at)
    url = spinner.identity.status_list_url(token)
    evidence = Evidence(
        {
            Need(NeedKind.DID_DOCUMENT, spinner.identity.did): Found(
                body=did, media_type="application/did+json", source="test", at=at
            ),
            Need(NeedKind.STATUS_LIST, url): Found(body=listed, media_type="application/vc+jwt", source="test", at=at),
        }
    )
    return judge(read(issuance.forms[form], MEDIA_TYPES[form]), evidence, at=at)


async def _slot(spinner: Issuer, url: str) -> str:
    async with spinner.store.reading() as tx:
        slot = await tx.statuses.slot_of(url, "revocation")
    return slot.token


async def _actions(spinner: Issuer) -> list[str]:
    async with spinner.store.reading() as tx:
        return [f"{line.action} {line.object}" for line in await tx.audit.latest(limit=3)]


@pytest.mark.parametrize("form", ["vc+jwt", "vc"])
async def test_old_and_new_credentials_verify_before_during_and_after_a_rotation(spinner: Issuer, form: str) -> None:
    moments = (AT, AT + HOUR, AT + HOUR + WAIT - timedelta(seconds=1), AT + HOUR + WAIT, AT + 3 * HOUR)
    issued = [await _issue(spinner, moments[0])]
    rotation = await _care(spinner).rotate("cred", at=moments[1])
    issued += [await _issue(spinner, moment) for moment in moments[1:]]

    verdicts = [await _judged(spinner, issuance, form, moments[-1]) for issuance in issued]

    assert [verdict.outcome for verdict in verdicts] == [Outcome.PASSED] * 5
    assert [status.check.outcome for verdict in verdicts for status in verdict.status] == [Outcome.PASSED] * 5
    used = [str(verdict.verification_method).removesuffix("-jwk").rpartition("#")[2] for verdict in verdicts]
    assert used == ["cred-1"] * 3 + ["cred-2"] * 2
    assert rotation.before.expires == moments[3]


async def test_the_new_key_is_published_before_it_signs(spinner: Issuer) -> None:
    await _care(spinner).rotate("cred", at=AT)

    document = await spinner.publishing.did_document()

    assert f"{spinner.identity.did}#cred-2" in document["assertionMethod"]
    methods = {str(method["id"]).rpartition("#")[2]: method for method in document["verificationMethod"]}
    assert methods["cred-1"]["expires"] == methods["cred-1-jwk"]["expires"]
    assert "expires" not in methods["cred-2"]


async def test_each_step_leaves_its_line_in_the_audit_log(spinner: Issuer) -> None:
    did = spinner.identity.did
    await _care(spinner).rotate("auth", at=AT)
    await _care(spinner).compromised("cred-1", since=AT, at=AT)

    assert await _actions(spinner) == [
        f"key.rotate {did}#cred-2",
        f"key.compromised {did}#cred-1",
        f"key.rotate {did}#auth-2",
    ]


@pytest.mark.parametrize("form", ["vc+jwt", "vc"])
async def test_after_a_compromise_later_is_refused_earlier_is_in_doubt_and_new_is_good(
    spinner: Issuer, form: str
) -> None:
    early, late = await _issue(spinner, AT), await _issue(spinner, AT + 2 * HOUR)
    now = AT + 3 * HOUR

    await _care(spinner).compromised("cred-1", since=AT + HOUR, at=now)
    new = await _issue(spinner, now)

    verdicts = [await _judged(spinner, issuance, form, now + HOUR) for issuance in (early, late, new)]
    assert [verdict.outcome for verdict in verdicts] == [Outcome.UNDETERMINED, Outcome.FAILED, Outcome.PASSED]
    doubt = verdicts[0].check("key").problem
    assert doubt is not None
    assert doubt.code == "KEY_NOT_AUTHORIZED"
    assert "revoked" in doubt.detail


async def test_a_status_list_is_signed_anew_by_the_key_that_took_over(spinner: Issuer) -> None:
    issuance = await _issue(spinner, AT)
    await _judged(spinner, issuance, "vc", AT)  # the list is kept, signed by the first key

    await _care(spinner).compromised("cred-1", since=AT - HOUR, at=AT)
    new = await _issue(spinner, AT)

    (status,) = (await _judged(spinner, new, "vc", AT)).status
    assert status.check.outcome is Outcome.PASSED


async def test_a_compromise_lists_what_the_key_signed_and_how_it_stands(spinner: Issuer) -> None:
    early, late = await _issue(spinner, AT), await _issue(spinner, AT + 2 * HOUR)
    await _care(spinner).rotate("cred", at=AT + 3 * HOUR)
    await _issue(spinner, AT + 4 * HOUR)

    done = await _care(spinner).compromised("cred-1", since=AT + HOUR, at=AT + 5 * HOUR)

    assert [(item.url, item.refused) for item in done.affected] == [
        (early.credential.url, False),
        (late.credential.url, True),
    ]
    assert done.replacement is None
    told = compromise_json(done)["affected"]
    assert isinstance(told, list)
    assert [item["standing"] for item in told if isinstance(item, dict)] == ["doubtful", "refused"]


async def test_a_compromised_authentication_key_lists_no_credentials(spinner: Issuer) -> None:
    await _issue(spinner, AT)

    done = await _care(spinner).compromised("auth-1", since=AT, at=AT)

    assert done.affected == ()
    assert done.replacement is not None
    assert done.replacement.name == "auth-2"


async def test_what_is_refused_leaves_neither_a_key_nor_a_line(spinner: Issuer) -> None:
    await _care(spinner).rotate("cred", at=AT)
    before = await _actions(spinner)

    with pytest.raises(Conflict):
        await _care(spinner).rotate("cred", at=AT)

    assert await _actions(spinner) == before
    assert [entry.name for entry in spinner.keyring.entries] == ["cred-1", "cred-2", "auth-1"]
