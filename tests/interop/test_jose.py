"""npm jose verifies our vc+jwt with every algorithm, and we verify the tokens that it makes."""

from __future__ import annotations

import json

import pytest

from credentials.evidence import Evidence, Found, Need, NeedKind
from credentials.issue import secure_as_jwt
from credentials.keys.algorithms import KeyKind
from credentials.verdict import Verdict
from credentials.verify import judge, read
from tests.corpus.making import credential
from tests.interop.keys import DID, PAIRS
from tests.interop.peers import ask
from tests.interop.test_data_integrity import AT

pytestmark = pytest.mark.slow
EVERY = pytest.mark.parametrize("kind", list(PAIRS))
KID = f"{DID}#key-1"


def _verdict(token: bytes, kind: KeyKind) -> Verdict:
    body = json.dumps(PAIRS[kind].did_document).encode()
    found = Found(body=body, media_type="application/did+json", source="test", at=AT)
    return judge(read(token, "application/vc+jwt"), Evidence({Need(NeedKind.DID_DOCUMENT, DID): found}), at=AT)


@EVERY
def test_jose_verifies_our_token_and_refuses_it_changed(kind: KeyKind) -> None:
    pair, draft = PAIRS[kind], credential(issuer=DID)
    token = secure_as_jwt(draft, signer=pair.key, verification_method=KID).decode()
    head, payload, signature = token.split(".")
    changed = ".".join((head, payload[:-4] + ("AAAA" if payload[-4:] != "AAAA" else "BBBB"), signature))

    good, bad = ask(
        {"task": "verifyToken", "alg": pair.alg, "jwk": pair.jwk(), "token": token},
        {"task": "verifyToken", "alg": pair.alg, "jwk": pair.jwk(), "token": changed},
    )

    assert good["verified"] is True, good
    assert good["header"]["alg"] == pair.alg
    assert good["payload"] == draft
    assert bad["verified"] is False


@EVERY
def test_we_verify_the_token_of_jose_and_refuse_it_changed(kind: KeyKind) -> None:
    pair = PAIRS[kind]
    question = {"task": "signToken", "alg": pair.alg, "jwk": pair.jwk(private=True), "kid": KID}

    (token,) = ask({**question, "payload": credential(issuer=DID)})

    verdict = _verdict(token.encode(), kind)
    assert verdict.intact, verdict.checks
    cut = token[:-6] + ("AAAAAA" if token[-6:] != "AAAAAA" else "BBBBBB")
    assert not _verdict(cut.encode(), kind).intact
