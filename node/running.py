"""What a running node is made of: its collaborators in one typed value, under one key of the application.

Handlers take what they need from here and nothing from anywhere else. Plain values only: settings stay above.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from aiohttp import web

from credentials.provenance.packs.rule_pack import RulePack
from credentials.trust import TrustList
from node.federation.outbox import OutboxWorker
from node.federation.own_address import OwnAddress
from node.federation.peers import PeerBook
from node.federation.witnesses import Witnesses
from node.flows.exchange.gathering import Gathering
from node.flows.exchange.receiving import Receiving
from node.flows.identity.identity import Identity
from node.flows.identity.publishing import Publishing
from node.flows.issuing.instances import Instance
from node.flows.issuing.issuing import Issuing
from node.flows.verifying.judging import Judging
from node.flows.verifying.verifying import Verifying
from node.keyring import Keyring
from node.shared_files import SharedFiles
from node.store import Store
from node.wire.budget import LocalRateCounter, RateCounter
from node.wire.fetch import Fetcher
from node.wire.source import Source

#: The clock: an aware UTC datetime whenever it is asked. Only the composition root reads the machine's.
Clock = Callable[[], datetime]


def _just_this_one() -> int:
    return 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """How much callers may ask: bytes of a body, requests a minute of a stranger's address and of a peer."""

    body: int = 1 << 20
    public_per_minute: int = 10
    peer_per_minute: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerContext:
    """Which of a node's processes this is, and what all of them share; by default it is the only one.

    ``number`` counts from 1; ``serving`` tells how many of ``size`` answer; outbox and inbox are worked on where
    ``background`` is true, and ``tell`` passes word on to there, False when it could not. ``shared_files`` are where
    what one process worked out lies for the others.
    """

    number: int = 1
    size: int = 1
    background: bool = True
    serving: Callable[[], int] = _just_this_one
    tell: Callable[[str], bool] | None = None
    callers: RateCounter = field(default_factory=LocalRateCounter)
    hosts: RateCounter = field(default_factory=LocalRateCounter)
    refreshes: RateCounter = field(default_factory=LocalRateCounter)
    shared_files: SharedFiles | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningNode:
    """The collaborators of one running node."""

    identity: Identity
    clock: Clock
    store: Store
    keyring: Keyring
    fetcher: Fetcher
    source: Source
    publishing: Publishing
    issuing: Issuing
    instances: Mapping[str, Instance]
    verifying: Verifying
    judging: Judging
    receiving: Receiving
    peers: PeerBook
    outbox: OutboxWorker
    witnesses: Witnesses
    gathering: Gathering
    own_address: OwnAddress
    trust: TrustList
    pack: RulePack
    budgets: Budgets
    worker: WorkerContext = field(default_factory=WorkerContext)
    trusted_proxies: tuple[str, ...] = ()  # addresses and networks


NODE: Final = web.AppKey("node", RunningNode)
