"""``tracenode check-report``: is what a report proves proven by the documents, whoever made the report?

The rule: nothing of the report is believed. The documents are verified anew, and the derivation is gone through by
code that the judge does not use (credentials.provenance.replaying). Exit codes: 0 when each good word is shown, 1 when
a step does not follow, 3 when a word has no derivation.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from node.cli.options import answer, json_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from credentials.encoding.document import JsonObject, Sha256
    from credentials.verdict import VerifiedCredential

_LARGEST: Final = 200_000_000  # bytes of a report


@click.command(name="check-report")
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--from",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the documents.",
)
@click.option(
    "--trust",
    "trust_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your trust list (JSON): whoever accredits has to be on it.",
)
@click.option(
    "--pack",
    "pack_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The rule pack (TOML) of the report [the one of this software].",
)
@json_option
def check_report(report: Path, folder: Path, trust_file: Path | None, pack_file: Path | None, as_json: bool) -> None:
    """Replay what REPORT (JSON) proves from the documents in a folder, and say which step fails.

    Exit: 0 what it proves is proven, 1 a step does not follow, 3 a good word has no derivation.
    """
    from credentials.provenance.packs.pack_file import core_pack, parse_pack
    from credentials.provenance.replaying.replayed import replayed
    from node.cli.entry import CANNOT_TELL
    from node.cli.trace import trust_of

    told = _report(report)
    pack = parse_pack(pack_file.read_bytes()) if pack_file is not None else core_pack()
    trust = trust_of(trust_file) if trust_file is not None else None
    found = replayed(told, _verified(folder, told), trust=trust, pack=pack)
    if as_json:
        answer({"steps": found.steps, "shown": list(found.shown), "without": list(found.without)})
    else:
        click.echo("\n".join(_lines(found.steps, found.shown, found.without, is_listed=trust is not None)))
    if found.without:
        click.get_current_context().exit(CANNOT_TELL)


def _lines(steps: int, shown: tuple[str, ...], without: tuple[str, ...], *, is_listed: bool) -> list[str]:
    lines = [f"{steps} steps follow from the documents."]
    lines += [f"shown      {one}: its lower bound, and who would have to lie" for one in shown]
    lines += [f"not shown  {one}: its word has no derivation" for one in without]
    if not is_listed:
        lines.append("Whom the report calls accredited at the top was believed: name your own list with --trust.")
    lines.append("Not checked: upper bounds, what counts against a claim, and documents that are not in the folder.")
    return lines


def _report(path: Path) -> JsonObject:
    """The report's JSON. Raises MalformedInput."""
    from dataclasses import replace

    from credentials.encoding.document import DEFAULT_LIMITS, parse_json
    from credentials.errors import MalformedInput

    raw = path.read_bytes() if path.stat().st_size <= _LARGEST else b""
    told = parse_json(raw, limits=replace(DEFAULT_LIMITS, size=_LARGEST, values=_LARGEST)) if raw else None
    claims = told.get("claims") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(claims, list) or not all(isinstance(one, dict) for one in claims):
        raise MalformedInput(
            "The file is no report.", pointer="/claims", fix="Name a file that tracenode trace --json wrote."
        )
    return told


def _verified(folder: Path, told: JsonObject) -> Mapping[Sha256, VerifiedCredential]:
    """The credentials of the folder that are genuine and not withdrawn at the report's moment, by digest."""
    import asyncio

    from credentials.encoding.moments import parse_moment
    from credentials.errors import NotAccepted
    from credentials.trust.standing import Standing, status
    from node.flows.verifying.verifying import Verifying
    from node.wire.folder import Folder

    at, known = parse_moment(told.get("at"), pointer="/at"), parse_moment(told.get("known"), pointer="/known")
    source = Folder(folder)
    found = source.credentials(at=at)
    work = Verifying(source=source).verify_all([(one.body, one.media_type) for one in found], at=at, until=known)
    verdicts, _ = asyncio.run(work)
    held: dict[Any, VerifiedCredential] = {}
    for verdict in verdicts:
        try:
            credential = verdict.require()
        except NotAccepted:
            continue  # a step that needs it is refused, and names it
        if status(credential) in (Standing.VALID, Standing.SUSPENDED):
            held[credential.object_digest] = credential
    return held
