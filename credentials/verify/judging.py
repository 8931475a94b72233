"""One credential: what must be looked up, and the verdict from what was found.

Pure, on raw bytes, so that a worker process can run it. Integrity decides the outcome; validity, status, schema and
lint stand beside it (design, Settled 1).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from contexts.library import ContextLibrary, standard_library
from credentials.encoding.document import JsonObject, sha256_hex
from credentials.envelopes.claims import JwtTimes
from credentials.envelopes.opening import EnvelopedToken
from credentials.errors import CredentialsError
from credentials.evidence import Evidence, Need
from credentials.model.credential import check_model
from credentials.schemas import check_schema
from credentials.untp.lint import lint
from credentials.verdict import Check, Verdict
from credentials.verify.integrity import Role, examine, key_needs, open_as
from credentials.verify.standing import check_validity, status_needs, status_results
from credentials.verify.steps import failed, not_run, passed

CREDENTIAL: Final = Role(kind="vc", party="issuer", party_required=True, purpose="assertionMethod", model=check_model)


def needs(raw: bytes, media_type: str | None, evidence: Evidence) -> frozenset[Need]:
    """What must still be looked up to judge ``raw``: DID documents and status lists; empty when all was tried.

    A document that cannot pass whatever is found needs nothing, so bad input causes no request.
    """
    try:
        secured = open_as(raw, media_type, CREDENTIAL)
        wanted = key_needs(secured, CREDENTIAL)
    except CredentialsError:
        return frozenset()
    return evidence.missing(wanted | status_needs(secured.document.value, evidence, CREDENTIAL))


def judge(
    raw: bytes,
    media_type: str | None,
    evidence: Evidence,
    *,
    at: datetime,
    contexts: ContextLibrary | None = None,
) -> Verdict:
    """The verdict on one credential at ``at`` (aware, UTC); what is wrong with it is told, never raised."""
    library = contexts or standard_library()
    integrity = examine(raw, media_type, evidence, CREDENTIAL, at=at, contexts=library)
    document = integrity.document
    parse = integrity.checks[0]
    if document is None or integrity.secured is None:
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
    value, secured, own = document.value, integrity.secured, integrity.signatures
    id_ = value.get("id")
    return Verdict(
        object_digest=sha256_hex(raw),
        credential_digest=integrity.digest,
        id=id_ if isinstance(id_, str) else None,
        issuer=integrity.signer,
        form=own[0].form if own else "",
        document=document,
        checks=integrity.checks,
        validity=check_validity(value, secured.times if isinstance(secured, EnvelopedToken) else JwtTimes(), at=at),
        status=status_results(value, integrity.signer, evidence, CREDENTIAL, at=at, contexts=library),
        schema=_schema(value),
        lint=lint(value),
        at=at,
        verification_method=own[0].method if own else None,
    )


def _schema(value: JsonObject) -> Check:
    problems = check_schema(value)
    return failed("schema", problems[0]) if problems else passed("schema")
