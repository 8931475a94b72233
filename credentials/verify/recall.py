"""The verdict on a credential that was read before: keys, validity and status asked anew, the rest from memory.

The rule: the answer is the one that reading it again would give, without the document. A signature that was checked
with the same key is not checked again; with another key it costs that one signature; only what was never kept (or
never came to a key) is read from the bytes. performance.md section 8 item 7.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from contexts.library import ContextLibrary, standard_library
from credentials.encoding.document import JsonObject
from credentials.envelopes.opening import EnvelopedToken, Secured
from credentials.errors import CredentialsError, LimitReached, ProofProblem
from credentials.evidence import Evidence, Need
from credentials.keys.algorithms import PublicKey
from credentials.keys.codecs import thumbprint
from credentials.proofs.integrity import check_proof, check_stated, hash_data
from credentials.proofs.suite import Cryptosuite, DisclosingSuite, verify_base58
from credentials.verdict import Check, Verdict
from credentials.verify.binding import key_needs, keys_of
from credentials.verify.controllers import did_need
from credentials.verify.integrity import open_as
from credentials.verify.judging import CREDENTIAL
from credentials.verify.kept_lists import KeptLists
from credentials.verify.memory import Mark, Memory, remember
from credentials.verify.signatures import Signature
from credentials.verify.standing import VerifiedLists, check_validity, status_needs, status_results
from credentials.verify.steps import not_run, run

_PURPOSE: Final = CREDENTIAL.purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """A verdict without its document, what is to be kept for next time, and how many signatures it cost."""

    verdict: Verdict
    memory: Memory
    signatures: int


def foreseen(memory: Memory) -> frozenset[Need]:
    """What its verdict will ask for as long as its signatures hold: controllers, then status lists."""
    controllers = (did_need(signature.controller) for signature in memory.signatures)
    return frozenset(need for need in controllers if need) | (
        status_needs(memory.facts) if memory.held else frozenset()
    )


class Recall:
    """Verdicts at one moment from one evidence; what many credentials share is done once.

    ``kept`` holds the status lists that this process has verified before.
    """

    def __init__(
        self,
        evidence: Evidence,
        *,
        at: datetime,
        contexts: ContextLibrary | None = None,
        kept: KeptLists | None = None,
    ) -> None:
        self._evidence, self._at = evidence, at
        self._contexts = contexts or standard_library()
        self._lists = VerifiedLists(evidence, CREDENTIAL, at=at, contexts=self._contexts, kept=kept)

    def begin(self, raw: bytes) -> tuple[Memory, Secured | None]:
        """What is to be kept of bytes that were never read."""
        return remember(raw, contexts=self._contexts)

    def needs(self, memory: Memory, raw: bytes) -> frozenset[Need]:
        """What must be looked up before :meth:`judge`; what a document merely names only once its signatures hold."""
        wanted = {need for signature in memory.signatures if (need := did_need(signature.controller))}
        missing = self._evidence.missing(wanted)
        if not missing:
            return self._evidence.missing(status_needs(memory.facts)) if memory.held else frozenset()
        if len(memory.signatures) == memory.own:
            return missing
        return key_needs(open_as(raw, None, CREDENTIAL), CREDENTIAL, self._evidence, self._contexts)

    def judge(self, memory: Memory, raw: bytes, secured: Secured | None = None) -> Recalled:
        """The verdict on ``raw``; ``secured`` is it opened, if that is at hand."""
        work = _Signatures(memory, raw, secured, self._contexts, self._at)
        checks = memory.early
        if memory.signatures:
            key = run("key", lambda: work.find_keys(self._evidence))
            proof = run("proof", work.check) if work.keys else not_run("proof", key)
            checks = (*memory.early, key, proof)
        kept = replace(memory, marks=tuple(work.marks))
        return Recalled(verdict=self._verdict(kept, checks), memory=kept, signatures=work.count)

    def _verdict(self, memory: Memory, checks: tuple[Check, ...]) -> Verdict:
        at, parse = self._at, memory.early[0]
        validity = check_validity(memory.facts, memory.times, at=at) if memory.opened else not_run("validity", parse)
        status = status_results(
            memory.facts,
            memory.issuer,
            self._evidence,
            CREDENTIAL,
            at=at,
            contexts=self._contexts,
            lists=self._lists,
        )
        return Verdict(
            object_digest=memory.digest,
            credential_digest=memory.credential_digest,
            id=memory.id,
            issuer=memory.issuer,
            form=memory.form,
            document=None,
            checks=checks,
            validity=validity,
            status=status,
            schema=memory.schema,
            lint=memory.lint,
            at=at,
            verification_method=memory.method,
        )


class _Signatures:
    """The signatures of one memory: their keys found, each checked as cheaply as it can be."""

    def __init__(
        self, memory: Memory, raw: bytes, secured: Secured | None, contexts: ContextLibrary, at: datetime
    ) -> None:
        self._memory, self._raw, self._secured = memory, raw, secured
        self._contexts, self._at = contexts, at
        self.keys: list[PublicKey] = []
        self.marks: list[Mark | None] = list(memory.marks)
        self.count = 0

    def find_keys(self, evidence: Evidence) -> None:
        """Find the key of every signature. Raises CredentialsError."""
        self.keys = keys_of(self._memory.signatures, self._memory.facts, evidence, purpose=_PURPOSE, at=self._at)

    def check(self) -> None:
        """Return if every signature holds. Raises CredentialsError, with pointers into the document."""
        for index, (signature, key) in enumerate(zip(self._memory.signatures, self.keys, strict=True)):
            try:
                self._check_one(index, signature, key)
            except CredentialsError as error:
                found, pointer = error.problem, signature.pointer + error.problem.pointer
                raise type(error)(found.detail, code=found.code, pointer=pointer, fix=found.fix) from error

    def _check_one(self, index: int, signature: Signature, key: PublicKey) -> None:
        suite = None
        if signature.proof is not None:
            suite = check_stated(signature.proof, kind=key.kind, purpose=_PURPOSE, at=self._at)
        mark = self.marks[index]
        if mark is None or mark.key != thumbprint(key):
            mark = self.marks[index] = self._tried(signature, suite, key, mark)
        if mark.problem is not None:
            found = mark.problem
            raise ProofProblem(found.detail, code=found.code, pointer=found.pointer, fix=found.fix, name=found.name)

    def _tried(
        self, signature: Signature, suite: Cryptosuite | DisclosingSuite | None, key: PublicKey, before: Mark | None
    ) -> Mark:
        """What came of one signature under ``key``. Raises LimitReached, after which nothing is known."""
        data = before.data if before is not None and before.kind is key.kind else None
        problem, proof = None, signature.proof or {}
        self.count += 1
        try:
            if isinstance(suite, Cryptosuite):
                data = data or self._hash(proof, suite, key)
                verify_base58(data, proof["proofValue"], key)
            elif suite is not None:
                check_proof(self._opened.document.value, proof, key=key, contexts=self._contexts, purpose=_PURPOSE)
            elif isinstance(self._opened, EnvelopedToken):
                self._opened.token.verify(key)
        except LimitReached:
            raise
        except CredentialsError as error:
            problem = error.problem
        return Mark(kind=key.kind, key=thumbprint(key), data=data, problem=problem)

    def _hash(self, proof: JsonObject, suite: Cryptosuite, key: PublicKey) -> bytes:
        return hash_data(self._opened.document.value, proof, suite=suite, kind=key.kind, contexts=self._contexts)

    @property
    def _opened(self) -> Secured:
        if self._secured is None:
            self._secured = open_as(self._raw, None, CREDENTIAL)
        return self._secured
