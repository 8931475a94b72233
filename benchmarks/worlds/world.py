"""A chain signed and written into a folder: ``vc+jwt`` credentials, did:web documents, status lists, a trust list.

Every company has one Ed25519 key, which follows from the seed and its name, so that a world is the same each time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.worlds.chain import Chain
from benchmarks.worlds.drafts import AT, TRUST, Draft, counted, drafts_of, target
from credentials.encoding.multibase import digest_multibase
from credentials.issue import secure_as_jwt
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import thumbprint, to_jwk
from credentials.status.bitstring import MINIMUM_BITS
from credentials.status.status_lists import status_entry, status_list_draft
from node.demo.companies import Company

_CERTIFIED = 4  # every so many lots of raw material one has an attestation
_FILES_A_FOLDER = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Where a world lies, what to trace in it, and how many credentials are signed (status lists are besides)."""

    folder: Path
    target: str
    credentials: int
    lists: int

    @property
    def trust(self) -> Path:
        """The trust list of whoever asks."""
        return self.folder / "trust.json"


def make_world(folder: Path, credentials: int, *, companies: int = 36, inputs: int = 4, seed: int = 1) -> World:
    """Write a world of exactly so many ``credentials``, all of which belong to the chain of its target.

    Raises:
        ValueError: so few credentials are no chain.
    """
    chain, certified = _chain_of(credentials, companies=companies, inputs=inputs, seed=seed)
    desks: dict[str, _Desk] = {}
    linked: dict[str, tuple[str, str]] = {}
    for number, draft in enumerate(drafts_of(chain, certified, linked)):
        if draft.issuer.key not in desks:
            desks[draft.issuer.key] = _Desk(draft.issuer, seed)
        id_, raw = desks[draft.issuer.key].issue(draft)
        linked[draft.key] = id_, digest_multibase(raw)
        _write(folder / str(number // _FILES_A_FOLDER) / f"{number}.jwt", raw)
    for key, desk in desks.items():
        anchors = [linked[name][0] for name in (f"{key}-business", f"{key}-accreditation") if name in linked]
        _write(folder / "lists" / f"{key}.jwt", desk.status_list())
        _write(folder / "dids" / f"{key}.json", json.dumps(desk.did_document(anchors)).encode())
    pins = {desk.company.did: [desk.thumbprint] for desk in desks.values()}
    _write(folder / "trust.json", json.dumps(TRUST | {"keys": pins}).encode())
    return World(folder=folder, target=target(chain), credentials=len(linked), lists=len(desks))


def _chain_of(credentials: int, *, companies: int, inputs: int, seed: int) -> tuple[Chain, list[int]]:
    """The largest chain within so many credentials, and which of its lots are certified to make up the number."""

    def chain_of(lots: int) -> tuple[Chain, int]:
        chain = Chain(lots=lots, companies=companies, inputs=inputs, seed=seed)
        return chain, counted(chain, lots // _CERTIFIED)

    low, high = 2, credentials
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if chain_of(middle)[1] <= credentials else (low, middle - 1)
    chain, count = chain_of(low)
    if low == 2 or count > credentials:
        raise ValueError(f"{credentials} credentials are too few for a chain")
    raw = [lot for lot in range(chain.lots) if chain.is_raw(lot)]
    wanted = low // _CERTIFIED + credentials - count
    if wanted > len(raw):
        raise ValueError(f"{credentials} credentials do not come out even")
    step = len(raw) / wanted
    return chain, [raw[int(place * step)] for place in range(wanted)]


class _Desk:
    """Where a company issues: its key, and the next place in its status list."""

    def __init__(self, company: Company, seed: int) -> None:
        self.company = company
        self._key = SigningKey(KeyKind.ED25519, hashlib.sha256(f"{seed} {company.did}".encode()).digest())
        self._method = f"{company.did}#key-1"
        self._list = company.url("status/1")
        self._issued = 0

    @property
    def thumbprint(self) -> str:
        """What a trust list pins its key by."""
        return thumbprint(self._key.public_key)

    def issue(self, draft: Draft) -> tuple[str, bytes]:
        """Its id and its signed bytes."""
        id_ = self.company.url(f"credentials/{draft.key}")
        status = status_entry(list_url=self._list, index=self._issued, purpose="revocation")
        self._issued += 1
        return id_, self._signed({**draft.value, "id": id_, "credentialStatus": status})

    def status_list(self) -> bytes:
        """The signed list, on which nothing is revoked."""
        draft = status_list_draft(
            url=self._list,
            issuer=self.company.did,
            purpose="revocation",
            bits=bytes(MINIMUM_BITS // 8),
            valid_from=AT - timedelta(hours=1),
            valid_for=timedelta(days=1),
            ttl=timedelta(hours=1),
        )
        return self._signed(draft)

    def did_document(self, anchors: Sequence[str]) -> dict[str, Any]:
        """The document of its did:web, with the one key, and where the credentials that anchor it are served."""
        did, jwk = self.company.did, dict(to_jwk(self._key.public_key))
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
            "id": did,
            "verificationMethod": [{"id": self._method, "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk}],
            "assertionMethod": [self._method],
            "service": [
                {"id": f"{did}#anchor-{number}", "type": "dia", "serviceEndpoint": address}
                for number, address in enumerate(anchors)
            ],
        }

    def _signed(self, draft: dict[str, Any]) -> bytes:
        return secure_as_jwt(draft, signer=self._key, verification_method=self._method)


def _write(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
