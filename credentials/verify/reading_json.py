"""A reading as JSON text and back, for whoever keeps it: what its bytes decided, and the marks on its signatures.

The rule: what was written by this edition over these contexts is read; anything else is no reading, and the document is
read again. The text holds nothing that the credential itself does not show, and no document.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Final

from contexts.library import standard_library
from credentials.encoding.document import Json, JsonObject, Sha256
from credentials.encoding.period import ValidityPeriod
from credentials.errors import Problem
from credentials.keys.algorithms import KeyKind
from credentials.schemas import NO_SCHEMAS
from credentials.verdict import Check, LintFinding, Outcome
from credentials.verify.reading import Mark, Reading
from credentials.verify.roles import CREDENTIAL
from credentials.verify.signatures import Signature

#: Counted up with every change of what the checks decide from the bytes alone, or of this text.
EDITION: Final = 3


def to_text(reading: Reading) -> str:
    """The reading of a credential over the standard contexts, without schemas of an operator, as compact JSON."""
    value = {
        "edition": EDITION,
        "contexts": reading.contexts,
        "digest": reading.digest,
        "credentialDigest": reading.credential_digest,
        "id": reading.id,
        "signer": reading.signer,
        "found": [_check(check) for check in reading.found],
        "signatures": [_signature(signature) for signature in reading.signatures],
        "own": reading.own,
        "marks": [_mark(mark) for mark in reading.marks],
        "life": [_moment(reading.life.begins), _moment(reading.life.ends)],
        "validFrom": _moment(reading.valid_from),
        "validity": _check(reading.validity) if reading.validity else None,
        "status": reading.status,
        "schema": _check(reading.schema),
        "lint": [asdict(finding) for finding in reading.lint],
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Reading | None:
    """The light reading that ``text`` is; None when another edition wrote it, or one over other contexts."""
    value: JsonObject = json.loads(text)
    if value.get("edition") != EDITION or value.get("contexts") != standard_library().fingerprint:
        return None
    begins, ends = (_read_moment(item) for item in value["life"])
    return Reading(
        raw=b"",
        media_type=None,
        role=CREDENTIAL,
        contexts=value["contexts"],
        schemas=NO_SCHEMAS,
        digest=Sha256(value["digest"]),
        credential_digest=Sha256(value["credentialDigest"]) if value["credentialDigest"] else None,
        id=value["id"],
        signer=value["signer"],
        found=tuple(_read_check(item) for item in value["found"]),
        signatures=tuple(_read_signature(item) for item in value["signatures"]),
        own=value["own"],
        marks=tuple(_read_mark(item) for item in value["marks"]),
        life=ValidityPeriod(begins=begins, ends=ends),
        valid_from=_read_moment(value["validFrom"]),
        validity=_read_check(value["validity"]) if value["validity"] else None,
        status=value["status"],
        schema=_read_check(value["schema"]),
        lint=tuple(LintFinding(**item) for item in value["lint"]),
    )


def _check(check: Check) -> list[Json]:
    return [check.name, str(check.outcome), _problem(check.problem)]


def _read_check(item: Json) -> Check:
    return Check(item[0], Outcome(item[1]), _read_problem(item[2]))


def _problem(problem: Problem | None) -> list[str] | None:
    return [problem.code, problem.detail, problem.pointer, problem.fix, problem.name] if problem else None


def _read_problem(item: Json) -> Problem | None:
    return Problem(code=item[0], detail=item[1], pointer=item[2], fix=item[3], name=item[4]) if item else None


def _signature(signature: Signature) -> list[Json]:
    signed_at = _moment(signature.signed_at)
    stated = [signature.form, signature.method, signature.controller, signed_at, signature.purpose]
    return [*stated, signature.proof, signature.pointer]


def _read_signature(item: Json) -> Signature:
    form, method, controller, signed_at, purpose, proof, pointer = item
    return Signature(
        form=form,
        method=method,
        controller=controller,
        signed_at=_read_moment(signed_at),
        purpose=purpose,
        proof=proof,
        pointer=pointer,
    )


def _mark(mark: Mark | None) -> list[Json] | None:
    if mark is None or mark.check.outcome is Outcome.UNDETERMINED:  # what took too much work may be tried again
        return None
    return [str(mark.kind), mark.key, mark.data.hex() if mark.data else None, _check(mark.check)]


def _read_mark(item: Json) -> Mark | None:
    if item is None:
        return None
    kind, key, data, check = item
    return Mark(kind=KeyKind(kind), key=key, data=bytes.fromhex(data) if data else None, check=_read_check(check))


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
