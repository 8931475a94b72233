"""What the controls of who has a say leave open: both ends of a shipment, and a place that is borrowed."""

from __future__ import annotations

import pytest

from credentials.provenance.statements.authority import TABLE, SubjectMatter
from tests.adversary.judging import ask
from tests.adversary.moves import MOVES
from tests.adversary.parties import MALLORY
from tests.adversary.properties import defamations
from tests.adversary.templates import honest


def _anybody(monkeypatch: pytest.MonkeyPatch, matter: SubjectMatter) -> None:
    monkeypatch.setitem(TABLE, matter, (lambda known, said: True,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("matter", "told"),
    [(SubjectMatter.SENDING, "shipping:raw-0:target"), (SubjectMatter.RECEIVING, "receiving:raw-0:target")],
)
def test_a_stranger_who_tells_of_our_shipment_is_heard_only_where_anybody_is(
    monkeypatch: pytest.MonkeyPatch, matter: SubjectMatter, told: str
) -> None:
    world = honest("cotton", lots=3)
    draft = world.draft(told)
    draft |= {"id": MALLORY.url("credentials/told"), "issuer": {**draft["issuer"], "id": MALLORY.did}}
    event = draft["credentialSubject"][0]
    event["id"] = MALLORY.url("events/told")
    if matter is SubjectMatter.SENDING:
        event["consignmentId"] = "urn:carrier:slow-boats:mallory"
    changed = world.with_party(MALLORY).with_document("mallory:told", draft)
    assert list(defamations(ask(world), ask(changed))) == []

    _anybody(monkeypatch, matter)

    assert list(defamations(ask(world), ask(changed)))


def test_with_anybodys_word_on_where_it_was_made_the_place_is_heard_of_borrowers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = MOVES["borrowed-place"].made_on(honest("cotton", lots=3), 1)
    assert world is not None
    answer = ask(world)
    assert ("PV-CLM-1", answer.claims[0]["id"]) in answer.findings()

    _anybody(monkeypatch, SubjectMatter.MADE_THERE)

    assert ("PV-CLM-1", answer.claims[0]["id"]) not in ask(world).findings()


def test_every_matter_of_the_table_has_somebody_with_a_say() -> None:
    assert set(TABLE) == set(SubjectMatter)
    assert all(TABLE.values())
