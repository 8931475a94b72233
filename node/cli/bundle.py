"""``tracenode bundle`` and ``tracenode verify-bundle``: a trace as one file, and the same file judged again by anyone.

The rule: the packer's report is shown as the packer's. What counts is what this program comes to from the same
documents, and under the reader's own trust list. Exit codes: 0 the verdict is the same, 1 the file is damaged or the
verdict another one, 3 it is another one under the reader's trust list.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from node.cli.options import answer, data_option, evidence_options, json_option

if TYPE_CHECKING:
    from credentials.trust import TrustList
    from node.flows.bundling import TraceRequest

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@evidence_options
@data_option
@click.option("--known", "known_text", metavar="TIME", help="When the evidence was gathered [--at, or now].")
@click.option("--pack", "pack_file", type=_FILE, help="A rule pack (TOML) of your own.")
@click.option("--with-private", is_flag=True, help="Pack what your node keeps private, too.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The file to write; a new one.")
@click.argument("identifier")
def bundle(
    folder: Path | None,
    trust_file: Path | None,
    at_text: str | None,
    data: Path | None,
    known_text: str | None,
    pack_file: Path | None,
    with_private: bool,
    output: Path,
    identifier: str,
) -> None:
    """Trace IDENTIFIER over the network, or through a folder, and pack everything it was judged by into one file.

    Exit: as tracenode trace; 2 where the file is there already.
    """
    from credentials.provenance.question import check_target
    from node.cli.trace import exit_code
    from node.flows.bundling import report_in

    if output.exists():
        raise click.UsageError(f"{output} is there already: name a new file with -o.")
    check_target(identifier)
    wanted = _Wanted(identifier, at_text, known_text, trust_file, pack_file)
    if folder is not None:
        if with_private:
            raise click.UsageError("--with-private goes without --from: a folder is packed as it is.")
        raw = _from_folder(folder, wanted)
    else:
        raw = _from_node(data, wanted, with_private=with_private)
    with output.open("xb") as file:
        file.write(raw)
    report = report_in(raw)
    click.echo(f"{report['word']}: {output}, {len(raw):,} bytes".replace(",", " "))
    click.get_current_context().exit(exit_code(report))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What to trace, as of when, known when, and the caller's own trust list and rule pack; None: as usual."""

    identifier: str
    at_text: str | None
    known_text: str | None
    trust_file: Path | None
    pack_file: Path | None

    def request(self, *, trust: TrustList, pack: bytes, by_now: bool) -> TraceRequest:
        """What is asked, in whole seconds; evidence gathered up to now answers where ``by_now``, else up to ``at``."""
        from credentials.encoding.moments import parse_moment
        from credentials.provenance.question import known_by
        from credentials.trust.policy import Policy
        from node.cli.trace import moment_of, trust_of
        from node.flows.bundling import TraceRequest
        from node.flows.tracing import TraceBudget

        at = moment_of(self.at_text).replace(microsecond=0)
        known = max(at, moment_of(None).replace(microsecond=0)) if by_now else None
        stated = self.known_text
        return TraceRequest(
            identifier=self.identifier,
            at=at,
            known=known_by(parse_moment(stated, pointer="/known"), at) if stated is not None else known,
            claims=None,
            policy=Policy(),
            lookups=TraceBudget().lookups,
            trust=trust_of(self.trust_file) if self.trust_file is not None else trust,
            pack=self.pack_file.read_bytes() if self.pack_file is not None else pack,
        )

    def body(self, *, with_private: bool) -> dict[str, Any]:
        """The same asked of a running node."""
        stated = {"identifier": self.identifier, "at": self.at_text, "known": self.known_text}
        return {name: one for name, one in stated.items() if one is not None} | {"withPrivate": with_private}


def _from_folder(folder: Path, wanted: _Wanted) -> bytes:
    import asyncio

    from credentials.provenance.packs.pack_file import core_bytes
    from credentials.trust import TrustList
    from node.cli.trace import collector_off, tell
    from node.flows.bundling import packed
    from node.wire.folder import Folder

    asked, source = wanted.request(trust=TrustList(), pack=core_bytes(), by_now=False), Folder(folder)
    with collector_off():
        _, raw = asyncio.run(packed(asked, source, source.strays(at=asked.at), progress=tell))
    return raw


def _from_node(data: Path | None, wanted: _Wanted, *, with_private: bool) -> bytes:
    """Ask the running node; where none runs, open its folder."""
    import asyncio

    from node.cli.node_access import opened
    from node.cli.trace import asked_of, tell
    from node.client.running_node import running_api
    from node.config import load_settings
    from node.flows.bundling import packed

    settings = load_settings(data)
    api = running_api(settings.data)
    if api is not None:
        if wanted.trust_file is not None or wanted.pack_file is not None:
            raise click.UsageError(
                "--trust and --pack go with --from; a running node judges by its own trust list and rule pack."
            )
        raw: bytes = asked_of(api, wanted.body(with_private=with_private), accept="application/zip")
        return raw
    if not with_private:
        raise click.UsageError(
            "Your node does not run, so nothing tells what it would serve: start it, or add --with-private."
        )

    async def inside() -> bytes:
        async with opened(settings) as node:
            asked = wanted.request(trust=node.trust, pack=node.pack.raw, by_now=True)
            _, raw = await packed(asked, node.source, (), node.judging, tell)
            return raw

    return asyncio.run(inside())


@click.command(name="verify-bundle")
@click.argument("file", type=_FILE)
@click.option("--trust", "trust_file", type=_FILE, help="Judge under a trust list (JSON) of your own as well.")
@click.option("--policy", "policy_file", type=_FILE, help="With --trust: by a policy (JSON) of your own [the usual].")
@click.option("--pack", "pack_file", type=_FILE, help="With --trust: by a rule pack (TOML) of your own [core].")
@json_option
def verify_bundle(
    file: Path, trust_file: Path | None, policy_file: Path | None, pack_file: Path | None, as_json: bool
) -> None:
    """Judge a bundle again, offline: is the verdict the same, byte for byte, and what is it under your own trust list?

    Under your trust list nothing of the packer's decides: every claim is judged, by the usual policy and the core rule
    pack, or your own.

    Exit: 0 the same, 1 damaged or another verdict, 3 another one under your trust list.
    """
    import asyncio

    from credentials.encoding.bundle_file import LARGEST
    from credentials.encoding.document import parse_json
    from credentials.provenance import to_json
    from credentials.provenance.packs.pack_file import core_bytes
    from credentials.trust.policy import Policy, parse_policy
    from node.cli.entry import CANNOT_TELL, NOT_VALID
    from node.cli.trace import trust_of
    from node.flows.bundling import differences, unpacked

    if trust_file is None and (policy_file is not None or pack_file is not None):
        raise click.UsageError("--policy and --pack go with --trust.")
    with file.open("rb") as opened:
        held = unpacked(opened.read(LARGEST + 1))
    again = asyncio.run(held.again())
    mine: dict[str, Any] | None = None
    if trust_file is not None:
        policy = parse_policy(parse_json(policy_file.read_bytes())) if policy_file is not None else Policy()
        pack = pack_file.read_bytes() if pack_file is not None else core_bytes()
        mine = to_json(asyncio.run(held.under(trust_of(trust_file), policy=policy, pack=pack)))
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
