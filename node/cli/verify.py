"""``tracenode verify``: is this credential genuine, and does anyone we believe know its issuer?

The rule: offline with ``--from DIR``; otherwise only what the credential itself needs is fetched. Exit codes: 0 good
(an unanchored issuer is a warning), 1 not valid, 3 could not tell (docs/requirements.md D9).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from node.cli.options import answer, data_option, evidence_options, json_option

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from credentials.trust import TrustList
    from node.flows.verifying.judging import Judge
    from node.wire.fetch import Fetcher
    from node.wire.source import Source

_LARGEST: Final = (1 << 20) + 1
_EXITS: Final = {"PASSED": 0, "FAILED": 1, "UNDETERMINED": 3}


@click.command()
@data_option
@json_option
@evidence_options
@click.option("--many", is_flag=True, help="Verify every file of a folder, or every line of stdin (NDJSON).")
@click.argument("what", metavar="FILE|URL|DIR|-")
def verify(
    data: Path | None,
    as_json: bool,
    folder: Path | None,
    trust_file: Path | None,
    at_text: str | None,
    many: bool,
    what: str,
) -> None:
    """Verify the credential in FILE, at URL, or on stdin (-); with --many those in DIR or on the lines of stdin."""
    import asyncio

    from node.cli.trace import moment_of, trust_of

    if many:
        from node.cli.bulk import verify_many

        if trust_file is not None:
            raise click.UsageError("--trust goes with one credential.")
        run = verify_many(what, data=data, folder=folder, fetcher=_fetcher, at=moment_of(at_text))
        click.get_current_context().exit(_EXITS[asyncio.run(run)])
    at_hand = None if what.startswith("https://") else _document_of(_bytes_of(what))
    work = _verified(what, at_hand, data=data, folder=folder, at=moment_of(at_text), trust=trust_of(trust_file))
    result = asyncio.run(work)
    if as_json:
        answer(result)
    else:
        click.echo("\n".join(_lines(result)))
    if result["outcome"] == "PASSED" and not result["trust"]["anchored"]:
        click.echo("Genuine, but nobody on your trust list vouches for its issuer.", err=True)
    click.get_current_context().exit(_EXITS[result["outcome"]])


async def _verified(
    what: str, at_hand: bytes | None, *, data: Path | None, folder: Path | None, at: datetime, trust: TrustList
) -> Mapping[str, Any]:
    """What ``verify --json`` prints."""
    from node.cli.node_access import judge_of_folder

    judge = judge_of_folder(data)
    if folder is not None:
        from node.wire.folder import Folder

        return await _judged(what, at_hand, Folder(folder), judge=judge, at=at, trust=trust)
    from node.wire.gather import Gather  # the HTTP client takes its time to load: only when the network is asked

    async with _fetcher(data) as fetcher:
        return await _judged(what, at_hand, Gather(fetcher=fetcher), judge=judge, at=at, trust=trust)


def _fetcher(data: Path | None) -> Fetcher:
    """The way out of the data folder where one is named, with the development hosts it may have; else a plain one."""
    from node.app import fetcher_of
    from node.config import data_folder, load_settings
    from node.errors import SettingsProblem
    from node.wire.fetch import Fetcher

    try:
        folder = data_folder(data)
    except SettingsProblem:
        return Fetcher()
    return fetcher_of(load_settings(folder))


async def _judged(
    what: str, at_hand: bytes | None, source: Source, *, judge: Judge, at: datetime, trust: TrustList
) -> Mapping[str, Any]:
    from credentials.verify.view import to_json
    from node.flows.verifying.judging import Judging
    from node.flows.verifying.verifying import Verifying

    raw, media_type = (at_hand, None) if at_hand is not None else await _fetched(what, source, at)
    judging = Judging(judge=judge)
    verdict, _ = await Verifying(source=source, judging=judging).verify(raw, media_type, at=at)
    if verdict.issuer is None or not verdict.intact or not trust.entries:
        return to_json(verdict, anchored=False)
    from node.flows.anchoring import Anchoring  # walks the trust graph: a large room, only when there is a list

    path = await Anchoring(source=source, trust=trust, judging=judging).path(verdict.issuer, at=at)
    return to_json(verdict, anchored=path.anchored, path=(path.did, *(step.issuer for step in path.steps)))


def _bytes_of(what: str) -> bytes:
    """The bytes of a file, or of stdin, never more than one byte too many."""
    if what == "-":
        return sys.stdin.buffer.read(_LARGEST)
    try:
        with Path(what).open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise click.UsageError(f"{what} cannot be read: {error.strerror}.") from error


def _document_of(raw: bytes) -> bytes:
    """The one document that a list or wrapper holds; else ``raw``, to be judged or named as it stands."""
    from credentials.envelopes.holding import held_documents

    held = held_documents(raw)
    if len(held) != 1:
        return raw
    click.echo("It holds one document, which is what was judged.", err=True)
    return held[0]


async def _fetched(url: str, source: Source, at: datetime) -> tuple[bytes, str]:
    """The credential at ``url`` as the source has it, with its media type."""
    from credentials.evidence import Absent, Need, NeedKind
    from node.errors import PeerUnreachable

    need = Need(NeedKind.CREDENTIAL, url)
    found = (await source.answer(frozenset({need}), at=at))[need]
    if isinstance(found, Absent):
        raise PeerUnreachable(f"The credential cannot be had: {found.detail}", fix="Check the address, or try later.")
    return found.body, found.media_type


def _lines(result: Mapping[str, Any]) -> list[str]:
    from node.cli.report_text import lint_lines, table

    head = [result["outcome"], f"{result['id'] or 'no id'}  by {result['issuer'] or 'nobody'}"]
    rows = [(check["outcome"], check["name"]) for check in result["checks"]]
    lines = list(head)
    for line, check in zip(table(rows), result["checks"], strict=True):
        lines.append(f"  {line}")
        if check["detail"]:
            place = f" ({check['pointer']})" if check["pointer"] else ""
            lines.append(f"      {check['code']}{place}: {check['detail']} {check['fix'] or ''}".rstrip())
    return [*lines, *lint_lines(result["lint"]), f"digest {result['digest']}"]
