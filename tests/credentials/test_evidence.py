"""Evidence: what was looked up, and what came of it."""

from __future__ import annotations

import hashlib
import pickle
from datetime import UTC, datetime

from credentials.evidence import Absent, AbsentReason, Evidence, Found, Need, NeedKind

DID = Need(NeedKind.DID_DOCUMENT, "did:web:farm.test")
LIST = Need(NeedKind.STATUS_LIST, "https://farm.test/status/1")
FOUND = Found(body=b"{}", media_type="application/json", source="x", at=datetime(2026, 1, 1, tzinfo=UTC))


def test_what_nobody_looked_for_is_missing_and_what_was_absent_is_not() -> None:
    evidence = Evidence({DID: Absent(reason=AbsentReason.OFFLINE)})

    assert evidence.missing([DID, LIST]) == {LIST}
    assert evidence.get(LIST) is None
    assert evidence.found(DID) is None
    assert isinstance(evidence.get(DID), Absent)


def test_adding_answers_leaves_the_old_evidence_as_it_was() -> None:
    before = Evidence()

    after = before.with_answers({DID: FOUND})

    assert list(before) == []
    assert after.found(DID) is FOUND
    assert after.with_answers({DID: Absent(reason=AbsentReason.OFFLINE)}).found(DID) is None


def test_a_finding_knows_the_digest_of_its_bytes() -> None:
    assert FOUND.digest == hashlib.sha256(b"{}").hexdigest()


def test_evidence_pickles_for_worker_processes() -> None:
    evidence = Evidence({DID: FOUND})

    assert pickle.loads(pickle.dumps(evidence)).answers == evidence.answers
