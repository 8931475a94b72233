"""The addresses for people: the front page, the pages of credentials and identifiers, a trace form, a verify form.

The rule: an address asks, a view shows, nothing is judged or kept here beyond a minute; every page works without the
internet, and without script but for the one that checks bundles. Whoever composes the node says what strangers are
answered from (``source``) and whose budget a trace spends (``charge``).
See docs/requirements.md T9.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from aiohttp import web

from credentials.errors import MalformedInput, Problem
from credentials.evidence import Absent, Need, NeedKind
from credentials.provenance import Report, to_json
from credentials.provenance.report.explain import percent
from credentials.provenance.rules import RULES
from credentials.trust.policy import Policy
from credentials.untp.lint.rules import REQUIREMENTS
from credentials.verdict import Verdict
from node.errors import NotHeld, PeerUnreachable, TooMany
from node.flows.bundling import differences, report_bytes, unpacked
from node.flows.tracing import Progress
from node.flows.typed_identifiers import typed_identifier
from node.flows.verifying.verifying import Verifying
from node.running import RunningNode
from node.store import IssuedCredential, StoredLink
from node.web import credential_view, report_view
from node.web.check_page import check_page, check_policy
from node.web.label_sheet import FORMS, copied, drawn, label_of, symbol
from node.web.label_sheet import MOST as LABELS_AT_MOST
from node.web.pages import HEADERS, clickable, page, trace_path
from node.web.runs import BUNDLES, Runs, bundles_of, reports_of
from node.web.uploads import handed_over
from node.wire.accept import prefers_page
from node.wire.source import Source

_PATIENCE: Final = 4.0  # seconds before a page says that it is still at work
_ADDRESS: Final = re.compile(r"https?://\S+\Z", re.IGNORECASE)
_LONGEST_ADDRESS: Final = 2048
_AGAIN: Final = 2  # bundles that are judged at a time
_FORMS: Final = {"vc+jwt": "application/vc+jwt", "vc": "application/vc"}

Contexts = Sequence[tuple[str, Sequence[StoredLink]]]
Charge = Callable[[web.Request], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleTold:
    """What is said above the report of a bundle: the packer's word, whether it is right, and what is another here."""

    digest: str
    same: bool
    word: str
    differences: tuple[str, ...]


class Website:
    """The pages of one node."""

    def __init__(
        self,
        node: RunningNode,
        *,
        source: Callable[[], Source],
        charge: Charge,
        charge_label: Charge,
        patience: float = _PATIENCE,
    ) -> None:
        self._node = node
        self._source = source
        self._charge = charge
        self._charge_label = charge_label
        self._reports = Runs(reports_of(node, source), patience=patience)
        self._judging_again = asyncio.Semaphore(_AGAIN)
        self._bundles = Runs(bundles_of(node, source), patience=patience, most=BUNDLES)

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The addresses that are pages and nothing else; each has its row in the access table."""
        return (
            web.get("/", self.front),
            web.get("/trace", self.trace),
            web.get("/verify", self.verify_form),
            web.get("/check", self.check_form),
            web.post("/verify", self.verify),
            web.get("/problems", self.explained),
            web.get("/rules", self.explained),
            web.get("/vocabulary", self.explained),
            web.get("/qr", self.symbol),
            web.get("/labels", self.labels),
        )

    async def context(self, app: web.Application) -> AsyncIterator[None]:
        """What is under way ends with the application."""
        yield
        await asyncio.gather(self._reports.close(), self._bundles.close())

    async def front(self, request: web.Request) -> web.Response:
        """Who this node is, and what may be asked here."""
        return self._page("front.html", max_age=60, index=True, media_types=_FORMS.values())

    async def trace(self, request: web.Request) -> web.Response:
        """The form, or the report on ``identifier`` as a page or (``format=json``, ``format=zip``) as a file."""
        identifier = request.query.get("identifier", "").strip()
        if not identifier:
            return self._page("trace.html", max_age=60, identifier="")
        form, named = request.query.get("format"), typed_identifier(identifier, pointer="/identifier")
        if form == "zip":
            return await self._bundle(request, named)
        return await self._report(request, named, (), charge=self._charge, file=form == "json")

    async def _bundle(self, request: web.Request, identifier: str) -> web.Response:
        found = await self._bundles.result(identifier, charge=lambda: self._charge(request))
        if isinstance(found, Progress):
            return self._page("waiting.html", status=202, target=identifier, at=found)
        headers = {**HEADERS, "Content-Disposition": 'attachment; filename="trace.zip"', "Cache-Control": "no-store"}
        return web.Response(body=found, content_type="application/zip", headers=headers)

    async def identifier(self, request: web.Request, identifier: str, contexts: Contexts) -> web.Response:
        """The page of an identifier of this node, with what is published here about it."""
        links = [link for _, links in contexts for link in links]
        return await self._report(request, identifier, links, charge=self._charge_label if links else self._charge)

    async def credential(self, request: web.Request, credential: IssuedCredential) -> web.Response:
        """The page of a credential that this node issued, verified now like anybody's."""
        async with self._node.store.reading() as tx:
            bodies = {form: await tx.issued.body(credential.token, form) for form in _FORMS}
        held = {form: raw for form, raw in bodies.items() if raw is not None}
        if not held:
            raise NotHeld("No form of this credential is kept here.", fix="Ask its issuer.")
        form = next(iter(held))
        verdict = await self._verdict(held[form], _FORMS[form])
        raws = [(_FORMS[name], f"?form={_FORMS[name].replace('+', '%2B')}") for name in held]
        return self._verdict_page(verdict, address=credential.url, raws=raws, private=credential.private)

    def problem(self, status: int, problems: Sequence[Problem]) -> web.Response:
        """The page of a request that could not be answered."""
        return self._page("problem.html", status=status, problems=problems)

    async def verify_form(self, request: web.Request) -> web.Response:
        """A place to paste a credential into."""
        return self._page("verify.html", max_age=60)

    async def check_form(self, request: web.Request) -> web.Response:
        """The one page with a script: it checks a bundle in the browser, and neither loads nor sends anything."""
        policy = f"{check_policy()}; frame-ancestors 'none'"
        headers = {**HEADERS, "Content-Security-Policy": policy, "Cache-Control": "public, max-age=3600"}
        return web.Response(text=check_page(), content_type="text/html", charset="utf-8", headers=headers)

    async def explained(self, request: web.Request) -> web.Response:
        """What problem types, rules and the words of our own mean: each has an anchor of its name."""
        template = f"{request.path.strip('/')}.html"
        return self._page(template, max_age=3600, rules=RULES, requirements=REQUIREMENTS)

    async def symbol(self, request: web.Request) -> web.Response:
        """The QR symbol of an identifier that something is published about here, as SVG or (``form=png``) PNG."""
        form = request.query.get("form", "svg")
        if form not in FORMS:
            raise MalformedInput("form is neither svg nor png.", pointer="/form", fix="Ask form=svg.")
        self._charge_label(request)
        label = await label_of(self._node.store, request.query.get("id", ""), self._node.identity)
        headers = {**HEADERS, "Cache-Control": "public, max-age=3600"}
        return web.Response(body=symbol(label.address, form), content_type=FORMS[form], headers=headers)

    async def labels(self, request: web.Request) -> web.Response:
        """A sheet of labels to print, for each ``id``, ``copies`` times; what is on them as JSON for programs.

        It asks for a token: each symbol takes a while, and a sheet is for who packs the goods.
        """
        copies = request.query.get("copies", "1")
        if not (copies.isascii() and copies.isdigit() and len(copies) < 5):
            raise MalformedInput("copies is no number.", pointer="/copies", fix="Ask copies=1.")
        wanted = request.query.getall("id", [])[: LABELS_AT_MOST + 1]
        if not wanted:
            raise MalformedInput("No identifier is asked for.", pointer="/id", fix="Ask /labels?id=IDENTIFIER.")
        found = copied([await label_of(self._node.store, one, self._node.identity) for one in wanted], int(copies))
        if not prefers_page(request.headers.get("Accept", "")):
            return web.json_response({"labels": [asdict(one) for one in found]}, headers=HEADERS)
        return self._page("labels.html", labels=await asyncio.to_thread(drawn, found))

    async def verify(self, request: web.Request) -> web.Response:
        """The verdict on a credential that was pasted or sent as a file, or on a bundle; nothing of it is kept."""
        raw = await handed_over(request, "credential")
        if not raw:
            raise MalformedInput(
                "Nothing was handed over.", pointer="/credential", fix="Paste a credential, or choose a file."
            )
        if raw.startswith(b"PK"):
            return await self._judge_again(raw)
        if len(raw) <= _LONGEST_ADDRESS and _ADDRESS.match(raw.decode("utf-8", "replace")):
            return await self._verify_at(raw.decode("utf-8", "replace"))
        verdict = await self._verdict(raw, None)
        return self._verdict_page(verdict, address="", raws=(), private=True)

    async def _judge_again(self, raw: bytes) -> web.Response:
        """The report that this node comes to from a bundle under its own trust list, and whether the packer's is right.

        A page of ours never shows a word as ours that rests on whom somebody else believes.
        """
        if self._judging_again.locked():
            raise TooMany("As many bundles are judged as this node does at a time.", retry_after=10)
        async with self._judging_again:
            bundle = await asyncio.to_thread(unpacked, raw)
            packers = to_json(await bundle.judged(self._node.judging))
            report = await bundle.under(
                self._node.trust, policy=Policy(), pack=self._node.pack.raw, judging=self._node.judging
            )
        told = BundleTold(
            digest=hashlib.sha256(raw).hexdigest(),
            same=report_bytes(packers) == bundle.report,
            word=str(packers["word"]),
            differences=tuple(differences(packers, to_json(report))),
        )
        return self._page(
            "report.html",
            view=report_view.view_of(report, self._node.trust),
            name=_name(report),
            links=(),
            download="",
            bundle="",
            told=told,
            explained=percent(report.explained) if report.explained is not None else "",
        )

    async def _verify_at(self, address: str) -> web.Response:
        """The verdict on what is published at an address that was pasted."""
        if not clickable(address):
            raise MalformedInput(
                "The address is not one that can be looked up.", pointer="/credential", fix="Use one with https://."
            )
        need, at = Need(NeedKind.CREDENTIAL, address), self._node.clock()
        found = (await self._source().answer(frozenset({need}), at=at))[need]
        if isinstance(found, Absent):
            raise PeerUnreachable(
                f"No credential can be had at {address}: {found.detail}", fix="Check the address, or try later."
            )
        verdict = await self._verdict(found.body, found.media_type)
        return self._verdict_page(verdict, address=address, raws=(), private=True)

    async def _verdict(self, raw: bytes, media_type: str | None) -> Verdict:
        verifying = Verifying(source=self._source(), judging=self._node.judging)
        verdict, _ = await verifying.verify(raw, media_type, at=self._node.clock())
        return verdict

    def _verdict_page(
        self, verdict: Verdict, *, address: str, raws: Sequence[tuple[str, str]], private: bool
    ) -> web.Response:
        return self._page(
            "credential.html",
            view=credential_view.view_of(verdict),
            address=address,
            raws=raws,
            listed=report_view.listed(self._node.trust),
            max_age=None if private else 60,
        )

    async def _report(
        self,
        request: web.Request,
        identifier: str,
        links: Sequence[StoredLink],
        *,
        charge: Charge,
        file: bool = False,
    ) -> web.Response:
        found = await self._reports.result(identifier, charge=lambda: charge(request))
        if isinstance(found, Progress):
            return _waiting_file(found) if file else self._page("waiting.html", status=202, target=identifier, at=found)
        if file:
            return _file(found)
        return self._page(
            "report.html",
            view=report_view.view_of(found, self._node.trust),
            name=_name(found),
            links=links,
            download=f"{trace_path(identifier)}&format=json",
            bundle=f"{trace_path(identifier)}&format=zip",
            told=None,
            explained=percent(found.explained) if found.explained is not None else "",
        )

    def _page(
        self, template: str, *, status: int = 200, max_age: int | None = None, index: bool = False, **values: object
    ) -> web.Response:
        return page(template, status=status, max_age=max_age, index=index, identity=self._node.identity, **values)


def _name(report: Report) -> str:
    """What the target is called by the vertex of the chain that nothing leads away from; else its identifier."""
    vertices = report.chain.get("vertices")
    named = [one for one in vertices if isinstance(one, dict)] if isinstance(vertices, list) else []
    for one in named:
        id_ = str(one.get("id", ""))
        if one.get("kind") in ("product", "facility") and (id_ == report.target or id_.startswith(report.target + " ")):
            return str(one.get("label"))
    return report.target


def _file(report: Report) -> web.Response:
    body = json.dumps(to_json(report), ensure_ascii=False, sort_keys=True).encode("utf-8")
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="report.json"', "Cache-Control": "no-store"}
    return web.Response(body=body, content_type="application/json", headers=headers)


def _waiting_file(progress: Progress) -> web.Response:
    body = {"status": "running", "progress": {"lookups": progress.lookups, "credentials": progress.credentials}}
    return web.json_response(body, status=202, headers={**HEADERS, "Retry-After": "2", "Cache-Control": "no-store"})
