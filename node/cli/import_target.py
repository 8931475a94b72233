"""Where an import issues: the node that runs on a folder, over its API, or the folder itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from credentials.errors import CredentialsError, Problem
from node.errors import NodeError

if TYPE_CHECKING:
    from node.client.running_node import RunningApi
    from node.config import Settings
    from node.running import RunningNode


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedBefore:
    """What was issued under a key: the id, the digest of what was asked, and whether it is revoked."""

    id: str
    request: str
    revoked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedNow:
    """What came of one draft: the id, and what is said of it beside, such as what the lint warns of."""

    id: str
    notes: tuple[str, ...] = ()


class ImportTarget(Protocol):
    """What an import asks of a node."""

    async def problems(self, draft: dict[str, Any]) -> list[Problem]:
        """Why the draft cannot be issued; empty when it can."""

    async def issue(self, draft: dict[str, Any], key: str) -> IssuedNow:
        """Issue it under the key, once. Raises NodeError or CredentialsError."""

    async def issued(self, prefix: str) -> dict[str, IssuedBefore]:
        """All that was issued under keys that begin with ``prefix``, by key."""

    async def revoke(self, id: str, reason: str) -> None:
        """Revoke one for good."""


@asynccontextmanager
async def target_of(settings: Settings) -> AsyncIterator[ImportTarget]:
    """The running node of the folder, else the folder opened."""
    from node.cli.node_access import opened
    from node.client.running_node import running_api

    api = running_api(settings.data)
    if api is not None:
        yield _OverApi(api)
        return
    async with opened(settings) as node:
        yield _InFolder(node)


def problems_of(error: NodeError | CredentialsError) -> list[Problem]:
    """Every problem that an error tells of."""
    return list(getattr(error, "problems", ()) or (error.problem,))


def _notes(lint: Sequence[Mapping[str, Any]], beside: Sequence[str]) -> tuple[str, ...]:
    warned = (f"{one['rule']} {one['pointer']}: {one['detail']} {one['fix']}".rstrip() for one in lint)
    return (
        *warned,
        *(f"{other} is in force about the same subject: revoke it if this replaces it." for other in beside),
    )


def _by_key(page: dict[str, Any]) -> dict[str, IssuedBefore]:
    return {
        one["key"]: IssuedBefore(id=one["id"], request=one["requestDigest"], revoked=one["status"] == "revoked")
        for one in page["credentials"]
    }


class _OverApi:
    """A node that runs, over its loopback listener."""

    def __init__(self, api: RunningApi) -> None:
        self._api = api

    async def problems(self, draft: dict[str, Any]) -> list[Problem]:
        try:
            self._api.ask("POST", "/credentials/issue", {"credential": draft, "options": {"dryRun": True}})
        except NodeError as error:
            return problems_of(error)
        return []

    async def issue(self, draft: dict[str, Any], key: str) -> IssuedNow:
        headers = {"Idempotency-Key": key}
        ask = partial(self._api.ask, "POST", "/credentials/issue", {"credential": draft}, headers=headers)
        answer = await asyncio.to_thread(ask)
        return IssuedNow(id=str(answer["id"]), notes=_notes(answer["lint"], answer["inForceBeside"]))

    async def issued(self, prefix: str) -> dict[str, IssuedBefore]:
        asked, found = {"keyPrefix": prefix, "limit": "200"}, dict[str, IssuedBefore]()
        while True:
            page = self._api.ask("GET", f"/credentials?{urlencode(asked)}")
            found |= _by_key(page)
            if "next" not in page:
                return found
            asked["cursor"] = page["next"]

    async def revoke(self, id: str, reason: str) -> None:
        entry = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
        body = {"credentialId": id, "credentialStatus": entry, "status": 1, "reason": reason}
        self._api.ask("POST", "/credentials/status", body)


class _InFolder:
    """A folder on which no node runs."""

    def __init__(self, node: RunningNode) -> None:
        self._node = node

    async def problems(self, draft: dict[str, Any]) -> list[Problem]:
        try:
            self._node.issuing.check(draft, at=self._node.clock())
        except (NodeError, CredentialsError) as error:
            return problems_of(error)
        return []

    async def issue(self, draft: dict[str, Any], key: str) -> IssuedNow:
        issuance = await self._node.issuing.issue(draft, at=self._node.clock(), idempotency_key=key)
        lint = [one.to_json() for one in issuance.lint]
        return IssuedNow(id=issuance.credential.url, notes=_notes(lint, issuance.beside))

    async def issued(self, prefix: str) -> dict[str, IssuedBefore]:
        from node.flows.issuing.instances import DEFAULT
        from node.flows.issuing.issued_list import listed

        asked, found = {"keyPrefix": prefix, "limit": "200"}, dict[str, IssuedBefore]()
        while True:
            page = await listed(self._node.store, DEFAULT, asked, at=self._node.clock())
            found |= _by_key(page)
            if "next" not in page:
                return found
            asked["cursor"] = page["next"]

    async def revoke(self, id: str, reason: str) -> None:
        await self._node.issuing.set_status(id, purpose="revocation", value=1, at=self._node.clock(), reason=reason)
