"""Recalling says what judging says, for look-ups or one signature instead of reading."""

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
from credentials.proofs.integrity import add_proof
from credentials.proofs.options import ProofOptions
from credentials.proofs.registry import SUITES
from credentials.verdict import Outcome
from credentials.verify import judge
from credentials.verify.memory import Memory
from credentials.verify.memory_json import from_text, to_text
from credentials.verify.recall import Recall, Recalled
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

LATER = AT + timedelta(days=400)
OTHER_KEY = SigningKey(KeyKind.ED25519, b"\x09" * 32)


def first(raw: bytes, given: Evidence) -> Recalled:
    """A verdict on bytes that were never seen before."""
    recall = Recall(given, at=AT)
    memory, secured = recall.begin(raw)
    return recall.judge(memory, raw, secured)


def again(known: Recalled, raw: bytes, given: Evidence, *, at: Any = AT) -> Recalled:
    """A later verdict on the same bytes, over the written form of what was kept."""
    memory = from_text(to_text(known.memory))
    assert memory == known.memory
    return Recall(given, at=at).judge(memory, raw)


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
def test_whatever_was_known_before_the_answer_is_that_of_judging(form: str, before: str) -> None:
    raw = forms()[form]
    known = first(raw, EVIDENCES[before]())
    assert known.verdict == replace(judge(raw, None, EVIDENCES[before](), at=AT), document=None)
    for make in EVIDENCES.values():
        for at in (AT, LATER):
            expected = replace(judge(raw, None, make(), at=at), document=None)
            assert again(known, raw, make(), at=at).verdict == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_corpus_of_attacks_is_judged_alike(case: Case) -> None:
    raw = case.build()
    known = first(raw, evidence())
    expected = replace(judge(raw, None, evidence(), at=AT), document=None)
    assert known.verdict == expected
    assert again(known, raw, evidence()).verdict == expected


@pytest.mark.parametrize(
    ("suite", "kind"),
    [
        *((name, kind) for name, suite in SUITES.items() for kind in sorted(suite.key_kinds)),
        ("ecdsa-sd-2023", KeyKind.P256),
    ],
)
def test_with_the_same_key_no_signature_is_checked_and_with_another_one(suite: str, kind: KeyKind) -> None:
    raw = to_bytes(_issued(suite, kind))
    same = Evidence({did_need(): found(did_document(key=KEYS[kind]))})
    other = Evidence({did_need(): found(did_document(key=SigningKey.generate(kind)))})
    known = first(raw, same)
    assert (known.verdict.outcome, known.signatures) == (Outcome.PASSED, 1)
    assert again(known, raw, same).signatures == 0
    changed = again(known, raw, other)
    assert (changed.verdict.outcome, changed.signatures) == (Outcome.FAILED, 1)
    assert again(changed, raw, same).verdict.outcome is Outcome.PASSED


def test_a_changed_status_costs_a_look_up() -> None:
    raw = with_status(5)
    known = first(raw, evidence(status_list()))
    later = again(known, raw, evidence(status_list(revoked=(5,))))
    assert later.signatures == 0
    assert [item.check.problem.code for item in later.verdict.status if item.check.problem] == ["REVOKED"]


def test_what_is_kept_is_the_hash_data_with_the_thumbprint_of_the_key() -> None:
    mark = first(to_bytes(proofed()), evidence()).memory.marks[0]
    assert mark is not None
    assert mark.data is not None
    assert len(mark.data) == 64
    assert mark.key == thumbprint(KEY.public_key)
    KEY.public_key.verify(KEY.sign(mark.data), mark.data)


def test_a_status_list_is_wanted_only_once_the_signature_holds() -> None:
    good, bad = with_status(5), with_status(5)[:-8] + b"AAAAAAAA"
    recall = Recall(evidence(), at=AT)
    for raw, wanted in ((good, {list_need()}), (bad, set())):
        memory, secured = recall.begin(raw)
        assert recall.needs(memory, raw) == set()
        assert recall.needs(recall.judge(memory, raw, secured).memory, raw) == wanted


def test_the_document_of_an_issuer_is_wanted_first() -> None:
    recall = Recall(Evidence({}), at=AT)
    memory, _ = recall.begin(signed())
    assert recall.needs(memory, signed()) == {did_need()}


def test_what_another_signed_before_is_wanted_only_for_a_chain_whose_own_signature_holds() -> None:
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
    recall = Recall(evidence(), at=AT)
    memory, _ = recall.begin(raw)
    assert recall.needs(memory, raw) == {did_need(MILL)}
    known = first(raw, both)
    assert (known.verdict.outcome, known.signatures) == (Outcome.PASSED, 2)
    assert again(known, raw, both).signatures == 0


def test_what_another_edition_wrote_is_no_memory() -> None:
    text = to_text(first(signed(), evidence()).memory)
    assert isinstance(from_text(text), Memory)
    assert from_text(text.replace('"edition":2', '"edition":1')) is None


def test_a_thumbprint_is_that_of_rfc_7638() -> None:
    from credentials.keys.codecs import from_jwk

    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert thumbprint(from_jwk(jwk)) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"  # RFC 8037 appendix A.3
