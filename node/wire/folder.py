"""A folder instead of a network: every file is found by what is in it, and its name means nothing.

The rule: DID documents are known by ``id``; credentials by ``id`` and by what they are about
(:func:`credentials.identifiers.about.about`), as a linkset made up from them; status lists by ``id``. Under one id all
documents are found and none displaces another. A file that is none of these is kept as a :attr:`Folder.problems` entry,
and its bytes go into the trace as a note.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

from credentials.encoding.document import DEFAULT_LIMITS, Document, Json, JsonObject, parse_json, sha256_hex, types_of
from credentials.envelopes.cose import is_cose
from credentials.envelopes.holding import held_in
from credentials.envelopes.opening import EnvelopedToken, Secured, open_document, parse_form
from credentials.errors import CredentialsError, MalformedInput, Problem
from credentials.evidence import Absent, AbsentReason, Found, Need, NeedKind
from credentials.identifiers.hosts import is_below
from credentials.keys.controller import controller_value
from credentials.untp.linkset import MEDIA_TYPE as LINKSET
from credentials.untp.linkset import LinkContext, Linkset, Target, read_linkset, to_json
from credentials.verify.reading import of_role, open_as
from credentials.verify.roles import CREDENTIAL, party_of
from node.wire.naming import VC_JSON, looked_up, title_of

_LARGEST: Final = 4 << 20
_ROOMY: Final = replace(DEFAULT_LIMITS, size=_LARGEST, text=_LARGEST)  # of linksets, which nobody signs
_IN_HAND: Final = 16 << 20  # bytes of documents that are kept as they were opened, some six times as much in memory
_DID_JSON: Final = "application/did+json"
_DID_MEMBER: Final = b'"verificationMethod"'
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

    def found(self, at: datetime, *also: Found) -> Found:
        return Found(body=self.raw, media_type=self.media_type, source=self.name, at=at, served=False, also=also)


class Folder:
    """The documents below ``folder`` as a source; hidden files are passed over."""

    def __init__(self, folder: Path) -> None:
        self._documents: dict[Need, tuple[_File, ...]] = {}
        self._opened: dict[bytes, tuple[str, Secured]] = {}
        self._in_hand = 0
        self._unlinked: list[_File] = []  # credentials whose links are not made up yet
        self._linksets: list[JsonObject] = []
        self._own_links: dict[str, list[Target]] = {}
        self._stated_links: dict[str, list[Target]] = {}
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

    def credentials(self, *, at: datetime) -> tuple[Found, ...]:
        """Every credential of the folder, in the order of their ids."""
        needs = sorted(need for need in self._documents if need.kind is NeedKind.CREDENTIAL)
        return tuple(file.found(at) for need in needs for file in self._documents[need])

    def strays(self, *, at: datetime) -> tuple[Found, ...]:
        """The bytes of those files, for a verdict that says what is wrong with each."""
        return tuple(file.found(at) for file in self._strays)

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        """What the folder holds for each need."""
        return {need: self._answer(need, at) for need in sorted(needs)}

    def opened(self, raw: bytes, media_type: str | None) -> Secured | None:
        """``raw`` as it was opened to find out what it is, handed over once; None when it is not in hand."""
        kind, secured = self._opened.get(raw, (None, None))
        if secured is None or kind != media_type:
            return None
        del self._opened[raw]
        return secured

    def _answer(self, need: Need, at: datetime) -> Found | Absent:
        if need.kind is NeedKind.LINKSET:
            return self._linkset(need.id, at)
        files = self._documents.get(need)
        if files is None:
            return Absent(reason=AbsentReason.UNKNOWN_IDENTIFIER, detail="The folder does not hold it.")
        first, *others = sorted(files, key=lambda file: _rank(file, need)) if len(files) > 1 else files
        return first.found(at, *(file.found(at) for file in others))

    def _linkset(self, identifier: str, at: datetime) -> Found | Absent:
        self._link()
        self._read_linksets()
        names = looked_up(identifier)
        links = _by_address(self._stated_links, names) | _by_address(self._own_links, names)
        if not links:
            return Absent(reason=AbsentReason.UNKNOWN_IDENTIFIER, detail="Nothing in the folder names it.")
        body = linkset_body(identifier, tuple(links[key] for key in sorted(links)))
        return Found(body=body, media_type=LINKSET, source="folder", at=at)

    def _sort_in(self, file: _File) -> None:
        try:
            if file.raw.lstrip(b" \t\r\n")[:1] in (b"{", b"["):
                self._sort_in_json(file)
            else:
                self._recognise_token(file)
        except CredentialsError as error:
            self._problems.append(FileProblem(file=file.name, problem=error.problem))
            self._strays.append(file)

    def _sort_in_json(self, file: _File) -> None:
        value, too_large = _read(file.raw)
        held = held_in(value)  # a list, a wrapper, a resolution result: one level down
        for raw in held:
            self._sort_in(replace(file, raw=raw))
        if not held:
            self._recognise(file, value, too_large)

    def _recognise_token(self, file: _File) -> None:
        raw = file.raw if is_cose(file.raw) else file.raw.strip()
        secured = open_as(raw, None, CREDENTIAL)
        kind = f"application/{secured.form}" if isinstance(secured, EnvelopedToken) else VC_JSON
        self._add_credential(_File(file.name, raw, kind), secured)

    def _recognise(self, file: _File, value: Json, too_large: MalformedInput | None) -> None:
        stated: JsonObject = value if isinstance(value, dict) else {}
        if any(term.endswith("VerifiableCredential") for term in types_of(stated)):
            if too_large is not None:
                raise too_large
            secured = of_role(open_document(Document(file.raw, stated)), CREDENTIAL)
            self._add_credential(replace(file, media_type=VC_JSON), secured)
        elif str(stated.get("id")).startswith("did:"):
            self._keep(Need(NeedKind.DID_DOCUMENT, stated["id"]), replace(file, media_type=_DID_JSON))
        elif "linkset" in stated:
            self._linksets.append(stated)
        elif "entries" not in stated:  # a trust list may lie beside the evidence; --trust names it
            raise MalformedInput(
                "The file is neither a credential nor a DID document nor a linkset.",
                code="PARSING_ERROR",
                fix="Remove it from the folder, or save the document it was meant to be.",
            )

    def _add_credential(self, file: _File, secured: Secured) -> None:
        value = secured.document.value
        id_ = value.get("id")
        if not isinstance(id_, str):
            raise MalformedInput("The credential has no id.", pointer="/id", fix="Give it the URL where it is served.")
        kind = NeedKind.STATUS_LIST if _STATUS_LIST in types_of(value) else NeedKind.CREDENTIAL
        if not self._keep(Need(kind, id_), file):
            return
        self._opened[file.raw] = (file.media_type, secured)
        self._in_hand += len(file.raw)
        if kind is NeedKind.CREDENTIAL:
            self._unlinked.append(file)
        if self._in_hand > _IN_HAND:
            self._link()
            self._opened.clear()
            self._in_hand = 0

    def _keep(self, need: Need, file: _File) -> bool:
        """Keep ``file`` beside whatever else has its id; False for the same bytes again."""
        files = self._documents.get(need, ())
        if any(other.raw == file.raw for other in files):
            return False
        self._documents[need] = (*files, file)
        return True

    def _link(self) -> None:
        """Make up the links of every identifier from the credentials that came since it was last done."""
        # A slow start: only when links are asked for, or when there are many documents.
        from credentials.identifiers.about import about

        for file in self._unlinked:
            value = _value_of(file, self._opened)
            names = about(value)
            for relation in {name.relation for name in names}:
                target = Target(relation=relation, href=value["id"], title=title_of(value), type=file.media_type)
                for name in names:
                    if name.relation == relation:
                        self._own_links.setdefault(name.identifier, []).append(target)
        self._unlinked.clear()

    def _read_linksets(self) -> None:
        from credentials.identifiers.canonical_ids import given_or_canonical

        for context in chain.from_iterable(read_linkset(linkset).contexts for linkset in self._linksets):
            for target in context.targets:
                self._stated_links.setdefault(given_or_canonical(context.anchor), []).append(target)
        self._linksets.clear()


def _by_address(links: Mapping[str, list[Target]], names: Iterable[str]) -> dict[tuple[str, str], Target]:
    """The links of ``names``, the finest first, by address and relation: the same ones, whatever came first."""
    found: dict[tuple[str, str], Target] = {}
    for name in names:
        here: dict[tuple[str, str], Target] = {}
        for target in links.get(name, ()):
            key = (target.href, target.relation)
            here[key] = min(here[key], target, key=repr) if key in here else target
        found = here | found
    return found


def _read(raw: bytes) -> tuple[Json, MalformedInput | None]:
    """The JSON of a file, parsed once, and what it says against it as a credential: a linkset may be larger."""
    if _DID_MEMBER in raw:
        try:
            return controller_value(raw), None
        except CredentialsError:
            pass  # it is something else, or whoever asks for it says what is wrong
    try:
        return parse_form(raw).value, None
    except MalformedInput as error:
        return parse_json(raw, limits=_ROOMY), error


def _value_of(file: _File, opened: Mapping[bytes, tuple[str, Secured]]) -> JsonObject:
    """What ``file`` says, opened again where it was handed over already."""
    _, secured = opened.get(file.raw, (None, None))
    return (secured or open_as(file.raw, file.media_type, CREDENTIAL)).document.value


def _rank(file: _File, need: Need) -> tuple[object, ...]:
    """Which of several is named first, where only one can be: by who it says made it, its form and its bytes."""
    if need.kind is NeedKind.DID_DOCUMENT:
        return (sha256_hex(file.raw),)
    issuer = party_of(_value_of(file, {}), CREDENTIAL) or ""
    return (not is_below(issuer, need.id), file.media_type == VC_JSON, sha256_hex(file.raw))


def linkset_body(identifier: str, targets: tuple[Target, ...]) -> bytes:
    """The bytes of a linkset with one context: ``identifier`` and its ``targets``, the same bytes every time."""
    linkset = Linkset(contexts=(LinkContext(anchor=identifier, targets=targets),))
    return json.dumps(to_json(linkset), ensure_ascii=False, sort_keys=True).encode("utf-8")
