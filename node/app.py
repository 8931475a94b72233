"""The composition root: settings in, a wired node out; where the parts meet and a serving node reads the clock.

``open_node`` gives the collaborators without listening: for the command, and for whoever listens.
See docs/requirements.md S147, S155 and S160; docs/threat-model.md#at-rest.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from aiohttp import web

from contexts.library import ContextLibrary, Engine, Processing, standard_library
from credentials.errors import CredentialsError
from credentials.issue import PROOF_SET
from credentials.provenance.packs.rule_pack import RulePack
from credentials.status.status_lists import StatusOffer
from credentials.trust import TrustList, parse_trust_list
from node.api.routes import add_routes
from node.config import Settings, listen_address
from node.errors import SettingsProblem
from node.faults import Faults
from node.federation.client import PeerClient
from node.federation.outbox import OutboxWorker
from node.federation.own_address import OwnAddress
from node.federation.own_heads import OwnHeads
from node.federation.peers import PeerBook
from node.federation.witnesses import Witnesses
from node.flows.exchange.gathering import Gathering
from node.flows.exchange.receipts import ReceiptKey
from node.flows.exchange.receiving import Receiving
from node.flows.exchange.sharing import Sharing
from node.flows.exchange.testimony import Hearing
from node.flows.identity.identity import Identity
from node.flows.identity.own_documents import OwnDocuments
from node.flows.identity.publishing import Publishing
from node.flows.identity.securing import JWT
from node.flows.issuing.instances import Instance, by_name
from node.flows.issuing.issuing import Issuing
from node.flows.issuing.presenting import Presenting
from node.flows.verifying.judging import Judging
from node.flows.verifying.registered import judge_of, pack_in
from node.flows.verifying.shadowing import Shadowing
from node.flows.verifying.verifying import Verifying
from node.flows.verifying.work import InProcess, Resources, Work, Workers
from node.keyring import Keyring, PeerKey, Unlocking
from node.running import NODE, Budgets, Clock, RunningNode, WorkerContext
from node.store import ONLY_PROCESS, ProcessRole, Store
from node.wire.fetch import PER_HOST, Fetcher
from node.wire.gather import Gather
from node.wire.own_store import OwnStore
from node.wire.rollback import ListMemory

KEY_FILE: Final = "key-encryption.key"
_PAUSE: Final = 1.0  # seconds after a fault of ours

_log = structlog.get_logger("node")


def machine_clock() -> datetime:
    """Now, by this machine."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_node(
    settings: Settings,
    *,
    clock: Clock,
    work: Work | None = None,
    worker: WorkerContext | None = None,
    role: ProcessRole = ONLY_PROCESS,
    trust: TrustList | None = None,
    pack: RulePack | None = None,
) -> AsyncIterator[RunningNode]:
    """The wired node of a data folder; closed and the folder freed at the end.

    As one process of several it is a ``worker``, has its ``role`` at the store, and believes whom and judges by what
    all of them do (``trust`` and ``pack``, instead of the files as they are by now).

    Raises:
        NodeError: settings, folder, keyring or store do not allow it; each with its cure.
    """
    keyring = Keyring.open(
        settings.data, did=settings.did, unlocking=unlocking(settings), production=settings.production
    )
    async with AsyncExitStack() as stack:
        faults = Faults(folder=settings.data, kill_at=settings.dev_kill_at)
        store = await Store.open(
            settings.data,
            at=clock(),
            url=settings.database,
            password_file=settings.file("database_password_file"),
            role=role,
            faults=faults,
        )
        stack.push_async_callback(store.close)
        worker = worker or WorkerContext()
        fetcher = await stack.enter_async_context(fetcher_of(settings, processes=worker.size))
        engine: Engine = "pyld" if settings.jsonld_engine == "pyld" else "compiled"
        judge = judge_of(settings.data, contexts=settings.contexts, schemas=settings.schemas)
        contexts = (judge.contexts or standard_library()).processed(Processing(engine=engine))
        shadowing = None
        if work is None:
            work = workers = Workers(engine=engine)
            stack.callback(workers.close)
            shadowing = Shadowing(share=settings.shadow_share, work=workers, contexts=judge.contexts)
            stack.callback(shadowing.close)
        yield _wired(
            settings,
            clock=clock,
            keyring=keyring,
            store=store,
            fetcher=fetcher,
            contexts=contexts,
            judging=Judging(work=work, judge=judge, shadowing=shadowing),
            worker=worker,
            faults=faults,
            trust=trust_of(settings) if trust is None else trust,
            pack=pack_in(settings.file("rule_pack")) if pack is None else pack,
        )


def application(node: RunningNode, *, works: bool = True) -> web.Application:
    """The web application over a node; with ``works`` false it answers, but leaves outbox and inbox to the caller."""
    from node.api.caller_sources import strangers_source
    from node.api.guards import charge, charge_label
    from node.api.pages import PAGES
    from node.resolver.pages import PAGES as IDENTIFIER_PAGES
    from node.resolver.routes import ROUTES as RESOLVER_ROUTES
    from node.web.site import Website

    app = web.Application(client_max_size=node.budgets.body)
    app[NODE] = node
    app[PAGES] = app[IDENTIFIER_PAGES] = site = Website(
        node, source=lambda: strangers_source(app), charge=charge, charge_label=charge_label
    )
    add_routes(app, more=(*site.routes(), *RESOLVER_ROUTES))
    app.cleanup_ctx.append(site.context)
    if works:
        app.on_startup.append(_asked)  # before the first request, and so before the first issue
        app.cleanup_ctx.append(_background)
    return app


def unlocking(settings: Settings) -> Unlocking:
    """What opens the keyring, from the file that the settings name."""
    key_file = None if settings.passphrase_file else settings.file("key_file") or settings.data / KEY_FILE
    return Unlocking.from_files(key_file=key_file, passphrase_file=settings.file("passphrase_file"))


def identity_of(settings: Settings) -> Identity:
    """Who the node with these settings speaks for."""
    return Identity(name=settings.name, did=settings.did, public_url=settings.public_url)


def _wired(
    settings: Settings,
    *,
    clock: Clock,
    keyring: Keyring,
    store: Store,
    fetcher: Fetcher,
    contexts: ContextLibrary,
    judging: Judging,
    worker: WorkerContext,
    faults: Faults,
    trust: TrustList,
    pack: RulePack,
) -> RunningNode:
    identity = identity_of(settings)
    ttl = timedelta(seconds=settings.status_ttl)
    publishing = Publishing(identity=identity, keyring=keyring, store=store, status_ttl=ttl, contexts=contexts)
    memory = ListMemory(store, judging.status_list)
    source = Gather(fetcher=fetcher, at_hand=(OwnDocuments(publishing), OwnStore(store)), memory=memory)
    verifying = Verifying(source=source, judging=judging)
    peers = PeerBook(store=store, fetcher=fetcher, refreshes=worker.refreshes)
    key = PeerKey(keyring)
    own_heads = OwnHeads(did=identity.did, key=key, store=store)
    client = PeerClient(did=identity.did, key=key, fetcher=fetcher, peers=peers)
    witnesses = Witnesses(store=store, peers=peers, client=client, own_heads=own_heads, clock=clock)
    own_address = OwnAddress(
        did=identity.did, url=identity.public_url, key=key, store=store, fetcher=fetcher, clock=clock
    )
    gathering = Gathering(
        publishing=publishing,
        store=store,
        judging=judging,
        peers=peers,
        hearing=Hearing(did=identity.did, key=key, client=client, clock=clock),
        clock=clock,
    )
    sharing = Sharing(store=store)
    outbox = OutboxWorker(
        store=store,
        peers=peers,
        client=client,
        own_heads=own_heads,
        share=sharing.share,
        clock=clock,
        faults=faults,
        tell=worker.tell,
    )
    receipt_key = ReceiptKey(key)
    issuing = Issuing(
        publishing=publishing,
        store=store,
        judging=Judging(work=InProcess(Resources(contexts=contexts)), judge=judging.judge),
        forms=settings.forms,
        announced=outbox.notify,
        faults=faults,
        offers=[StatusOffer.of_text(text) for text in settings.statuses],
    )
    suites = tuple(suite for form in settings.forms for suite in ((form,) if form == JWT else PROOF_SET))
    default = Instance(
        publishing=publishing,
        securing=publishing.securing_at(clock()),
        suites=suites,
        judge=judging.judge,
        presenting=Presenting(did=identity.did, key=key.at, contexts=contexts),
    )
    return RunningNode(
        identity=identity,
        clock=clock,
        store=store,
        keyring=keyring,
        fetcher=fetcher,
        source=source,
        publishing=publishing,
        issuing=issuing,
        instances=by_name([default]),
        verifying=verifying,
        judging=judging,
        receiving=Receiving(
            identity=identity,
            store=store,
            verifying=verifying,
            source=source,
            receipt_key=receipt_key,
            faults=faults,
            tell=worker.tell,
        ),
        peers=peers,
        outbox=outbox,
        witnesses=witnesses,
        gathering=gathering,
        own_address=own_address,
        trust=trust,
        pack=pack,
        worker=worker,
        budgets=Budgets(
            body=settings.max_body,
            public_per_minute=settings.public_per_minute,
            peer_per_minute=settings.peer_per_minute,
        ),
        trusted_proxies=settings.trusted_proxies,
    )


def fetcher_of(settings: Settings, *, processes: int = 1) -> Fetcher:
    """The one way out under these settings, for one of so many processes of the node."""
    authority = settings.file("dev_ca")
    return Fetcher(
        dev_hosts={host: listen_address(address, "dev_hosts") for host, address in settings.dev_hosts.items()},
        dev_ca=authority.read_text("ascii") if authority else None,
        per_host=max(1, PER_HOST // processes),
    )


def trust_of(settings: Settings) -> TrustList:
    """Whom the file that the settings name believes; nobody without one. Raises SettingsProblem."""
    path = settings.file("trust_list")
    if path is None:
        return TrustList()
    try:
        return parse_trust_list(json.loads(path.read_bytes()))
    except (OSError, ValueError, CredentialsError) as error:
        raise SettingsProblem(
            f"The trust list cannot be read: {error}.", pointer="/trust_list", fix='It must be JSON, {"entries": […]}.'
        ) from error


async def _asked(app: web.Application) -> None:
    """What peers know of us decides in which life we are, and who answers under our name whether we issue."""
    await asyncio.gather(app[NODE].witnesses.ask(), app[NODE].own_address.ask_at_start())


async def _background(app: web.Application) -> AsyncIterator[None]:
    """The outbox and the inbox work for as long as the application runs."""
    node = app[NODE]
    tasks = [
        asyncio.create_task(_kept_alive("outbox", node.outbox.run)),
        asyncio.create_task(_kept_alive("inbox", lambda: node.receiving.run(node.clock))),
        asyncio.create_task(_kept_alive("gathering", node.gathering.run)),
        asyncio.create_task(_kept_alive("own address", node.own_address.run)),
    ]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _kept_alive(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """A background task outlives its own faults: they are logged and it begins again."""
    while True:
        try:
            await work()
        except Exception:
            _log.exception("background fault", task=name)
            await asyncio.sleep(_PAUSE)
