"""What a verdict says about one credential, and what it asks for first."""

from __future__ import annotations

import itertools
import json
import pickle
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.encoding.document import sha256_hex
from credentials.encoding.jcs import canonical_json
from credentials.errors import NotAccepted, Problem
from credentials.evidence import Absent, AbsentReason, Evidence
from credentials.issue import secure_as_jwt
from credentials.status.status_lists import status_entry
from credentials.verdict import INTEGRITY_CHECKS, Check, Outcome
from credentials.verify import judge, read, standing
from tests.corpus.making import credential, to_bytes, token
from tests.credentials.verify.world import (
    AT,
    FARM,
    KEY,
    LIST_URL,
    MILL,
    MILL_KEY,
    OFFLINE,
    did_document,
    did_need,
    evidence,
    found,
    judged,
    list_need,
    proofed,
    signed,
    status_list,
    wanted,
    with_status,
)


def test_a_token_needs_its_issuers_did_document_and_then_nothing() -> None:
    raw = signed()

    assert wanted(raw, Evidence()) == {did_need()}
    assert wanted(raw, evidence()) == frozenset()


def test_a_signed_credential_with_status_then_needs_the_list() -> None:
    raw = with_status()
    stranger = status_list(issuer=MILL)

    assert wanted(raw, Evidence()) == {did_need()}
    assert wanted(raw, evidence()) == {list_need()}
    assert wanted(raw, evidence(status_list())) == frozenset()
    assert wanted(raw, evidence(stranger)) == frozenset(), "a list signed by another key than its issuer's is moot"


def test_what_a_changed_credential_names_is_never_looked_up() -> None:
    head, body, signature = with_status().split(b".")
    changed = b".".join((head, body, signature[::-1]))
    reused = {**proofed(), "credentialStatus": {**status_entry(list_url=LIST_URL, index=1, purpose="revocation")}}

    assert wanted(changed, evidence()) == frozenset()
    assert wanted(to_bytes(reused), evidence()) == frozenset()


def test_a_need_that_was_answered_with_absence_is_not_asked_again() -> None:
    raw = signed()

    assert wanted(raw, Evidence({did_need(): OFFLINE})) == frozenset()


def test_a_did_key_issuer_needs_nothing() -> None:
    assert wanted(token(), Evidence()) == frozenset()


def test_a_good_token_passes_every_check_in_the_fixed_order() -> None:
    verdict = judged(signed())

    assert tuple(check.name for check in verdict.checks) == INTEGRITY_CHECKS
    assert {check.outcome for check in verdict.checks} == {Outcome.PASSED}
    assert (verdict.form, verdict.issuer, verdict.verification_method) == ("vc+jwt", FARM, f"{FARM}#cred-1-jwk")
    assert standing(verdict) is Outcome.PASSED


def test_a_good_proof_set_passes_and_names_its_strongest_form() -> None:
    verdict = judged(proofed(suites=("eddsa-rdfc-2022", "eddsa-jcs-2022")))

    assert verdict.outcome is Outcome.PASSED
    assert verdict.form == "eddsa-jcs-2022"


def test_both_forms_of_one_credential_have_one_credential_digest_and_two_object_digests() -> None:
    as_token, as_proof = judged(signed()), judged(proofed())

    assert as_token.credential_digest == as_proof.credential_digest
    assert as_token.credential_digest == sha256_hex(canonical_json(credential(issuer=FARM)))
    assert as_token.object_digest != as_proof.object_digest


def test_the_document_of_a_verdict_holds_neither_proof_nor_token_claims() -> None:
    as_proof = judged(proofed()).require()
    as_token = judged(signed(iss=FARM, iat=1_700_000_000, nonce="x")).require()

    assert dict(as_proof.value) == dict(as_token.value) == credential(issuer=FARM)


def test_a_verdict_and_everything_in_it_pickles() -> None:
    verdict = judged(with_status(), evidence(status_list()))

    assert pickle.loads(pickle.dumps(verdict)) == verdict


def test_without_the_did_document_key_and_proof_are_undetermined_and_say_where_it_would_be() -> None:
    verdict = judged(signed(), Evidence({did_need(): OFFLINE}))

    assert verdict.outcome is Outcome.UNDETERMINED
    key = verdict.check("key").problem
    assert key is not None
    assert key.code == "DID_DOCUMENT"
    assert "https://farm.test/.well-known/did.json" in key.detail
    assert "offline" in key.detail
    assert verdict.check("proof").outcome is Outcome.UNDETERMINED
    with pytest.raises(NotAccepted):
        verdict.require()


@pytest.mark.parametrize("reason", list(AbsentReason))
def test_no_kind_of_absence_is_ever_a_failure_or_a_success(reason: AbsentReason) -> None:
    verdict = judged(signed(), Evidence({did_need(): Absent(reason=reason)}))

    assert verdict.outcome is Outcome.UNDETERMINED


def test_an_issuer_of_an_unknown_did_method_is_undetermined_and_causes_no_request() -> None:
    raw = token(issuer="did:example:abc", header={"kid": "did:example:abc#1"})

    verdict = judge(read(raw, None), Evidence(), at=AT)

    assert wanted(raw, Evidence()) == frozenset()
    assert verdict.check("key").outcome is Outcome.UNDETERMINED


def test_an_issuer_at_a_local_name_cannot_be_told_and_causes_no_request() -> None:
    did = "did:web:localhost"
    raw = token(issuer=did, header={"kid": f"{did}#1"})

    assert wanted(raw, Evidence()) == frozenset()
    assert judge(read(raw, None), Evidence(), at=AT).check("key").outcome is Outcome.UNDETERMINED


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "farm.test%2Fx", "FARM.test"])
def test_an_issuer_at_a_forbidden_host_fails_and_causes_no_request(host: str) -> None:
    did = f"did:web:{host}"
    raw = token(issuer=did, header={"kid": f"{did}#1"})

    verdict = judge(read(raw, None), Evidence(), at=AT)

    assert wanted(raw, Evidence()) == frozenset()
    assert verdict.check("key").outcome is Outcome.FAILED


def test_a_did_document_of_somebody_else_fails() -> None:
    verdict = judged(signed(), Evidence({did_need(): found(did_document(MILL))}))

    problem = verdict.check("key").problem
    assert problem is not None
    assert (verdict.outcome, problem.code, problem.pointer) == (Outcome.FAILED, "DID_DOCUMENT", "/id")


def test_another_key_under_the_same_name_fails_in_the_proof() -> None:
    verdict = judged(signed(), evidence(document=did_document(key=MILL_KEY)))

    assert verdict.check("key").outcome is Outcome.PASSED
    assert verdict.check("proof").outcome is Outcome.FAILED


@pytest.mark.w3c("A2.6")
def test_a_key_for_authentication_alone_signs_no_credentials() -> None:
    verdict = judged(proofed(), evidence(document=did_document(purposes=("authentication",))))

    problem = verdict.check("key").problem
    assert problem is not None
    assert problem.code == "KEY_NOT_AUTHORIZED"


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("life", "created", "outcome"),
    [
        ({"expires": AT + DAY}, AT, Outcome.PASSED),
        ({"expires": AT - DAY}, AT, Outcome.FAILED),
        ({"expires": AT - DAY}, AT - 2 * DAY, Outcome.PASSED),
        ({"revoked": AT - DAY}, AT, Outcome.FAILED),
        ({"revoked": AT - DAY}, AT - DAY, Outcome.FAILED),
        ({"revoked": AT - DAY}, AT - 2 * DAY, Outcome.UNDETERMINED),
        ({"revoked": AT + DAY}, AT, Outcome.PASSED),
    ],
)
@pytest.mark.w3c("A6.1")
def test_a_key_counts_if_it_was_alive_when_it_signed(
    life: dict[str, datetime], created: datetime, outcome: Outcome
) -> None:
    verdict = judged(proofed(created), evidence(document=did_document(**life)))

    assert verdict.check("key").outcome is outcome


@pytest.mark.parametrize(
    ("life", "valid_from", "outcome"),
    [
        ({"expires": AT - DAY}, "2026-02-01T00:00:00Z", Outcome.PASSED),
        ({"expires": AT - DAY}, "2026-03-01T11:00:00Z", Outcome.UNDETERMINED),
        ({"expires": AT - DAY}, None, Outcome.UNDETERMINED),
        ({"expires": AT + DAY}, "2026-03-03T00:00:00Z", Outcome.PASSED),
        ({"revoked": AT - DAY}, "2026-02-01T00:00:00Z", Outcome.UNDETERMINED),
        ({"revoked": AT - DAY}, "2026-03-01T11:00:00Z", Outcome.FAILED),
        ({"revoked": AT - DAY}, None, Outcome.FAILED),
    ],
)
@pytest.mark.w3c("A6.1")
def test_a_token_that_does_not_say_when_it_was_signed_is_dated_by_its_validity_or_left_open(
    life: dict[str, datetime], valid_from: str | None, outcome: Outcome
) -> None:
    changes = {} if valid_from is None else {"validFrom": valid_from}
    draft = {name: item for name, item in credential(issuer=FARM).items() if name != "validFrom"}
    raw = secure_as_jwt({**draft, **changes}, signer=KEY, verification_method=f"{FARM}#cred-1-jwk")

    verdict = judged(raw, evidence(document=did_document(**life)))

    assert verdict.check("key").outcome is outcome


def test_a_proof_made_in_the_future_fails() -> None:
    assert judged(proofed(AT + timedelta(seconds=59))).outcome is Outcome.PASSED
    assert judged(proofed(AT + timedelta(seconds=61))).outcome is Outcome.FAILED


def test_a_strangers_proof_beside_the_issuers_neither_helps_nor_harms() -> None:
    mine = proofed()
    stranger = {**mine["proof"], "verificationMethod": f"{MILL}#cred-1", "proofValue": "z" + "1" * 64}

    verdict = judged({**mine, "proof": [stranger, mine["proof"]]})

    assert verdict.outcome is Outcome.PASSED


def test_every_proof_of_the_issuer_must_hold() -> None:
    value = proofed(suites=("eddsa-jcs-2022", "eddsa-rdfc-2022"))
    value["proof"][1]["proofValue"] = value["proof"][0]["proofValue"]

    verdict = judged(value)

    problem = verdict.check("proof").problem
    assert problem is not None
    assert (problem.code, problem.pointer) == ("PROOF_VERIFICATION_ERROR", "/proof/1")


def test_a_context_appended_behind_a_jcs_proof_is_not_read() -> None:
    value = proofed()
    value["@context"] = [*value["@context"], "https://w3id.org/security/data-integrity/v2"]

    verdict = judged(value)

    assert verdict.require().value["@context"] == credential()["@context"]
    assert verdict.credential_digest == judged(proofed()).credential_digest


@pytest.mark.parametrize("failing", [set(c) for n in range(1, 7) for c in itertools.combinations(INTEGRITY_CHECKS, n)])
@pytest.mark.parametrize("bad", [Outcome.FAILED, Outcome.UNDETERMINED])
def test_no_set_of_failing_checks_ever_makes_a_verified_credential(failing: set[str], bad: Outcome) -> None:
    good = judged(signed())
    problem = Problem(code="MALFORMED_VALUE_ERROR", detail="x")
    checks = tuple(Check(c.name, bad, problem) if c.name in failing else c for c in good.checks)

    verdict = replace(good, checks=checks)

    assert verdict.outcome is bad
    assert not verdict.intact
    with pytest.raises(NotAccepted):
        verdict.require()
    with pytest.raises(RuntimeError):
        bool(verdict)


def test_failed_outweighs_undetermined() -> None:
    good = judged(signed())
    mixed = (Check("parse", Outcome.UNDETERMINED), Check("proof", Outcome.FAILED))

    assert replace(good, checks=mixed).outcome is Outcome.FAILED
    assert replace(good, checks=()).outcome is Outcome.UNDETERMINED


def test_what_cannot_be_opened_still_has_every_check() -> None:
    verdict = judged(b"{")

    assert tuple(check.name for check in verdict.checks) == INTEGRITY_CHECKS
    assert [check.outcome for check in verdict.checks] == [Outcome.FAILED] + [Outcome.UNDETERMINED] * 5
    assert all(check.problem and check.problem.detail for check in verdict.checks)
    assert verdict.document is None


def test_every_bit_of_a_token_is_protected() -> None:
    raw = signed()

    for position in range(0, len(raw), 7):
        changed = raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1 :]
        assert judged(changed).outcome is not Outcome.PASSED, position


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    member=st.sampled_from(
        ["@context", "type", "id", "issuer", "validFrom", "validUntil", "credentialSubject", "credentialStatus", "name"]
    ),
    value=st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8) | st.just("DigitalProductPassport"),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "x"]), inner, max_size=3)
        ),
        max_leaves=6,
    ),
)
def test_no_signed_nonsense_makes_the_judge_raise(member: str, value: object) -> None:
    body = {**credential(), member: value}

    verdict = judge(read(token(to_bytes(body)), None), Evidence(), at=AT)

    assert tuple(check.name for check in verdict.checks) == INTEGRITY_CHECKS


def test_the_moment_may_come_in_any_zone() -> None:
    tokyo = datetime(2026, 3, 1, 21, tzinfo=timezone(timedelta(hours=9)))

    assert judged(signed(), at=tokyo).outcome is Outcome.PASSED
    assert tokyo.astimezone(UTC) == AT


def test_a_large_enveloped_credential_opens_although_its_data_url_is_long() -> None:
    raw = signed(credentialSubject=[{"name": "x" * 60_000}, {"name": "y" * 60_000}])
    outer = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{raw.decode()}",
    }

    assert judged(json.dumps(outer).encode()).outcome is Outcome.PASSED


def test_what_is_wrong_outweighs_what_is_only_not_read_here() -> None:
    unknown = {"@context": ["https://www.w3.org/ns/credentials/v2", "https://vocabulary.example/v9"]}
    known, wrong = judged(signed(**unknown)), judged(signed(**unknown, validFrom="yesterday"))

    assert (known.check("contexts").outcome, known.outcome) == (Outcome.UNDETERMINED, Outcome.UNDETERMINED)
    assert known.check("proof").outcome is Outcome.PASSED
    assert wrong.outcome is Outcome.FAILED
