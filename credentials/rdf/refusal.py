"""A refusal deep inside the reading of JSON-LD, where the place in the document is not known: found again by value."""

from __future__ import annotations

from typing import Final

from credentials.encoding.document import Json, JsonObject, escape_pointer, walk
from credentials.encoding.iri import is_iri
from credentials.errors import ContextProblem

#: Relative IRIs resolve below this, where they are found and refused.
SENTINEL: Final = "https://relative.invalid/"


class TakesLonger(Exception):
    """Only what is quick was asked for, and this document is for PyLD or takes tables not made yet. Nothing is wrong.

    What was made of the tables stays, so that a kind of document that keeps coming is quick after a few of them.
    """


class Refusal(Exception):
    """What was refused: ``value`` is the text, number or object to look for, ``key`` the member of it, if one."""

    def __init__(self, detail: str, value: Json, *, code: str = "TERM_INVALID", key: str = "", fix: str = "") -> None:
        super().__init__(detail)
        self.detail, self.value, self.code, self.key = detail, value, code, key
        self.fix = fix or "Use a term of the contexts, or an absolute IRI without white space."

    @classmethod
    def undefined(cls, key: str, element: Json) -> Refusal:
        """A member without a definition, which a JSON-LD processor drops."""
        return cls(
            f"The member {key[:80]!r} has no definition in the contexts and would not be signed.",
            element,
            code="DATA_LOSS_DETECTION_ERROR",
            key=key,
            fix="Remove it, correct its name, or list the context that defines it.",
        )

    @classmethod
    def lost(cls, detail: str, value: Json) -> Refusal:
        """Something that has no form in RDF."""
        return cls(
            detail,
            value,
            code="DATA_LOSS_DETECTION_ERROR",
            fix="Write it another way, or secure the document as JSON.",
        )

    def located_in(self, document: JsonObject) -> ContextProblem:
        """The problem with the pointer of the first thing in ``document`` that equals what was refused."""
        found = next((where for where, item in _in_order(document) if item == self.value), "")
        pointer = f"{found}/{escape_pointer(self.key)}" if self.key else found
        return ContextProblem(self.detail, code=self.code, pointer=pointer, fix=self.fix)


def refuse_ambiguous(value: str, iri: object, *, vocab: bool) -> None:
    """Refuse a value that does not stand for one absolute IRI, or that is a second spelling of it."""
    shown = value[:80]
    if not isinstance(iri, str) or iri.startswith((SENTINEL, "_:")) or not is_iri(iri):
        raise Refusal(f"{shown!r} is neither a term nor an absolute IRI.", value)
    if iri != value and (not vocab or ":" in value):
        raise Refusal(f"{shown!r} is not written out: it stands for {iri[:120]!r}.", value, fix="Write the whole IRI.")


def _in_order(document: JsonObject) -> list[tuple[str, Json]]:
    return sorted(walk(document), key=lambda found: found[0])
