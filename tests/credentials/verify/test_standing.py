"""Validity and status stand beside integrity, and what cannot be told is never good."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from credentials.did.documents import jwk_method
from credentials.evidence import Need, NeedKind
from credentials.issue import secure_as_jwt
from credentials.status.entries import ENTRY_TYPE
from credentials.verdict import Outcome, StatusResult
from credentials.verify import judge, read, standing
from tests.corpus.making import credential
from tests.credentials.status.bits import empty_list
from tests.credentials.verify.world import (
    AT,
    LIST_URL,
    MILL,
    MILL_KEY,
    OFFLINE,
    did_document,
    did_need,
    evidence,
    found,
    judged,
    signed,
    status_list,
    with_status,
)

STAMP = "2026-03-01T12:00:00Z"


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [(-61, Outcome.FAILED), (-60, Outcome.PASSED), (0, Outcome.PASSED), (60, Outcome.PASSED), (61, Outcome.FAILED)],
)
@pytest.mark.w3c("A1.9")
def test_both_ends_of_the_period_count_give_or_take_a_minute(seconds: int, outcome: Outcome) -> None:
    raw = signed(validFrom=STAMP, validUntil=STAMP)

    verdict = judged(raw, at=AT + timedelta(seconds=seconds))

    assert verdict.validity.outcome is outcome
    assert verdict.outcome is Outcome.PASSED, "validity is not integrity"


def test_an_end_before_the_beginning_is_never_valid() -> None:
    verdict = judged(signed(validFrom=STAMP, validUntil="2026-03-01T11:59:59Z"))

    assert verdict.validity.problem is not None
    assert verdict.validity.problem.code == "RANGE_ERROR"


def _only_status(raw: bytes, status: object = None, **kwargs: object) -> StatusResult:
    verdict = judged(raw, evidence(status, **kwargs))  # type: ignore[arg-type]
    assert verdict.outcome is Outcome.PASSED, "status is not integrity"
    (result,) = verdict.status
    return result


def test_an_unset_bit_is_good_standing_and_tells_as_of_when() -> None:
    result = _only_status(with_status(5), status_list(revoked=(4, 6)))

    assert (result.check.outcome, result.value) == (Outcome.PASSED, 0)
    assert result.as_of == AT - timedelta(hours=1)


@pytest.mark.parametrize("index", [5, "5"])
def test_a_set_bit_is_revoked_whether_the_index_is_a_number_or_digits(index: object) -> None:
    result = _only_status(with_status(index), status_list(revoked=(5,)))

    assert result.check.outcome is Outcome.FAILED
    assert result.check.problem is not None
    assert (result.check.problem.code, result.value) == ("REVOKED", 1)


def test_a_set_suspension_bit_is_suspended() -> None:
    raw = with_status(5, statusPurpose="suspension")

    result = _only_status(raw, status_list(revoked=(5,), purpose="suspension"))

    assert result.check.problem is not None
    assert result.check.problem.code == "SUSPENDED"


def test_a_set_refresh_bit_withdraws_nothing() -> None:
    raw = with_status(5, statusPurpose="refresh")

    result = _only_status(raw, status_list(revoked=(5,), purpose="refresh"))

    assert (result.check.outcome, result.value) == (Outcome.PASSED, 1)


def _stranger_signed() -> bytes:
    draft = {**credential(issuer=MILL, id=LIST_URL), "type": ["VerifiableCredential", "BitstringStatusListCredential"]}
    return secure_as_jwt(draft, signer=MILL_KEY, verification_method=jwk_method(MILL, "cred-1"))


def _subject(**changes: object) -> dict[str, object]:
    from credentials.status.bitstring import encode_list

    return {
        "credentialSubject": {
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode_list(empty_list()),
            **changes,
        }
    }


@pytest.mark.parametrize(
    ("index", "status", "code"),
    [
        (5, OFFLINE, "STATUS_RETRIEVAL_ERROR"),
        (5, None, "STATUS_RETRIEVAL_ERROR"),
        (131_072, status_list(), "RANGE_ERROR"),
        (10**9, status_list(), "RANGE_ERROR"),
        (5, status_list(purpose="suspension"), "STATUS_VERIFICATION_ERROR"),
        (5, status_list(validUntil="2026-03-01T11:00:00Z"), "STATUS_VERIFICATION_ERROR"),
        (5, status_list(validFrom="2026-03-02T11:00:00Z"), "STATUS_VERIFICATION_ERROR"),
        (5, status_list(id="https://farm.test/status/2"), "STATUS_VERIFICATION_ERROR"),
        (5, status_list(type=["VerifiableCredential"]), "STATUS_VERIFICATION_ERROR"),
        (5, status_list(**_subject(encodedList="H4sI")), "MALFORMED_VALUE_ERROR"),
        (5, status_list(**_subject(type="Other")), "STATUS_VERIFICATION_ERROR"),
        (5, status_list()[:-8] + b"AAAAAAAA", "STATUS_VERIFICATION_ERROR"),
        (5, b"<html>", "STATUS_VERIFICATION_ERROR"),
    ],
)
@pytest.mark.w3c("A5.5")
def test_what_a_list_cannot_answer_is_undetermined(index: int, status: object, code: str) -> None:
    result = _only_status(with_status(index), status)

    assert result.check.outcome is Outcome.UNDETERMINED
    assert result.check.problem is not None
    assert result.check.problem.code == code
    assert result.value is None


@pytest.mark.w3c("A5.6")
def test_a_list_of_another_issuer_does_not_count_even_when_it_verifies() -> None:
    given = evidence(_stranger_signed()).with_answers({did_need(MILL): found(did_document(MILL, MILL_KEY))})

    (result,) = judged(with_status(), given).status

    assert result.check.outcome is Outcome.UNDETERMINED
    assert result.check.problem is not None
    assert result.check.problem.code == "STATUS_VERIFICATION_ERROR"


def test_the_status_of_a_status_list_is_never_followed() -> None:
    looping = status_list(credentialStatus={"type": ENTRY_TYPE, "statusListCredential": LIST_URL})

    assert _only_status(with_status(), looping).check.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "index", [-1, 1.5, True, "+5", " 5", "5_0", "５", "0x5", "", "05", "9" * 11, None, [5], {"x": 1}]
)
@pytest.mark.w3c("A5.1", "A5.5")
def test_an_index_that_is_no_plain_number_is_malformed(index: object) -> None:
    verdict = judged(with_status(index), evidence(status_list()))

    assert verdict.status[0].check.problem is not None
    assert verdict.status[0].check.problem.code == "MALFORMED_VALUE_ERROR"
    assert standing(verdict) is Outcome.FAILED


def test_an_unknown_status_type_is_undetermined() -> None:
    result = _only_status(with_status(type="https://example.org/types#TokenStatus"))

    assert result.check.outcome is Outcome.UNDETERMINED


def test_each_of_several_entries_is_told_and_the_worst_counts() -> None:
    entries = [
        {"type": ENTRY_TYPE, "statusPurpose": "revocation", "statusListIndex": i, "statusListCredential": LIST_URL}
        for i in (1, 2, 3)
    ]

    verdict = judged(signed(credentialStatus=entries), evidence(status_list(revoked=(2,))))

    assert [result.value for result in verdict.status] == [0, 1, 0]
    assert standing(verdict) is Outcome.FAILED


def test_seventeen_entries_are_refused() -> None:
    verdict = judged(signed(credentialStatus=[{}] * 17))

    assert [result.check.outcome for result in verdict.status] == [Outcome.FAILED]


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("beside", ["an older one", "a stranger's", "a broken one"])
def test_of_several_lists_the_newest_of_the_issuer_counts(beside: str, *, newest_first: bool) -> None:
    current = status_list(revoked=(5,), validFrom="2026-02-01T00:00:00Z")
    later = "2026-02-20T00:00:00Z"
    other = {
        "an older one": status_list(validFrom="2026-01-01T00:00:00Z"),
        "a stranger's": status_list(issuer=MILL, validFrom=later),
        "a broken one": status_list(validFrom=later)[:-8] + b"AAAAAAAA",
    }[beside]
    first, second = (current, other) if newest_first else (other, current)
    given = evidence(first)
    need = Need(NeedKind.STATUS_LIST, LIST_URL)
    both = replace(found(first, "application/vc+jwt"), also=(found(second, "application/vc+jwt"),))

    (result,) = judged(with_status(5), given.with_answers({need: both})).status

    assert (result.value, result.check.outcome) == (1, Outcome.FAILED)


_LATER = {"validFrom": "2026-03-05T00:00:00Z", "validUntil": "2026-03-06T00:00:00Z"}
_KNOWN = AT + timedelta(days=30)


@pytest.mark.parametrize(
    ("purpose", "set_bits", "known", "expected"),
    [
        pytest.param("revocation", (5,), _KNOWN, 1, id="a set bit counts"),
        pytest.param("revocation", (), _KNOWN, 0, id="a clear one clears revocation"),
        pytest.param("suspension", (5,), _KNOWN, 1, id="a set one counts of suspension too"),
        pytest.param("suspension", (), _KNOWN, None, id="a clear one says nothing of suspension then"),
        pytest.param("revocation", (), AT + timedelta(days=1), None, id="none that was not gathered by then"),
        pytest.param("revocation", (), None, None, id="none after the moment itself"),
    ],
)
def test_a_list_made_after_the_moment_answers_up_to_what_was_known(
    purpose: str, set_bits: tuple[int, ...], known: datetime | None, expected: int | None
) -> None:
    raw = with_status(5, statusPurpose=purpose)
    given = evidence(status_list(revoked=set_bits, purpose=purpose, **_LATER))

    (status,) = judge(read(raw, None), given, at=AT, known=known).status

    assert status.value == expected
