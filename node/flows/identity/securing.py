"""How one issuer instance signs: its key, the names that key goes by, its cryptosuites, its contexts.

The rule: the form decides which name of the key is stated (VC-JOSE-COSE section 4.1.1; VC Data Integrity section 2.1),
and nothing is signed with a suite that the instance does not have. Private keys stay behind the signer port.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from contexts.library import ContextLibrary
from credentials.did.documents import jwk_method, multikey_method
from credentials.did.key import method_of_key
from credentials.encoding.document import JsonObject
from credentials.errors import ProofProblem
from credentials.issue import PROOF_SET, secure_as_jwt, secure_with_proofs
from credentials.keys.algorithms import Signer
from credentials.proofs.suites import DISCLOSING_SUITES

JWT: Final = "vc+jwt"
EMBEDDED: Final = "vc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Securing:
    """The signing side of one instance; ``kid`` names its key in tokens, ``method`` in embedded proofs."""

    signer: Signer
    kid: str
    method: str
    suites: tuple[str, ...] = PROOF_SET
    contexts: ContextLibrary | None = None

    @classmethod
    def of_did(cls, did: str, name: str, signer: Signer, *, contexts: ContextLibrary | None = None) -> Self:
        """The key ``name`` of a published DID document, which lists it in both forms."""
        return cls(signer=signer, kid=jwk_method(did, name), method=multikey_method(did, name), contexts=contexts)

    @classmethod
    def of_key(cls, signer: Signer, *, suites: Sequence[str], contexts: ContextLibrary) -> Self:
        """A key that is its own issuer (did:key)."""
        method = method_of_key(signer.public_key)
        return cls(signer=signer, kid=method, method=method, suites=tuple(suites), contexts=contexts)

    @property
    def discloses(self) -> bool:
        """Do its proofs let a holder show a part?"""
        return not DISCLOSING_SUITES.keys().isdisjoint(self.suites)

    def secure(self, draft: JsonObject, *, form: str, at: datetime, mandatory: Sequence[str] = ()) -> bytes:
        """``draft`` in one form (vc+jwt or vc); ``mandatory`` points at what a holder can never hold back.

        Raises:
            ProofProblem: PROOF_GENERATION_ERROR. ContextProblem, LimitReached, MalformedInput: it cannot be secured so.
        """
        if form == JWT:
            return secure_as_jwt(draft, signer=self.signer, verification_method=self.kid)
        if mandatory and not self.discloses:
            raise ProofProblem(
                "This instance's proofs do not disclose selectively, so nothing in them is optional.",
                code="PROOF_GENERATION_ERROR",
                pointer="/options/mandatoryPointers",
                fix="Leave mandatoryPointers out.",
            )
        return secure_with_proofs(
            draft,
            signer=self.signer,
            verification_method=self.method,
            created=at,
            suites=self.suites,
            contexts=self.contexts,
            mandatory_pointers=mandatory,
        )
