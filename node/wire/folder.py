"""A folder instead of a network: every file is found by what is in it, and its name means nothing.

The rule: DID documents are known by ``id``; credentials by ``id`` and by what they are about
(:func:`credentials.identifiers.about.about`), as a linkset made up from them; status lists by ``id``. A file that is
none of these, or that contradicts another, is kept as a :attr:`Folder.problems` entry and its bytes go into the trace
as a finding.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from credentials.encoding.document import DEFAULT_LIMITS, JsonObject, parse_document
from credentials.envelopes.holding import held_documents
from credentials.envelopes.opening import open_secured
from credentials.errors import CredentialsError, MalformedInput, Problem
from credentials.evidence import Absent, AbsentReason, Found, Need, NeedKind
from credentials.untp.kinds import type_terms
from credentials.untp.linkset import MEDIA_TYPE as LINKSET
from credentials.untp.linkset import LinkContext, Linkset, Target, read_linkset, to_json
from node.wire.naming import VC_JSON, VC_JWT, looked_up, title_of

_LARGEST: Final = 4 << 20
_DID_JSON: Final = "application/did+json"
_STATUS_LIST: Final = "BitstringStatusListCredential"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """A file that could not be used as it is, and why."""

    file: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    raw: bytes
    media_type: str = ""


class Folder:
    """The documents below ``folder`` as a source; hidden files are passed over."""

    def __init__(self, folder: Path) -> None:
        self._documents: dict[Need, _File] = {}
        self._credentials: list[tuple[str, str, JsonObject]] = []  # id, media type, what it says
        self._linksets: list[JsonObject] = []
        self._links: dict[str, dict[str, Target]] | None = None
        self._problems: list[FileProblem] = []
        self._strays: list[_File] = []
        for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*")):
            if path.is_file() and not any(part.startswith(".") for part in Path(name).parts):
                with path.open("rb") as file:
                    self._sort_in(_File(name, file.read(_LARGEST + 1)))

    @property
    def problems(self) -> tuple[FileProblem, ...]:
        """The files that could not be used, by name."""
        return tuple(self._problems)

    def strays(self, *, at: datetime) -> tuple[Found, ...]:
        """The bytes of those files, for a verdict that says what is wrong with each."""
        return tuple(
            Found(body=file.raw, media_type=file.media_type or VC_JSON, source=file.name, at=at)
            for file in self._strays
        )

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        """What the folder holds for each need."""
        return {need: self._answer(need, at) for need in sorted(needs)}

    def _answer(self, need: Need, at: datetime) -> Found | Absent:
        if need.kind is NeedKind.LINKSET:
            return self._linkset(need.id, at)
        file = self._documents.get(need)
        if file is None:
            return Absent(reason=AbsentReason.UNKNOWN_IDENTIFIER, detail="The folder does not hold it.")
        return Found(body=file.raw, media_type=file.media_type, source=file.name, at=at)

    def _linkset(self, identifier: str, at: datetime) -> Found | Absent:
        if self._links is None:
            self._links = self._linked()
        links: dict[str, Target] = {}
        for name in looked_up(identifier):
            links = self._links.get(name, {}) | links
        if not links:
            return Absent(reason=AbsentReason.UNKNOWN_IDENTIFIER, detail="Nothing in the folder names it.")
        targets = tuple(links[href] for href in sorted(links))
        body = linkset_body(identifier, targets)
        return Found(body=body, media_type=LINKSET, source="folder", at=at)

    def _sort_in(self, file: _File) -> None:
        held = held_documents(file.raw)  # a list, a wrapper, a resolution result: one level down
        for part in [replace(file, raw=raw) for raw in held] or [file]:
            self._sort_in_one(part)

    def _sort_in_one(self, file: _File) -> None:
        try:
            self._recognise(file)
        except CredentialsError as error:
            self._problems.append(FileProblem(file=file.name, problem=error.problem))
            self._strays.append(file)

    def _recognise(self, file: _File) -> None:
        if not file.raw.lstrip(b" \t\r\n").startswith((b"{", b"[")):
            token = _File(file.name, file.raw.strip(), VC_JWT)
            self._add_credential(token, open_secured(token.raw, VC_JWT).document.value)
            return
        value = parse_document(file.raw, limits=replace(DEFAULT_LIMITS, size=_LARGEST, text=_LARGEST)).value
        terms = type_terms(value)
        if any(term.endswith("VerifiableCredential") for term in terms):
            secured = _File(file.name, file.raw, VC_JSON)
            self._add_credential(secured, open_secured(file.raw, VC_JSON).document.value)
        elif str(value.get("id")).startswith("did:"):
            self._keep(Need(NeedKind.DID_DOCUMENT, value["id"]), _File(file.name, file.raw, _DID_JSON))
        elif "linkset" in value:
            self._linksets.append(value)
        elif "entries" not in value:  # a trust list may lie beside the evidence; --trust names it
            raise MalformedInput(
                "The file is neither a credential nor a DID document nor a linkset.",
                code="PARSING_ERROR",
                fix="Remove it from the folder, or save the document it was meant to be.",
            )

    def _add_credential(self, file: _File, value: JsonObject) -> None:
        id_ = value.get("id")
        if not isinstance(id_, str):
            raise MalformedInput("The credential has no id.", pointer="/id", fix="Give it the URL where it is served.")
        kind = NeedKind.STATUS_LIST if _STATUS_LIST in type_terms(value) else NeedKind.CREDENTIAL
        self._keep(Need(kind, id_), file)
        if kind is NeedKind.CREDENTIAL:
            self._credentials.append((id_, file.media_type, value))

    def _linked(self) -> dict[str, dict[str, Target]]:
        """The links of every identifier by their target, made up from the credentials and any linkset at hand."""
        # A slow start: only when links are asked for.
        from credentials.identifiers.about import about
        from credentials.identifiers.canonical_ids import given_or_canonical

        links: dict[str, dict[str, Target]] = {}
        for id_, media_type, value in self._credentials:
            for name in about(value):
                target = Target(relation=name.relation, href=id_, title=title_of(value), type=media_type)
                links.setdefault(name.identifier, {})[id_] = target
        for linkset in self._linksets:
            for context in read_linkset(linkset).contexts:
                known = links.setdefault(given_or_canonical(context.anchor), {})
                for target in context.targets:
                    known.setdefault(target.href, target)
        self._credentials.clear()  # what they say weighs more than all else here
        return links

    def _keep(self, need: Need, file: _File) -> None:
        """Keep one file per id: of two forms the envelope, since links name its digest; of two bodies the first."""
        other = self._documents.setdefault(need, file)
        if other.raw == file.raw:
            return
        if other.media_type == file.media_type:
            raise MalformedInput(
                f"{other.name} holds another document with the same id {need.id[:160]!r}.",
                code="CONFLICT",
                pointer="/id",
                fix="Keep the one that the id's own address serves.",
            )
        if file.media_type == VC_JWT:
            self._documents[need] = file


def linkset_body(identifier: str, targets: tuple[Target, ...]) -> bytes:
    """The bytes of a linkset with one context: ``identifier`` and its ``targets``, the same bytes every time."""
    linkset = Linkset(contexts=(LinkContext(anchor=identifier, targets=targets),))
    return json.dumps(to_json(linkset), ensure_ascii=False, sort_keys=True).encode("utf-8")
