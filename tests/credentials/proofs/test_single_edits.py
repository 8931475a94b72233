"""Single edits to official samples (docs/requirements.md S41): which ones a proof does not notice."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from credentials.encoding.document import walk
from credentials.errors import CredentialsError
from tests.credentials.proofs.test_data_integrity import DISCLOSING, JCS, RDFC, check, secure
from tests.shared import needs_shared, untp_samples


def _edits(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for pointer, value in walk({key: item for key, item in document.items() if key != "proof"}):
        if pointer.startswith("/@context"):
            continue
        if isinstance(value, dict):
            yield from ((kind, pointer) for kind in ("add member", "add null"))
        elif isinstance(value, list):
            yield from (
                (kind, pointer) for kind in ("reverse", "repeat", "drop element") if len(value) > 1 or kind == "repeat"
            )
        elif isinstance(value, str):
            yield from ((kind, pointer) for kind in ("append space", "append letter", "empty", "case"))
        elif not isinstance(value, bool):
            yield from ((kind, pointer) for kind in ("one more", "number as text"))


def _edited(document: dict[str, Any], kind: str, pointer: str) -> dict[str, Any]:
    changed: Any = copy.deepcopy(document)
    parent, key, value = None, None, changed
    for token in pointer.split("/")[1:]:
        parent, key = value, int(token) if isinstance(value, list) else token.replace("~1", "/").replace("~0", "~")
        value = value[key]
    edit: Any = {
        "add member": lambda: {**value, "zz": "x"},
        "add null": lambda: {**value, "name2": None},
        "reverse": lambda: value[::-1],
        "repeat": lambda: [*value, *value[:1]],
        "drop element": lambda: value[1:],
        "append space": lambda: value + " ",
        "append letter": lambda: value + "x",
        "empty": lambda: "",
        "case": lambda: value.swapcase(),
        "one more": lambda: value + 1,
        "number as text": lambda: str(value),
    }[kind]()
    if parent is None:
        return dict(edit)
    parent[key] = edit
    return dict(changed)


def _missed(case: str, sample: str, count: int) -> tuple[set[str], int]:
    document = secure(untp_samples()[sample], case)
    proof = document["proof"]
    edits = [edit for edit in _edits(document) if _edited(document, *edit) != document]
    chosen = random.Random(7).sample(edits, min(count, len(edits)))
    missed: set[str] = set()
    for kind, pointer in chosen:
        try:
            check(_edited(document, kind, pointer), proof)
        except CredentialsError:
            continue
        missed.add(kind)
    return missed, len(chosen)


@needs_shared
def test_no_single_edit_escapes_a_jcs_proof() -> None:
    missed, tried = _missed(JCS, "DigitalProductPassport_instance.json", 10_000)
    assert tried > 300
    assert missed == set()


@needs_shared
@pytest.mark.parametrize("sample", ["DigitalProductPassport_instance.json", "DigitalTraceabilityEvent_instance.json"])
def test_only_order_repeats_and_number_forms_escape_an_rdfc_proof(sample: str) -> None:
    missed, tried = _missed(RDFC, sample, 150)
    assert tried == 150
    assert missed <= {"reverse", "repeat", "number as text"}


@needs_shared
@pytest.mark.parametrize(("case", "edits"), [("ecdsa-rdfc-2019 P-384", 150), (DISCLOSING, 60)])
def test_the_ecdsa_suites_over_statements_notice_the_same(case: str, edits: int) -> None:
    missed, tried = _missed(case, "DigitalProductPassport_instance.json", edits)
    assert tried == edits
    assert missed <= {"reverse", "repeat", "number as text"}


@needs_shared
def test_no_single_edit_escapes_a_jcs_proof_by_ecdsa() -> None:
    missed, _ = _missed("ecdsa-jcs-2019 P-256", "DigitalProductPassport_instance.json", 300)
    assert missed == set()


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("sample", ["ConformityCredential_instance.json", "DigitalFacilityRecord_instance.json"])
def test_only_order_repeats_and_number_forms_escape_an_rdfc_proof_of_a_long_sample(sample: str) -> None:
    missed, _ = _missed(RDFC, sample, 10_000)
    assert missed <= {"reverse", "repeat", "number as text"}
