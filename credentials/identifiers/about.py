"""What a credential is about: every identifier under which it is to be found, with the relation it has to it.

The rule: a passport is about its product, a facility record about its facility and the other names it has, an anchor
about the DID it vouches for, an attestation about itself and all that it assesses, an event about itself and every lot
it names, or a lot sold twice would not be seen. What else a document mentions (parties, schemes, criteria, links) it
is not about. A lot whose batch or item number stands beside its GTIN is also known by the Digital Link of both.
A document that the lenses do not read (no UNTP kind, several subjects where one belongs) is about nothing, but one in
the words of another version of UNTP is found where that version has its product or facility, so that it can be said
that it is there and was not understood.
Specifications: UNTP Identity Resolver and Digital Traceability Events; GS1 Digital Link URI Syntax 1.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from credentials.encoding.document import JsonObject
from credentials.identifiers.canonical_ids import coarser, digital_links, given_or_canonical, lot_key, same_id
from credentials.identifiers.lots import LotKey
from credentials.untp.anchor import read_registered_identity
from credentials.untp.conformity import read_attestation
from credentials.untp.events import portions_of, read_events
from credentials.untp.facility import read_facility_record
from credentials.untp.json_reading import subjects_of
from credentials.untp.kinds import kind_of
from credentials.untp.passport import Product, read_passport
from credentials.untp.values import ProductReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One identifier that a credential is about: ``given`` as written, ``identifier`` in canonical form.

    Where a Digital Link is made of an id and the numbers beside it, ``given`` is on the host of that id.

    ``relation`` is what the credential is to it (``dpp``, ``dcc``, ``dfr``, ``dte``, ``dia``). ``is_subject`` says that
    the subject itself is meant: not the class it belongs to, not what it assesses or moves, not an alias it claims.
    """

    given: str
    identifier: str
    relation: str
    is_subject: bool


def about(document: JsonObject) -> tuple[Name, ...]:
    """What ``document`` is about, each identifier once, in the order it is named; () for no credential of UNTP."""
    kind = kind_of(document)
    if kind is None:
        return ()
    names: dict[str, Name] = {}
    elsewhere = _in_another_version(document) if kind.version is None else iter(())
    for given, is_subject in chain(_NAMES[kind.short](document), elsewhere):
        identifier = given_or_canonical(given)
        known = names.get(identifier)
        if known is None:
            names[identifier] = Name(given=given, identifier=identifier, relation=kind.short, is_subject=is_subject)
        elif is_subject:
            names[identifier] = replace(known, is_subject=True)
    return tuple(names.values())


def lot_of(product: Product | ProductReference) -> LotKey:
    """The lot that a product means, by its id and the numbers beside it; of one without id the id is ""."""
    return lot_key(product.id or "", batch=product.batch_number or "", item=product.item_number or "")


_Named = Iterator[tuple[str, bool]]  # (as given, is it the subject itself?)


def _passport(document: JsonObject) -> _Named:
    product = read_passport(document)
    if product is not None:
        links = _links(product, lot_of(product))
        yield from _given(product.id, is_subject=not links)
        yield from ((link, True) for link in links)


def _facility(document: JsonObject) -> _Named:
    record = read_facility_record(document)
    if record is not None:
        yield from _given(record.id, is_subject=True)
        for also in record.also_known_as:
            yield from _given(also.id)


def _anchor(document: JsonObject) -> _Named:
    identity = read_registered_identity(document)
    if identity is not None:
        yield from _given(identity.id, is_subject=True)


def _attestation(document: JsonObject) -> _Named:
    attestation = read_attestation(document)
    if attestation is None:
        return
    yield from _given(attestation.id, is_subject=True)
    for assessment in attestation.assessments:
        for product in assessment.products:
            yield from _product(product)
        for place in assessment.facilities:
            yield from _given(place.id)
        yield from _given(assessment.organisation.id if assessment.organisation else None)


def _events(document: JsonObject) -> _Named:
    for event in read_events(document):
        yield from _given(event.id, is_subject=True)
        for portion in portions_of(event):
            yield from _product(portion.product)
            if portion.product is not None:  # what happens to an item takes from its batch
                batch = lot_of(portion.product)._replace(item="")
                yield from ((link, False) for link in _links(portion.product, batch))


def _in_another_version(document: JsonObject) -> _Named:
    """UNTP 0.6 has product and facility one level below the subject."""
    for subject in subjects_of(document):
        for member in ("product", "facility"):
            yield from _given(subject.at(member).text("id"))


def _product(product: ProductReference | None) -> _Named:
    if product is not None:
        yield from _given(product.id)
        yield from ((link, False) for link in _links(product, lot_of(product)))


def _links(product: Product | ProductReference, lot: LotKey) -> tuple[str, ...]:
    """The Digital Links of ``lot``, on the host that its product's id is on."""
    given = product.id or ""
    root = (coarser(given) or (given,))[-1].rstrip("/")
    spelled = ((root + link.removeprefix(lot.id), link) for link in digital_links(lot))
    return tuple(here if same_id(here, link) else link for here, link in spelled)


def _given(id: str | None, *, is_subject: bool = False) -> _Named:
    if id is not None:
        yield id, is_subject


_NAMES: Final[Mapping[str, Callable[[JsonObject], _Named]]] = {
    "dpp": _passport,
    "dfr": _facility,
    "dia": _anchor,
    "dcc": _attestation,
    "dte": _events,
}
