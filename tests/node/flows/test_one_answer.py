"""What a credential is about is one answer: folder, store, resolver and trace give it for every sample there is.

Each is asked in its own way about every identifier that the document holds anywhere, under whatever member.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from credentials.encoding.document import walk
from credentials.evidence import Found, Need, NeedKind
from credentials.identifiers.about import about
from credentials.identifiers.canonical_ids import digital_links, given_or_canonical, lot_key
from credentials.identifiers.lots import LotKey
from credentials.provenance import Question
from credentials.provenance.case.case import Case
from credentials.provenance.graph.graph import Graph
from credentials.provenance.statements.statement import AnchorStatement, EventStatement, FacilityStatement
from credentials.trust.trust_lists import TrustList
from credentials.untp.linkset import read_linkset
from credentials.verdict import VerifiedCredential
from node.demo.season import season
from node.demo.season_steps import IssuedReference
from node.flows.naming import links_of
from node.resolver.linksets import contexts_of
from node.store import Store
from node.wire.folder import Folder
from node.wire.own_store import OwnStore
from node.wire.source import Source
from tests.corpus.making import token
from tests.credentials.provenance import twin
from tests.credentials.provenance.signing import hold
from tests.credentials.untp import clean
from tests.node.folders import AT, lay_database
from tests.shared import SHARED, untp_samples

Draft = dict[str, Any]
Links = set[tuple[str, str]]  # relation and target
MODEL = "https://yarns.example/01/09506000134352"


def _numbered(**product: str) -> Draft:
    """A clean passport of a product with this GS1 id and these numbers."""
    document = clean.passport()
    document["credentialSubject"].pop("batchNumber")
    document["credentialSubject"] |= product
    return document


def _samples() -> Iterator[tuple[str, Draft]]:
    yield from ((f"clean {name}", make()) for name, make in clean.CLEAN.items())
    yield from ((f"twin {name}", draft) for name, draft in twin.drafts().items())
    steps = season(AT, ())
    issued = {
        step.key: IssuedReference(id=step.issuer.url(f"credentials/{step.key}"), digest="uEiAA") for step in steps
    }
    yield from ((f"season {step.key}", step.draft(issued)) for step in steps)
    yield "a GTIN with a batch", _numbered(id=MODEL, batchNumber="Y7")
    yield "a GTIN with batch and item", _numbered(id=MODEL, batchNumber="Y7", itemNumber="1")
    yield "a Digital Link", _numbered(id=f"{MODEL}/10/Y7")
    yield "no credential of UNTP", clean.passport() | {"type": ["VerifiableCredential"]}
    if SHARED.is_dir():
        yield from untp_samples().items()


SAMPLES: Mapping[str, Draft] = dict(_samples())
each_sample = pytest.mark.parametrize("name", SAMPLES)


def as_issued(name: str) -> Draft:
    """The sample with an id of its own, as its issuer would publish it."""
    return {"id": "https://published.test/credentials/1"} | deepcopy(SAMPLES[name])


def mentioned(document: Draft) -> set[str]:
    """Every text of the document that could be an identifier, and the names it is found by."""
    ids = {value for pointer, value in walk(document) if isinstance(value, str) and pointer.endswith(("/id", "Id"))}
    return ids | {name.identifier for name in about(document)} | {name.given for name in about(document)}


@asynccontextmanager
async def published(document: Draft, folder: Path) -> AsyncIterator[Callable[[str], Awaitable[list[Links]]]]:
    """Ask folder, own store and resolver in turn which links an identifier has, once ``document`` is known to each."""
    (folder / "evidence").mkdir()
    (folder / "evidence" / "file").write_bytes(token(document))
    lay_database(folder / "store")
    store = await Store.open(folder / "store", at=AT)
    links = links_of(document, href=document["id"], media_type="application/vc+jwt", digest="ab" * 32)
    async with store.writing() as tx:
        await tx.links.add(links, at=AT)

    async def ask(identifier: str) -> list[Links]:
        async with store.reading() as tx:
            contexts = await contexts_of(tx, identifier)
        resolved = {(link.relation, link.href) for _, links in contexts for link in links}
        return [
            await linked(Folder(folder / "evidence"), identifier),
            await linked(OwnStore(store), identifier),
            resolved,
        ]

    try:
        yield ask
    finally:
        await store.close()


async def linked(source: Source, identifier: str) -> Links:
    """The links that a source answers the identifier with."""
    need = Need(NeedKind.LINKSET, identifier)
    answer = (await source.answer(frozenset({need}), at=AT))[need]
    if not isinstance(answer, Found):
        return set()
    return {(target.relation, target.href) for target in read_linkset(json.loads(answer.body)).targets()}


@each_sample
async def test_folder_store_and_resolver_find_it_by_what_it_is_about_and_by_nothing_else(
    name: str, tmp_path: Path
) -> None:
    document = as_issued(name)
    known = {one.identifier: one.relation for one in about(document)}

    async with published(document, tmp_path) as ask:
        for identifier in sorted(mentioned(document)):
            relation = known.get(given_or_canonical(identifier))
            assert await ask(identifier) == [{(relation, document["id"])} if relation else set()] * 3, identifier


@pytest.mark.parametrize(
    ("about", "asked", "is_found"),
    [
        (MODEL, f"{MODEL}/10/Y7/21/1", True),
        (f"{MODEL}/10/Y7", "(01)09506000134352(10)Y7(21)1", True),
        (f"{MODEL}/21/1", f"{MODEL}/10/Y7/21/1", True),
        (f"{MODEL}/10/Y7", MODEL, False),
        (f"{MODEL}/10/Y7", f"{MODEL}/10/Y8", False),
        ("https://yarns.example/lots", "https://yarns.example/lots/10/7", False),
    ],
)
async def test_who_asks_for_an_item_is_told_of_its_lot_and_class_and_not_the_other_way_round(
    about: str, asked: str, is_found: bool, tmp_path: Path
) -> None:
    document = _numbered(id=about)

    async with published(document, tmp_path) as ask:
        assert await ask(asked) == [{("dpp", document["id"])} if is_found else set()] * 3


@each_sample
def test_a_trace_joins_it_by_what_it_is_about_and_by_nothing_else(name: str) -> None:
    holdings = hold({"it": as_issued(name)}, at=AT, trust=TrustList())
    (held,) = holdings.credentials
    assert isinstance(held, VerifiedCredential), held

    joined = _joined_by(Case.of(Question(target="urn:nothing", at=AT), holdings).graph)

    known = {lot_key(name.identifier) for name in about(held.value)}
    assert all((lot if digital_links(lot) else LotKey(lot.id)) in known for lot in joined)
    assert all(any(name.covers(lot) for lot in joined) for name in known)


def _joined_by(said: Graph) -> set[LotKey]:
    """What a graph joins statements by: lots, and the ids of all else as lots without numbers."""
    told = list(said.statements())
    events = [one for one in told if isinstance(one, EventStatement)]
    lots = {one.named for one in said.passports} | {part.named for event in events for part in event.portions}
    ids = {one.said.id for one in (*events, *said.attestations)}
    ids |= {one.subject for one in told if isinstance(one, AnchorStatement)}
    ids |= {id for one in told if isinstance(one, FacilityStatement) for id in (one.facility, *one.aliases)}
    for assessment in (one for attestation in said.attestations for one in attestation.assessments):
        lots |= set(assessment.named)
        ids |= {*assessment.facilities, assessment.organisation}
    return lots | {lot_key(id) for id in ids if id}
