"""Does a UNTP credential have the shape its type asks for?

The rule: the schema is ours, built from the vocabulary table, chosen by the credential's type and the version of the
UNTP context it names; nothing is ever loaded because a document or a schema refers to it. Every problem has the code
SCHEMA, a pointer, a cause and a cure. See docs/requirements.md VCP-01, VOC-05, VOC-07, S74 to S76; docs/rules.md VCP-02
to VCP-04.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from contexts.schemas import UnknownSchema, credential_types, json_schema
from credentials.encoding.document import Json, JsonObject, as_list, escape_pointer, types_of
from credentials.errors import Problem
from credentials.schemas.evaluation import ValidationError, Validator, compiled, errors_of

NEWEST: Final = "0.7.0"
MOST_PROBLEMS: Final = 100  # of one document; more help nobody
_CONTEXT_URL: Final = re.compile(r"https://[a-z]+\.uncefact\.org/(?:vocabulary/)?untp/(?:[a-z]+/)?(\d+\.\d+\.\d+)/")

_LITERAL_FORMS: Final[Mapping[str, str]] = {
    "uri": "an absolute URI, for example https://example.com/x or did:web:example.com",
    "date": "a date, YYYY-MM-DD",
    "date-time": "a moment with zone, for example 2026-03-01T09:00:00Z",
}


def check_schema(document: JsonObject) -> tuple[Problem, ...]:
    """Every way in which a UNTP credential departs from its strict schema; empty when it conforms or is not UNTP."""
    version = _untp_version(document)
    types = types_of(document)
    asked = [name for name in types if name in credential_types(NEWEST)]
    if not asked:
        # A type of somebody else's that merely uses the vocabulary is not ours to judge; no type at all is a slip.
        return (_NO_TYPE,) if version and not set(types) - {"VerifiableCredential"} else ()
    problems: list[Problem] = []
    for name in asked:
        try:
            problems.extend(_check(document, name, version or NEWEST))
        except UnknownSchema:
            problems.append(_no_schema(name, version or NEWEST))
    if not problems:
        return ()
    return tuple(sorted(set(problems), key=lambda problem: (problem.pointer, problem.detail)))[:MOST_PROBLEMS]


_NO_TYPE: Final = Problem(
    code="SCHEMA",
    pointer="/type",
    detail="The credential names the UNTP context but no UNTP credential type.",
    fix=f"Add one of {', '.join(credential_types(NEWEST))} to type.",
)


def _no_schema(name: str, version: str) -> Problem:
    return Problem(
        code="SCHEMA",
        pointer="/@context",
        detail=f"There is no schema for {name} in UNTP {version}.",
        fix=f"Use the UNTP {NEWEST} context.",
    )


def _untp_version(document: JsonObject) -> str | None:
    urls = (url for url in as_list(document.get("@context")) if isinstance(url, str))
    return next((match[1] for url in urls if (match := _CONTEXT_URL.match(url))), None)


@cache
def _validator(name: str, version: str) -> Validator:
    return compiled(json_schema(name, version))


def _check(document: JsonObject, name: str, version: str) -> Iterator[Problem]:
    schema = json_schema(name, version)
    for error in errors_of(_validator(name, version), document):
        yield from _problems(error, _asked(schema, error.schema_path))


def _asked(schema: Mapping[str, Any], path: Sequence[str | int]) -> Json:
    """What the failed keyword asked for: the value at ``path``, following local references."""
    here: Json = schema
    for step in (*path[:-1], "contains" if path[-1] in ("minContains", "maxContains") else path[-1]):
        here = schema["$defs"][here["$ref"].removeprefix("#/$defs/")] if step == "$ref" else here[step]
    return here


def _problems(error: ValidationError, asked: Json) -> Iterator[Problem]:
    pointer = "".join(f"/{escape_pointer(str(step))}" for step in error.instance_path)
    keyword, value = error.kind.name, error.kind.value
    if keyword == "additionalProperties":
        for extra in value:
            yield Problem(
                code="SCHEMA",
                pointer=f"{pointer}/{escape_pointer(extra)}",
                detail=f"The member {extra!r:.80} may not stand here: its class is closed.",
                fix="Remove it, or check its spelling.",
            )
        return
    detail, fix = _words(keyword, value if keyword == "required" else asked)
    yield Problem(code="SCHEMA", pointer=pointer, detail=detail, fix=fix)


def _words(keyword: str, asked: Json) -> tuple[str, str]:
    """Cause and cure, in one sentence each, of one failed keyword that asked for ``asked``."""
    match keyword:
        case "required":
            return f"The member {asked!r} is missing.", f"Add {asked!r}."
        case "type":
            wanted = " or ".join([asked] if isinstance(asked, str) else asked)
            return f"The value is not of JSON type {wanted}.", f"Write it as {wanted}."
        case "enum":
            few = ", ".join(map(str, asked[:24])) + (", …" if len(asked) > 24 else "")
            return "The value is not in the code list.", f"Use one of: {few}."
        case "const":
            return f"The value is not {asked!r}.", f"Write {asked!r}."
        case "contains" | "minContains" | "maxContains":
            return _contains_words(asked)
        case "minItems":
            return f"The list has fewer than {asked} entries.", f"Give at least {asked}."
        case "format":
            form = _LITERAL_FORMS.get(asked, f"a {asked}")
            return f"The value is not {form.partition(',')[0]}.", f"Write {form}."
        case "pattern":
            return f"The text does not match {asked}.", _PATTERN_FIXES.get(asked[:5], "Write it in that form.")
        case "minimum" | "maximum":
            limit = "less" if keyword == "minimum" else "greater"
            return f"The number is {limit} than {asked}.", "Correct the number, or the unit it is given in."
        case "uniqueItems":
            return "The list holds an entry twice.", "Remove the repetition."
        case "anyOf":
            names = " or ".join(name for choice in asked for name in choice["required"])
            return f"None of {names} is given.", f"Add {names}."
        case _:
            return f"The value breaks the rule {keyword!r}.", "Compare it with the reference page of its class."


_PATTERN_FIXES: Final[Mapping[str, str]] = {
    "^did:": "Use a DID, for example did:web:example.com.",
    "^(?:0": "Write the index as an integer or as decimal digits without leading zeros.",
    "^[A-Z": "Encode the image in base64.",
}


def _contains_words(asked: Json) -> tuple[str, str]:
    if "const" in asked:
        return f"The list does not hold {asked['const']!r}.", f"Add {asked['const']!r}; types name their parents too."
    names = ", ".join(asked["enum"])
    return f"The list does not hold exactly one of {names}.", "Name exactly one of them; one event is one of the three."
