"""Presentations over HTTP: signed by the holder, for this domain and challenge, and once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.conformance.suite import Suite, presentation

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _challenge(at_work: Suite, name: str = "vcdm") -> str:
    challenge: str = (await at_work.call("POST", f"/instances/{name}/challenges")).json["challenge"]
    return challenge


def _codes(answer: Mapping[str, Any]) -> list[str]:
    return [problem["code"] for problem in answer["problemDetails"]]


@pytest.mark.w3c("A1.12", "A2.7", "A7.0")
async def test_a_presentation_for_a_foreign_challenge_and_domain_holds(at_work: Suite) -> None:
    made = presentation(await at_work.issued("vcdm"), domain="shop.example", challenge="theirs")
    heard = await at_work.present("vcdm", made, challenge="theirs", domain="shop.example", returnPresentation=True)
    assert (heard.status, heard.json["verified"]) == (200, True), heard.json
    assert heard.json["presentation"] == made


@pytest.mark.w3c("A7.5")
async def test_a_challenge_of_ours_is_good_once(at_work: Suite) -> None:
    challenge = await _challenge(at_work)
    made = presentation(await at_work.issued("vcdm"), domain="here.example", challenge=challenge)
    first, second = [await at_work.present("vcdm", made, challenge=challenge, domain="here.example") for _ in range(2)]
    assert (first.status, second.status) == (200, 400)
    assert _codes(second.json) == ["INVALID_CHALLENGE_ERROR"]


@pytest.mark.w3c("A1.12", "A7.5")
async def test_a_presentation_that_does_not_hold_spends_no_challenge(at_work: Suite) -> None:
    challenge = await _challenge(at_work)
    made = presentation(await at_work.issued("vcdm"), domain="here.example", challenge=challenge)
    spoilt = {**made, "holder": "did:example:other"}
    asked = {"challenge": challenge, "domain": "here.example"}
    assert (await at_work.present("vcdm", spoilt, **asked)).status == 400
    assert (await at_work.present("vcdm", made, **asked)).status == 200


@pytest.mark.w3c("A7.5")
async def test_a_challenge_of_another_instance_is_none_here(at_work: Suite) -> None:
    challenge = await _challenge(at_work, "jose")
    made = presentation(domain="here.example", challenge=challenge)
    heard = await at_work.present("vcdm", made, challenge=challenge, domain="here.example")
    assert (heard.status, _codes(heard.json)) == (400, ["INVALID_CHALLENGE_ERROR"])


@pytest.mark.w3c("A7.5")
async def test_an_invented_challenge_of_our_form_is_refused(at_work: Suite) -> None:
    made = presentation(domain="here.example", challenge="tnc_invented")
    heard = await at_work.present("vcdm", made, challenge="tnc_invented", domain="here.example")
    assert (heard.status, _codes(heard.json)) == (400, ["INVALID_CHALLENGE_ERROR"])


@pytest.mark.w3c("A2.7", "A7.5")
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"challenge": "mine", "domain": "other.example"}, "INVALID_DOMAIN_ERROR"),
        ({"challenge": "another", "domain": "here.example"}, "INVALID_CHALLENGE_ERROR"),
    ],
)
async def test_a_presentation_for_somebody_else_is_refused(at_work: Suite, asked: dict[str, str], code: str) -> None:
    made = presentation(await at_work.issued("vcdm"), domain="here.example", challenge="mine")
    heard = await at_work.present("vcdm", made, **asked)
    assert heard.status == 400
    assert code in _codes(heard.json)


@pytest.mark.w3c("A1.12")
async def test_one_bad_credential_spoils_the_presentation(at_work: Suite) -> None:
    good, bad = [await at_work.issued("vcdm") for _ in range(2)]
    bad["credentialSubject"]["name"] = "Somebody else"
    assert (await at_work.present("vcdm", presentation(good, bad))).status == 400
    assert (await at_work.present("vcdm", presentation(good))).status == 200


@pytest.mark.w3c("A1.12")
async def test_a_bare_text_is_no_credential_in_a_presentation(at_work: Suite) -> None:
    made = presentation(await at_work.issued("vcdm"))
    assert (await at_work.present("vcdm", {**made, "verifiableCredential": ["eyJ.e30.AA"]})).status == 400
