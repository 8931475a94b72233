"""The schemas that an operator registered in the settings, each by file and digest; nothing else is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from credentials.errors import CredentialsError
from credentials.schemas import NO_SCHEMAS, SchemaLibrary
from node.errors import SettingsProblem


def registered_schemas(folder: Path, stated: Mapping[str, str]) -> SchemaLibrary:
    """The library of ``stated``: URL → path of the file (below ``folder`` when relative), a space, its SHA-256.

    Raises:
        SettingsProblem: a file cannot be read, or must not be registered.
    """
    library = NO_SCHEMAS
    for url, value in stated.items():
        path, _, sha256 = value.rpartition(" ")
        try:
            library = library.with_registered(url, (folder / path).read_bytes(), sha256)
        except (OSError, CredentialsError) as error:
            raise SettingsProblem(
                f"The schema {url[:160]} cannot be registered: {error}.",
                pointer="/schemas",
                fix="Write the file's path, a space and its SHA-256 in hexadecimal.",
            ) from error
    return library
