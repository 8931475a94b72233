"""Reading a page the way a careful browser does: what is text, what is an element, where it leads."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "link", "br", "input", "path", "rect"}
PAYLOADS = (
    "<img src=x onerror=window.__xss=1>",
    '"><script>window.__xss=1</script>',
    "{{7*7}}",
    "</title><svg onload=window.__xss=1>",
    "' onmouseover='window.__xss=1",
    "]]><foreignObject><b>x</b></foreignObject>",
)


class Page(HTMLParser):
    """A page taken apart: elements with attributes, all text, and elements that were left open."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every ``tag``."""
        return [attributes for name, attributes in self.elements if name == tag]


def assert_harmless(html: str) -> Page:
    """Nothing runs, nothing is loaded from anywhere, links to other hosts are https and say nothing about us."""
    page = Page(html)
    assert page.open == []
    assert not {"script", "img", "iframe", "object", "embed", "foreignobject", "base"} & {
        tag for tag, _ in page.elements
    }
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset")]
        href = attributes.get("href", attributes.get("xlink:href", ""))
        if tag == "a" and not href.startswith(("/", "#", "?")):
            assert href.startswith("https://")
            assert attributes["rel"] == "noopener noreferrer nofollow"
        elif tag != "a" and href:
            assert href == "data:,"
        assert not href.startswith("//")
    return page


def assert_whole(html: str) -> None:
    """The structure a reader and a screen reader rely on."""
    page = Page(html)
    assert html.startswith("<!doctype html>")
    assert page.all("html") == [{"lang": "en"}]
    assert [len(page.all(tag)) for tag in ("title", "h1", "main", "header", "footer")][1:] == [1, 1, 1, 1]
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [one["href"][1:] for one in page.all("a") if one.get("href", "").startswith("#")]
    assert set(targets) <= set(ids)
    assert {one["for"] for one in page.all("label")} <= set(ids)


def poisoned(value: Any, payload: str) -> Any:
    """``value`` with ``payload`` in every text, however deep; words that are part of a table stay."""
    if isinstance(value, Enum) or value is None or isinstance(value, (int, float, bytes)):
        return value
    if isinstance(value, str):
        return payload
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{one.name: poisoned(getattr(value, one.name), payload) for one in fields(value) if one.init}
        )
    if isinstance(value, dict):
        return {key: poisoned(inner, payload) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(poisoned(inner, payload) for inner in value)
    return value
