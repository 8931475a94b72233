"""One credential: what must be looked up for a reading, and the verdict from what was found.

Pure: a judge opens no bytes and checks no signature that the reading knows already under its key. Integrity decides the
outcome; validity, status, schema and lint stand beside it (VCDM 2.0 section 7.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from contexts.library import ContextLibrary
from credentials.errors import MalformedInput
from credentials.evidence import Evidence, Need
from credentials.verdict import Check, Verdict
from credentials.verify.checking import holds, integrity
from credentials.verify.controllers import did_need
from credentials.verify.reading import Reading
from credentials.verify.signatures import Signature
from credentials.verify.status import Lists, read_lists, status_needs, status_results
from credentials.verify.steps import run


def needs(reading: Reading, evidence: Evidence) -> frozenset[Need]:
    """What must still be looked up to judge a checked ``reading``: its signer's DID document, then what it names.

    Empty when all was tried. A document that cannot pass whatever is found needs nothing, and what it merely names
    (signers of previous proofs, status lists) is looked up only once its signature holds: bad input causes no request
    to a place of its own choosing.
    """
    if not reading.comes_to_keys:
        return frozenset()
    own = evidence.missing(_controllers(reading.signatures[: reading.own]))
    if own or not holds(reading, evidence):
        return own
    previous = evidence.missing(_controllers(reading.signatures[reading.own :]))
    return previous or evidence.missing(status_needs(reading))


def foreseen(reading: Reading) -> frozenset[Need]:
    """What judging will ask for as long as its signatures hold: controllers, then status lists."""
    controllers = _controllers(reading.signatures) if reading.comes_to_keys else frozenset()
    return controllers | (status_needs(reading) if reading.holds else frozenset())


def judge(
    reading: Reading,
    evidence: Evidence,
    *,
    at: datetime,
    known: datetime | None = None,
    contexts: ContextLibrary | None = None,
    lists: Lists | None = None,
) -> Verdict:
    """The verdict on ``reading`` at ``at`` (aware, UTC); what is wrong with it is told, never raised.

    Status lists made up to ``known`` answer, None for ``at``.

    ``lists`` are its status lists by URL, read and checked; where they are not given, those of ``evidence`` are read.
    """
    lists = read_lists(reading, evidence, contexts=contexts) if lists is None else lists
    first = reading.first
    return Verdict(
        object_digest=reading.digest,
        credential_digest=reading.credential_digest,
        id=reading.id,
        issuer=reading.signer,
        form=first.form if first else "",
        document=reading.document,
        checks=integrity(reading, evidence, at=at, contexts=contexts),
        life=reading.life,
        validity=validity_of(reading, at=at),
        status=status_results(reading, evidence, lists, at=at, known=known),
        schema=reading.schema,
        lint=reading.lint,
        at=at,
        verification_method=first.method if first else None,
    )


def validity_of(reading: Reading, *, at: datetime) -> Check:
    """Is ``at`` in the life that the dates of a document, its token and its proofs give it?"""
    return reading.validity or run("validity", lambda: _alive(reading, at))


def _controllers(signatures: Iterable[Signature]) -> frozenset[Need]:
    needs = (did_need(signature.controller) for signature in signatures)
    return frozenset(need for need in needs if need is not None)


def _alive(reading: Reading, at: datetime) -> None:
    """Return if ``at`` is in the life of the credential. Raises MalformedInput."""
    life = reading.life
    if life.begins is not None and life.is_ahead(at):
        raise MalformedInput(
            f"It is valid from {life.begins.isoformat()} on.",
            code="NOT_YET_VALID",
            pointer="/validFrom",
            fix="Use it from then on.",
        )
    if life.ends is not None and life.is_over(at):
        raise MalformedInput(
            f"It was valid until {life.ends.isoformat()}.",
            code="EXPIRED",
            pointer="/validUntil",
            fix="Ask the issuer for a current one.",
        )
