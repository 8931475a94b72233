"""An envelope taken apart, of JOSE or of COSE: what was signed, and by which kind of key its header says.

The rule: an algorithm is decided by the key and only confirmed by the header. What a header demands to be understood
(crit) and is not refuses the whole; a key that it carries or links is never looked at.
Specifications: RFC 7515 section 4.1; RFC 8725 section 3; RFC 9052 section 3.1; docs/requirements.md S58 and S59.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from credentials.errors import ProofProblem, Unsupported
from credentials.keys.algorithms import KeyKind, PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedEnvelope:
    """The parts of an envelope; nothing in it is believed before :meth:`verify` returns."""

    header: Mapping[Any, Any]
    payload: bytes
    signature: bytes
    signing_input: bytes
    kind: KeyKind  # of the key, as the header says

    def verify(self, key: PublicKey) -> None:
        """Return if ``key`` made the signature and the header names an algorithm of that key.

        Raises:
            ProofProblem: PROOF_VERIFICATION_ERROR.
        """
        if self.kind is not key.kind:
            raise ProofProblem(
                f"The header names an alg of {self.kind} keys, but the key is {key.kind}.",
                pointer="/alg",
                fix="Sign with an algorithm of the key.",
            )
        key.verify(self.signature, self.signing_input)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderWords:
    """The words of one kind of header: its algorithms by the keys they take, and the members that are refused.

    ``others`` says whether an algorithm is one by keys that are not used here; ``keys`` are the members that carry or
    link a key, with their names.
    """

    alg: str | int
    crit: str | int
    keys: Mapping[Any, str]
    kinds: Mapping[Any, KeyKind]
    usual: Iterable[str | int]
    others: Callable[[Any], bool]

    def kind_in(self, header: Mapping[Any, Any]) -> KeyKind:
        """The kind of key that ``header`` names an algorithm of.

        Raises:
            Unsupported: UNSUPPORTED_ALGORITHM.
            ProofProblem: an algorithm, ``crit`` or key header that is not allowed.
        """
        alg, known = header.get(self.alg), ", ".join(map(str, self.usual))
        is_word = isinstance(alg, type(next(iter(self.kinds))))
        if is_word and self.others(alg):
            detail, fix = (
                f"The algorithm {alg!r:.22} is not one that is checked here.",
                f"Ask for one with alg {known}.",
            )
            raise Unsupported(detail, code="UNSUPPORTED_ALGORITHM", pointer="/alg", fix=fix)
        if not is_word or alg not in self.kinds:
            raise ProofProblem(f"The algorithm {alg!r:.22} is not accepted.", pointer="/alg", fix=f"Sign with {known}.")
        if self.crit in header:
            detail = "The header demands extensions (crit) that are not understood here."
            raise ProofProblem(detail, pointer="/crit", fix="Leave crit out.")
        for label, name in self.keys.items():
            if label in header:
                detail = f"The header carries or links a key ({name}); keys come from the issuer's DID document."
                raise ProofProblem(detail, pointer=f"/{name}", fix="Name the key with kid only.")
        return self.kinds[alg]
