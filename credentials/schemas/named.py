"""Does a credential have the shape that the schemas it names ask for?

Three outcomes: it conforms, it does not, or nobody here can tell (the schema is not registered, or of another kind or
dialect). Nothing is fetched. VC JSON Schema sections 2, 3.1 and 4.2; VCDM 2.0 section 4.11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from credentials.encoding.digests import read_multihash, read_sri
from credentials.encoding.document import Json, JsonObject, escape_pointer
from credentials.errors import Problem
from credentials.schemas.evaluation import Validator, compiled, errors_of
from credentials.schemas.linting import DIALECT
from credentials.schemas.registry import KINDS, Registered, SchemaLibrary


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSchemas:
    """What came of the schemas that a credential names: what it breaks, and what could not be told."""

    broken: tuple[Problem, ...] = ()
    untold: tuple[Problem, ...] = ()


def check_named_schemas(document: JsonObject, *, schemas: SchemaLibrary) -> NamedSchemas:
    """Evaluate every ``credentialSchema`` of ``document`` that is registered; both tuples empty when all conform."""
    broken: list[Problem] = []
    untold: list[Problem] = []
    for entry, pointer in _entries(document):
        found = _find(entry, pointer, schemas)
        if isinstance(found, Problem):
            untold.append(found)
        else:
            broken.extend(_against(document, entry, found, pointer))
    return NamedSchemas(broken=tuple(broken), untold=tuple(untold))


def _entries(document: JsonObject) -> Iterator[tuple[JsonObject, str]]:
    stated = document.get("credentialSchema")
    if isinstance(stated, Mapping):
        yield stated, "/credentialSchema"
    for index, entry in enumerate(stated if isinstance(stated, list) else ()):
        if isinstance(entry, Mapping):
            yield entry, f"/credentialSchema/{index}"


def _find(entry: JsonObject, pointer: str, schemas: SchemaLibrary) -> Registered | Problem:
    kind, url = _type(entry.get("type")), str(entry.get("id"))
    if kind not in KINDS:
        return _problem(f"The schema type {kind[:60]!r} is not evaluated here.", f"{pointer}/type", "Use JsonSchema.")
    known = schemas.find(url)
    if known is None:
        fix = "The operator registers schemas by file and digest; none is fetched."
        return _problem(f"The schema {url[:160]} is not registered here.", f"{pointer}/id", fix)
    if known.schema.get("$schema") != DIALECT:
        detail = f"The schema's dialect {str(known.schema.get('$schema'))[:100]!r} is not evaluated here."
        return _problem(detail, f"{pointer}/id", f"Use {DIALECT}.")
    return known


def _against(document: JsonObject, entry: JsonObject, known: Registered, pointer: str) -> Iterator[Problem]:
    if _type(entry.get("type")) != known.kind:
        yield _problem(f"What is registered is a {known.kind}.", f"{pointer}/type", f"State type {known.kind}.")
        return
    for name, read in (("digestSRI", read_sri), ("digestMultibase", read_multihash)):
        digest = read(entry[name]) if name in entry else None
        if name in entry and (digest is None or not digest.is_of(known.raw)):
            detail = "The digest is not that of the schema registered here under this URL."
            yield _problem(detail, f"{pointer}/{name}", "Bind the published bytes of the schema.")
            return
    for error in errors_of(_validator(_Key(known)), document):
        where = "".join(f"/{escape_pointer(str(step))}" for step in error.instance_path)
        detail = f"The value breaks the rule {error.kind.name!r} of {known.url[:120]}."
        yield _problem(detail, where, "Compare it with the schema that the credential names.")


@dataclass(frozen=True, slots=True)
class _Key:
    """A registered schema as the key of a cache: equal when the bytes are."""

    known: Registered

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.known.sha256 == other.known.sha256

    def __hash__(self) -> int:
        return hash(self.known.sha256)


@lru_cache(maxsize=256)
def _validator(key: _Key) -> Validator:
    return compiled(key.known.schema)


def _type(stated: Json) -> str:
    return str(stated[0] if isinstance(stated, list) and len(stated) == 1 else stated)


def _problem(detail: str, pointer: str, fix: str) -> Problem:
    return Problem(code="SCHEMA", detail=detail, pointer=pointer, fix=fix)
