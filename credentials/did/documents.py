"""Writing a DID document: every credential key once as JsonWebKey (for tokens) and once as Multikey (for proofs).

Verifiers differ in which of the two they read, so each signature names the form its own specification asks for
(VC-JOSE-COSE section 4.1.1; VC Data Integrity section 2.1; docs/requirements.md D6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from credentials.encoding.document import Json
from credentials.encoding.moments import format_moment
from credentials.keys.algorithms import PublicKey
from credentials.keys.codecs import JWS_ALGORITHMS, to_jwk, to_multikey

_CONTEXTS: Final = (
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedKey:
    """A key to publish: ``name`` is the fragment (``cred-1``), ``purposes`` are relationships' names."""

    name: str
    key: PublicKey
    purposes: tuple[str, ...]
    revoked: datetime | None = None
    expires: datetime | None = None


def multikey_method(did: str, name: str) -> str:
    """The verification method that Data Integrity proofs and HTTP signatures name for the key ``name``."""
    return f"{did}#{name}"


def jwk_method(did: str, name: str) -> str:
    """The verification method that a token's ``kid`` names for the key ``name``."""
    return f"{did}#{name}-jwk"


def build_did_document(
    did: str,
    keys: Sequence[PublishedKey],
    *,
    services: Sequence[Mapping[str, Json]] = (),
    also_known_as: Sequence[str] = (),
) -> dict[str, Json]:
    """The DID document of ``did``; assertion keys are listed in both forms, others as Multikey."""
    document: dict[str, Json] = {"@context": list(_CONTEXTS), "id": did}
    if also_known_as:
        document["alsoKnownAs"] = list(also_known_as)
    methods: list[dict[str, Json]] = []
    relationships: dict[str, list[str]] = {}
    for published in keys:
        forms = _forms(did, published)
        methods.extend(forms)
        for purpose in published.purposes:
            listed = forms if purpose == "assertionMethod" else forms[:1]
            relationships.setdefault(purpose, []).extend(form["id"] for form in listed)
    document["verificationMethod"] = methods
    document.update(relationships)
    if services:
        document["service"] = [dict(service) for service in services]
    return document


def _forms(did: str, published: PublishedKey) -> list[dict[str, Json]]:
    life = {
        name: format_moment(moment)
        for name, moment in (("revoked", published.revoked), ("expires", published.expires))
        if moment is not None
    }
    multikey: dict[str, Json] = {
        "id": multikey_method(did, published.name),
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": to_multikey(published.key),
        **life,
    }
    if "assertionMethod" not in published.purposes:
        return [multikey]
    jwk: dict[str, Json] = {
        "id": jwk_method(did, published.name),
        "type": "JsonWebKey",
        "controller": did,
        "publicKeyJwk": {**to_jwk(published.key), "alg": JWS_ALGORITHMS[published.key.kind]},
        **life,
    }
    return [multikey, jwk]
