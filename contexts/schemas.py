"""The strict JSON Schema (2020-12) of each UNTP credential type, built from the same table as its context.

The rule: what the released schema refuses is refused here too, and where it is lax by slip (no ``type`` required, empty
lists where one entry is the least, unknown codes) the table's cardinality and code lists hold. One exception the other
way: ``statusListIndex`` may also be the decimal string that the W3C wants (docs/requirements.md VCP-09). No schema
refers to another document. See docs/requirements.md VCP-01, VCP-09, VOC-05 and
docs/requirements.md#what-the-schemas-let-through; docs/rules.md VCP-02 to VCP-04.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from contexts.notation import vocabulary
from contexts.vocabulary import CodeList, Member, TermClass, Vocabulary

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ENVELOPE: Final = "VerifiableCredential"
Schema = dict[str, Any]

# What each literal word of the notation asks of a JSON value.
LITERAL_SCHEMAS: Final[Mapping[str, Schema]] = {
    "text": {"type": "string"},
    "string": {"type": "string"},
    "uri": {"type": "string", "format": "uri"},
    "did": {"type": "string", "format": "uri", "pattern": "^did:[a-z0-9]+:[^\\s]+$"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "base64": {"type": "string", "contentEncoding": "base64", "pattern": "^[A-Za-z0-9+/]+={0,2}$"},
    "index": {"type": ["integer", "string"], "minimum": 0, "pattern": "^(?:0|[1-9][0-9]*)$"},
}


class UnknownSchema(LookupError):
    """No table states a credential type of this name in this version."""


@cache
def credential_types(version: str = "0.7.0") -> tuple[str, ...]:
    """The credential types that the UNTP table of ``version`` states.

    Raises:
        UnknownSchema: there is no table for this version.
    """
    classes = _untp(version).classes.values()
    return tuple(term_class.name for term_class in classes if _ENVELOPE in term_class.types[1:])


@cache
def json_schema(credential_type: str, version: str = "0.7.0") -> Mapping[str, Any]:
    """The strict schema of one UNTP credential type, for example ``DigitalProductPassport``; do not change it.

    Raises:
        UnknownSchema: the type or the version has no table.
    """
    if credential_type not in credential_types(version):
        raise UnknownSchema(f"UNTP {version} states no credential type {credential_type!r:.80}")
    table = _untp(version)
    root = _class_schema(table, table.classes[credential_type])
    root["properties"] = {"@context": _context_schema(table), **root["properties"]}
    root["required"] = ["@context", *root["required"]]
    return {"$schema": DIALECT, "title": f"{credential_type} {version}", **root, "$defs": _definitions(table, root)}


def _untp(version: str) -> Vocabulary:
    try:
        return vocabulary(f"untp-{version}")
    except FileNotFoundError:
        raise UnknownSchema(f"there is no UNTP table for version {version!r:.40}") from None


def _context_schema(table: Vocabulary) -> Schema:
    return {
        "type": "array",
        "prefixItems": [{"const": table.extends}, {"const": table.url}],
        "items": {"type": "string"},
        "minItems": 2,
        "uniqueItems": True,
    }


def _definitions(table: Vocabulary, root: Schema) -> Schema:
    """Every class that ``root`` reaches, in the table's order."""
    reached: dict[str, Schema] = {}
    waiting = _referenced(root)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached[name] = _class_schema(table, table.classes[name])
            waiting |= _referenced(reached[name])
    return {name: reached[name] for name in table.classes if name in reached}


def _referenced(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["$ref"].removeprefix("#/$defs/")} if "$ref" in schema else set()
        return own.union(*map(_referenced, schema.values()))
    return set().union(*map(_referenced, schema)) if isinstance(schema, list) else set()


def _class_schema(table: Vocabulary, term_class: TermClass) -> Schema:
    if term_class.one:
        return _one_of(term_class)
    properties = _type_property(term_class)
    properties.update({member.name: _member_schema(table, member) for member in term_class.members})
    schema: Schema = {
        "type": "object",
        "properties": properties,
        "required": [*_type_property(term_class), *(m.name for m in term_class.members if m.required)],
    }
    if term_class.closed:
        schema["additionalProperties"] = False
    if term_class.some:
        schema["anyOf"] = [{"required": [name]} for name in term_class.some]
    if term_class.needs:
        schema["dependentRequired"] = {name: [needed] for name, needed in term_class.needs.items()}
    return schema


def _type_property(term_class: TermClass) -> Schema:
    if term_class.single_type:
        return {"type": {"const": term_class.name}}
    return {"type": _types_schema(term_class.types)} if term_class.types else {}


def _types_schema(names: tuple[str, ...]) -> Schema:
    return {"type": "array", "items": {"type": "string"}, "allOf": [{"contains": {"const": name}} for name in names]}


def _one_of(term_class: TermClass) -> Schema:
    """Exactly one of the named classes, chosen by ``type`` so that a problem names the member and not the choice."""
    choice = {"contains": {"enum": list(term_class.one)}, "minContains": 1, "maxContains": 1}
    return {
        "type": "object",
        "properties": {"type": {"type": "array", "items": {"type": "string"}, **choice}},
        "required": ["type"],
        "allOf": [
            {
                "if": {"properties": {"type": {"contains": {"const": name}}}, "required": ["type"]},
                "then": {"$ref": f"#/$defs/{name}"},
            }
            for name in term_class.one
        ],
    }


def _member_schema(table: Vocabulary, member: Member) -> Schema:
    value = _range_schema(table, member)
    if not member.many:
        return value
    least: Schema = {"minItems": 1} if member.cardinality == "+" else {}
    return {"type": "array", "items": value, **least}


def _range_schema(table: Vocabulary, member: Member) -> Schema:
    if member.range.startswith("#"):
        return _code_schema(table.codes[member.range[1:]])
    term_class = table.classes.get(member.range)
    if term_class is None:
        return {**LITERAL_SCHEMAS.get(member.range, {"type": "string"}), **_bounds(member)}
    return {"$ref": f"#/$defs/{term_class.name}"} if member.view is None else _reference(table, term_class, member.view)


def _code_schema(codes: CodeList) -> Schema:
    if codes.values:
        return {"type": "string", "enum": list(codes.values)}
    return {"type": "string", "pattern": codes.form} if codes.form else {"type": "string"}


def _bounds(member: Member) -> Schema:
    stated = {"minimum": member.least, "maximum": member.most}
    return {word: int(at) if at.is_integer() else at for word, at in stated.items() if at is not None}


def _reference(table: Vocabulary, term_class: TermClass, view: tuple[tuple[str, bool], ...]) -> Schema:
    """A reference shows some members of a class; it is open, whatever the class is."""
    members = {member.name: member for member in term_class.members}
    return {
        "type": "object",
        "properties": {
            "type": _types_schema(term_class.types),
            **{name: _member_schema(table, members[name]) for name, _ in view},
        },
        "required": ["type", *(name for name, required in view if required)],
    }
