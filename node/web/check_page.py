"""The page that checks a bundle: the modules of ``checker`` in one file that loads nothing and sends nothing.

The rule: each module keeps a scope of its own, so that the file does what the modules do; its policy names the one
script and the one style sheet by their digests (CSP Level 3, section 8.3), and no text may become markup (Trusted
Types). ``python -m node.web.check_page`` writes it to docs/check.html. See docs/bundle.md.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import Final

ROOM: Final = Path(__file__).parent / "checker"
_ENTRY: Final = "page.js"
_IMPORT: Final = re.compile(r'^import \{ ([\w, ]+) \} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)


@lru_cache(maxsize=1)
def check_page() -> str:
    """The whole page. Raises ValueError where a module is written in a way that cannot be joined."""
    script = f'"use strict";\n{"".join(_joined(name) for name in _in_order())}'
    if re.search(r"</script|<!--", script, re.IGNORECASE):
        raise ValueError("A module holds a text that would end the script.")
    style = (ROOM / "style.css").read_text("utf-8")
    page = (ROOM / "page.html").read_text("utf-8")
    for place, text in (("{policy}", _policy(script, style)), ("{style}", style), ("{script}", script)):
        before, after = page.split(place)
        page = before + text + after
    return page


@lru_cache(maxsize=1)
def check_policy() -> str:
    """The policy of the page, as its own ``meta`` element has it."""
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', check_page())
    if found is None:
        raise ValueError("The page has no policy.")
    return found[1]


def _policy(script: str, style: str) -> str:
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def _in_order() -> list[str]:
    """The modules, each behind what it imports."""
    done: list[str] = []
    open_: list[str] = []

    def visit(name: str) -> None:
        if name in open_:
            raise ValueError(f"{name} imports itself by way of others.")
        if name in done:
            return
        open_.append(name)
        for _, other in _IMPORT.findall(_source(name)):
            visit(other)
        done.append(open_.pop())

    visit(_ENTRY)
    return done


def _source(name: str) -> str:
    return (ROOM / name).read_text("utf-8")


def _joined(name: str) -> str:
    """A module as a value that holds what it exports."""
    source = _source(name)
    exports = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", _IMPORT.sub(lambda found: f"const {{ {found[1]} }} = {_scope(found[2])};\n", source))
    if re.search(r"^(?:import|export)\b", body, re.MULTILINE):
        raise ValueError(f"{name} imports or exports in a way that is not read here.")
    return f"const {_scope(name)} = (() => {{\n{body}return {{ {exports} }};\n}})();\n"


def _scope(name: str) -> str:
    return f"{name.removesuffix('.js')}Room"


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else "docs/check.html").write_text(check_page(), "utf-8")
