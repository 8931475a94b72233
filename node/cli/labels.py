"""``tracenode qr`` and ``labels``: identifiers as QR symbols, for what is packed and printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import click

from node.cli.options import data_option

if TYPE_CHECKING:
    from node.running import RunningNode
    from node.web.label_sheet import Label

_FORMS: Final = {".svg": "svg", ".png": "png"}
_OUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@data_option
@click.option("-o", "--output", type=_OUT, required=True, help="The picture to write: a name ending in .svg or .png.")
@click.argument("identifier")
def qr(data: Path | None, output: Path, identifier: str) -> None:
    """Write the QR symbol of IDENTIFIER, of which this node has published something."""
    from node.web.label_sheet import symbol

    form = _FORMS.get(output.suffix.lower())
    if form is None:
        raise click.UsageError("The name of the picture ends neither in .svg nor in .png.")
    (label,) = _labels(data, (identifier,))
    output.write_bytes(symbol(label.address, form))
    click.echo(output)


@click.command()
@data_option
@click.option("-o", "--output", type=_OUT, required=True, help="The page to write, to be printed from a browser.")
@click.option("--copies", type=click.IntRange(1, 200), default=1, show_default=True, help="Each label so many times.")
@click.argument("identifiers", nargs=-1, required=True, metavar="IDENTIFIER...")
def labels(data: Path | None, output: Path, copies: int, identifiers: tuple[str, ...]) -> None:
    """Write a sheet of labels for A4: name, address and QR symbol of each IDENTIFIER."""
    from node.app import identity_of
    from node.config import load_settings
    from node.web.label_sheet import copied, drawn
    from node.web.pages import render

    found = copied(_labels(data, identifiers), copies)
    page = render("labels.html", identity=identity_of(load_settings(data)), index=False, labels=drawn(found))
    output.write_text(page, encoding="utf-8")
    click.echo(output)


def _labels(data: Path | None, identifiers: tuple[str, ...]) -> list[Label]:
    from node.cli.node_access import ask
    from node.web.label_sheet import Label, label_of

    async def here(node: RunningNode) -> Any:
        found = [await label_of(node.store, one, node.identity) for one in identifiers]
        return {"labels": [{"name": one.name, "address": one.address} for one in found]}

    result = ask(data, ("GET", f"/labels?{urlencode([('id', one) for one in identifiers])}", None), here)
    return [Label(**one) for one in result["labels"]]
