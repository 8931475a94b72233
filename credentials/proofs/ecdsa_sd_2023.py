"""ecdsa-sd-2023: the issuer signs statement by statement, the holder shows a part, the verifier checks that part.

The rule: a base proof is for the holder alone. A fresh key signs each statement that may be held back, the issuer's
key signs that key together with the statements that may not, and what the holder shows must account for every
statement in it. As with the other suites over statements, order and repeats in arrays are not protected.
Specification: Data Integrity ECDSA Cryptosuites 1.0 sections 3.5 and 3.6; the numbers in comments are step numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject
from credentials.encoding.multibase import decode_base64url, encode_base64url
from credentials.errors import ProofProblem
from credentials.keys.algorithms import KeyKind, OneTimeKey, PublicKey, Signer, fresh_secret
from credentials.keys.codecs import multikey_bytes
from credentials.proofs.disclosable import Disclosable, relabelled
from credentials.proofs.disclosure_values import (
    SECRET_SIZE,
    BaseValue,
    DerivedValue,
    read_base,
    read_derived,
    write_base,
    write_derived,
)
from credentials.proofs.selection import select
from credentials.proofs.suite import DisclosingSuite
from credentials.proofs.transforms import as_statements
from credentials.rdf.canonical import canonical_labels
from credentials.rdf.nquads import parse_nquads

_LABEL: Final = "_:c14n"


def sign(
    document: JsonObject, options: JsonObject, mandatory: Sequence[str], signer: Signer, contexts: ContextLibrary
) -> str:
    """``proofValue`` of a base proof, with a fresh key for the statements and a fresh one for the labels (3.6.1)."""
    value = base_value(
        document, options, mandatory, signer, contexts, one_time=OneTimeKey(), hmac_key=fresh_secret(SECRET_SIZE)
    )
    return write_base(value)


def base_value(
    document: JsonObject,
    options: JsonObject,
    mandatory: Sequence[str],
    signer: Signer,
    contexts: ContextLibrary,
    *,
    one_time: Signer,
    hmac_key: bytes,
) -> BaseValue:
    """The base proof with the given one-time key and HMAC key (3.6.2 to 3.6.5).

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR. ContextProblem, LimitReached, MalformedInput.
    """
    statements = Disclosable(document, hmac_key, contexts)
    kept = set(statements.matching(mandatory))
    lines = statements.lines
    signed = signed_data(proof_hash(options, contexts), one_time.public_key, (lines[index] for index in sorted(kept)))
    return BaseValue(
        signature=signer.sign(signed),
        public_key=one_time.public_key,
        hmac_key=hmac_key,
        signatures=tuple(one_time.sign(line.encode()) for index, line in enumerate(lines) if index not in kept),
        pointers=tuple(mandatory),
    )


def proof_hash(options: JsonObject, contexts: ContextLibrary) -> bytes:
    """SHA-256 of the canonical proof options (3.6.3, 3.6.4)."""
    return hashlib.sha256(as_statements(options, contexts, "sha256")).digest()


def signed_data(options_hash: bytes, key: PublicKey, mandatory: Iterable[str]) -> bytes:
    """What the issuer's key signs: proof hash ‖ one-time key ‖ hash of the mandatory statements, 99 bytes (3.5.1)."""
    return options_hash + multikey_bytes(key) + hashlib.sha256("".join(mandatory).encode("utf-8")).digest()


def derive(
    document: JsonObject, base: str, selective: Sequence[str], contexts: ContextLibrary
) -> tuple[dict[str, Json], str]:
    """What is shown of ``document`` (without proof), and the derived ``proofValue`` for it (3.6.6).

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR, PROOF_VERIFICATION_ERROR. MalformedInput, ContextProblem, LimitReached.
    """
    shown, value = disclosure(document, read_base(base), selective, contexts)
    return shown, write_derived(value)


def disclosure(
    document: JsonObject, base: BaseValue, selective: Sequence[str], contexts: ContextLibrary
) -> tuple[dict[str, Json], DerivedValue]:
    """Create disclosure data (3.5.6): what is shown and its derived proof."""
    pointers = [*base.pointers, *selective]
    if not pointers:
        raise ProofProblem("Nothing would be shown.", code="PROOF_GENERATION_ERROR", fix="Name what to show.")
    statements = Disclosable(document, base.hmac_key, contexts)  # (6)
    kept = set(statements.matching(base.pointers))
    if len(statements.lines) - len(kept) != len(base.signatures):
        raise _wrong_count(len(base.signatures), len(statements.lines) - len(kept))
    chosen = statements.matching(pointers)
    others = (index for index in range(len(statements.lines)) if index not in kept)
    signature_of = dict(zip(others, base.signatures, strict=True))  # (8) to (10)
    lines = [statements.lines[index] for index in chosen]
    canonical = canonical_labels(parse_nquads("".join(lines)))  # (12)
    value = DerivedValue(
        signature=base.signature,
        public_key=base.public_key,
        signatures=tuple(signature_of[index] for index in chosen if index not in kept),
        labels={  # (13) and compress label map (3.5.5)
            int(short.removeprefix(_LABEL)): decode_base64url(label.removeprefix("_:u"))
            for label, short in canonical.items()
        },
        mandatory=tuple(place for place, index in enumerate(chosen) if index in kept),  # (7)
    )
    shown = select(document, pointers)  # (11)
    if shown_lines(shown, value, contexts) != lines:
        raise ProofProblem(
            "What would be shown says something else alone.",
            code="PROOF_GENERATION_ERROR",
            fix="Point at whole objects.",
        )
    return shown, value


def shown_lines(document: JsonObject, value: DerivedValue, contexts: ContextLibrary) -> list[str]:
    """The statements of a derived document, sorted, under the issuer's labels (3.5.9, steps 5 to 8).

    Raises:
        ProofProblem: the label map is not one to one. ContextProblem, LimitReached, MalformedInput.
    """
    from credentials.rdf.jsonld import to_quads  # here, because PyLD is a third of a start that may not need it

    quads = to_quads(document, contexts=contexts)
    canonical = canonical_labels(quads)
    labels = {f"{_LABEL}{number}": "_:u" + encode_base64url(label) for number, label in value.labels.items()}
    if labels.keys() != set(canonical.values()) or len(set(labels.values())) != len(labels):
        raise _refused("The label map does not name the objects that are shown, each once.")
    return relabelled(quads, {blank: labels[label] for blank, label in canonical.items()})


def verify(document: JsonObject, options: JsonObject, value: str, key: PublicKey, contexts: ContextLibrary) -> None:
    """Return if ``value`` is a derived proof by ``key`` for everything in ``document`` (3.6.7).

    Raises:
        ProofProblem: PROOF_VERIFICATION_ERROR. MalformedInput, ContextProblem, LimitReached.
    """
    derived = read_derived(value)
    lines = shown_lines(document, derived, contexts)
    kept = set(derived.mandatory)
    if len(kept) != len(derived.mandatory) or max(kept, default=-1) >= len(lines):
        raise _refused("The list of mandatory statements is not one of this document.")
    others = [line for index, line in enumerate(lines) if index not in kept]
    if len(others) != len(derived.signatures):
        raise _wrong_count(len(derived.signatures), len(others))
    mandatory = (line for index, line in enumerate(lines) if index in kept)
    key.verify(derived.signature, signed_data(proof_hash(options, contexts), derived.public_key, mandatory))
    for line, signature in zip(others, derived.signatures, strict=True):
        derived.public_key.verify(signature, line.encode("utf-8"))


def _wrong_count(signatures: int, statements: int) -> ProofProblem:
    return _refused(f"There are {signatures} signatures for {statements} statements.")


def _refused(detail: str) -> ProofProblem:
    return ProofProblem(detail, pointer="/proofValue", fix="Ask for the credential as issued, and derive from that.")


SUITE: Final = DisclosingSuite(
    name="ecdsa-sd-2023",
    key_kinds=frozenset({KeyKind.P256}),
    sign=sign,
    derive=derive,
    verify=verify,
)
