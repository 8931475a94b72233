"""Random documents over pinned contexts: mostly well-formed, now and then with something that must be refused."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from contexts.library import ContextLibrary

IRIS = ("urn:x:a", "urn:x:b", "did:web:mill.example", "https://mill.example/x#y", "https://é.example/ü")
TEXTS = ("", "wool", "wöll", 'a "quote"', "back\\slash", "two\nlines", "2026-01-01T00:00:00Z", "\u2028", "😀", "\x7f")
ODD_IRIS = (
    "",
    "foo",
    "urn:x y",
    "_:b0",
    "https://relative.invalid/x",
    "cred:x",
    "schema:name",
    "HTTPS:x",
    "urn:x:\u202e",
)
ODD_KEYS = (
    "zz",
    "@graph",
    "@id",
    "@type",
    "@nest",
    "_:p",
    "naïve",
    "https://schema.org/name",
    "schema:name",
    "@context",
)
NUMBERS: tuple[Any, ...] = (0, 1, -7, 2**53 - 1, 1.5, 5.0, -0.0, 1e21, 1e-7, 17.25, True, False)
ODD_VALUES: tuple[Any, ...] = (
    None, 2**53, 0.1 + 0.2, float("inf"), "\ud800", [], [[]], {}, [["a", "b"], ["c"]], {"@value": None},
    {"@value": ["a"]},
    {"@value": "x", "@language": "e n"}, {"@language": "en"}, {"@value": 5, "@language": "en"}, {"@list": ["a"]},
    {"@value": "x", "@type": "urn:x:t"}, {"@value": "x", "@direction": "rtl"}, {"id": "foo"}, {"id": 5}, {"type": None},
)  # fmt: skip
LANGUAGES = ("en", "EN", "de-CH")

Definitions = dict[str, Any]


class Author:
    """Writes documents that name ``urls``; the same seed writes the same document."""

    def __init__(self, library: ContextLibrary, urls: list[str], *, odd: float = 0.01) -> None:
        self.library, self.urls, self.often, self.odd = library, urls, odd, 0.0
        self.top = self._within({}, urls)

    def document(self, seed: int) -> dict[str, Any]:
        chance = random.Random(seed)
        self.odd = self.often if seed % 2 else 0.0
        if chance.random() < 0.05:
            return {
                "@context": list(self.urls),
                "type": "VerifiablePresentation",
                "verifiableCredential": [self._whole(chance) for _ in range(chance.randint(0, 2))],
            }
        return self._whole(chance)

    def _whole(self, chance: random.Random) -> dict[str, Any]:
        written = self._object(chance, self.top, depth=0)
        return {"@context": list(self.urls), **{key: value for key, value in written.items() if key != "@context"}}

    def _within(self, outer: Definitions, stated: Any) -> Definitions:
        """The definitions in force once ``stated`` is applied, roughly: wrong guesses keep it interesting."""
        inner = dict(outer)
        for context in stated if isinstance(stated, list) else [stated]:
            if isinstance(context, str):
                inner = self._within(inner, self.library.document(context)["@context"])
            elif isinstance(context, Mapping):
                inner.update({key: value for key, value in context.items() if not key.startswith("@")})
        return inner

    def _object(self, chance: random.Random, terms: Definitions, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if chance.random() < 0.6:
            made["id"] = self._iri(chance)
        classes = [name for name in terms if name[:1].isupper()]
        if classes and chance.random() < 0.7:
            first = chance.randrange(len(classes))
            chosen = classes[first : first + chance.choice((1, 1, 2))]
            made["type"] = chosen if chance.random() < 0.8 else chosen[0]
            for name in chosen:
                terms = self._scoped(terms, name)
        names = [name for name in terms if not name[:1].isupper() and name not in ("id", "type")]
        for name in chance.sample(names, min(len(names), chance.randint(0 if depth else 2, 6 - depth))):
            made[name] = self._value(chance, terms, name, depth)
        if chance.random() < self.odd:
            made[chance.choice(ODD_KEYS)] = chance.choice(TEXTS)
        items = list(made.items())
        chance.shuffle(items)
        return dict(items)

    def _scoped(self, terms: Definitions, name: str) -> Definitions:
        definition = terms.get(name)
        scoped = definition.get("@context") if isinstance(definition, Mapping) else None
        return terms if scoped is None else self._within(terms, scoped)

    def _value(self, chance: random.Random, terms: Definitions, name: str, depth: int) -> Any:
        if chance.random() < self.odd:
            return chance.choice(ODD_VALUES)
        if chance.random() < 0.25:
            return [self._item(chance, terms, name, depth) for _ in range(chance.randint(0, 3))]
        return self._item(chance, terms, name, depth)

    def _item(self, chance: random.Random, terms: Definitions, name: str, depth: int) -> Any:
        definition = terms.get(name)
        coercion = definition.get("@type") if isinstance(definition, Mapping) else None
        roll = chance.random()
        nests = coercion == "@id" or (isinstance(definition, Mapping) and "@context" in definition)
        if roll < (0.7 if nests else 0.2) and depth < 5:
            return self._object(chance, self._scoped(terms, name), depth + 1)
        plain = chance.random()
        if plain < 0.05:
            return {"@value": chance.choice(TEXTS), "@language": chance.choice(LANGUAGES)}
        if plain < 0.1:
            return {"@value": chance.choice((*TEXTS, *NUMBERS))}
        if coercion == "@vocab" and roll < 0.9:
            return chance.choice((*terms, *IRIS))
        if coercion == "@id" and roll < 0.95:
            return self._iri(chance)
        if coercion is not None and coercion.endswith("double") and roll < 0.9:
            return chance.choice(NUMBERS)
        return chance.choice(TEXTS) if roll < 0.85 else chance.choice(NUMBERS)

    def _iri(self, chance: random.Random) -> str:
        if chance.random() < self.odd:
            return chance.choice(ODD_IRIS)
        return chance.choice(IRIS) if chance.random() < 0.7 else f"urn:x:{chance.randrange(100)}"
