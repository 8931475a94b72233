"""Contexts are pinned, in order, at the top, and nowhere else."""

from __future__ import annotations

import pytest

from contexts.library import standard_library
from credentials.envelopes.pinning import check_contexts
from credentials.errors import ContextProblem, Unsupported
from tests.corpus.making import V2, credential

V1 = "https://www.w3.org/2018/credentials/v1"
UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"


@pytest.mark.parametrize("listed", [[V2], [V2, UNTP]])
def test_pinned_contexts_in_order_pass(listed: list[str]) -> None:
    check_contexts(credential(**{"@context": listed}), standard_library())


@pytest.mark.parametrize(
    ("listed", "pointer"),
    [
        (None, "/@context"),
        ([], "/@context"),
        ([UNTP, V2], "/@context"),
        ({"name": "x"}, "/@context"),
        ([V2, [UNTP]], "/@context/1"),
        ([V2, "https://trade.test/ext/v1", "https://trade.test/ext/v1"], "/@context/2"),
        ([V2, UNTP, V2], "/@context/2"),
        ([V2, None], "/@context/1"),
    ],
)
@pytest.mark.w3c("A2.9", "A1.1")
def test_anything_else_is_refused_with_its_place(listed: object, pointer: str) -> None:
    with pytest.raises(ContextProblem) as caught:
        check_contexts({**credential(), "@context": listed}, standard_library())

    assert (caught.value.problem.code, caught.value.problem.pointer) == ("CONTEXT_NOT_ALLOWED", pointer)


@pytest.mark.parametrize(
    "url",
    [
        {},
        {"@vocab": "urn:x:y#"},
        {"ex": "https://trade.test/ext#"},
        UNTP.upper(),
        UNTP + "#",
        UNTP.rstrip("/"),
        UNTP.replace("0.7.0", "0.6.1"),
        "https://trade.test/ext/v1",
    ],
)
@pytest.mark.w3c("A2.9")
def test_words_that_are_not_known_here_are_not_supported_rather_than_wrong(url: object) -> None:
    with pytest.raises(Unsupported) as caught:
        check_contexts(credential(**{"@context": [V2, url]}), standard_library())

    assert (caught.value.problem.code, caught.value.problem.pointer) == ("UNSUPPORTED_CONTEXT", "/@context/1")


@pytest.mark.parametrize("listed", [V1, [V1], [V1, UNTP], [V1, V2]])
def test_a_document_of_data_model_1_1_is_not_supported(listed: object) -> None:
    with pytest.raises(Unsupported) as caught:
        check_contexts({**credential(), "@context": listed}, standard_library())

    assert (caught.value.problem.code, caught.value.problem.unsupported) == ("UNSUPPORTED_FORM", True)


def test_a_context_deep_below_the_top_is_refused() -> None:
    with pytest.raises(ContextProblem) as caught:
        check_contexts(credential(credentialSubject={"a": [{"@context": V2}]}), standard_library())

    assert caught.value.problem.pointer == "/credentialSubject/a/0/@context"
