"""Who this node speaks for, and the addresses that follow from it: always from settings, never from a request."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from credentials.identifiers.hosts import host_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The organisation behind one issuer instance: ``public_url`` has no trailing slash."""

    name: str
    did: str
    public_url: str
    instance: str = "default"

    @property
    def host(self) -> str:
        """The host name that the world knows this node by."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def issuer(self) -> dict[str, object]:
        """The ``issuer`` of a UNTP credential (VCP-04)."""
        return {"type": ["CredentialIssuer"], "id": self.did, "name": self.name}

    def credential_url(self, token: str) -> str:
        """Where a credential is published; this is its id."""
        return f"{self.public_url}/credentials/{token}"

    def status_list_url(self, token: str) -> str:
        """Where a status list is published; this is its id."""
        return f"{self.public_url}/status/{token}"

    def links_url(self, identifier: str) -> str:
        """Where this node says what it knows about an identifier that is not on its own host."""
        return f"{self.public_url}/links?id={quote(identifier, safe='')}"

    def is_ours(self, identifier: str) -> bool:
        """Does the identifier live on this node's host, so that the world asks this node to resolve it?"""
        return identifier[:8].lower().startswith(("http://", "https://")) and host_of(identifier) == self.host
