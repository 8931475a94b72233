"""Every bad input of the corpus ends in the named problem, in the named check, and in nothing good."""

from __future__ import annotations

import pytest

from credentials.evidence import Evidence
from credentials.verdict import Outcome
from credentials.verify import all_checks, check, judge, needs, read, standing
from tests.corpus.case import JWT, VC, Case
from tests.corpus.cases import CASES
from tests.corpus.making import AT, embedded, enveloped, to_bytes, token


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.item} {case.name}")
def test_bad_input_is_refused_with_its_code(case: Case) -> None:
    raw = case.build()

    verdict = judge(read(raw, case.media_type), Evidence(), at=AT)

    told = next(check for check in all_checks(verdict) if check.name == case.check)
    assert told.problem is not None
    assert told.problem.code == case.code
    assert told.problem.detail
    assert standing(verdict) is not Outcome.PASSED
    assert needs(check(read(raw, case.media_type), Evidence()), Evidence()) == frozenset()


def test_every_case_has_its_own_name() -> None:
    names = [case.name for case in CASES]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("raw", "media_type"),
    [
        (token(), JWT),
        (token() + b"\n", None),
        (to_bytes(enveloped(token())), VC),
        (to_bytes(embedded()), VC),
        (to_bytes(embedded(("eddsa-rdfc-2022", "eddsa-jcs-2022"))), None),
    ],
    ids=["token", "token in a file", "enveloped", "jcs proof", "proof set"],
)
def test_what_the_cases_are_made_from_is_good(raw: bytes, media_type: str | None) -> None:
    verdict = judge(read(raw, media_type), Evidence(), at=AT)

    assert standing(verdict) is Outcome.PASSED, [check for check in all_checks(verdict) if check.problem]
