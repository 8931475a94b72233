"""A second opinion on canonical forms, in another language: what we accept means the same to npm jsonld.

See docs/requirements.md S37.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from contexts.library import standard_library
from credentials.encoding.document import parse_document
from credentials.errors import CredentialsError
from credentials.rdf.canonical import canonicalize_quads
from credentials.rdf.jsonld import to_quads
from tests.corpus.cases import CASES
from tests.corpus.making import credential
from tests.credentials.rdf.documents import Author
from tests.credentials.rdf.libraries import CREDENTIALS, UNTP
from tests.interop.peers import ask, documents
from tests.shared import needs_shared, untp_samples

pytestmark = [pytest.mark.slow, pytest.mark.w3c("A3.1")]


def _ours(document: Mapping[str, Any]) -> str | None:
    """Our canonical form; None for what we refuse."""
    try:
        return canonicalize_quads(to_quads(document, contexts=standard_library()))
    except CredentialsError:
        return None


def _read(raw: bytes) -> dict[str, Any] | None:
    """A case of the corpus as an object without its proof; None for what is none."""
    try:
        value = dict(parse_document(raw).value)
    except CredentialsError:
        return None
    return {name: item for name, item in value.items() if name != "proof"}


def _theirs(accepted: list[Mapping[str, Any]], *urls: str) -> list[dict[str, str]]:
    at_hand = documents(CREDENTIALS, UNTP, *urls)
    return ask(*({"task": "canonize", "document": document, "documents": at_hand} for document in accepted))


@needs_shared
def test_every_official_sample_means_the_same_to_both() -> None:
    accepted = {name: document for name, document in untp_samples().items() if _ours(document) is not None}

    assert len(accepted) > 10
    answers = dict(zip(accepted, _theirs(list(accepted.values())), strict=True))
    assert answers == {name: {"canonical": _ours(document)} for name, document in accepted.items()}


def test_bad_input_that_gets_as_far_as_statements_means_the_same_to_both() -> None:
    read = (_read(case.build()) for case in CASES)
    accepted = [document for document in read if document is not None and _ours(document) is not None]

    assert len(accepted) > 20
    for document, answer in zip(accepted, _theirs(accepted), strict=True):
        assert answer == {"canonical": _ours(document)}, document


@pytest.mark.parametrize("url", sorted(pinned.url for pinned in standard_library().pinned))
def test_random_documents_that_we_accept_mean_the_same_to_both(url: str) -> None:
    author = Author(standard_library(), list(dict.fromkeys([CREDENTIALS, url])))
    written = [author.document(seed) for seed in range(600)]
    accepted = [document for document in written if _ours(document) is not None]

    assert len(accepted) > 100
    for document, answer in zip(accepted, _theirs(accepted, url), strict=True):
        # Their limit on blank nodes that look alike is lower than ours.
        assert answer == {"canonical": _ours(document)} or "deep iterations" in answer.get("refused", ""), document


def test_the_second_opinion_can_differ() -> None:
    (answer,) = _theirs([credential(name="wool")])

    assert answer != {"canonical": _ours(credential(name="Wool"))}
    assert answer == {"canonical": _ours(credential(name="wool"))}
