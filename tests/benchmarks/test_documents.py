"""What is measured is of the published samples' size and shape, and is really a credential of its kind."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from benchmarks.credential import FILES, SAMPLES, draft, named, signed
from benchmarks.documents import DOCUMENTS
from benchmarks.pipeline import judge_all
from contexts.library import standard_library
from credentials.rdf.jsonld import to_nquads
from credentials.untp.kinds import kind_of
from credentials.untp.lint import lint
from tests.shared import needs_shared

_MORE_OR_LESS = 0.15
_PROPER_NAMES = {"UN Central Product Classification (CPC)"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_our_own_document_verifies_with_everything_on(name: str) -> None:
    kind = kind_of(draft(name))

    judge_all(*signed(name, "eddsa-rdfc-2022"))

    assert kind is not None
    assert kind.short == name.partition(",")[0].lower()


@needs_shared
@pytest.mark.parametrize("name", DOCUMENTS)
def test_our_own_document_is_as_large_as_the_published_sample_and_has_its_shape(name: str) -> None:
    own, sample = (_measures(draft(one)) for one in named(name))

    assert own == {what: pytest.approx(size, rel=_MORE_OR_LESS) for what, size in sample.items()}


@needs_shared
@pytest.mark.parametrize("name", DOCUMENTS)
def test_lint_has_as_much_to_say_of_our_own_document_as_of_the_published_sample(name: str) -> None:
    own, sample = (Counter(finding.rule for finding in lint(draft(one))) for one in named(name))

    assert own == sample


@needs_shared
@pytest.mark.parametrize("name", DOCUMENTS)
def test_our_own_document_takes_no_sentence_from_the_published_sample(name: str) -> None:
    published = json.loads((SAMPLES / FILES[name]).read_text("utf-8"))

    both = _sentences(DOCUMENTS[name]()) & _sentences(published)

    assert both <= _PROPER_NAMES


def _measures(document: Mapping[str, Any]) -> dict[str, int]:
    """Bytes, objects, arrays, members, texts, other values, statements and nodes without a name."""
    statements = to_nquads(document, contexts=standard_library())
    counts = Counter(_parts(document))
    return {
        "bytes": len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()),
        **{what: counts[what] for what in ("dict", "list", "str")},
        "members": counts["member"],
        "scalars": counts["int"] + counts["float"] + counts["bool"] or 1,
        "statements": statements.count("\n"),
        "blank nodes": len(set(re.findall(r"_:\w+", statements))),
    }


def _parts(value: Any) -> Iterator[str]:
    yield type(value).__name__
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(part)
    if isinstance(value, dict):
        yield from ("member" for _ in value)


def _sentences(value: Any) -> set[str]:
    """The texts of five words and more."""
    if isinstance(value, str):
        return {value} if len(value.split()) > 4 else set()
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {text for part in parts for text in _sentences(part)}
