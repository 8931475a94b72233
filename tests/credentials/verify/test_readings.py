"""A reading that is kept is not made again, and is never believed for longer than it would be then."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

import pytest

from contexts.library import standard_library
from credentials.did.documents import multikey_method
from credentials.evidence import Evidence
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.proofs.data_integrity import add_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import SUITES
from credentials.status.status_lists import status_entry, status_list_draft
from credentials.verdict import Outcome, Verdict
from credentials.verify import Readings, check, judge, read, to_json
from credentials.verify.roles import STATUS_LIST
from credentials.verify.status import read_lists
from tests.credentials.status.bits import empty_list
from tests.credentials.verify.world import (
    AT,
    FARM,
    KEY,
    LIST_URL,
    did_document,
    evidence,
    found,
    list_need,
    signed,
    status_list,
    with_status,
)
from tests.doors import Doors, watch

OTHER = SigningKey(KeyKind.ED25519, b"\x09" * 32)


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> Doors:
    return watch(monkeypatch)


def judged(raw: bytes, given: Evidence, kept: Readings, *, at: datetime = AT) -> Verdict:
    """The verdict on ``raw``, whose lists ``kept`` may hold."""
    reading = check(read(raw, None), given)
    return judge(reading, given, at=at, lists=read_lists(reading, given, readings=kept))


def said(verdict: Verdict) -> Outcome:
    return verdict.status[0].check.outcome


def test_many_credentials_of_one_list_cost_one_check_of_it(doors: Doors) -> None:
    kept, given = Readings(), evidence(status_list(revoked=(3,)))
    outcomes = [said(judged(with_status(number), given, kept)) for number in range(5)]
    assert outcomes == [Outcome.PASSED] * 3 + [Outcome.FAILED, Outcome.PASSED]
    assert (len(kept), doors.checks, doors.twice()) == (1, 6, {})


def test_verdicts_are_those_of_a_judge_that_keeps_nothing() -> None:
    kept, given = Readings(), evidence(status_list(revoked=(1,)))
    for number in (0, 1, 2, 1):
        raw = with_status(number)
        assert to_json(judged(raw, given, kept)) == to_json(judge(read(raw, None), given, at=AT))


def test_other_bytes_are_another_list() -> None:
    kept = Readings()
    assert said(judged(with_status(3), evidence(status_list()), kept)) is Outcome.PASSED
    assert said(judged(with_status(3), evidence(status_list(revoked=(3,))), kept)) is Outcome.FAILED
    assert len(kept) == 2


@pytest.mark.parametrize(
    "document",
    [
        did_document(revoked=AT - timedelta(hours=2)),
        did_document(key=OTHER),
        did_document(expires=AT - timedelta(days=1)),
    ],
    ids=["revoked", "replaced under its name", "expired"],
)
def test_a_list_is_not_believed_once_its_key_is_not(document: object) -> None:
    kept, raw, signed_list = Readings(), with_status(3), status_list()
    assert said(judged(raw, evidence(signed_list), kept)) is Outcome.PASSED
    given = evidence(signed_list, document)
    assert said(judged(raw, given, kept)) is Outcome.UNDETERMINED
    assert to_json(judged(raw, given, kept)) == to_json(judge(read(raw, None), given, at=AT))


def test_a_list_that_is_over_answers_nothing_although_it_is_kept() -> None:
    kept, given = Readings(), evidence(status_list())
    assert said(judged(with_status(3), given, kept)) is Outcome.PASSED
    assert said(judged(with_status(3), given, kept, at=AT + timedelta(days=2))) is Outcome.UNDETERMINED
    assert len(kept) == 1


def test_a_list_whose_proof_has_expired_answers_nothing_although_it_is_kept() -> None:
    draft = status_list_draft(
        url=LIST_URL,
        issuer=FARM,
        purpose="revocation",
        bits=empty_list(),
        valid_from=AT - timedelta(hours=1),
        valid_for=timedelta(days=1),
        ttl=timedelta(minutes=5),
    )
    proofed = add_proof(
        draft,
        ProofOptions(verification_method=multikey_method(FARM, "cred-1"), created=AT, expires=AT + timedelta(hours=1)),
        suite=SUITES["eddsa-jcs-2022"],
        signer=KEY,
        contexts=standard_library(),
    )
    kept, given = Readings(), evidence().with_answers({list_need(): found(proofed, "application/vc")})
    assert said(judged(with_status(3), given, kept)) is Outcome.PASSED
    assert said(judged(with_status(3), given, kept, at=AT + timedelta(hours=2))) is Outcome.UNDETERMINED


def test_a_list_that_does_not_hold_is_read_once_too_and_told_each_time(doors: Doors) -> None:
    kept, broken = Readings(), status_list()[:-8] + b"AAAAAAAA"
    for _ in range(2):
        assert said(judged(with_status(3), evidence(broken), kept)) is Outcome.UNDETERMINED
    assert (len(kept), sorted(doors.checked.values())) == (1, [1, 2]), "the credential twice, its list once"


def test_what_does_not_hold_displaces_nothing_that_does() -> None:
    kept, good = Readings(most=4), [check(read(with_status(number), None), evidence()) for number in range(3)]
    for reading in good:
        kept.keep(reading)
    for number in range(9):
        kept.keep(read(f"no credential {number}".encode(), None))
    assert [kept.find(reading.raw, None) for reading in good] == good
    assert len(kept) == 4


def test_no_more_than_so_many_are_kept_and_those_used_last_stay() -> None:
    kept, lists = Readings(most=2), [status_list(revoked=(number,)) for number in range(3)]
    for used in (lists[0], lists[1], lists[0], lists[2], lists[0]):
        judged(with_status(9), evidence(used), kept)
    found_again = [kept.find(used, "application/vc+jwt", role=STATUS_LIST) is not None for used in lists]
    assert found_again == [True, False, True]


def test_no_more_than_so_many_bytes_are_kept() -> None:
    readings = [check(read(raw, None), evidence()) for raw in (with_status(1), with_status(2))]
    kept = Readings(size=len(readings[0].raw) + len(readings[1].raw) - 1)
    for reading in (*readings, readings[1]):
        kept.keep(reading)
    assert (len(kept), kept.find(readings[1].raw, None)) == (1, readings[1])


def test_the_newest_marks_are_kept() -> None:
    kept, raw = Readings(), with_status(1)
    for given in (evidence(), evidence(document=did_document(key=OTHER))):
        reading = check(kept.find(raw, None) or read(raw, None), given)
        kept.keep(reading)
        assert (kept.find(raw, None), len(kept)) == (reading, 1)


def test_without_the_issuers_document_nothing_is_told_from_what_was_kept() -> None:
    kept, listed = Readings(), status_list()
    assert said(judged(with_status(3), evidence(listed), kept)) is Outcome.PASSED
    alone = Evidence({list_need(): found(listed, "application/vc+jwt")})
    assert said(judged(with_status(3), alone, kept)) is Outcome.UNDETERMINED


OTHERS = {
    "another key": (evidence(document=did_document(key=OTHER)), AT, Outcome.FAILED),
    "a revoked key": (evidence(document=did_document(revoked=AT - timedelta(days=9))), AT, Outcome.UNDETERMINED),
    "no key": (Evidence(), AT, Outcome.UNDETERMINED),
}


@pytest.mark.parametrize(("given", "at", "outcome"), OTHERS.values(), ids=OTHERS.keys())
def test_a_kept_credential_answers_for_no_other_key_and_no_other_evidence(
    given: Evidence, at: datetime, outcome: Outcome
) -> None:
    kept, raw = Readings(), with_status(3)
    kept.keep(check(read(raw, None), evidence()))
    reading = kept.find(raw, None)
    assert reading is not None
    assert judge(reading, evidence(), at=at).outcome is Outcome.PASSED
    assert judge(reading, given, at=at).outcome is outcome


def test_a_kept_credential_answers_for_no_later_time_and_no_other_status() -> None:
    raw = signed(
        validUntil="2026-04-01T00:00:00Z",
        credentialStatus=status_entry(list_url=LIST_URL, index=3, purpose="revocation"),
    )
    reading = check(read(raw, None), evidence())
    now = judge(reading, evidence(status_list()), at=AT)
    later = judge(reading, evidence(status_list()), at=AT + timedelta(days=60))
    assert (now.validity.outcome, later.validity.outcome) == (Outcome.PASSED, Outcome.FAILED)
    assert said(judge(reading, evidence(status_list(revoked=(3,))), at=AT)) is Outcome.FAILED
    assert said(judge(reading, evidence(), at=AT)) is Outcome.UNDETERMINED


def test_a_list_is_not_believed_for_longer_than_its_token_says() -> None:
    over = status_list(exp=int((AT - timedelta(minutes=2)).timestamp()))
    assert said(judge(read(with_status(3), None), evidence(over), at=AT)) is Outcome.UNDETERMINED
    assert said(judge(read(with_status(3), None), evidence(over), at=AT - timedelta(minutes=2))) is Outcome.PASSED


def test_a_list_that_this_credential_was_not_given_is_not_read_from_what_others_were() -> None:
    given, raw = evidence(status_list(revoked=(3,))), with_status(3)
    lists = read_lists(read(raw, None), given)
    assert said(judge(read(raw, None), given, at=AT, lists=lists)) is Outcome.FAILED
    assert said(judge(read(raw, None), evidence(), at=AT, lists=lists)) is Outcome.UNDETERMINED


def test_without_its_bytes_a_reading_cannot_be_told_under_a_key_that_it_does_not_know() -> None:
    light = check(read(with_status(3), None), evidence()).light()
    assert judge(light, evidence(), at=AT).outcome is Outcome.PASSED
    assert judge(light, evidence(document=did_document(key=OTHER)), at=AT).outcome is Outcome.UNDETERMINED


def test_a_list_is_unpacked_when_it_is_read_and_not_for_each_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    unpack, count = zlib.decompressobj, list[int]()

    def counted(wbits: int) -> object:
        count.append(wbits)
        return unpack(wbits=wbits)

    monkeypatch.setattr(zlib, "decompressobj", counted)
    kept, given = Readings(), evidence(status_list())
    for number in range(5):
        assert said(judged(with_status(number), given, kept)) is Outcome.PASSED
    assert len(count) == 1
