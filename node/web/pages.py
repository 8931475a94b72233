"""Pages as they leave: one template environment, and answers that load nothing and run nothing.

The rule: every output is escaped, in SVG too, and characters that nobody sees are written out, so that a name in a
credential cannot look like another one; texts are data in every language. No script, no address of another host but
https links that people click. See docs/requirements.md S132 to S134, S136 and RND-04.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from pathlib import Path
from typing import Final
from urllib.parse import quote

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_HERE: Final = Path(__file__).parent / "templates"
_CLICKABLE: Final = re.compile(
    r"https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?([/?#][A-Za-z0-9_!#$%&()*+,./:;=?@~-]*)?"
)
#: Categories that leave no mark of their own on the page: controls, formats, surrogates, line separators.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BLANK: Final = frozenset("\u00a0\u115f\u1160\u2800\u3164\uffa0")


def visible(text: str) -> str:
    """``text`` with every character that leaves no mark written as ``[U+202E]``; line ends and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_mark(char) if _is_unseen(char) else char for char in text)


def clickable(url: object) -> bool:
    """May a page link to ``url``? Only plain https addresses without credentials (docs/requirements.md S133)."""
    return isinstance(url, str) and len(url) <= 2048 and _CLICKABLE.fullmatch(url) is not None


def trace_path(identifier: str) -> str:
    """The address on this node where ``identifier`` is traced for people."""
    return f"/trace?identifier={quote(identifier, safe='')}"


def render(template: str, **values: object) -> str:
    """The page of ``template``."""
    return _ENVIRONMENT.get_template(template).render(**values)


def page(
    template: str, *, status: int = 200, max_age: int | None = None, index: bool = False, **values: object
) -> web.Response:
    """An answer for people; without ``max_age`` nobody keeps it, with ``index`` search engines may."""
    headers = dict(HEADERS)
    headers["Cache-Control"] = "no-store" if max_age is None else f"public, max-age={max_age}"
    if index:
        del headers["X-Robots-Tag"]
    text = render(template, index=index, **values)
    return web.Response(text=text, content_type="text/html", charset="utf-8", status=status, headers=headers)


def _is_unseen(char: str) -> bool:
    return char not in "\n\t" and (unicodedata.category(char) in _UNSEEN or char in _BLANK)


def _mark(char: str) -> str:
    return " " if char == "\u00a0" else f"[U+{ord(char):04X}]"


def _shown(value: object) -> object:
    """What every expression of every template passes through before it is escaped."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,  # by name would leave .svg out
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["trace_path"] = trace_path
    environment.tests["clickable"] = clickable
    return environment


_ENVIRONMENT: Final = _environment()


def _style_digest() -> str:
    """The digest by which the policy lets our one style sheet in, and no other."""
    style = _ENVIRONMENT.get_template("style.css").render()
    return base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")


HEADERS: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_style_digest()}'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Accept",
}
