"""Checking: each signature of a reading under the key at hand, once, and whether it may count at a moment.

The rule: what came of a signature is kept with the thumbprint of the key it was checked with and answers for no other.
Which key counts, how long it may be used, the proof's own times and what an asker demands are asked anew each time.
Specifications: VC Data Integrity sections 4.4 and 4.5; VC-JOSE-COSE sections 3.1.2 and 5; RFC 7638.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final, TypeAlias

from contexts.library import ContextLibrary, standard_library
from credentials.envelopes.opening import EnvelopedToken
from credentials.errors import CredentialsError, Problem
from credentials.evidence import Evidence
from credentials.keys.algorithms import PublicKey
from credentials.keys.codecs import thumbprint
from credentials.proofs.data_integrity import Hashed, check_proof, check_stated, hash_data
from credentials.proofs.suite import Cryptosuite, DisclosingSuite, verify_base58
from credentials.verdict import Check, Outcome
from credentials.verify.controllers import controller_of, key_for
from credentials.verify.reading import Mark, Reading, open_as
from credentials.verify.signatures import NOTHING_ASKED, Asked, check_answer
from credentials.verify.steps import found, not_run, passed, run, untold

_Suite: TypeAlias = Cryptosuite | DisclosingSuite | None  # None for a token


def check(reading: Reading, evidence: Evidence, contexts: ContextLibrary | None = None) -> Reading:
    """``reading`` with a mark for every signature whose key is at hand, up to the first one that does not hold.

    What was checked under the same key before is not checked again.
    """
    if reading.secured is None and reading.raw and not is_checked(reading, evidence):
        reading = replace(reading, secured=open_as(reading.raw, reading.media_type, reading.role))
    marks = list(reading.marks)
    for index, key, suite in _at_hand(reading, evidence):
        marks[index] = mark = _mark(reading, index, suite, key, contexts)
        if mark is None or not mark.holds:
            break
    return reading if reading.marks == tuple(marks) else replace(reading, marks=tuple(marks))


def is_checked(reading: Reading, evidence: Evidence) -> bool:
    """Is there nothing for :func:`check` to do?"""
    for index, key, _ in _at_hand(reading, evidence):
        mark = reading.marks[index]
        if mark is None or mark.key != thumbprint(key):
            return False
        if not mark.holds:
            break
    return True


def holds(reading: Reading, evidence: Evidence) -> bool:
    """Do the signer's own signatures hold under the keys at hand? Only that earns a look at what is merely named."""
    keys = [key for _, key, _ in islice(_at_hand(reading, evidence), reading.own)]
    tried = zip(reading.marks, keys, strict=False)
    return 0 < reading.own == len(keys) and all(
        mark is not None and mark.holds and mark.key == thumbprint(key) for mark, key in tried
    )


def integrity(
    reading: Reading,
    evidence: Evidence,
    *,
    at: datetime,
    asked: Asked = NOTHING_ASKED,
    contexts: ContextLibrary | None = None,
) -> tuple[Check, ...]:
    """Every integrity check of ``reading`` at ``at``, the signer's own signatures made for what is ``asked``.

    A signature that is not marked with the key of the moment is checked now.
    """
    if not reading.comes_to_keys:
        return reading.found
    keys: list[PublicKey] = []
    key = run("key", lambda: keys.extend(_keys(reading, evidence, at)))
    return (*reading.found, key, _proof(reading, keys, at, asked, contexts) if keys else not_run("proof", key))


def _at_hand(reading: Reading, evidence: Evidence) -> Iterator[tuple[int, PublicKey, _Suite]]:
    """Each signature with its key, whatever the life of that, and its suite, up to the first that has none."""
    purpose = reading.role.purpose
    for index, signature in enumerate(reading.signatures if reading.comes_to_keys else ()):
        try:
            key = controller_of(signature.controller, evidence).method_for(signature.method, purpose).usable()
            proof = signature.proof
            yield index, key, check_stated(proof, kind=key.kind, purpose=purpose) if proof is not None else None
        except CredentialsError:
            return  # told by whoever judges


def _mark(reading: Reading, index: int, suite: _Suite, key: PublicKey, contexts: ContextLibrary | None) -> Mark | None:
    """What is known of a signature under ``key``, found out now where nothing is; None where the bytes are gone."""
    before, name = reading.marks[index], thumbprint(key)
    if before is not None and before.key == name:
        return before
    if reading.secured is None and not reading.raw:
        return None
    secured = reading.secured or open_as(reading.raw, reading.media_type, reading.role)
    signature, library = reading.signatures[index], contexts or standard_library()
    document, proof = secured.document.value, signature.proof or {}
    data = before.data if before is not None and before.kind is key.kind else None

    def step() -> None:
        nonlocal data
        if isinstance(suite, Cryptosuite):
            data = data or hash_data(
                document, proof, suite=suite, kind=key.kind, contexts=library, hashed=_hashed(reading)
            )
            verify_base58(data, str(proof["proofValue"]), key)
        elif suite is not None:
            check_proof(document, proof, key=key, contexts=library, purpose=reading.role.purpose)
        elif isinstance(secured, EnvelopedToken):
            secured.token.verify(key)

    came = run("proof", step, below=signature.pointer)
    return Mark(kind=key.kind, key=name, data=data, check=came)


def _hashed(reading: Reading) -> Hashed | None:
    """The document with its credential digest, where both are at hand: a JCS proof covers the same canonical JSON."""
    if reading.document is None or reading.credential_digest is None:
        return None
    return Hashed(reading.document.value, reading.credential_digest)


def _keys(reading: Reading, evidence: Evidence, at: datetime) -> list[PublicKey]:
    """The key of each signature, as it may be used at ``at``. Raises CredentialsError for the first that has none."""
    purpose, stated = reading.role.purpose, reading.valid_from
    controllers = [controller_of(signature.controller, evidence) for signature in reading.signatures]
    return [
        key_for(signature, controller, purpose=purpose, at=at, stated=stated)
        for signature, controller in zip(reading.signatures, controllers, strict=True)
    ]


def _proof(
    reading: Reading, keys: Sequence[PublicKey], at: datetime, asked: Asked, contexts: ContextLibrary | None
) -> Check:
    """Does every signature hold under its key, at ``at``, for what is ``asked`` of the signer's own?"""
    for index, (signature, key) in enumerate(zip(reading.signatures, keys, strict=True)):
        wanted, suite = asked if index < reading.own else NOTHING_ASKED, None
        if signature.proof is not None:
            try:
                suite = check_stated(
                    signature.proof,
                    kind=key.kind,
                    purpose=reading.role.purpose,
                    at=at,
                    domain=wanted.domain,
                    challenge=wanted.challenge,
                )
            except CredentialsError as error:
                return found("proof", error.problem, below=signature.pointer)
        mark = _mark(reading, index, suite, key, contexts)
        if mark is None:
            return untold("proof", _GONE)
        if not mark.holds:
            return mark.check
        answered = _answered(reading, wanted) if signature.proof is None else mark.check
        if answered.outcome is not Outcome.PASSED:
            return answered
    return passed("proof")


def _answered(reading: Reading, asked: Asked) -> Check:
    """Does the payload of a token answer what is ``asked``?"""
    if asked == NOTHING_ASKED:
        return passed("proof")
    if reading.secured is None:
        return untold("proof", _GONE)
    return run("proof", partial(check_answer, reading.secured.document.value, asked))


_GONE: Final = Problem(
    code="PROOF_VERIFICATION_ERROR", detail="It cannot be checked, because its bytes are not at hand."
)
