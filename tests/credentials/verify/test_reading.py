"""A reading that was made before says what a fresh one says, for look-ups or one signature instead of reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contexts.library import standard_library
from credentials.did.documents import multikey_method
from credentials.evidence import Evidence
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import thumbprint
from credentials.proofs.data_integrity import add_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import SUITES
from credentials.verdict import Outcome, Verdict
from credentials.verify import Reading, check, judge, needs, read
from credentials.verify.reading_json import from_text, to_text
from tests.corpus.case import Case
from tests.corpus.cases import CASES
from tests.corpus.making import credential, to_bytes
from tests.credentials.verify.test_suites import KEYS, _issued
from tests.credentials.verify.world import (
    AT,
    FARM,
    KEY,
    MILL,
    MILL_KEY,
    OFFLINE,
    did_document,
    did_need,
    evidence,
    found,
    list_need,
    proofed,
    signed,
    status_list,
    with_status,
)
from tests.doors import watch

LATER = AT + timedelta(days=400)
OTHER_KEY = SigningKey(KeyKind.ED25519, b"\x09" * 32)


def checked(raw: bytes, given: Evidence) -> Reading:
    """A reading of bytes that were never seen before, its signatures checked."""
    return check(read(raw, None), given)


def rewritten(reading: Reading, raw: bytes) -> Reading:
    """The same, over the written form of what was kept."""
    kept = from_text(to_text(reading))
    told = tuple(mark if mark and mark.check.outcome is not Outcome.UNDETERMINED else None for mark in reading.marks)
    assert kept == replace(reading.light(), marks=told), "what took too much work is tried again"
    return replace(kept, raw=raw)


def told(raw: bytes, given: Evidence, *, at: Any = AT) -> Verdict:
    """What a judge says who has seen nothing before, without the document."""
    return replace(judge(read(raw, None), given, at=at), document=None)


def forms() -> dict[str, bytes]:
    status = {
        "id": "https://farm.test/status/1#5",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": 5,
        "statusListCredential": "https://farm.test/status/1",
    }
    set_of_two = proofed(suites=("eddsa-jcs-2022", "eddsa-rdfc-2022"), credentialStatus=status)
    return {
        "token": signed(validUntil="2027-01-01T00:00:00Z"),
        "token with status": with_status(5),
        "token with a strange status": with_status("x"),
        "proof set": to_bytes(set_of_two),
        "a changed proof set": to_bytes({**set_of_two, "name": "other"}),
        "cut off": signed()[:-8],
        "no proof": to_bytes(credential(issuer=FARM)),
        "no JSON": b"{",
        "nothing": b"",
        "of another": to_bytes({**proofed(), "issuer": MILL}),
        "of a later model": to_bytes({**proofed(), "validFrom": "yesterday"}),
        "for another purpose": to_bytes(
            {**proofed(), "proof": {**proofed()["proof"], "proofPurpose": "authentication"}}
        ),
    }


EVIDENCES = {
    "all": lambda: evidence(status_list()),
    "revoked": lambda: evidence(status_list(revoked=(5,))),
    "no list": lambda: evidence(),
    "list offline": lambda: evidence(OFFLINE),
    "another key": lambda: evidence(status_list(), did_document(key=OTHER_KEY)),
    "key revoked": lambda: evidence(status_list(), did_document(revoked=AT - timedelta(days=1))),
    "key expired": lambda: evidence(status_list(), did_document(expires=AT - timedelta(days=9))),
    "nothing": lambda: Evidence({}),
    "issuer offline": lambda: Evidence({did_need(): OFFLINE}),
}


@pytest.mark.parametrize("form", sorted(forms()))
@pytest.mark.parametrize("before", ["all", "another key", "nothing"])
def test_whatever_was_known_before_the_answer_is_that_of_a_fresh_reading(form: str, before: str) -> None:
    raw = forms()[form]
    reading = checked(raw, EVIDENCES[before]())
    kept = rewritten(reading, raw)
    for make in EVIDENCES.values():
        for at in (AT, LATER):
            assert judge(kept, make(), at=at) == told(raw, make(), at=at)
            assert replace(judge(reading, make(), at=at), document=None) == told(raw, make(), at=at)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_corpus_of_attacks_is_judged_alike(case: Case) -> None:
    raw = case.build()
    assert judge(rewritten(checked(raw, evidence()), raw), evidence(), at=AT) == told(raw, evidence())


@pytest.mark.parametrize(
    ("suite", "kind"),
    [
        *((name, kind) for name, suite in SUITES.items() for kind in sorted(suite.key_kinds)),
        ("ecdsa-sd-2023", KeyKind.P256),
    ],
)
def test_with_the_same_key_no_signature_is_checked_and_with_another_one(
    suite: str, kind: KeyKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = to_bytes(_issued(suite, kind))
    same = Evidence({did_need(): found(did_document(key=KEYS[kind]))})
    other = Evidence({did_need(): found(did_document(key=SigningKey.generate(kind)))})
    disclosing = suite == "ecdsa-sd-2023"
    doors = watch(monkeypatch)
    reading = checked(raw, same)
    assert judge(reading, same, at=AT).outcome is Outcome.PASSED
    first = doors.checks
    kept = rewritten(reading, raw)
    assert judge(kept, same, at=AT).outcome is Outcome.PASSED
    assert (first >= 1, first == 1 or disclosing, doors.checks) == (True, True, first)
    changed = check(kept, other)
    assert judge(changed, other, at=AT).outcome is Outcome.FAILED
    assert doors.checks == first + 1
    assert judge(changed, same, at=AT).outcome is Outcome.PASSED


def test_a_changed_status_costs_a_look_up_and_no_signature_of_the_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = with_status(5)
    kept = rewritten(checked(raw, evidence()), raw)
    doors = watch(monkeypatch)
    later = judge(kept, evidence(status_list(revoked=(5,))), at=AT)
    assert doors.checks == 1, "that of the list"
    assert [item.check.problem.code for item in later.status if item.check.problem] == ["REVOKED"]


def test_what_is_kept_is_the_hash_data_with_the_thumbprint_of_the_key() -> None:
    mark = checked(to_bytes(proofed()), evidence()).marks[0]
    assert mark is not None
    assert mark.data is not None
    assert len(mark.data) == 64
    assert mark.key == thumbprint(KEY.public_key)
    KEY.public_key.verify(KEY.sign(mark.data), mark.data)


def test_a_status_list_is_wanted_only_once_the_signature_holds() -> None:
    good, bad = with_status(5), with_status(5)[:-8] + b"AAAAAAAA"
    for raw, wanted in ((good, {list_need()}), (bad, set())):
        assert needs(read(raw, None), evidence()) == set()
        assert needs(checked(raw, evidence()), evidence()) == wanted


def test_a_signature_that_held_under_another_key_earns_no_look_at_what_is_named() -> None:
    reading = checked(with_status(5), evidence())
    assert needs(reading, evidence(document=did_document(key=OTHER_KEY))) == set()


def test_the_document_of_an_issuer_is_wanted_first() -> None:
    assert needs(read(signed(), None), Evidence({})) == {did_need()}


def test_what_another_signed_before_is_wanted_only_for_a_chain_whose_own_signature_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endorsed = add_proof(
        credential(issuer=FARM),
        ProofOptions(
            verification_method=multikey_method(MILL, "cred-1"),
            created=AT,
            id="urn:uuid:0a1b2c3d-0000-4000-8000-000000000001",
        ),
        suite=SUITES["eddsa-jcs-2022"],
        signer=MILL_KEY,
        contexts=standard_library(),
    )
    raw = to_bytes(
        add_proof(
            endorsed,
            ProofOptions(
                verification_method=multikey_method(FARM, "cred-1"),
                created=AT,
                previous_proof=["urn:uuid:0a1b2c3d-0000-4000-8000-000000000001"],
            ),
            suite=SUITES["eddsa-jcs-2022"],
            signer=KEY,
            contexts=standard_library(),
        )
    )
    both = evidence().with_answers({did_need(MILL): found(did_document(MILL, MILL_KEY))})
    assert needs(checked(raw, evidence()), evidence()) == {did_need(MILL)}
    reading = checked(raw, both)
    doors = watch(monkeypatch)
    assert judge(rewritten(reading, raw), both, at=AT).outcome is Outcome.PASSED
    assert doors.checks == 0


@pytest.mark.parametrize(("hours", "outcome"), [(-1, Outcome.PASSED), (1, Outcome.FAILED)])
def test_a_proof_that_is_over_no_longer_counts_though_its_signature_was_checked(hours: int, outcome: Outcome) -> None:
    end = AT + timedelta(hours=2)
    options = ProofOptions(verification_method=multikey_method(FARM, "cred-1"), created=AT, expires=end)
    ways = {"suite": SUITES["eddsa-jcs-2022"], "signer": KEY, "contexts": standard_library()}
    reading = checked(to_bytes(add_proof(credential(issuer=FARM), options, **ways)), evidence())
    verdict = judge(reading, evidence(), at=end + timedelta(hours=hours))
    assert (verdict.check("proof").outcome, verdict.validity.outcome) == (outcome, outcome)


def test_what_another_edition_wrote_is_no_reading() -> None:
    text = to_text(checked(signed(), evidence()))
    assert isinstance(from_text(text), Reading)
    assert from_text(text.replace('"edition":3', '"edition":2')) is None


def test_a_token_is_opened_once_however_often_it_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    raw, given = with_status(5), evidence(status_list())
    doors = watch(monkeypatch)
    reading = check(read(raw, None), given)
    for at in (AT, LATER, AT):
        judge(reading, given, at=at, lists={})
    assert (doors.checks, doors.twice()) == (1, {})


def test_a_thumbprint_is_that_of_rfc_7638() -> None:
    from credentials.keys.codecs import from_jwk

    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert thumbprint(from_jwk(jwk)) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"  # RFC 8037 appendix A.3
