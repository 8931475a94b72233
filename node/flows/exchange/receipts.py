"""Receipts: the signed word of this node that a batch is on its disk, with what became of every event.

The rule: a receipt promises storage, never anything about content; a repeated event gets its first result again, also
a bad one, and the same id with another content is told apart for ever. See docs/federation.md#receipts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contexts.library import standard_library
from credentials.encoding.jcs import canonical_json
from credentials.proofs.data_integrity import add_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import SUITES
from node.federation.messages import EventStatus, Receipt
from node.keyring import PeerKey


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """What signs receipts: the authentication key that the node has at that moment."""

    key: PeerKey

    def signed(self, receipt: Receipt, *, at: datetime) -> bytes:
        """The receipt as it travels: canonical JSON with a proof of our own."""
        key = self.key.at(at)
        secured = add_proof(
            receipt.to_json(),
            ProofOptions(verification_method=key.method, created=at, proof_purpose="authentication"),
            suite=SUITES["eddsa-jcs-2022"],
            signer=key.signer,
            contexts=standard_library(),
        )
        return canonical_json(secured)


def accepted() -> Mapping[str, Any]:
    """The result of an event that is on our disk now."""
    return {"status": EventStatus.ACCEPTED}


def duplicate(state: str, first_result: str) -> Mapping[str, Any]:
    """The result of an event that was here before: what became of it then."""
    first = "rejected" if state == "refused" else "accepted"
    return {"status": EventStatus.DUPLICATE, "first": first, "why": first_result}


def equivocation() -> Mapping[str, Any]:
    """The result of an event whose id was here before with another content."""
    detail = "An event with this id and another content was received before; both are on record."
    return {"status": EventStatus.REJECTED, "problem": {"code": "EQUIVOCATION", "detail": detail, "retry": "never"}}
