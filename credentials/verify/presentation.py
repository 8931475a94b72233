"""One presentation: its own proof by its holder, and every credential in it judged on its own.

The rule: the presentation holds only if its own checks pass and every credential in it is intact; no part makes up for
another (security.md items 43, 63 and 64). That a challenge is used once is for whoever gave it out to see to.
Specifications: VCDM 2.0 section 4.13; VC Data Integrity section 2.1; VC-JOSE-COSE section 3.1.2.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contexts.library import ContextLibrary, standard_library
from credentials.encoding.document import Document, Json, JsonObject, Sha256, sha256_hex
from credentials.errors import CredentialsError, Problem
from credentials.evidence import Evidence, Need
from credentials.model.presentation import check_presentation
from credentials.verdict import Check, Outcome, Verdict, worst
from credentials.verify.binding import key_needs
from credentials.verify.integrity import Integrity, examine, open_as
from credentials.verify.judging import CREDENTIAL, judge, needs
from credentials.verify.roles import Role
from credentials.verify.signatures import Asked

CREDENTIAL_LIMIT: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationVerdict:
    """What was decided about one presentation at one moment, and about each credential in it."""

    object_digest: Sha256
    holder: str | None
    form: str
    checks: tuple[Check, ...]
    credentials: tuple[Verdict, ...]
    at: datetime
    document: Document | None = None  # what the proof covers

    @property
    def outcome(self) -> Outcome:
        """The worst of its own checks and of the integrity of every credential in it."""
        return worst((*self.checks, *(check for verdict in self.credentials for check in verdict.checks)))

    def __bool__(self) -> bool:
        raise RuntimeError("a verdict has no truth value: ask .outcome")


def needs_presentation(
    raw: bytes,
    media_type: str | None,
    evidence: Evidence,
    *,
    contexts: ContextLibrary | None = None,
    held: Role = CREDENTIAL,
) -> frozenset[Need]:
    """What must still be looked up to judge ``raw`` and every credential in it; empty when all was tried."""
    try:
        secured = open_as(raw, media_type, PRESENTATION)
        wanted = key_needs(secured, PRESENTATION, evidence, contexts or standard_library())
    except CredentialsError:
        return frozenset()
    if len(_held(secured.document.value)) > CREDENTIAL_LIMIT:
        return frozenset()
    inner = (
        needs(_bytes(item), None, evidence, contexts=contexts, role=held) for item in _held(secured.document.value)
    )
    return wanted.union(*inner)


def judge_presentation(
    raw: bytes,
    media_type: str | None,
    evidence: Evidence,
    *,
    at: datetime,
    domain: str | None = None,
    challenge: str | None = None,
    contexts: ContextLibrary | None = None,
    held: Role = CREDENTIAL,
) -> PresentationVerdict:
    """The verdict on one presentation at ``at``, made for ``domain`` and ``challenge`` when these are given.

    ``held`` is the role in which the credentials inside it are judged.
    """
    library = contexts or standard_library()
    asked = Asked(domain=domain, challenge=challenge)
    integrity = examine(raw, media_type, evidence, PRESENTATION, at=at, contexts=library, asked=asked)
    return PresentationVerdict(
        object_digest=sha256_hex(raw),
        holder=integrity.signer,
        form=integrity.signatures[0].form if integrity.signatures else "",
        checks=integrity.checks,
        credentials=_judged(integrity, evidence, at, library, held),
        at=at,
        document=integrity.document,
    )


def _judged(
    integrity: Integrity, evidence: Evidence, at: datetime, contexts: ContextLibrary, role: Role
) -> tuple[Verdict, ...]:
    held = _held(integrity.document.value) if integrity.document else []
    if len(held) > CREDENTIAL_LIMIT:
        return ()  # the model check has said so; nothing is spent on the rest
    return tuple(judge(_bytes(item), None, evidence, at=at, contexts=contexts, role=role) for item in held)


def _model(document: JsonObject, *, contexts: ContextLibrary) -> tuple[Problem, ...]:
    held = len(_held(document))
    if held > CREDENTIAL_LIMIT:
        return (
            Problem(
                code="MALFORMED_VALUE_ERROR",
                detail=f"It holds {held} credentials; the limit is {CREDENTIAL_LIMIT}.",
                pointer="/verifiableCredential",
                fix="Present them in several parts.",
            ),
        )
    return check_presentation(document, contexts=contexts)


def _held(value: JsonObject) -> list[Json]:
    held = value.get("verifiableCredential", [])
    return held if isinstance(held, list) else [held]


def _bytes(credential: Json) -> bytes:
    return json.dumps(credential, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


PRESENTATION: Final = Role(
    kind="vp",
    party="holder",
    party_required=False,
    purpose="authentication",
    model=_model,
    holds="verifiableCredential",
)
