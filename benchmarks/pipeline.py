"""Our own ways through a credential: the proof alone, and everything on."""

from __future__ import annotations

from benchmarks.credential import AT, KEY
from benchmarks.timing import Work
from credentials.encoding.document import Sha256
from credentials.evidence import Evidence
from credentials.schemas import NO_SCHEMAS
from credentials.status.bitstring import MINIMUM_BITS, value_at
from credentials.verdict import Outcome, worst
from credentials.verify import CREDENTIAL, Reading, judge, read, standing
from credentials.verify.binding import bind
from credentials.verify.checking import integrity
from credentials.verify.reading import life_of, open_as
from credentials.verify.steps import passed

_STATUS_LIST = bytes(MINIMUM_BITS // 8)  # decoded when its credential was verified, once


def verify(raw: bytes, media_type: str) -> None:
    """Parse, key, proof, validity and a bit of a status list that is at hand."""
    reading = _bare(raw, media_type)
    checks = integrity(reading, Evidence(), at=AT)
    if worst(checks) is not Outcome.PASSED or not reading.life.holds(AT) or value_at(_STATUS_LIST, 4711, 1):
        raise AssertionError([check for check in checks if check.outcome is not Outcome.PASSED])


def _bare(raw: bytes, media_type: str) -> Reading:
    """A reading without what stands beside the proof: contexts, model, lint, schema and digests."""
    secured = open_as(raw, media_type, CREDENTIAL)
    value = secured.document.value
    bound = bind(secured, value, CREDENTIAL)
    return Reading(
        raw=raw,
        media_type=media_type,
        role=CREDENTIAL,
        contexts="",
        schemas=NO_SCHEMAS,
        digest=Sha256(""),
        found=bound.checks,
        signatures=bound.own,
        own=len(bound.own),
        marks=(None,) * len(bound.own),
        life=life_of(value, secured, bound.own)[0],
        validity=None,
        schema=passed("schema"),
        secured=secured,
    )


def judge_all(raw: bytes, media_type: str) -> None:
    """The whole verdict: contexts, model, lint, schema and digests too."""
    verdict = judge(read(raw, media_type), Evidence(), at=AT)
    if standing(verdict) is not Outcome.PASSED:
        raise AssertionError([check for check in verdict.checks if check.outcome is not Outcome.PASSED])


def ed25519_limit() -> Work:
    """One bare signature check of 64 bytes with a loaded key."""
    data = bytes(64)
    signature, key = KEY.sign(data), KEY.public_key
    return lambda: key.verify(signature, data)
