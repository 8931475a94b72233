"""A client as the W3C's suites are one: plain JSON over HTTP to one instance at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp

from contexts.library import standard_library
from credentials.did.key import did_of_key, method_of_key
from credentials.keys.algorithms import SigningKey
from credentials.proofs.data_integrity import add_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import SUITES
from node.conformance.profile import contexts_of
from node.conformance.serving import Serving, serving
from tests.shared import SHARED

AT: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
BASE: Final = "https://www.w3.org/ns/credentials/v2"
HOLDER: Final = SigningKey.generate()
NAMES: Final = (
    "eddsa-rdfc",
    "eddsa-jcs",
    "ecdsa-rdfc",
    "ecdsa-jcs",
    "ecdsa-rdfc-p384",
    "ecdsa-jcs-p384",
    "ecdsa-sd",
    "jose",
    "vcdm",
    "status",
)


@dataclass(frozen=True)
class Heard:
    """An answer, read."""

    status: int
    headers: Any
    json: Any


@dataclass(frozen=True)
class Suite:
    """A suite at work against one served profile."""

    served: Serving
    session: aiohttp.ClientSession

    def issuer(self, name: str) -> str:
        """The DID of an instance."""
        return self.served.node.instances[name].publishing.identity.did

    async def call(self, method: str, path: str, **options: Any) -> Heard:
        """One request, redirects not followed."""
        async with self.session.request(method, path, allow_redirects=False, **options) as answer:
            body = await answer.read()
            value = await answer.json(content_type=None) if "json" in answer.content_type or body[:1] == b"{" else None
            return Heard(answer.status, answer.headers, value)

    async def issue(self, name: str, credential: Mapping[str, Any], **options: Any) -> Heard:
        """Issue at an instance."""
        body = {"credential": credential, "options": options}
        return await self.call("POST", f"/instances/{name}/credentials/issue", json=body)

    async def issued(self, name: str, credential: Mapping[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """The secured credential that issuing gives; with ecdsa-sd what a holder would show of it."""
        heard = await self.issue(name, credential or self.draft(name), **options)
        assert heard.status == 201, heard.json
        secured: dict[str, Any] = heard.json.get("verifiableCredential", heard.json)
        return secured

    async def shown(self, name: str) -> dict[str, Any]:
        """A credential as its holder would show it."""
        secured = await self.issued(name)
        return (
            (await self.derive(secured, "/credentialSubject", "/issuer")).json["verifiableCredential"]
            if (name == "ecdsa-sd")
            else secured
        )

    async def derive(self, credential: Mapping[str, Any], *pointers: str) -> Heard:
        """Derive at the instance for that."""
        body = {"verifiableCredential": credential, "options": {"selectivePointers": list(pointers)}}
        return await self.call("POST", "/instances/ecdsa-sd/credentials/derive", json=body)

    async def verify(self, name: str, credential: Any, **options: Any) -> Heard:
        """Verify at an instance."""
        body = {"verifiableCredential": credential, "options": options}
        return await self.call("POST", f"/instances/{name}/credentials/verify", json=body)

    async def present(self, name: str, presentation: Mapping[str, Any], **options: Any) -> Heard:
        """Verify a presentation at an instance."""
        body = {"verifiablePresentation": presentation, "options": options}
        return await self.call("POST", f"/instances/{name}/presentations/verify", json=body)

    def draft(self, name: str, **members: Any) -> dict[str, Any]:
        """The smallest credential of an instance's issuer."""
        return {
            "@context": [BASE],
            "type": ["VerifiableCredential"],
            "issuer": self.issuer(name),
            "credentialSubject": {"id": "did:example:subject", "name": "A subject"},
            **members,
        }


def presentation(*credentials: Mapping[str, Any], domain: str | None = None, challenge: str | None = None) -> Any:
    """A presentation of ``credentials`` signed by the holder for whoever asked."""
    document = {
        "@context": [BASE],
        "type": ["VerifiablePresentation"],
        "holder": did_of_key(HOLDER.public_key),
        "verifiableCredential": list(credentials),
    }
    return signed(document, domain=domain, challenge=challenge)


def signed(document: Mapping[str, Any], *, domain: str | None = None, challenge: str | None = None) -> Any:
    """``document`` signed by the holder as it is, whatever it says."""
    return add_proof(
        document,
        ProofOptions(
            verification_method=method_of_key(HOLDER.public_key),
            created=AT,
            proof_purpose="authentication",
            domain=domain,
            challenge=challenge,
        ),
        suite=SUITES["eddsa-jcs-2022"],
        signer=HOLDER,
        contexts=standard_library(),
    )


@asynccontextmanager
async def suite() -> AsyncIterator[Suite]:
    """A served profile and a client at it; with the published contexts where they are beside the checkout."""
    folder = SHARED / "contexts"
    contexts = contexts_of(folder if folder.is_dir() else None)
    async with (
        serving(port=0, tls_port=0, contexts=contexts, clock=lambda: AT) as served,
        aiohttp.ClientSession(served.addresses.plain) as session,
    ):
        yield Suite(served, session)
