"""What an operator registered in the settings: contexts and schemas, each by file and digest, and the rule pack.

The rule: nothing else extends what is known here, and what may not be registered stops the start with its reason
(contexts.registration:REFUSALS, credentials.schemas.linting, credentials.provenance.packs.pack_file).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from contexts.library import ContextLibrary, standard_library
from contexts.registration import ContextRefused
from credentials.errors import CredentialsError
from credentials.provenance.packs.pack_file import core_pack, parse_pack
from credentials.provenance.packs.rule_pack import RulePack
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


def pack_in(path: Path | None) -> RulePack:
    """The rule pack of the file at ``path``, the core one without a file.

    Raises:
        SettingsProblem: it cannot be read or used; the place in it is said.
    """
    try:
        return core_pack() if path is None else parse_pack(path.read_bytes())
    except OSError as error:
        fix = "Name a file that this program may read; see docs/rule-packs.md."
        raise SettingsProblem(f"The rule pack cannot be read: {error}.", pointer="/rule_pack", fix=fix) from error
    except CredentialsError as error:
        told = error.problem
        where = f" It stands at {told.pointer}." if told.pointer else ""
        raise SettingsProblem(f"{told.detail}{where}", pointer="/rule_pack", fix=told.fix) from error


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
