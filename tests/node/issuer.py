"""One issuer in a folder of its own, real in every part but the network: the spinner of the demo's season."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from credentials.status.status_lists import StatusOffer
from node.demo.companies import SPINNER
from node.demo.season import season
from node.flows.identity.identity import Identity
from node.flows.identity.publishing import Publishing
from node.flows.issuing.drafting import REVOCABLE
from node.flows.issuing.issuing import Issuing
from node.flows.verifying.judging import Judge, Judging
from node.keyring import Keyring, Unlocking
from node.store import Store
from tests.node.folders import AT, lay_database

__all__ = ["AT", "Issuer", "draft", "open_issuer"]

SPINNER_ID = Identity(name=SPINNER.name, did=SPINNER.did, public_url=f"https://{SPINNER.host}")
UNLOCKING = Unlocking(key=bytes(range(32)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The collaborators of one open issuer."""

    identity: Identity
    keyring: Keyring
    store: Store
    publishing: Publishing
    issuing: Issuing


@asynccontextmanager
async def open_issuer(
    folder: Path,
    *,
    judge: Judge | None = None,
    forms: tuple[str, ...] = ("vc+jwt", "vc"),
    ttl: int = 300,
    url: str = "",
    offers: tuple[StatusOffer, ...] = REVOCABLE,
    opened: Store | None = None,
) -> AsyncIterator[Issuer]:
    """The spinner over ``folder``; its keyring is made when there is none.

    ``judge`` is that of its self-check, ``url`` names a server for its database, ``opened`` is a store already open.
    """
    keyring = _keyring(folder)
    store = opened or await Store.open(folder, at=AT, url=url)
    publishing = Publishing(identity=SPINNER_ID, keyring=keyring, store=store, status_ttl=timedelta(seconds=ttl))
    issuing = Issuing(
        publishing=publishing, store=store, judging=Judging(judge=judge or Judge()), forms=forms, offers=offers
    )
    try:
        yield Issuer(identity=SPINNER_ID, keyring=keyring, store=store, publishing=publishing, issuing=issuing)
    finally:
        await store.close()


def draft(key: str = "spinner-facility") -> dict[str, Any]:
    """A draft of the season: spinner-facility, yarn-passport or yarn-shipment."""
    return {step.key: step for step in season(AT, ())}[key].draft({})


def _keyring(folder: Path) -> Keyring:
    lay_database(folder)
    if (folder / "keys" / "keyring.json").exists():
        return Keyring.open(folder, did=SPINNER_ID.did, unlocking=UNLOCKING, production=True)
    return Keyring.create(folder, did=SPINNER_ID.did, unlocking=UNLOCKING)
