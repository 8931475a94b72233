"""Papers and what names them: a link to other bytes, a list that nobody has, and who answers for an address."""

from __future__ import annotations

from tests.adversary import documents
from tests.adversary.judging import ask
from tests.adversary.matters import WAGES
from tests.adversary.moves.claimants import claim_on
from tests.adversary.parties import Json
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
