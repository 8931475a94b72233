"""What a verdict rests on, kept small: later questions then cost look-ups or one signature, never reading again.

The rule: what the bytes alone decide (parse, contexts, model, issuer, schema, lint) is kept as it was found; of each
signature what its key signed, with which key it was checked and what came of it. Keys, times and statuses are never
kept as answers: :mod:`credentials.verify.recall` asks for them anew. performance.md section 8 item 7.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import JsonObject, Sha256, sha256_hex
from credentials.envelopes.claims import JwtTimes
from credentials.envelopes.opening import EnvelopedToken, Secured
from credentials.errors import Problem
from credentials.evidence import Evidence
from credentials.keys.algorithms import KeyKind
from credentials.schemas import NO_SCHEMAS
from credentials.untp.lint import lint
from credentials.verdict import Check, LintFinding
from credentials.verify.integrity import Integrity, examine
from credentials.verify.judging import CREDENTIAL, schema_check
from credentials.verify.signatures import Signature
from credentials.verify.steps import not_run

#: The members that validity and status are read from.
FACTS: Final = ("validFrom", "validUntil", "credentialStatus")
_NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)  # nothing that depends on time is asked while remembering


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One signature as it was checked: the key's kind and RFC 7638 thumbprint, and the problem unless it held.

    ``data`` is what the key signed (64 bytes, 96 with P-384), None where that is found in the bytes themselves.
    """

    kind: KeyKind
    key: str
    data: bytes | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is kept of one credential: ``early`` are the checks before any key, all six where it never comes to keys.

    ``marks`` go with ``signatures``, the issuer's ``own`` first; None marks one that no key was tried on yet.
    """

    digest: Sha256
    credential_digest: Sha256 | None
    id: str | None
    issuer: str | None
    form: str
    method: str | None
    early: tuple[Check, ...]
    signatures: tuple[Signature, ...]
    own: int
    marks: tuple[Mark | None, ...]
    facts: JsonObject
    times: JwtTimes
    schema: Check
    lint: tuple[LintFinding, ...]

    @property
    def opened(self) -> bool:
        """Could the bytes be read as a credential at all?"""
        return self.credential_digest is not None

    @property
    def held(self) -> bool:
        """Did every signature hold when a key was last tried on it?"""
        return bool(self.marks) and all(mark is not None and mark.problem is None for mark in self.marks)


def remember(raw: bytes, *, contexts: ContextLibrary) -> tuple[Memory, Secured | None]:
    """Read the credential ``raw`` and keep what its bytes alone decide; the opened document is given beside it."""
    read = examine(raw, None, Evidence(), CREDENTIAL, at=_NO_TIME, contexts=contexts, keys=False)
    if read.document is None:
        return _unread(raw, read), None
    value = read.document.value
    signatures = (*read.signatures, *read.previous) if len(read.checks) < 6 else ()
    memory = Memory(
        digest=sha256_hex(raw),
        credential_digest=read.digest,
        id=value["id"] if isinstance(value.get("id"), str) else None,
        issuer=read.signer,
        form=read.signatures[0].form if read.signatures else "",
        method=read.signatures[0].method if read.signatures else None,
        early=read.checks,
        signatures=tuple(replace(signature, token=None) for signature in signatures),
        own=len(read.signatures),
        marks=(None,) * len(signatures),
        facts={name: value[name] for name in FACTS if name in value},
        times=read.secured.times if isinstance(read.secured, EnvelopedToken) else JwtTimes(),
        schema=schema_check(value, NO_SCHEMAS),
        lint=lint(value),
    )
    return memory, read.secured


def _unread(raw: bytes, read: Integrity) -> Memory:
    return Memory(
        digest=sha256_hex(raw),
        credential_digest=None,
        id=None,
        issuer=None,
        form="",
        method=None,
        early=read.checks,
        signatures=(),
        own=0,
        marks=(),
        facts={},
        times=JwtTimes(),
        schema=not_run("schema", read.checks[0]),
        lint=(),
    )
