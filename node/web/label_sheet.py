"""Labels: an identifier as a QR symbol (ISO/IEC 18004) that any phone opens, alone or many on a sheet of A4.

What the symbol holds is an address: the identifier itself where it is one, else where this node says what it knows
about it. Error correction M (15 %), quiet zone of four modules as the standard wants it.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import segno

from credentials.encoding.document import parse_document
from credentials.errors import MalformedInput
from credentials.identifiers.canonical_ids import given_or_canonical
from node.errors import NotHeld
from node.flows.identity.identity import Identity
from node.flows.typed_identifiers import typed_identifier
from node.store import Store

FORMS: Final = {"svg": "image/svg+xml", "png": "image/png"}
MOST: Final = 200
_SCALE: Final = 8  # pixels a module of the picture


@dataclass(frozen=True, slots=True)
class Label:
    """One label: what is called so, and the address that its symbol holds."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class DrawnLabel:
    """A label with its symbol, as an address that holds the picture itself."""

    name: str
    address: str
    picture: str


def drawn(labels: Sequence[Label]) -> list[DrawnLabel]:
    """The labels with their symbols; one that is there several times is drawn once."""
    pictures = {one.address: _picture(one.address) for one in dict.fromkeys(labels)}
    return [DrawnLabel(one.name, one.address, pictures[one.address]) for one in labels]


def _picture(address: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(symbol(address, 'svg')).decode('ascii')}"


def symbol(address: str, form: str) -> bytes:
    """The QR symbol of ``address`` as ``svg`` or ``png``; the same bytes each time."""
    made, out = segno.make_qr(address, error="m", boost_error=False), io.BytesIO()
    if form == "svg":
        made.save(out, kind="svg", scale=_SCALE, border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True)
    else:
        made.save(out, kind="png", scale=_SCALE, border=4)
    return out.getvalue()


async def label_of(store: Store, identifier: str, own: Identity) -> Label:
    """The label for an identifier that something is published about here.

    Raises:
        MalformedInput: it is no identifier.
        NotHeld: nothing is published here about it.
    """
    typed_identifier(identifier, pointer="/id")
    address = identifier if identifier.lower().startswith("https://") else own.links_url(identifier)
    async with store.reading() as tx:
        links = await tx.links.of(given_or_canonical(identifier))
        if not links:
            raise NotHeld(
                "Nothing is published here about this identifier.", pointer="/id", fix="Issue a passport first."
            )
        preferred = [link for link in links if link.preferred and not link.superseded]
        link = (preferred or list(links))[0]
        credential = await tx.issued.by_url(link.href)
        raw = await tx.issued.body(credential.token, "vc") if credential else None
    return Label(name=(_subject_name(raw) if raw else "") or link.title or identifier, address=address)


def _subject_name(raw: bytes) -> str:
    """What a credential of ours calls its subject; the credential's own name is that of a paper."""
    subject = parse_document(raw).value.get("credentialSubject")
    name = subject.get("name") if isinstance(subject, dict) else None
    return name if isinstance(name, str) else ""


def copied(labels: Sequence[Label], copies: int) -> list[Label]:
    """Each label so many times. Raises MalformedInput when that is too much for one sheet."""
    if not 1 <= len(labels) * copies <= MOST:
        raise MalformedInput(f"A sheet holds 1 to {MOST} labels.", pointer="/copies", fix="Ask for fewer at a time.")
    return [one for one in labels for _ in range(copies)]
