"""While others wait, a document costs a few milliseconds or is left for elsewhere; what keeps coming gets quick."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from contexts.library import Processing, UnsafeTestContexts
from credentials.rdf.jsonld import to_nquads
from credentials.rdf.processor import QUICK_CONTEXTS
from credentials.rdf.refusal import TakesLonger

VCDM, UNTP = "https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/"
QUICK = Processing(quick_only=True)
TYPES = ("Product", "Facility", "Party", "Claim", "Standard", "Regulation", "Criterion")


def document(*subjects: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": [VCDM, UNTP],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:mill.example",
        "credentialSubject": list(subjects),
    }


def fresh(name: str) -> UnsafeTestContexts:
    """Contexts that no other test has worked with: their tables are all to be made."""
    return UnsafeTestContexts({f"https://{name}.example/context": {"@context": {}}})


def test_a_document_that_mixes_types_as_nobody_does_is_left() -> None:
    contexts = fresh("mixing")
    mixed = document(*({"type": list(types), "name": str(n)} for n, types in enumerate(permutations(TYPES, 3))))
    with pytest.raises(TakesLonger):
        to_nquads(mixed, contexts=contexts.processed(QUICK))
    assert to_nquads(mixed, contexts=contexts).count("\n") > QUICK_CONTEXTS  # the control: elsewhere it is done


def is_quick(document: dict[str, Any], contexts: UnsafeTestContexts) -> bool:
    try:
        to_nquads(document, contexts=contexts.processed(QUICK))
    except TakesLonger:
        return False
    return True


def test_a_kind_of_document_that_keeps_coming_is_quick_after_some() -> None:
    contexts = fresh("keeps-coming")
    usual = document({"type": ["Product"], "name": "Yarn"}, {"type": ["Facility"], "name": "Mill"})
    quick = [is_quick(usual, contexts) for _ in range(20)]
    assert (quick[0], quick[-1]) == (False, True)


def test_what_is_for_pyld_is_left() -> None:
    contexts = fresh("for-pyld")
    own = {**document(), "@context": [VCDM, {"amount": "https://mill.example/amount"}], "amount": "7"}
    with pytest.raises(TakesLonger):
        to_nquads(own, contexts=contexts.processed(QUICK))
    assert "https://mill.example/amount" in to_nquads(own, contexts=contexts)


def test_haste_is_of_one_library_value_and_leaves_no_trace_on_the_next_document() -> None:
    contexts = fresh("however")
    mixed = document(*({"type": list(types), "name": str(n)} for n, types in enumerate(permutations(TYPES, 3))))
    with pytest.raises(TakesLonger):
        to_nquads(mixed, contexts=contexts.processed(QUICK))
    assert to_nquads(mixed, contexts=contexts)
    assert contexts.processed(QUICK) == contexts
    assert contexts.processed(QUICK).processing != contexts.processing


def test_the_engine_that_needs_its_time_is_never_quick() -> None:
    with pytest.raises(TakesLonger):
        to_nquads(document(), contexts=fresh("slow").processed(Processing(engine="pyld", quick_only=True)))
