"""The contexts and schemas that an operator registered in the settings, each by file and digest.

The rule: nothing else extends what is known here, and what may not be registered stops the start with its reason
(contexts.registration:REFUSALS, credentials.schemas.linting).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from contexts.library import ContextLibrary, standard_library
from contexts.registration import ContextRefused
from credentials.errors import CredentialsError
from credentials.schemas import NO_SCHEMAS, SchemaLibrary
from node.errors import SettingsProblem
from node.flows.verifying.judging import Judge

L = TypeVar("L", ContextLibrary, SchemaLibrary)


def judge_of(folder: Path, *, contexts: Mapping[str, str], schemas: Mapping[str, str]) -> Judge:
    """Who judges by what an operator of the data folder ``folder`` registered. Raises SettingsProblem."""
    return Judge(contexts=registered_contexts(folder, contexts), schemas=registered_schemas(folder, schemas))


def registered_contexts(folder: Path, stated: Mapping[str, str]) -> ContextLibrary | None:
    """The standard contexts and those ``stated``; None where none is.

    URL → path of the file (below ``folder`` when relative), a space, its SHA-256.

    Raises:
        SettingsProblem: a file cannot be read, or must not be registered.
    """
    register = ContextLibrary.with_registered
    return _registered(standard_library(), register, folder, stated, pointer="/contexts") if stated else None


def registered_schemas(folder: Path, stated: Mapping[str, str]) -> SchemaLibrary:
    """The library of the schemas ``stated``, as for contexts. Raises SettingsProblem."""
    return _registered(NO_SCHEMAS, SchemaLibrary.with_registered, folder, stated, pointer="/schemas")


def _registered(
    library: L, register: Callable[[L, str, bytes, str], L], folder: Path, stated: Mapping[str, str], *, pointer: str
) -> L:
    for url, value in stated.items():
        path, _, sha256 = value.rpartition(" ")
        try:
            library = register(library, url, (folder / path).read_bytes(), sha256)
        except (OSError, CredentialsError, ContextRefused) as error:
            raise SettingsProblem(
                f"{url[:160]} cannot be registered: {error}".rstrip(".") + ".",
                pointer=pointer,
                fix="Write the file's path, a space and its SHA-256 in hexadecimal; the file must be as it was linted.",
            ) from error
    return library
