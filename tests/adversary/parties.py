"""Parties of a world: a host name, one Ed25519 key that follows from its DID, and a site if it makes things.

Keys follow from names, so that equal drafts give equal bytes and nothing is signed or verified twice in a run.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from credentials.issue import secure_as_jwt
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import to_jwk

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place in Germany where something is made; ``process`` is a UN CPC code and its name."""

    key: str
    process: tuple[str, str]
    latitude: float = 51.0
    longitude: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One participant; ``host`` serves its documents and ``did`` signs them."""

    key: str
    name: str
    number: str
    site: Site | None = None
    path: str = ""  # of a tenant: its did:web has this path below the host
    on_host: str = ""  # of a tenant: the host of its landlord

    @property
    def host(self) -> str:
        """Where it publishes."""
        return self.on_host or f"{self.key}.test"

    @property
    def did(self) -> str:
        """Its identity."""
        return f"did:web:{self.host}" + (f":{self.path}" if self.path else "")

    @property
    def place(self) -> str:
        """The identifier of its site. Raises LookupError when it has none."""
        if self.site is None:
            raise LookupError(f"{self.name} has no site")
        return self.url(f"facilities/{self.site.key}")

    def url(self, path: str) -> str:
        """An address on its host."""
        return f"https://{self.host}/{path}"


REGISTER = Party(key="register", name="Open Business Register", number="R-1")
ACCREDITOR = Party(key="accreditor", name="Accreditation Board", number="R-2")
ASSURER = Party(key="assurer", name="Clear Assurance", number="C-1")
AUDITOR = Party(key="auditor", name="Fair Audit", number="C-2")
#: Whom nobody in any chain ever named, and no register knows.
MALLORY = Party(
    key="mallory", name="Mallory Trading", number="M-1", site=Site(key="shed", process=("61199", "Wholesale trade"))
)
#: Another stranger, which a register knows.
RIVAL = Party(
    key="rival", name="Rival Goods", number="M-6", site=Site(key="barn", process=("61199", "Wholesale trade"))
)
#: Who buys what somebody sells on; a register knows it.
OUTLET = Party(
    key="outlet", name="Outlet Sales", number="M-8", site=Site(key="store", process=("61199", "Wholesale trade"))
)
#: Who claims on other people's account; a register knows it.
IMPOSTOR = Party(
    key="impostor", name="Impostor Goods", number="M-5", site=Site(key="yard", process=("61199", "Wholesale trade"))
)
FRIEND = Party(key="friend", name="Friendly Certificates", number="M-2")


@cache
def key_of(owner: str) -> SigningKey:
    """The key of whoever is called ``owner``: a DID, or any other name for a key of somebody's own."""
    return SigningKey(KeyKind.ED25519, hashlib.sha256(owner.encode()).digest())


def did_document(party: Party, *, anchors: Sequence[str] = (), key: str = "") -> Json:
    """The DID document of ``party``, which names where its anchors are served; ``key`` is another owner's key."""
    method = f"{party.did}#key-1"
    jwk = dict(to_jwk(key_of(key or party.did).public_key))
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": party.did,
        "verificationMethod": [{"id": method, "type": "JsonWebKey", "controller": party.did, "publicKeyJwk": jwk}],
        "assertionMethod": [method],
        "authentication": [method],
        "service": [
            {"id": f"{party.did}#anchor-{number}", "type": "dia", "serviceEndpoint": address}
            for number, address in enumerate(anchors)
        ],
    }


def thumbprint(party: Party) -> str:
    """The RFC 7638 thumbprint of the party's own key."""
    jwk = to_jwk(key_of(party.did).public_key)
    required = {name: jwk[name] for name in ("crv", "kty", "x")}
    digest = hashlib.sha256(json.dumps(required, sort_keys=True, separators=(",", ":")).encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def sign(draft: Json, *, key: str) -> bytes:
    """``draft`` as vc+jwt, in the name of its issuer, by the key of ``key``; members of a token may stand in it."""
    issuer = draft["issuer"]["id"]
    return secure_as_jwt(draft, signer=key_of(key), verification_method=f"{issuer}#key-1")
