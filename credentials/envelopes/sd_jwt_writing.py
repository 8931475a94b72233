"""Making SD-JWTs: what may be held back is replaced by digests.

The rule: a fresh salt for every claim, digests in an order that tells nothing, and no pointer to nothing.
Specification: RFC 9901 sections 4.2 and 5; VC-JOSE-COSE section 3.2.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence
from typing import Any, Final

from credentials.encoding.document import Json, JsonObject, compact_json
from credentials.encoding.multibase import encode_base64url
from credentials.envelopes.jose import write_compact
from credentials.envelopes.sd_jwt import ALWAYS_SHOWN
from credentials.errors import CredentialsError, ProofProblem
from credentials.keys.algorithms import Signer, fresh_secret

_SALT: Final = 16  # bytes: 128 bits


def write_sd_jwt(header: JsonObject, payload: JsonObject, pointers: Sequence[str], *, signer: Signer) -> bytes:
    """The SD-JWT over ``payload`` in which everything at ``pointers`` (JSON pointers) can be held back.

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR for a pointer to nothing, or to what nobody may hold back.
    """
    claims, disclosures = copy.deepcopy(dict(payload)), list[str]()
    for path in sorted((_path(pointer) for pointer in dict.fromkeys(pointers)), key=len, reverse=True):
        disclosures.append(_held_back(claims, path))
    if disclosures:
        claims["_sd_alg"] = "sha-256"
    raw = compact_json(claims)
    token = write_compact(header, raw, signer=signer).decode("ascii")
    return "~".join([token, *reversed(disclosures), ""]).encode("ascii")


def _held_back(claims: dict[str, Json], path: Sequence[str]) -> str:
    """Replace the value at ``path`` by its digest; its disclosure."""
    parent: Any = claims
    try:
        for step in path[:-1]:
            parent = parent[int(step) if isinstance(parent, list) else step]
        name = path[-1]
        if isinstance(parent, list):
            disclosure = _written([parent[_index(name)]])
            parent[_index(name)] = {"...": _digest(disclosure)}
            return disclosure
        disclosure = _written([name, parent.pop(name)])
        parent["_sd"] = sorted([*parent.get("_sd", []), _digest(disclosure)])
    except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
        raise _refused(f"Nothing stands at /{'/'.join(path)[:80]}.", "Point at a member that is there.") from error
    return disclosure


def _index(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def _written(parts: Sequence[Json]) -> str:
    salt = encode_base64url(fresh_secret(_SALT))
    return encode_base64url(compact_json([salt, *parts]))


def _digest(disclosure: str) -> str:
    return encode_base64url(hashlib.sha256(disclosure.encode("ascii")).digest())


def _path(pointer: str) -> tuple[str, ...]:
    steps = tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    if not pointer.startswith("/") or {"_sd", "..."} & {*steps}:
        raise _refused(f"{pointer[:80]!r} is no JSON pointer.", "Write it like /credentialSubject/name.")
    if len(steps) == 1 and steps[0] in ALWAYS_SHOWN:
        raise _refused(f"{pointer} is what nobody may hold back.", "Leave it out of what is selective.")
    return steps


def _refused(detail: str, fix: str) -> CredentialsError:
    return ProofProblem(detail, code="PROOF_GENERATION_ERROR", fix=fix)
