"""What this node signs with when it speaks to peers: the authentication key that may, asked for at every signature.

The rule: nobody keeps the answer, so that a key that was rotated or compromised is replaced without a restart.
See docs/federation.md#requests-between-nodes; docs/threat-model.md#at-rest; docs/requirements.md S71.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from credentials.did.documents import multikey_method
from credentials.keys.algorithms import PublicKey, Signer
from node.keyring.keyring import RELATIONSHIPS, Keyring

AUTHENTICATION: Final = "auth"


@dataclass(frozen=True, slots=True)
class NamedSigner:
    """A signer and the DID URL under which its key is published."""

    signer: Signer
    method: str


@dataclass(frozen=True, slots=True)
class PeerKey:
    """The authentication key of a node, as of a moment."""

    keyring: Keyring

    def at(self, moment: datetime) -> NamedSigner:
        """The newest authentication key that may sign at ``moment``. Raises KeyringProblem (KEY_UNKNOWN)."""
        name = self.keyring.current(AUTHENTICATION, at=moment).name
        return NamedSigner(self.keyring.signer(name), multikey_method(self.keyring.did, name))

    def public_keys(self) -> Mapping[str, PublicKey]:
        """Every authentication key that nobody else ever had, by its DID URL: what they signed, this node signed."""
        return {
            multikey_method(self.keyring.did, entry.name): entry.public_key
            for entry in self.keyring.entries
            if entry.purpose == RELATIONSHIPS[AUTHENTICATION] and entry.revoked is None
        }
