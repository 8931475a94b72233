"""Selective disclosure with ecdsa-sd-2023 against the npm packages: a base proof, and checking all it can show."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from benchmarks import peer_npm
from benchmarks.credential import AT, draft, named
from benchmarks.row import Measured, Row
from benchmarks.timing import in_turn
from contexts.library import standard_library
from credentials.did.key import did_of_key, method_of_key
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.proofs.data_integrity import add_proof, check_proof
from credentials.proofs.derivation import derive_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import DISCLOSING_SUITES

KEY = SigningKey.generate(KeyKind.P256)
POINTERS = ("/issuer", "/validFrom")


def _unsigned(name: str) -> Mapping[str, Any]:
    sample = draft(name)
    return {**sample, "issuer": {**sample["issuer"], "id": did_of_key(KEY.public_key)}}


def _based(unsigned: Mapping[str, Any]) -> dict[str, Any]:
    return add_proof(
        unsigned,
        ProofOptions(verification_method=method_of_key(KEY.public_key), created=AT),
        suite=DISCLOSING_SUITES["ecdsa-sd-2023"],
        signer=KEY,
        mandatory_pointers=POINTERS,
        contexts=standard_library(),
    )


@cache
def _both(name: str) -> tuple[float, float, float, float]:
    """Milliseconds of a base proof and of a full verification, theirs before ours."""
    unsigned = _unsigned(name)
    base = _based(unsigned)
    shown = derive_proof(base, base["proof"], selective_pointers=[""], contexts=standard_library())
    their_sign, their_verify = peer_npm.disclosing(unsigned, shown, POINTERS)
    our_sign, our_verify = in_turn(
        lambda: _based(unsigned),
        lambda: check_proof(shown, shown["proof"], key=KEY.public_key, contexts=standard_library()),
    )
    return their_sign, our_sign, their_verify, our_verify


def _ratio(name: str, which: int) -> Measured:
    theirs, ours = _both(name)[which : which + 2]
    return Measured(theirs / ours, f"{theirs:.0f} / {ours:.1f} ms")


ROWS = tuple(
    Row(
        what=f"{what} {name}, ecdsa-sd-2023",
        against="Digital Bazaar's npm packages",
        target=target,
        measure=partial(_ratio, name, which),
    )
    for kind in ("DPP", "DPP, large")
    for name in named(kind)
    for what, which, target in (("base proof of", 0, 15), ("verify all of", 2, 4))
)
