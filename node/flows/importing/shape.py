"""Which column fills which member of a draft: every leaf of a shape by its dotted path, or by the caller's own names.

The rule: a shape is a draft whose leaves say what JSON type belongs there. Of a shape that the program gives (an
example) only types and contexts are kept; of the caller's own, every leaf that no column fills stays as it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from credentials.encoding.document import Json, JsonObject
from credentials.errors import MalformedInput

#: The column that tells a row from all others of the job.
KEY: Final = "key"
_KEPT: Final = frozenset({"@context", "type"})

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftShape:
    """A draft to fill: the leaves that columns can fill, by column. ``constant``: leaves without a column stay."""

    draft: JsonObject
    leaves: Mapping[str, Path]
    constant: bool = False

    def value_at(self, path: Path) -> Json:
        """What the shape has there."""
        here: Any = self.draft
        for step in path:
            here = here[step]
        return here


def shape_of(draft: JsonObject, *, constant: bool) -> DraftShape:
    """The shape of a draft, each leaf a column by its path, such as ``credentialSubject.performanceClaim.0.name``."""
    leaves = {".".join(map(str, path)): path for path in _leaves(draft, ())}
    return DraftShape(draft=draft, leaves=leaves, constant=constant)


def renamed(shape: DraftShape, columns: Mapping[str, str]) -> DraftShape:
    """The shape with the caller's ``columns`` (column → path) beside its own.

    Raises:
        MalformedInput: a path is none of the shape's.
    """
    own = dict(shape.leaves)
    for column, path in columns.items():
        if path not in shape.leaves:
            raise MalformedInput(
                f"{path[:120]!r} is no member of the draft that a cell can fill.",
                pointer=f"/{column}",
                fix=_near(path, shape.leaves),
            )
        own[column] = shape.leaves[path]
    return DraftShape(draft=shape.draft, leaves=own, constant=shape.constant)


def parse_columns(raw: bytes) -> dict[str, str]:
    """A TOML file of ``"column" = "path"``. Raises MalformedInput."""
    try:
        value = tomllib.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise MalformedInput(f"The file of columns is no TOML: {error}.", fix="Correct what is named.") from error
    wrong = next((name for name, path in value.items() if not isinstance(path, str)), None)
    if wrong is not None:
        raise MalformedInput(f"{wrong[:60]!r} is no text.", pointer=f"/{wrong}", fix='Write "Column" = "name".')
    return value


def check_header(header: Sequence[str], shape: DraftShape) -> None:
    """Every column fills a member, and there is one that tells rows apart. Raises MalformedInput."""
    if KEY not in header:
        raise MalformedInput(
            "No column is called key.", fix="Add one that tells each row from all others, such as the lot's number."
        )
    for name in header:
        if name != KEY and name not in shape.leaves:
            raise MalformedInput(f"No member is filled by a column {name[:60]!r}.", fix=_near(name, shape.leaves))
    filled = [shape.leaves[name] for name in header if name != KEY]
    twice = next((one for place, one in enumerate(filled) if one in filled[:place]), None)
    if twice is not None:
        raise MalformedInput(
            f"Two columns fill {'.'.join(map(str, twice))}.", fix="Remove one of them, or its line in --columns."
        )


def _near(name: str, leaves: Mapping[str, Path]) -> str:
    near = get_close_matches(name, leaves, 1, 0.6)
    return f"Write {near[0]}." if near else "See --template for the names, or map yours with --columns."


def _leaves(value: Json, path: Path) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in _KEPT:
                yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _leaves(item, (*path, place))
    else:
        yield path
