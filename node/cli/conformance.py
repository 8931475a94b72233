"""``tracenode conformance``: what the W3C's suites call that test a command instead of a server.

The rule: the result goes into the output file, in the suites' own shape, and the exit code only says that there is
one (0) or that the call made no sense (2).
"""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTPUT = click.Path(dir_okay=False, path_type=Path)
_FEATURES = [f"{what}_{how}" for what in ("credential", "presentation") for how in ("jose", "sdjwt", "cose")]


@click.group()
def conformance() -> None:
    """What the W3C's command-line test suites call."""


@conformance.group()
def jose() -> None:
    """Envelopes, as the VC-JOSE-COSE suite asks for them."""


@jose.command()
@click.option("--input", "document", type=_FILE, required=True, help="The credential or presentation.")
@click.option("--key", type=_FILE, required=True, help="A verification method with its secret key.")
@click.option("--feature", type=click.Choice(_FEATURES), required=True, help="What is asked for.")
@click.option(
    "--sd", "selective", multiple=True, metavar="PATH|LIST", help='What its holder can hold back: a.b[0], or ["a","b"].'
)
@click.option("--output", type=_OUTPUT, required=True, help="Where the result goes.")
def issue(document: Path, key: Path, feature: str, selective: tuple[str, ...], output: Path) -> None:
    """Secure the document with the key."""
    from node.conformance import jose as tokens

    paths = [path for stated in selective for path in _paths(stated)]
    made = tokens.issue(document.read_bytes(), key.read_bytes(), feature, selective=paths)
    output.write_bytes(made.to_bytes())


@jose.command()
@click.option("--input", "token", type=_FILE, required=True, help="The envelope.")
@click.option("--key", type=_FILE, required=True, help="A verification method.")
@click.option("--feature", type=click.Choice(_FEATURES), required=True, help="What is asked for.")
@click.option("--output", type=_OUTPUT, required=True, help="Where the result goes.")
def verify(token: Path, key: Path, feature: str, output: Path) -> None:
    """Verify the envelope with the key."""
    from node.conformance import jose as tokens

    output.write_bytes(tokens.verify(token.read_bytes(), key.read_bytes(), feature).to_bytes())


def _paths(stated: str) -> list[str]:
    """One path, or the JSON list of paths that the suites hand over."""
    if not stated.startswith("["):
        return [stated]
    from credentials.encoding.document import parse_json
    from credentials.errors import MalformedInput

    try:
        paths = parse_json(stated.encode())
    except MalformedInput as error:
        raise click.BadParameter(error.problem.detail, param_hint="--sd") from error
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise click.BadParameter("It is no list of texts.", param_hint="--sd")
    return paths


@conformance.group()
def schema() -> None:
    """Schemas, as the VC JSON Schema suite asks about them."""


@schema.command()
@click.option(
    "--format", "kind", type=click.Choice(["JsonSchema", "JsonSchemaCredential"]), required=True, help="Its kind."
)
@click.option("--schema", "file", type=_FILE, required=True, help="The schema, or the credential that carries it.")
@click.option("--credential", type=_FILE, required=True, help="The credential to validate.")
@click.option("--output", type=_OUTPUT, required=True, help="Where the result goes.")
def validate(kind: str, file: Path, credential: Path, output: Path) -> None:
    """Validate the credential against the schema."""
    from node.conformance import schemas

    output.write_bytes(schemas.validate(file.read_bytes(), credential.read_bytes(), kind).to_bytes())
