"""A memory as JSON text and back, for whoever keeps it.

The rule: what was written by this edition over these contexts is read; anything else is no memory, and the document is
read again. The text holds nothing that the credential itself does not show, and no document.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Final

from contexts.library import standard_library
from credentials.encoding.document import Json, JsonObject, Sha256
from credentials.envelopes.claims import JwtTimes
from credentials.errors import Problem
from credentials.keys.algorithms import KeyKind
from credentials.verdict import Check, LintFinding, Outcome
from credentials.verify.memory import Mark, Memory
from credentials.verify.signatures import Signature

#: Counted up with every change of what the checks decide from the bytes alone, or of this text.
EDITION: Final = 2


def to_text(memory: Memory) -> str:
    """``memory`` as compact JSON."""
    value = {
        "edition": EDITION,
        "contexts": standard_library().fingerprint,
        "digest": memory.digest,
        "credentialDigest": memory.credential_digest,
        "id": memory.id,
        "issuer": memory.issuer,
        "form": memory.form,
        "method": memory.method,
        "early": [_check(check) for check in memory.early],
        "signatures": [_signature(signature) for signature in memory.signatures],
        "own": memory.own,
        "marks": [_mark(mark) for mark in memory.marks],
        "facts": memory.facts,
        "times": [_moment(moment) for moment in _times(memory.times)],
        "schema": _check(memory.schema),
        "lint": [asdict(finding) for finding in memory.lint],
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Memory | None:
    """The memory that ``text`` is; None when another edition wrote it, or one with other contexts."""
    value: JsonObject = json.loads(text)
    if value.get("edition") != EDITION or value.get("contexts") != standard_library().fingerprint:
        return None
    issued_at, not_before, expires = (_read_moment(item) for item in value["times"])
    return Memory(
        digest=Sha256(value["digest"]),
        credential_digest=Sha256(value["credentialDigest"]) if value["credentialDigest"] else None,
        id=value["id"],
        issuer=value["issuer"],
        form=value["form"],
        method=value["method"],
        early=tuple(_read_check(item) for item in value["early"]),
        signatures=tuple(_read_signature(item) for item in value["signatures"]),
        own=value["own"],
        marks=tuple(_read_mark(item) for item in value["marks"]),
        facts=value["facts"],
        times=JwtTimes(issued_at=issued_at, not_before=not_before, expires=expires),
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
    if mark is None:
        return None
    return [str(mark.kind), mark.key, mark.data.hex() if mark.data else None, _problem(mark.problem)]


def _read_mark(item: Json) -> Mark | None:
    if item is None:
        return None
    kind, key, data, problem = item
    return Mark(kind=KeyKind(kind), key=key, data=bytes.fromhex(data) if data else None, problem=_read_problem(problem))


def _times(times: JwtTimes) -> tuple[datetime | None, datetime | None, datetime | None]:
    return times.issued_at, times.not_before, times.expires


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
