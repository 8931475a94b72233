"""A status list that was verified is not verified again, and is never believed for longer than it would be then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contexts.library import standard_library
from credentials.did.documents import multikey_method
from credentials.evidence import Evidence
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.proofs.integrity import add_proof
from credentials.proofs.options import ProofOptions
from credentials.proofs.registry import SUITES
from credentials.status.bitstring import empty_list
from credentials.status.lists import status_list_draft
from credentials.verdict import Outcome, Verdict
from credentials.verify import judge, to_json
from credentials.verify.kept_lists import KeptLists
from credentials.verify.recall import Recall
from tests.credentials.verify.world import (
    AT,
    FARM,
    KEY,
    LIST_URL,
    did_document,
    evidence,
    found,
    list_need,
    status_list,
    with_status,
)

OTHER = SigningKey(KeyKind.ED25519, b"\x09" * 32)


def said(verdict: Verdict) -> Outcome:
    return verdict.status[0].check.outcome


def test_many_credentials_of_one_list_cost_one_verification_of_it() -> None:
    kept, given = KeptLists(), evidence(status_list(revoked=(3,)))
    outcomes = [said(judge(with_status(number), None, given, at=AT, kept=kept)) for number in range(5)]
    assert outcomes == [Outcome.PASSED] * 3 + [Outcome.FAILED, Outcome.PASSED]
    assert kept.checked == 1


def test_verdicts_are_those_of_a_judge_that_keeps_nothing() -> None:
    kept, given = KeptLists(), evidence(status_list(revoked=(1,)))
    for number in (0, 1, 2, 1):
        raw = with_status(number)
        assert to_json(judge(raw, None, given, at=AT, kept=kept)) == to_json(judge(raw, None, given, at=AT))


def test_what_is_kept_serves_recalled_credentials_too() -> None:
    kept, raw = KeptLists(), with_status(2)
    for _ in range(3):
        recall = Recall(evidence(status_list()), at=AT, kept=kept)
        memory, secured = recall.begin(raw)
        assert said(recall.judge(memory, raw, secured).verdict) is Outcome.PASSED
    assert kept.checked == 1


def test_other_bytes_are_another_list() -> None:
    kept = KeptLists()
    assert said(judge(with_status(3), None, evidence(status_list()), at=AT, kept=kept)) is Outcome.PASSED
    later = evidence(status_list(revoked=(3,)))
    assert said(judge(with_status(3), None, later, at=AT, kept=kept)) is Outcome.FAILED
    assert kept.checked == 2


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
    kept, raw, signed_list = KeptLists(), with_status(3), status_list()
    assert said(judge(raw, None, evidence(signed_list), at=AT, kept=kept)) is Outcome.PASSED
    given = evidence(signed_list, document)
    assert said(judge(raw, None, given, at=AT, kept=kept)) is Outcome.UNDETERMINED
    assert to_json(judge(raw, None, given, at=AT, kept=kept)) == to_json(judge(raw, None, given, at=AT))


def test_a_list_that_is_over_answers_nothing_although_it_is_kept() -> None:
    kept, given = KeptLists(), evidence(status_list())
    assert said(judge(with_status(3), None, given, at=AT, kept=kept)) is Outcome.PASSED
    later = judge(with_status(3), None, given, at=AT + timedelta(days=2), kept=kept)
    assert (said(later), kept.checked) == (Outcome.UNDETERMINED, 1)


def test_a_list_whose_proof_has_expired_is_looked_at_again_and_refused() -> None:
    draft = status_list_draft(
        url=LIST_URL,
        issuer=FARM,
        purpose="revocation",
        bits=empty_list(),
        valid_from=AT - timedelta(hours=1),
        valid_for=timedelta(days=1),
        ttl=timedelta(minutes=5),
    )
    signed = add_proof(
        draft,
        ProofOptions(verification_method=multikey_method(FARM, "cred-1"), created=AT, expires=AT + timedelta(hours=1)),
        suite=SUITES["eddsa-jcs-2022"],
        signer=KEY,
        contexts=standard_library(),
    )
    kept, given = KeptLists(), evidence().with_answers({list_need(): found(signed, "application/vc")})
    assert said(judge(with_status(3), None, given, at=AT, kept=kept)) is Outcome.PASSED
    later = judge(with_status(3), None, given, at=AT + timedelta(hours=2), kept=kept)
    assert (said(later), kept.checked) == (Outcome.UNDETERMINED, 2)


def test_a_list_that_did_not_verify_is_not_kept() -> None:
    kept = KeptLists()
    broken = status_list()[:-8] + b"AAAAAAAA"
    for _ in range(2):
        assert said(judge(with_status(3), None, evidence(broken), at=AT, kept=kept)) is Outcome.UNDETERMINED
    assert (len(kept), kept.checked) == (0, 2)


def test_no_more_than_so_many_lists_are_kept_and_those_used_last_stay() -> None:
    kept, lists = KeptLists(most=2), [status_list(revoked=(number,)) for number in range(3)]
    for signed in (lists[0], lists[1], lists[0], lists[2], lists[0]):
        judge(with_status(9), None, evidence(signed), at=AT, kept=kept)
    assert (len(kept), kept.checked) == (2, 3)


def test_without_the_issuers_document_nothing_is_told_from_what_was_kept() -> None:
    kept, signed = KeptLists(), status_list()
    assert said(judge(with_status(3), None, evidence(signed), at=AT, kept=kept)) is Outcome.PASSED
    alone = Evidence({list_need(): found(signed, "application/vc+jwt")})
    assert said(judge(with_status(3), None, alone, at=AT, kept=kept)) is Outcome.UNDETERMINED
