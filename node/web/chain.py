"""The chain of a report as a picture: a card with a word on every vertex, lines from origin to target.

The rule: this module measures and places, the template draws; the same report gives the same bytes. Whoever cannot
see the picture gets the same vertices and links as a list. See docs/requirements.md T9 and RND-04.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

from credentials.encoding.document import Json
from node.web.layout import Layout, Point, layered
from node.web.pages import clickable, trace_path, visible
from node.web.words import GAPS, LINKS, PARTIES, VERTICES, WORDS

_CARD: Final = (166, 99)  # width and height of a card
_CELL: Final = (180, 143)  # a card and the room around it
_EDGE: Final = 6
_LETTERS: Final = 19  # what fits on a line of a card
_FOOT: Final = 22  # what fits on the last line, the kind of thing included
_NOBODY: Final[Mapping[str, str]] = MappingProxyType({})
_GOODS: Final = frozenset({"input", "output", "moved", "missing"})
_TRACED: Final = frozenset({"product", "facility", "gap"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One vertex: where it is drawn (its top left corner), what stands on it, and where it leads ("" for nowhere)."""

    id: str
    href: str
    kind: str
    word: str
    style: str
    sign: str
    label: str
    lines: tuple[str, ...]
    issuer: str
    foot: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One link as an SVG path; ``goods`` tells the way of the goods from the way of the trust."""

    path: str
    goods: bool
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRow:
    """One vertex of the list beside the picture, with what it leads to as (how, label)."""

    card: Card
    onward: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The drawing (without cards' places and lines when it would be too large) and the list."""

    drawn: bool
    width: int
    height: int
    card: tuple[int, int]
    cards: tuple[Card, ...]
    lines: tuple[Line, ...]
    rows: tuple[ChainRow, ...]


def picture_of(chain: Mapping[str, Json], names: Mapping[str, str] = _NOBODY) -> Picture:
    """The picture of ``Report.chain``; ``names`` are those of ``Report.names``."""
    vertices, links = _objects(chain.get("vertices")), _objects(chain.get("links"))
    number = {str(vertex["id"]): index for index, vertex in enumerate(vertices)}
    known = [link for link in links if link["from"] in number and link["to"] in number]
    layout = layered(len(vertices), [(number[link["from"]], number[link["to"]]) for link in known])
    parts = {str(link["from"]): PARTIES[link["kind"]] for link in known if link["kind"] in PARTIES}
    cards = tuple(
        _card(vertex, layout.places[index] if layout else (0, 0), names, parts) for index, vertex in enumerate(vertices)
    )
    lines = tuple(_line(link, number[link["from"]], number[link["to"]], cards, layout) for link in known)
    return Picture(
        drawn=layout is not None and bool(cards),
        width=round((layout.width if layout else 0) * _CELL[0] + 2 * _EDGE),
        height=round((layout.height if layout else 0) * _CELL[1] - (_CELL[1] - _CARD[1]) + 2 * _EDGE),
        card=_CARD,
        cards=cards,
        lines=tuple(sorted(lines, key=lambda line: (line.goods, line.path))) if layout else (),
        rows=_rows(cards, known),
    )


def _objects(value: Json) -> Sequence[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _card(vertex: Mapping[str, Any], place: Point, names: Mapping[str, str], parts: Mapping[str, str]) -> Card:
    style, sign, _ = WORDS.get(str(vertex["word"]), ("open", "?", ""))
    label = GAPS.get(str(vertex["label"]), str(vertex["label"])) if vertex["kind"] == "gap" else str(vertex["label"])
    label = visible(label)
    kind, issuer = str(vertex["kind"]), str(vertex["issuer"])
    return Card(
        id=str(vertex["id"]),
        href=_leads_to(str(vertex["id"]), kind),
        kind=parts.get(str(vertex["id"])) or VERTICES.get(kind, kind),
        word=str(vertex["word"]),
        style=style,
        sign=sign,
        label=label,
        lines=tuple(textwrap.wrap(label, _LETTERS, max_lines=3, placeholder=" …")),
        issuer=issuer,
        foot=_foot(names.get(issuer) or _short(issuer), VERTICES.get(kind, kind)) if issuer and kind != "party" else "",
        x=round(place[0] * _CELL[0] + _EDGE + (_CELL[0] - _CARD[0]) / 2, 1),
        y=round(place[1] * _CELL[1] + _EDGE, 1),
    )


def _leads_to(id: str, kind: str) -> str:
    """Goods and places are traced here; a document is read where it is published."""
    bare = id.split(" (", maxsplit=1)[0]
    if not clickable(bare):
        return ""
    return trace_path(bare) if kind in _TRACED else bare


def _line(link: Mapping[str, Any], start: int, end: int, cards: Sequence[Card], layout: Layout | None) -> Line:
    title = f"{cards[start].label} {LINKS.get(link['kind'], link['kind'])} {cards[end].label}"
    if layout is None or start == end:
        return Line(path="", goods=False, title=title)
    down = cards[start].y <= cards[end].y
    points = [
        (cards[start].x + _CARD[0] / 2, cards[start].y + (_CARD[1] if down else 0)),
        *_bends(layout.bends.get((start, end), ())),
        (cards[end].x + _CARD[0] / 2, cards[end].y + (0 if down else _CARD[1])),
    ]
    return Line(path=_path(points), goods=link["kind"] in _GOODS, title=title)


def _bends(bends: Sequence[Point]) -> Sequence[Point]:
    """A bend passes a whole row of cards, straight from above them to below."""
    found: list[Point] = []
    for x, y in bends:
        middle, top = x * _CELL[0] + _EDGE + _CELL[0] / 2, y * _CELL[1] + _EDGE
        found += [(middle, top), (middle, top + _CARD[1])]
    return found


def _path(points: Sequence[Point]) -> str:
    """A line through ``points`` that leaves and enters each upright."""
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = (y1 + y2) / 2
        parts.append(f"L{x2:g} {y2:g}" if x1 == x2 else f"C{x1:g} {middle:g} {x2:g} {middle:g} {x2:g} {y2:g}")
    return "".join(parts)


def _rows(cards: Sequence[Card], links: Sequence[Mapping[str, Any]]) -> tuple[ChainRow, ...]:
    labels = {card.id: card.label for card in cards}
    onward: dict[str, list[tuple[str, str]]] = {card.id: [] for card in cards}
    for link in links:
        onward[link["from"]].append((LINKS.get(link["kind"], str(link["kind"])), labels[link["to"]]))
    return tuple(ChainRow(card=card, onward=tuple(onward[card.id])) for card in cards)


def _foot(who: str, kind: str) -> str:
    """Who says it, as much as fits beside what kind of thing it is."""
    room, shown = _FOOT - len(kind), visible(who)
    return shown if len(shown) <= room else shown[: room - 1].rstrip() + "…"


def _short(did: str) -> str:
    """The host of a did:web, else the whole DID."""
    return visible(did.removeprefix("did:web:"))
