"""One credential: what must be looked up, and the verdict from what was found.

Pure, on raw bytes, so that a worker process can run it. Integrity decides the outcome; validity, status, schema and
lint stand beside it (design, Settled 1).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from contexts.library import ContextLibrary, standard_library
from credentials.encoding.document import JsonObject, sha256_hex
from credentials.envelopes.claims import JwtTimes
from credentials.envelopes.opening import EnvelopedToken
from credentials.errors import CredentialsError
from credentials.evidence import Evidence, Need
from credentials.model.credential import check_model
from credentials.schemas import NO_SCHEMAS, SchemaLibrary, check_named_schemas, check_schema
from credentials.untp.lint import lint
from credentials.verdict import Check, Verdict
from credentials.verify.binding import is_signed, key_needs
from credentials.verify.integrity import Integrity, examine, open_as
from credentials.verify.kept_lists import KeptLists
from credentials.verify.roles import Role
from credentials.verify.standing import check_validity, status_needs, status_results
from credentials.verify.steps import failed, not_run, passed, untold

CREDENTIAL: Final = Role(kind="vc", party="issuer", party_required=True, purpose="assertionMethod", model=check_model)


#: For test vectors that are signed with keys of somebody else than their issuer (design README, Settled 5).
UNBOUND: Final = replace(CREDENTIAL, bound=False)


def needs(
    raw: bytes,
    media_type: str | None,
    evidence: Evidence,
    *,
    contexts: ContextLibrary | None = None,
    role: Role = CREDENTIAL,
) -> frozenset[Need]:
    """What must still be looked up to judge ``raw``: the issuer's DID document, then its status lists.

    Empty when all was tried. A document that cannot pass whatever is found needs nothing, and what it merely names is
    looked up only once its signature holds: bad input causes no request to a place of its own choosing.
    """
    library = contexts or standard_library()
    try:
        secured = open_as(raw, media_type, role)
        key = key_needs(secured, role, evidence, library)
    except CredentialsError:
        return frozenset()
    if key:
        return key
    status = evidence.missing(status_needs(secured.document.value))
    if status and is_signed(secured, role, evidence, library):
        return status
    return frozenset()


def judge(
    raw: bytes,
    media_type: str | None,
    evidence: Evidence,
    *,
    at: datetime,
    contexts: ContextLibrary | None = None,
    role: Role = CREDENTIAL,
    schemas: SchemaLibrary = NO_SCHEMAS,
    kept: KeptLists | None = None,
) -> Verdict:
    """The verdict on one credential at ``at`` (aware, UTC); what is wrong with it is told, never raised.

    ``kept`` holds the status lists that this process has verified before.
    """
    library = contexts or standard_library()
    integrity = examine(raw, media_type, evidence, role, at=at, contexts=library)
    if integrity.document is None:
        return _unopened(raw, integrity, at)
    value, own = integrity.document.value, integrity.signatures
    times = integrity.secured.times if isinstance(integrity.secured, EnvelopedToken) else JwtTimes()
    return Verdict(
        object_digest=sha256_hex(raw),
        credential_digest=integrity.digest,
        id=value["id"] if isinstance(value.get("id"), str) else None,
        issuer=integrity.signer,
        form=own[0].form if own else "",
        document=integrity.document,
        checks=integrity.checks,
        validity=check_validity(value, times, at=at),
        status=status_results(value, integrity.signer, evidence, CREDENTIAL, at=at, contexts=library, kept=kept),
        schema=schema_check(value, schemas),
        lint=lint(value),
        at=at,
        verification_method=own[0].method if own else None,
    )


def _unopened(raw: bytes, integrity: Integrity, at: datetime) -> Verdict:
    parse = integrity.checks[0]
    return Verdict(
        object_digest=sha256_hex(raw),
        credential_digest=None,
        id=None,
        issuer=None,
        form="",
        document=None,
        checks=integrity.checks,
        validity=not_run("validity", parse),
        status=(),
        schema=not_run("schema", parse),
        lint=(),
        at=at,
    )


def schema_check(value: JsonObject, schemas: SchemaLibrary) -> Check:
    """UNTP's schema by type and every schema that the credential names: one that is broken outweighs one not known."""
    named = check_named_schemas(value, schemas=schemas)
    broken = (*check_schema(value), *named.broken)
    if broken:
        return failed("schema", broken[0])
    return untold("schema", named.untold[0]) if named.untold else passed("schema")
