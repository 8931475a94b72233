"""``tracenode bundle`` and ``tracenode verify-bundle``: a trace as one file, and the same file judged again by anyone.

The rule: the packer's report is shown as the packer's. What counts is what this program comes to from the same
documents, and under the reader's own trust list. Exit codes: 0 the verdict is the same, 1 the file is damaged or the
verdict another one, 3 it is another one under the reader's trust list.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from node.cli.options import answer, evidence_options, json_option

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@evidence_options
@click.option("--known", "known_text", metavar="TIME", help="When the evidence was gathered [--at].")
@click.option("--pack", "pack_file", type=_FILE, help="A rule pack (TOML) of your own.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The file to write; a new one.")
@click.argument("identifier")
def bundle(
    folder: Path | None,
    trust_file: Path | None,
    at_text: str | None,
    known_text: str | None,
    pack_file: Path | None,
    output: Path,
    identifier: str,
) -> None:
    """Trace IDENTIFIER through a folder and pack everything it was judged by into one file.

    Exit: as tracenode trace; 2 without --from, or where the file is there already.
    """
    import asyncio

    from credentials.encoding.moments import parse_moment
    from credentials.provenance.packs.pack_file import core_bytes
    from credentials.provenance.question import check_target, known_by
    from credentials.trust.policy import Policy
    from node.cli.trace import collector_off, exit_code, moment_of, trust_of
    from node.flows.bundling import TraceRequest, packed
    from node.flows.tracing import TraceBudget
    from node.wire.folder import Folder

    if folder is None:
        raise click.UsageError("A bundle is packed from a folder of evidence: name it with --from.")
    if output.exists():
        raise click.UsageError(f"{output} is there already: name a new file with -o.")
    check_target(identifier)
    at = moment_of(at_text)
    asked = TraceRequest(
        identifier=identifier,
        at=at,
        known=known_by(parse_moment(known_text, pointer="/known"), at) if known_text is not None else None,
        claims=None,
        policy=Policy(),
        lookups=TraceBudget().lookups,
        trust=trust_of(trust_file),
        pack=pack_file.read_bytes() if pack_file is not None else core_bytes(),
    )
    source = Folder(folder)
    with collector_off():
        report, raw = asyncio.run(packed(asked, source, source.strays(at=at)))
    with output.open("xb") as file:
        file.write(raw)
    click.echo(f"{report['word']}: {output}, {len(raw):,} bytes".replace(",", " "))
    click.get_current_context().exit(exit_code(report))


@click.command(name="verify-bundle")
@click.argument("file", type=_FILE)
@click.option("--trust", "trust_file", type=_FILE, help="Judge under a trust list (JSON) of your own as well.")
@json_option
def verify_bundle(file: Path, trust_file: Path | None, as_json: bool) -> None:
    """Judge a bundle again, offline: is the verdict the same, byte for byte, and what is it under your own trust list?

    Exit: 0 the same, 1 damaged or another verdict, 3 another one under your trust list.
    """
    import asyncio

    from credentials.encoding.bundle_file import LARGEST
    from node.cli.entry import CANNOT_TELL, NOT_VALID
    from node.cli.trace import trust_of
    from node.flows.bundling import differences, unpacked

    with file.open("rb") as opened:
        held = unpacked(opened.read(LARGEST + 1))
    again = asyncio.run(held.again())
    mine: dict[str, Any] | None = None
    if trust_file is not None:
        mine = asyncio.run(held.under(trust_of(trust_file)))
    judged = json.loads(again)
    same = again == held.report
    told = {
        "same": same,
        "word": judged["word"],
        "software": judged["software"],
        "underMyTrust": None if mine is None else {"word": mine["word"], "differences": differences(judged, mine)},
    }
    if as_json:
        answer(told)
    else:
        click.echo("\n".join(_lines(told)))
    if not same:
        click.get_current_context().exit(NOT_VALID)
    if mine is not None and differences(judged, mine):
        click.get_current_context().exit(CANNOT_TELL)


def _lines(told: dict[str, Any]) -> list[str]:
    if told["same"]:
        lines = [f"{told['word']}: {told['software']} comes to the same report, byte for byte."]
        lines.append("That is by the packer's trust list, and by what the packer says it was served.")
    else:
        lines = [f"{told['word']}: this is not the report in the bundle, which says something else."]
    mine = told["underMyTrust"]
    if mine is not None:
        lines.append(f"{mine['word']} under your trust list, of keys that are pinned there.")
        lines += [f"  {one}" for one in mine["differences"]]
    return lines
