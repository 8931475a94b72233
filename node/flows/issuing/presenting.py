"""Presenting: a holder's own proof over what it holds, for whoever asked.

The rule: the holder is this instance and nobody else, the proof is made for authentication, and a challenge is answered
for a domain only. What is inside is shown as it came; it was secured by its own issuer and is not judged here.
Specifications: VCALM 0.9 section 3.5.2; VCDM 2.0 section 4.13; VC Data Integrity section 4.2; docs/conformance/w3c.md
A7.5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from contexts.library import ContextLibrary, standard_library
from credentials.encoding.document import Json, JsonObject
from credentials.errors import Problem
from credentials.keys.algorithms import KeyKind
from credentials.model.credential import id_of
from credentials.model.presentation import check_presentation
from credentials.proofs.data_integrity import add_proof
from credentials.proofs.derivation import derive_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suite import Cryptosuite
from credentials.proofs.suites import SUITES
from node.errors import DraftNotIssuable
from node.flows.verifying.work import Resources
from node.keyring.peer_key import NamedSigner

PURPOSE = "authentication"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presenting:
    """Signs presentations as ``did``; ``key`` gives the authentication key of a moment."""

    did: str
    key: Callable[[datetime], NamedSigner]
    contexts: ContextLibrary | None = None
    suites: tuple[str, ...] = ()

    def present(
        self, draft: JsonObject, *, at: datetime, domain: str | None = None, challenge: str | None = None
    ) -> dict[str, Json]:
        """The presentation ``draft`` with the holder's proof.

        Raises:
            DraftNotIssuable: it is no presentation, or its holder is somebody else; with every problem found.
            ProofProblem: PROOF_GENERATION_ERROR. ContextProblem, LimitReached: it cannot be secured.
        """
        library = self.contexts or standard_library()
        document = {**draft, "holder": draft.get("holder", self.did)}
        problems = [*check_presentation(document, contexts=library), *self._of_others(document)]
        if problems:
            raise DraftNotIssuable(problems)
        key = self.key(at)
        return add_proof(
            document,
            ProofOptions(
                verification_method=key.method, created=at, proof_purpose=PURPOSE, domain=domain, challenge=challenge
            ),
            suite=self._suite(key.signer.public_key.kind),
            signer=key.signer,
            contexts=library,
        )

    def _of_others(self, document: JsonObject) -> list[Problem]:
        found = []
        if id_of(document["holder"]) != self.did:
            found.append(_problem("/holder", f"This instance presents as {self.did} only.", "Leave holder out."))
        if "proof" in document:
            found.append(_problem("/proof", "The presentation has a proof already.", "Send it without."))
        return found

    def _suite(self, kind: KeyKind) -> Cryptosuite:
        """Its own suite where that takes this key and signs whole documents, else the first that does."""
        wanted = [name for name in self.suites if name in SUITES and kind in SUITES[name].key_kinds]
        return SUITES[next(iter(wanted), next(name for name in sorted(SUITES) if kind in SUITES[name].key_kinds))]


def derived(
    document: JsonObject,
    base: JsonObject,
    pointers: Sequence[str],
    contexts: ContextLibrary | None,
    resources: Resources,
) -> JsonObject:
    """The part of ``document`` that ``pointers`` and its issuer's mandatory ones select, secured by ``base``."""
    return derive_proof(document, base, selective_pointers=pointers, contexts=resources.over(contexts))


def _problem(pointer: str, detail: str, fix: str) -> Problem:
    return Problem(code="MALFORMED_VALUE_ERROR", detail=detail, pointer=pointer, fix=fix)
