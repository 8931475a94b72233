"""What this node publishes itself, as a source: nobody asks the network for what is its own.

Also the reason that a node can check its own credentials while it is not reachable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from credentials.evidence import Absent, AbsentReason, Found, Need, NeedKind
from node.errors import NotHeld
from node.flows.identity.publishing import Publishing

_NOT_OURS = Absent(reason=AbsentReason.UNKNOWN_IDENTIFIER, detail="This node does not publish it.")


@dataclass(frozen=True, slots=True)
class OwnDocuments:
    """Our DID document and our status lists."""

    publishing: Publishing

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        """Ours, or absent."""
        return {need: await self._answer(need, at) for need in sorted(needs)}

    async def _answer(self, need: Need, at: datetime) -> Found | Absent:
        identity = self.publishing.identity
        lists = identity.status_list_url("")
        if need.kind is NeedKind.DID_DOCUMENT and need.id == identity.did:
            body = await self.publishing.did_document_bytes()
            return Found(body=body, media_type="application/did+json", source=identity.public_url, at=at)
        if need.kind is NeedKind.STATUS_LIST and need.id.startswith(lists):
            try:
                body = await self.publishing.status_list(need.id.removeprefix(lists), at=at)
            except NotHeld as error:
                return Absent(reason=AbsentReason.UNKNOWN_IDENTIFIER, detail=error.problem.detail)
            return Found(body=body, media_type="application/vc+jwt", source=need.id, at=at)
        return _NOT_OURS
