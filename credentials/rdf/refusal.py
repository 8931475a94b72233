"""A refusal deep inside the reading of JSON-LD, where the place in the document is not known: found again by value."""

from __future__ import annotations

from credentials.encoding.document import Json, JsonObject, escape_pointer, walk
from credentials.errors import ContextProblem


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


def _in_order(document: JsonObject) -> list[tuple[str, Json]]:
    return sorted(walk(document), key=lambda found: found[0])
