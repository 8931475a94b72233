"""Papers and what names them: a link to other bytes, a list that nobody has, and who answers for an address."""

from __future__ import annotations

import pytest

from credentials.provenance.case import recognition
from credentials.provenance.mass import shares
from tests.adversary import documents
from tests.adversary.judging import ask
from tests.adversary.matters import WAGES
from tests.adversary.moves import MOVES
from tests.adversary.moves.claimants import claim_on
from tests.adversary.parties import Json
from tests.adversary.properties import false_proofs
from tests.adversary.templates import honest
from tests.adversary.world import World

WORLD = honest("cotton", lots=3)


def _roots(world: World) -> list[tuple[str, str]]:
    return [(one["rule"], one["subject"]) for one in ask(world).report["findings"] if not one["because"]]


def _word(world: World, matter: str) -> str:
    found = (claim["verdict"] for claim in ask(world).claims if claim["id"].endswith(f"/{matter}"))
    return str(next(found))


def test_a_claim_whose_evidence_has_other_bytes_than_its_link_names_is_contradicted() -> None:
    def swapped(claim: Json) -> None:
        claim["evidence"] = [documents.link(WORLD.id_of("certificate:works"), "certificate:target", "dcc")]

    world = claim_on(WORLD, WAGES)(swapped)
    assert _word(WORLD, "wages") == "VERIFIED"
    assert _word(world, "wages") == "CONTRADICTED"
    assert _roots(world) == [("PV-CRED-5", WORLD.id_of("certificate:works"))]


def test_a_status_list_that_is_not_in_hand_is_one_root_whatever_hangs_on_it() -> None:
    world = WORLD.without("status-list:assurer")
    roots = [subject for rule, subject in _roots(world) if rule == "PV-CRED-3"]
    consequences = [one for one in ask(world).report["findings"] if one["because"] == [f"PV-CRED-3 {roots[0]}"]]

    assert roots == [WORLD.id_of("status-list:assurer")]
    assert len(consequences) > 1


def test_a_certificate_proves_nothing_beside_another_of_its_id_that_is_not_in_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = MOVES["equivocation"].made_on(WORLD, 1)
    world = MOVES["token-not-yet"].made_on(both, 1) if both is not None else None
    assert world is not None
    assert list(false_proofs(world, ask(world))) == []
    assert ("PV-MRG-6", WORLD.id_of("certificate:works")) in ask(world).findings()

    monkeypatch.setattr(recognition, "_takes_back", lambda *_: False)
    assert list(false_proofs(world, ask(world)))


def test_a_making_that_is_told_in_two_ways_under_one_id_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    other = WORLD.draft("making:target")
    other["credentialSubject"][0]["inputProduct"] = other["credentialSubject"][0]["inputProduct"][:1]
    world = WORLD.with_document("making:again", other)
    assert ask(WORLD).report["word"] == "VERIFIED"
    assert ask(world).report["coverage"] == [0.0, 1.0]

    monkeypatch.setattr(shares, "words_beside", lambda *_: ())
    assert ask(world).report["coverage"] != [0.0, 1.0]
