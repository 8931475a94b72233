"""The W3C's inputs for the data model: the name of each file says how it must be judged.

The suite itself puts in what varies at run time, and so do we: an issuer where none is given, moments for two
placeholders, and a proof on contained credentials that are not self-asserted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from credentials.model.credential import check_model
from credentials.model.presentation import check_presentation
from tests.credentials.model.worlds import example_contexts
from tests.shared import SHARED, needs_shared

FILES = sorted((SHARED / "vectors" / "vcdm2").glob("*.json")) if SHARED.is_dir() else []
ISSUER = "did:example:issuer"
MOMENTS = {"PAST DATE": "2020-01-01T00:00:00Z", "FUTURE DATE": "2040-01-01T00:00:00Z"}
PROOF = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}

pytestmark = needs_shared


def _must_conform(path: Path) -> bool:
    return path.stem.endswith("-ok")


def _as_run(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if path.stem.startswith("credential"):
        _with_issuer(document, path)
        for key in ("validFrom", "validUntil"):
            if document.get(key) in MOMENTS:
                document[key] = MOMENTS[document[key]]
    elif "self-asserted" not in path.stem:
        for contained in document.get("verifiableCredential", ()):
            contained.setdefault("proof", PROOF)
    return document


def _with_issuer(document: dict[str, Any], path: Path) -> None:
    if document.get("issuer") == {}:
        document["issuer"] = {"id": ISSUER}
    elif "no-issuer" not in path.stem:
        document.setdefault("issuer", ISSUER)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.w3c("A1.1", "A1.2", "A1.3", "A1.4", "A1.5", "A1.8", "A1.10", "A1.12")
def test_every_vector_is_judged_as_its_name_says(path: Path) -> None:
    document = _as_run(path)
    check = check_model if path.stem.startswith("credential") else check_presentation

    problems = check(document, contexts=example_contexts())

    assert (problems == ()) == _must_conform(path), problems
    assert all(problem.code and problem.detail and problem.fix for problem in problems)


@pytest.mark.parametrize("path", [path for path in FILES if not _must_conform(path)], ids=lambda path: path.stem)
def test_every_refusal_points_into_the_document(path: Path) -> None:
    document = _as_run(path)
    check = check_model if path.stem.startswith("credential") else check_presentation

    pointers = [problem.pointer for problem in check(document, contexts=example_contexts())]

    assert all(pointer.startswith("/") for pointer in pointers)
