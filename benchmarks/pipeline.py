"""Our own ways through a credential: the proof alone, and everything on."""

from __future__ import annotations

from benchmarks.credential import AT, KEY
from benchmarks.timing import Work
from contexts.library import standard_library
from credentials.envelopes.claims import JwtTimes
from credentials.evidence import Evidence
from credentials.status.bitstring import bit_at, empty_list
from credentials.verdict import Outcome, worst
from credentials.verify import judge, standing
from credentials.verify.binding import Binding
from credentials.verify.integrity import open_as
from credentials.verify.judging import CREDENTIAL
from credentials.verify.signatures import NOTHING_ASKED
from credentials.verify.standing import check_validity

_STATUS_LIST = empty_list()  # decoded when its credential was verified, once


def verify(raw: bytes, media_type: str) -> None:
    """Parse, key, proof, validity and a bit of a status list that is at hand."""
    secured = open_as(raw, media_type, CREDENTIAL)
    value = secured.document.value
    binding = Binding(secured, value, CREDENTIAL, AT, NOTHING_ASKED)
    checks = binding.checks(Evidence(), standard_library())
    validity = check_validity(value, JwtTimes(), at=AT)
    if worst((*checks, validity)) is not Outcome.PASSED or bit_at(_STATUS_LIST, 4711):
        raise AssertionError([check for check in (*checks, validity) if check.outcome is not Outcome.PASSED])


def judge_all(raw: bytes, media_type: str) -> None:
    """The whole verdict: contexts, model, lint, schema and digests too."""
    verdict = judge(raw, media_type, Evidence(), at=AT)
    if standing(verdict) is not Outcome.PASSED:
        raise AssertionError([check for check in verdict.checks if check.outcome is not Outcome.PASSED])


def ed25519_limit() -> Work:
    """One bare signature check of 64 bytes with a loaded key."""
    data = bytes(64)
    signature, key = KEY.sign(data), KEY.public_key
    return lambda: key.verify(signature, data)
