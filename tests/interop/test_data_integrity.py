"""Digital Bazaar's packages verify what we issue in every Data Integrity suite, and we verify what they issue."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from contexts.library import standard_library
from credentials.evidence import Evidence, Found, Need, NeedKind
from credentials.issue import secure_with_proofs
from credentials.keys.algorithms import KeyKind
from credentials.proofs.derivation import derive_proof
from credentials.verdict import Verdict
from credentials.verify import judge, read
from tests.corpus.making import credential, to_bytes
from tests.interop.keys import DID, PAIRS
from tests.interop.peers import ask, documents

pytestmark = pytest.mark.slow

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW = "2026-03-01T12:00:00Z"
SUITES = [
    ("eddsa-rdfc-2022", KeyKind.ED25519),
    ("eddsa-jcs-2022", KeyKind.ED25519),
    ("ecdsa-rdfc-2019", KeyKind.P256),
    ("ecdsa-rdfc-2019", KeyKind.P384),
    ("ecdsa-jcs-2019", KeyKind.P256),
    ("ecdsa-jcs-2019", KeyKind.P384),
    ("ecdsa-sd-2023", KeyKind.P256),
]
EVERY = pytest.mark.parametrize(("suite", "kind"), SUITES)
MANDATORY = ["/issuer", "/validFrom"]
SHOWN = ["/credentialSubject/id"]


def _draft(**changes: Any) -> dict[str, Any]:
    return credential(issuer=DID, **changes)


def _at_hand(kind: KeyKind, value: dict[str, Any]) -> dict[str, Any]:
    """Everything that their loader may ask for: the contexts of ``value``, and who signs."""
    pair = PAIRS[kind]
    urls = {*value["@context"], "https://w3id.org/security/multikey/v1", "https://w3id.org/security/data-integrity/v2"}
    urls |= set(pair.did_document["@context"])
    known = [url for url in urls if standard_library().knows(url)]
    return documents(*known) | {DID: pair.did_document, f"{DID}#key-1": pair.method}


def _secured(suite: str, kind: KeyKind) -> bytes:
    """Our draft secured; where a suite discloses in part, what no reader can do without cannot be held back."""
    return secure_with_proofs(
        _draft(),
        signer=PAIRS[kind].key,
        verification_method=f"{DID}#key-1",
        created=AT,
        suites=[suite],
        mandatory_pointers=MANDATORY if suite == "ecdsa-sd-2023" else (),
    )


def _ours(suite: str, kind: KeyKind) -> dict[str, Any]:
    raw = _secured(suite, kind)
    value: dict[str, Any] = json.loads(raw)
    if suite != "ecdsa-sd-2023":
        return value
    return derive_proof(value, value["proof"], selective_pointers=SHOWN, contexts=standard_library())


def _verdict(value: dict[str, Any], kind: KeyKind) -> Verdict:
    body = json.dumps(PAIRS[kind].did_document).encode()
    found = Found(body=body, media_type="application/did+json", source="test", at=AT)
    return judge(read(to_bytes(value), None), Evidence({Need(NeedKind.DID_DOCUMENT, DID): found}), at=AT)


def _question(suite: str, kind: KeyKind, value: dict[str, Any]) -> dict[str, Any]:
    at_hand = _at_hand(kind, value)
    return {"task": "verify", "suite": suite, "credential": value, "documents": at_hand, "now": NOW}


@EVERY
def test_they_verify_what_we_issue_and_refuse_it_changed(suite: str, kind: KeyKind) -> None:
    ours = _ours(suite, kind)
    changed = copy.deepcopy(ours)
    changed["validFrom"] = "2026-01-02T00:00:01Z"

    good, bad = ask(_question(suite, kind, ours), _question(suite, kind, changed))

    assert good["verified"] is True, good["error"]
    assert bad["verified"] is False


@EVERY
def test_we_verify_what_they_issue_and_refuse_it_changed(suite: str, kind: KeyKind) -> None:
    draft = _draft()
    question = {
        "task": "sign",
        "suite": suite,
        "key": PAIRS[kind].secret,
        "credential": draft,
        "documents": _at_hand(kind, draft),
        "now": NOW,
        "pointers": ["/validFrom", *SHOWN] if suite == "ecdsa-sd-2023" else None,
    }

    (theirs,) = ask(question)

    verdict = _verdict(theirs, kind)
    assert verdict.check("proof").problem is None
    assert verdict.intact, verdict.checks
    assert verdict.form == suite
    assert not _verdict({**theirs, "validFrom": "2026-01-02T00:00:01Z"}, kind).intact


def test_they_disclose_from_what_we_issue_and_we_verify_it() -> None:
    kind = KeyKind.P256
    value = json.loads(_secured("ecdsa-sd-2023", kind))

    (shown,) = ask({"task": "derive", "credential": value, "pointers": SHOWN, "documents": _at_hand(kind, value)})

    assert _verdict(shown, kind).intact
