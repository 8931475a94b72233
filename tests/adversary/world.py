"""A world: documents with the address that serves each, DID documents, a trust list, a question, and what is true.

Worlds are values. A move gives a changed one; ``documents`` keeps the order in which they arrived.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Final

from credentials.encoding.multibase import digest_multibase
from credentials.identifiers.canonical_ids import lot_key
from tests.adversary.chain import AT, Chain
from tests.adversary.parties import Json, Party, did_document, sign, thumbprint

#: What holds of a lot, place or company: (its identifier, criterion) to the true figure, in the criterion's unit.
Truth = Mapping[tuple[str, str], Fraction]


class Withheld(LookupError):
    """The document is not in this world: somebody kept it to itself."""


#: In a draft: the digest of the document with this name, once that is signed.
_DIGEST_OF: Final = re.compile(r"@digest:([^\"]+)")


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document: its draft, the address that serves it, and whose key signs it; ``raw`` are bytes as they are."""

    draft: Json = field(default_factory=dict)
    place: str = ""
    key: str = ""
    raw: bytes | None = None

    @property
    def served_at(self) -> str:
        """The address that serves it: its id, unless somebody serves it elsewhere."""
        return self.place or self.draft.get("id", "")

    @cached_property
    def text(self) -> str:
        """The draft as JSON, with the names of what it links in place of digests."""
        return json.dumps(self.draft, sort_keys=True)

    @cached_property
    def links(self) -> frozenset[str]:
        """The names of the documents that it links by digest."""
        return frozenset(_DIGEST_OF.findall(self.text))

    @property
    def signer(self) -> str:
        """Whose key signs it."""
        signer: str = self.key or self.draft["issuer"]["id"]
        return signer


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that lies before the judge, what is asked, and what the world knows to be true.

    ``pins``: for each party the RFC 7638 thumbprint of the key that is truly its own.
    ``complete``: nothing is missing, unweighed or undated. ``open_mass``: the share of mass that is, otherwise.
    """

    name: str
    chain: Chain
    target: str
    documents: Mapping[str, Document]
    did_documents: Mapping[str, tuple[Json, ...]]
    trust: Json
    truth: Truth
    pins: Mapping[str, str] = field(default_factory=dict)
    at: datetime = AT
    open_mass: Fraction = Fraction(0)

    @property
    def complete(self) -> bool:
        """Is nothing open?"""
        return not self.open_mass

    # ---- reading

    def draft(self, name: str) -> Json:
        """A copy of the draft called ``name``. Raises Withheld."""
        if name not in self.documents:
            raise Withheld(name)
        found: Json = json.loads(self.documents[name].text)
        return found

    def id_of(self, name: str) -> str:
        """The id of the document called ``name``. Raises Withheld."""
        id: str = self.draft(name)["id"]
        return id

    def signed(self) -> Iterator[tuple[str, Document, bytes]]:
        """Every document with its bytes, in the order of arrival."""
        done: dict[str, bytes] = {}
        for name, document in self.documents.items():
            yield name, document, self._bytes(name, done)

    def passports(self) -> Iterator[Json]:
        """The drafts of all passports."""
        for document in self.documents.values():
            if "DigitalProductPassport" in document.draft.get("type", ()):
                yield document.draft

    def is_true(self, subject: str, criterion: str) -> Fraction | None:
        """The true figure, None where it is not true at all."""
        return self.truth.get((lot_key(subject).id, criterion))

    # ---- changing

    def with_document(
        self, name: str, draft: Json | None = None, *, place: str = "", key: str = "", raw: bytes | None = None
    ) -> World:
        """Another document, the last to arrive; or one more instead of the one that had this name."""
        added = Document(draft=draft or {}, place=place, key=key, raw=raw)
        return replace(self, documents={**self.documents, name: added})

    def first(self, *names: str) -> World:
        """The same world in which these documents were the first to arrive."""
        kept = {name: document for name, document in self.documents.items() if name not in names}
        return replace(self, documents={**{name: self.documents[name] for name in names}, **kept})

    def edited(self, name: str, change: Callable[[Json], None]) -> World:
        """The draft called ``name`` with a change made to a copy. Raises Withheld."""
        draft = self.draft(name)
        change(draft)
        return replace(self, documents={**self.documents, name: replace(self.documents[name], draft=draft)})

    def without(self, *names: str) -> World:
        """The same world without these documents."""
        kept = {name: one for name, one in self.documents.items() if name not in names}
        return replace(self, documents=kept)

    def with_party(self, party: Party, *, anchors: Iterable[str] = ()) -> World:
        """The party's DID document is there too, and its key is pinned."""
        if party.did in self.did_documents:
            return self
        document = did_document(party, anchors=tuple(anchors))
        known = {**self.did_documents, party.did: (document,)}
        return replace(self, did_documents=known, pins={**self.pins, party.did: thumbprint(party)})

    def asked(self, target: str) -> World:
        """The same world, asked about another lot."""
        return replace(self, target=target)

    def with_truth(self, subject: str, criterion: str, value: Fraction | None) -> World:
        """What is true of ``subject`` is another thing now; None: nothing."""
        truth = {key: figure for key, figure in self.truth.items() if key != (lot_key(subject).id, criterion)}
        if value is not None:
            truth[lot_key(subject).id, criterion] = value
        return replace(self, truth=truth)

    # ---- signing

    def _bytes(self, name: str, done: dict[str, bytes]) -> bytes:
        if name not in done:
            document = self.documents[name]
            done[name] = document.raw if document.raw is not None else self._sign(document, done)
        return done[name]

    def _sign(self, document: Document, done: dict[str, bytes]) -> bytes:
        text = document.text
        if document.links:
            digests = {name: self._digest(name, done) for name in document.links}
            text = _DIGEST_OF.sub(lambda link: digests[link[1]], text)
        return _signed(text, document.signer)

    def _digest(self, name: str, done: dict[str, bytes]) -> str:
        return _multibase(self._bytes(name, done) if name in self.documents else name.encode())


@lru_cache(maxsize=4_000)
def _signed(text: str, key: str) -> bytes:
    return sign(json.loads(text), key=key)


_multibase: Final = lru_cache(maxsize=4_000)(digest_multibase)
