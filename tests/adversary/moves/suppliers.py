"""Moves of whoever hands the documents over: decoys, stale lists and DID documents of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from functools import partial
from random import Random
from typing import Final

from tests.adversary import documents
from tests.adversary.chain import AT
from tests.adversary.goods import status_list
from tests.adversary.matters import WAGES
from tests.adversary.moves.assessors import WORKS, revoked
from tests.adversary.moves.claimants import without_truth
from tests.adversary.moves.move import By, Move
from tests.adversary.parties import AUDITOR, did_document
from tests.adversary.world import World

_DAY: Final = timedelta(days=1)
_LIST: Final = "status-list:auditor"


def _decoy(world: World, chance: Random) -> World | None:
    """The auditor's second paper says no; the claimant has a paper of its own under that id, found first."""
    if "certificate:no" in world.documents:
        return None
    owner, on = world.chain.target.owner, world.chain.target.made - 10 * _DAY
    found = documents.assessment(AUDITOR, WAGES, Fraction(0), of="no", on=on, **documents.of_site(owner))
    found["conformance"] = False
    refusal = documents.certificate(AUDITOR, "no", to=owner, scheme=WAGES.scheme, assessments=[found], begins=on)
    own = documents.facility_record(owner, begins=on + _DAY) | {"id": refusal["id"]}
    changed = world.with_document("certificate:no", refusal)
    changed = changed.with_document("decoy", own, place=owner.url("credentials/decoy")).first("decoy")
    return changed.with_truth(world.chain.target.id, WAGES.criterion, None)


def _stale_list(world: World, chance: Random) -> World | None:
    """The certificate is revoked in the newest list; an older, clean one is found first.

    Not where that newest list is withheld: nothing in hand names it then, as docs/threat-model.md says.
    """
    if world.draft(_LIST)["issuer"]["id"] != AUDITOR.did:
        return None
    old = status_list(AUDITOR, begins=AT - 2 * _DAY)
    return revoked(world).with_document("status-list:auditor-old", old).first("status-list:auditor-old")


def _foreign_list(world: World, chance: Random) -> World | None:
    """The certificate is revoked; at the address of the auditor's list lies a clean one that the claimant signed."""
    if "status-list:auditor-old" in world.documents:
        return None  # it would lie in the place of the newest one, which nothing else names
    owner = world.chain.target.owner
    own = status_list(AUDITOR) | {"issuer": {"id": owner.did, "name": owner.name}}
    return revoked(world).with_document(_LIST, own)


def _foreign_did_document(world: World, chance: Random) -> World | None:
    """The auditor's DID document has a key of the supplier's, which signed the certificate and the list."""
    anchors = [world.id_of(f"{kind}:auditor") for kind in ("anchor", "accreditation")]
    foreign = did_document(AUDITOR, anchors=anchors, key="supplier")
    signed = {
        name: replace(document, key="supplier") if name in (WORKS, _LIST) else document
        for name, document in world.documents.items()
    }
    changed = replace(world, documents=signed, did_documents={**world.did_documents, AUDITOR.did: (foreign,)})
    return without_truth(changed)


_move = partial(Move, by=By.SUPPLIER)
MOVES: Final = (
    _move(name="decoy-id", story="A paper with the id of a refusal lies before it.", change=_decoy),
    _move(name="stale-list", story="An old clean status list lies before the new one.", change=_stale_list),
    _move(name="foreign-list", story="The claimant signs a status list of the auditor's.", change=_foreign_list),
    _move(
        name="foreign-did-document",
        story="The supplier replaces the auditor's DID document.",
        change=_foreign_did_document,
    ),
)
