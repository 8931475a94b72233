"""``tracenode trace``: one identifier in, a verdict on its whole chain out.

The rule: with ``--from DIR`` a folder stands for the world and nothing leaves this machine. Exit codes: 0 when every
claim is VERIFIED, no finding that blocks failed or could not be told, and as much is followed as was asked for; 1 when
a claim is INVALID, REFUTED or CONTRADICTED or such a finding failed; 3 otherwise (docs/requirements.md D9).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from node.cli.options import answer, data_option, evidence_options, json_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from credentials.provenance.packs.rule_pack import RulePack
    from credentials.trust import Policy, TrustList
    from node.flows.tracing import Progress, TraceBudget

_BAD: Final = frozenset({"INVALID", "REFUTED", "CONTRADICTED"})


@click.command()
@data_option
@json_option
@evidence_options
@click.option(
    "--known", "known_text", metavar="TIME", help="When the evidence was gathered [of a folder --at, else now]."
)
@click.option("--claims", default=None, metavar="ID,ID", help="Judge only these claims.")
@click.option(
    "--budget", type=click.IntRange(1, 200_000), metavar="N", help="Look-ups at most; what is left is said [20000]."
)
@click.option(
    "--coverage",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Exit 0 only if so much of the mass is followed to its origin [0].",
)
@click.option(
    "--pack",
    "pack_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A rule pack (TOML) of your own.",
)
@click.argument("identifier")
def trace(
    data: Path | None,
    as_json: bool,
    folder: Path | None,
    trust_file: Path | None,
    at_text: str | None,
    known_text: str | None,
    claims: str | None,
    budget: int | None,
    coverage: float | None,
    pack_file: Path | None,
    identifier: str,
) -> None:
    """Assemble and judge the provenance chain of IDENTIFIER."""
    from credentials.provenance.question import check_target

    check_target(identifier)
    asked = tuple(claims.split(",")) if claims is not None else None
    wanted = _Wanted(identifier, asked, known_text, budget, coverage, pack_file)
    if folder is not None:
        report = _from_folder(folder, wanted, data=data, at=moment_of(at_text), trust=trust_of(trust_file))
    else:
        report = _over_the_network(data, wanted, at_text=at_text, trust_file=trust_file)
    if as_json:
        answer(report)
    else:
        from node.cli.report_text import lines_of

        click.echo("\n".join(lines_of(report)))
    click.get_current_context().exit(exit_code(report))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What to trace, which of its claims (None: all), known when, with how many look-ups, what coverage and rule pack.

    None: as usual.
    """

    identifier: str
    claims: tuple[str, ...] | None
    known_text: str | None
    lookups: int | None
    coverage: float | None
    pack_file: Path | None

    def pack(self) -> RulePack | None:
        """What the caller's own file states."""
        from credentials.provenance.packs.pack_file import parse_pack

        return parse_pack(self.pack_file.read_bytes()) if self.pack_file is not None else None

    def policy(self) -> Policy:
        """The usual one; who may look up more may judge as many lots."""
        from credentials.trust.policy import Budget, Policy

        lots = max(Budget().lots, self.lookups or 0)
        return Policy(budget=Budget(lots=lots), coverage=self.coverage or Policy().coverage)

    def known(self, at: datetime) -> datetime | None:
        """When the evidence was gathered, None where nobody says."""
        from credentials.encoding.moments import parse_moment
        from credentials.provenance.question import known_by

        stated = self.known_text
        return known_by(parse_moment(stated, pointer="/known"), at) if stated is not None else None

    def budget(self) -> TraceBudget:
        """The usual one, with so many look-ups."""
        from node.flows.tracing import TraceBudget

        return TraceBudget() if self.lookups is None else TraceBudget(lookups=self.lookups)

    def body(self) -> dict[str, Any]:
        """The same asked of a running node."""
        body: dict[str, Any] = {"identifier": self.identifier}
        body |= {"claims": list(self.claims)} if self.claims is not None else {}
        body |= {"known": self.known_text} if self.known_text is not None else {}
        policy: dict[str, Any] = {"coverage": self.coverage} if self.coverage else {}
        if self.lookups:
            body["budget"] = self.lookups
            policy["budget"] = {"lots": self.policy().budget.lots}
        return body | ({"policy": policy} if policy else {})


def exit_code(report: Mapping[str, Any]) -> int:
    """0 nothing left to ask, 1 a bad word or a failed finding that blocks, 3 otherwise."""
    from node.cli.entry import CANNOT_TELL, NOT_VALID

    words = [report["word"], *(claim["verdict"] for claim in report["claims"])]
    blocking = {finding["outcome"] for finding in report["findings"] if finding["severity"] == "block"}
    if _BAD.intersection(words) or "fail" in blocking:
        return NOT_VALID
    verified = report["claims"] and set(words) == {"VERIFIED"}
    return 0 if verified and not blocking and _is_covered(report) else CANNOT_TELL


def _is_covered(report: Mapping[str, Any]) -> bool:
    """Is at least as much of the mass followed to its origin as the policy asks for?"""
    covered, asked = report["coverage"][0], report["policy"]["coverage"]
    return bool(covered >= asked)


def moment_of(text: str | None) -> datetime:
    """The moment an option states, else now."""
    from credentials.encoding.moments import parse_moment
    from node.cli.node_access import now

    return parse_moment(text, pointer="/at") if text is not None else now()


def trust_of(path: Path | None) -> TrustList:
    """The trust list in a file of the caller's own, which may be unsigned; an empty one without a file."""
    from credentials.encoding.document import parse_json
    from credentials.trust import TrustList, parse_trust_list

    return parse_trust_list(parse_json(path.read_bytes())) if path is not None else TrustList()


@contextmanager
def collector_off() -> Iterator[None]:
    """For one question and its answer: looking for circles among so many values took a fifth of the time."""
    import gc

    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _from_folder(
    folder: Path, wanted: _Wanted, *, data: Path | None, at: datetime, trust: TrustList
) -> Mapping[str, Any]:
    import asyncio

    from credentials.provenance import to_json
    from node.cli.node_access import judge_of_folder, pack_of_folder
    from node.flows.tracing import Tracing
    from node.flows.verifying.judging import Judging
    from node.wire.folder import Folder

    source = Folder(folder)
    for item in source.problems:
        click.echo(f"{item.file}: {item.problem.code}: {item.problem.detail} {item.problem.fix}", err=True)
    judging = Judging(judge=judge_of_folder(data))
    tracing = Tracing(
        source=source,
        judging=judging,
        arrived=source.strays(at=at),
        budget=wanted.budget(),
        pack=wanted.pack() or pack_of_folder(data),
    )
    work = tracing.trace(
        wanted.identifier,
        at=at,
        known=wanted.known(at),
        trust=trust,
        policy=wanted.policy(),
        claims=wanted.claims,
        progress=tell,
    )
    with collector_off():
        return to_json(asyncio.run(work))


def _over_the_network(
    data: Path | None, wanted: _Wanted, *, at_text: str | None, trust_file: Path | None
) -> Mapping[str, Any]:
    """Ask the running node; where none runs, or with a trust list of the caller's own, open the folder."""
    import asyncio

    from credentials.provenance import to_json
    from node.cli.node_access import opened
    from node.client.running_node import running_api
    from node.config import load_settings
    from node.flows.tracing import Tracing

    settings = load_settings(data)
    api = running_api(settings.data)
    if api is not None:
        if trust_file is not None or wanted.pack_file is not None:
            raise click.UsageError(
                "--trust and --pack go with --from; a running node judges by its own trust list and rule pack."
            )
        report: Mapping[str, Any] = asked_of(api, wanted.body() | ({"at": at_text} if at_text is not None else {}))
        return report
    at = moment_of(at_text)

    async def inside() -> Mapping[str, Any]:
        async with opened(settings) as node:
            trust = trust_of(trust_file) if trust_file is not None else node.trust
            pack = wanted.pack() or node.pack
            tracing = Tracing(source=node.source, judging=node.judging, budget=wanted.budget(), pack=pack)
            report = await tracing.trace(
                wanted.identifier,
                at=at,
                known=wanted.known(at) or max(at, moment_of(None)),
                trust=trust,
                policy=wanted.policy(),
                claims=wanted.claims,
                progress=tell,
            )
            return to_json(report)

    return asyncio.run(inside())


def asked_of(api: Any, body: Mapping[str, Any], *, accept: str = "application/json") -> Any:
    """The report (or the bundle) of the running node, waited for as long as it takes; progress goes to stderr."""
    import time

    result: Any = api.ask("POST", "/traces", body, headers={"Accept": accept})
    while isinstance(result, dict) and result.get("status") == "running":
        state = result["progress"]
        click.echo(f"{state['credentials']} credentials, {state['open']} to look up", err=True)
        time.sleep(1)
        result = api.ask("GET", result["location"])
    return result


def tell(progress: Progress) -> None:
    """One line of progress, to stderr."""
    click.echo(f"wave {progress.waves}: {progress.credentials} credentials, {progress.open} still to look up", err=True)
