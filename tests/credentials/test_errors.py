"""Every error says what, where, why and how to mend it."""

from __future__ import annotations

import pickle

import pytest

from credentials.errors import (
    PROBLEM_TYPES,
    ContextProblem,
    CredentialsError,
    IdentifierProblem,
    KeyProblem,
    LimitReached,
    MalformedInput,
    NotAccepted,
    Problem,
    ProofProblem,
    StatusProblem,
    Unsupported,
)

FAMILY = (
    ContextProblem,
    IdentifierProblem,
    KeyProblem,
    LimitReached,
    MalformedInput,
    NotAccepted,
    ProofProblem,
    StatusProblem,
    Unsupported,
)


@pytest.mark.parametrize("kind", FAMILY)
def test_an_error_carries_its_problem_with_its_own_code(kind: type[CredentialsError]) -> None:
    error = kind("why", pointer="/a", fix="how")

    assert error.problem == Problem(code=kind.default_code, detail="why", pointer="/a", fix="how")
    assert str(error) == "why"


@pytest.mark.w3c("A1.14", "A2.11")
def test_a_code_of_the_w3c_has_the_w3cs_address_and_others_have_ours() -> None:
    for code, url in PROBLEM_TYPES.items():
        assert Problem(code=code, detail="x").type == url
        assert url.endswith(code)
    assert Problem(code="REVOKED", detail="x").type.endswith("#REVOKED")


def test_problems_pickle_and_hash() -> None:
    problem = Problem(code="X", detail="x")

    assert pickle.loads(pickle.dumps(problem)) == problem
    assert len({problem, Problem(code="X", detail="x")}) == 1
