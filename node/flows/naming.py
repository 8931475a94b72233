"""What does a credential speak about? Its links: every identifier its subjects name, with the relation it has to it.

Events are linked from every lot they name, or an over-sale would be invisible (design README, Settled 13).
Specifications: untp.md IDR-04, IDR-07, DIA-07, a.6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from credentials.encoding.document import JsonObject
from credentials.identifiers.canonical import given_or_canonical
from credentials.untp.anchor import read_registered_identity
from credentials.untp.conformity import read_attestation
from credentials.untp.events import Make, Modify, Move, Portion, read_events
from credentials.untp.facility import read_facility_record
from credentials.untp.kinds import kind_of
from credentials.untp.passport import read_passport
from node.store import Link

#: Relations of which the newest link takes the place of the older ones (IDR-08).
SUCCEEDING: Final = frozenset({"dpp", "dfr"})


def named_identifiers(document: JsonObject) -> tuple[str, ...]:
    """Every identifier that the credential is a statement about, as spelled, each once, in the order it is named."""
    kind = kind_of(document)
    if kind is None:
        return ()
    return tuple(dict.fromkeys(name for name in _NAMES[kind.short](document) if name))


def links_of(
    document: JsonObject, *, href: str, media_type: str, digest: str, private: bool = False
) -> tuple[Link, ...]:
    """The links that lead to the credential at ``href`` (``digest`` is hexadecimal); identifiers are canonical."""
    kind = kind_of(document)
    if kind is None:
        return ()
    identifiers = dict.fromkeys(given_or_canonical(name) for name in named_identifiers(document))
    return tuple(
        Link(
            identifier=identifier,
            relation=kind.short,
            href=href,
            title=str(document.get("name") or kind.type.name),
            type=media_type,
            preferred=kind.short in SUCCEEDING,
            private=private,
            digest=digest,
        )
        for identifier in identifiers
    )


def _passport(document: JsonObject) -> Iterator[str | None]:
    product = read_passport(document)
    yield product.id if product else None


def _facility(document: JsonObject) -> Iterator[str | None]:
    record = read_facility_record(document)
    if record is not None:
        yield record.id
        yield from (also.id for also in record.also_known_as)


def _anchor(document: JsonObject) -> Iterator[str | None]:
    identity = read_registered_identity(document)
    yield identity.id if identity else None


def _conformity(document: JsonObject) -> Iterator[str | None]:
    attestation = read_attestation(document)
    if attestation is None:
        return
    yield attestation.id
    for assessment in attestation.assessments:
        yield from (item.product.id for item in assessment.products if item.product)
        yield from (item.facility.id for item in assessment.facilities if item.facility)
        yield assessment.organisation.id if assessment.organisation else None


def _events(document: JsonObject) -> Iterator[str | None]:
    for event in read_events(document):
        yield event.id
        yield from (portion.product.id for portion in _portions(event) if portion.product)


def _portions(event: Make | Move | Modify) -> tuple[Portion, ...]:
    match event:
        case Make():
            return (*event.inputs, *event.outputs)
        case Move():
            return event.moved
        case Modify():
            return event.modified


_NAMES: Final[Mapping[str, Callable[[JsonObject], Iterator[str | None]]]] = {
    "dpp": _passport,
    "dfr": _facility,
    "dia": _anchor,
    "dcc": _conformity,
    "dte": _events,
}
