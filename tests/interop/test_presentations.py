"""Presentations for a challenge and a domain, both ways: Digital Bazaar's packages and we answer each other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contexts.library import standard_library
from credentials.evidence import Evidence, Found, Need, NeedKind
from credentials.keys.algorithms import KeyKind
from credentials.proofs.data_integrity import add_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import SUITES as OURS
from credentials.verdict import Outcome
from credentials.verify.presentation import PresentationVerdict
from tests.corpus.envelopes import presented_as_jwt
from tests.corpus.making import V2, to_bytes
from tests.credentials.verify.world import presented
from tests.interop.keys import DID, PAIRS
from tests.interop.peers import ask
from tests.interop.test_data_integrity import AT, NOW, SUITES, _at_hand, _ours

pytestmark = pytest.mark.slow

ASKED = {"domain": "buyer.test", "challenge": "c-4711"}
WHOLE = [(suite, kind) for suite, kind in SUITES if suite in OURS]
EVERY = pytest.mark.parametrize(("suite", "kind"), WHOLE)
OTHERS = [{**ASKED, "challenge": "c-4712"}, {**ASKED, "domain": "shop.test"}]


def _draft(suite: str, kind: KeyKind) -> dict[str, Any]:
    return {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": DID,
        "verifiableCredential": [_ours(suite, kind)],
    }


def _verdict(presentation: Any, kind: KeyKind, media_type: str = "application/vp", **asked: str) -> PresentationVerdict:
    body = json.dumps(PAIRS[kind].did_document).encode()
    found = Found(body=body, media_type="application/did+json", source="test", at=AT)
    raw = presentation if isinstance(presentation, bytes) else to_bytes(presentation)
    return presented(raw, media_type, Evidence({Need(NeedKind.DID_DOCUMENT, DID): found}), at=AT, **asked)


@EVERY
def test_they_take_our_presentation_for_whom_it_was_made_and_for_nobody_else(suite: str, kind: KeyKind) -> None:
    presentation = add_proof(
        _draft(suite, kind),
        ProofOptions(verification_method=f"{DID}#key-1", created=AT, proof_purpose="authentication", **ASKED),
        suite=OURS[suite],
        signer=PAIRS[kind].key,
        contexts=standard_library(),
    )
    at_hand = _at_hand(kind, presentation)
    question = {
        "task": "verifyPresentation",
        "suites": [suite],
        "presentation": presentation,
        "documents": at_hand,
        "now": NOW,
    }

    good, *bad = ask({**question, **ASKED}, *({**question, **asked} for asked in OTHERS))

    assert good["verified"] is True, good["error"]
    assert [answer["verified"] for answer in bad] == [False, False]


@EVERY
def test_we_take_their_presentation_for_whom_it_was_made_and_for_nobody_else(suite: str, kind: KeyKind) -> None:
    draft = _draft(suite, kind)
    question = {
        "task": "present",
        "suite": suite,
        "key": PAIRS[kind].secret,
        "presentation": draft,
        "documents": _at_hand(kind, draft),
        "now": NOW,
        **ASKED,
    }

    (theirs,) = ask(question)

    verdict = _verdict(theirs, kind, **ASKED)
    assert verdict.outcome is Outcome.PASSED, verdict.checks
    assert len(verdict.credentials) == 1
    assert [_verdict(theirs, kind, **asked).outcome for asked in OTHERS] == [Outcome.FAILED, Outcome.FAILED]


def test_they_take_our_presentation_of_what_was_disclosed_in_part() -> None:
    kind = KeyKind.P256
    presentation = add_proof(
        _draft("ecdsa-sd-2023", kind),
        ProofOptions(verification_method=f"{DID}#key-1", created=AT, proof_purpose="authentication", **ASKED),
        suite=OURS["ecdsa-rdfc-2019"],
        signer=PAIRS[kind].key,
        contexts=standard_library(),
    )

    (answer,) = ask(
        {
            "task": "verifyPresentation",
            "suites": ["ecdsa-rdfc-2019", "ecdsa-sd-2023"],
            "presentation": presentation,
            "documents": _at_hand(kind, presentation),
            "now": NOW,
            **ASKED,
        }
    )

    assert answer["verified"] is True, answer["error"]
    assert _verdict(presentation, kind, **ASKED).outcome is Outcome.PASSED


@pytest.mark.parametrize("kind", list(PAIRS))
def test_jose_reads_the_presentation_that_we_sign_as_a_token(kind: KeyKind) -> None:
    pair = PAIRS[kind]
    draft = {"@context": [V2], "type": ["VerifiablePresentation"], "holder": DID}
    token = presented_as_jwt(draft, signer=pair.key, verification_method=f"{DID}#key-1", **ASKED)

    (read,) = ask({"task": "verifyToken", "alg": pair.alg, "jwk": pair.jwk(), "token": token.decode()})

    assert read["verified"] is True, read
    assert (read["header"]["typ"], read["header"]["cty"]) == ("vp+jwt", "vp")
    assert (read["payload"]["aud"], read["payload"]["nonce"]) == (ASKED["domain"], ASKED["challenge"])
    assert _verdict(token, kind, "application/vp+jwt", **ASKED).outcome is Outcome.PASSED
