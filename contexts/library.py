"""The pinned JSON-LD contexts: the only documents a context URL can ever stand for.

The rule: one frozen, process-wide set. A URL is known exactly as published or not at all; nothing is fetched because a
document names it. Documents are built from our tables; :meth:`ContextLibrary.digest` is that of the published bytes, so
that a ``relatedResource`` digest can be compared with it. See docs/requirements.md S25 to S35, VCP-17 and VOC-07.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal, Self, TypeAlias

from contexts.context_documents import context_bytes
from contexts.notation import vocabulary
from contexts.registration import checked_context

#: The first context of every credential, and what stood there in the data model 1.1 (VCDM 2.0 section 4.3).
BASE_CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
OLDER_BASE_CONTEXT: Final = "https://www.w3.org/2018/credentials/v1"


class ContextNotPinned(LookupError):
    """A context URL that this library does not know; it is not looked up anywhere else."""

    def __init__(self, url: str) -> None:
        super().__init__(f"The context {url!r:.200} is not pinned.")
        self.url = url


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """One pinned context: its published ``url``, digests of the published bytes, and our document as bytes."""

    url: str
    sha256: str
    document: bytes
    sha384: str = ""


Engine: TypeAlias = Literal["compiled", "pyld"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """How JSON-LD documents over a library are processed: by which ``engine``, and whether somebody waits.

    With ``quick_only`` what would take longer is not begun; whoever processes them says so.
    """

    engine: Engine = "compiled"
    quick_only: bool = False


USUAL: Final = Processing()


class ContextLibrary:
    """A frozen set of contexts by exact URL, and how documents over it are processed.

    It pickles, and equal libraries hold equal documents: the processing changes what a document costs, never what it
    says, so it is no part of equality.
    """

    __slots__ = ("_fingerprint", "_pinned", "_processing")

    def __init__(self, pinned: Iterable[Pinned]) -> None:
        self._processing = USUAL
        self._pinned: Mapping[str, Pinned] = {item.url: item for item in pinned}
        told = [
            (item.url, item.sha256, item.sha384, hashlib.sha256(item.document).hexdigest())
            for item in self._pinned.values()
        ]
        named = [type(self).__name__, *sorted(told)]  # a library that lets more in is another one
        self._fingerprint = hashlib.sha256(json.dumps(named).encode("utf-8")).hexdigest()

    def document(self, url: str) -> Mapping[str, Any]:
        """The JSON-LD document ``{"@context": …}`` of ``url``, a fresh copy each time so that no caller can change it.

        Raises:
            ContextNotPinned: the URL is not in this library, character by character.
        """
        document: Mapping[str, Any] = json.loads(self._find(url).document)
        return document

    def knows(self, url: str) -> bool:
        """Whether ``url`` is pinned, character by character."""
        return url in self._pinned

    def digest(self, url: str, algorithm: str = "sha256") -> str:
        """A digest of the published bytes, lower-case hexadecimal; "" when nobody noted that ``algorithm``'s.

        Raises:
            ContextNotPinned: as :meth:`document`.
        """
        item = self._find(url)
        noted = {"sha256": item.sha256, "sha384": item.sha384}.get(algorithm, "")
        if not noted and hashlib.sha256(item.document).hexdigest() == item.sha256:  # the very bytes, not restated
            return hashlib.new(algorithm, item.document).hexdigest()
        return noted

    @property
    def pinned(self) -> tuple[Pinned, ...]:
        """Every entry, in the order it was pinned."""
        return tuple(self._pinned.values())

    @property
    def urls(self) -> frozenset[str]:
        """Every pinned URL."""
        return frozenset(self._pinned)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over kind, URLs, digests and documents: whatever is kept of contexts has it in its key.

        See docs/requirements.md S35.
        """
        return self._fingerprint

    @property
    def processing(self) -> Processing:
        """How documents over it are processed."""
        return self._processing

    def processed(self, processing: Processing) -> Self:
        """The same contexts, with documents over them processed in this way."""
        other = copy(self)
        object.__setattr__(other, "_processing", processing)
        return other

    def with_registered(self, url: str, document: bytes, sha256: str) -> ContextLibrary:
        """A new library that also pins an operator's context, given as the file's bytes and their SHA-256.

        Raises:
            ContextRefused: the digest differs, or the context does what :data:`contexts.registration.REFUSALS` lists.
        """
        checked_context(url, document, sha256, pinned={known: self.document(known) for known in self._pinned})
        library = ContextLibrary([*self._pinned.values(), Pinned(url=url, sha256=sha256, document=document)])
        return library.processed(self._processing)

    def _find(self, url: str) -> Pinned:
        try:
            return self._pinned[url]
        except KeyError:
            raise ContextNotPinned(url) from None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ContextLibrary) and self._fingerprint == other._fingerprint

    def __hash__(self) -> int:
        return hash(self._fingerprint)


class UnsafeTestContexts(ContextLibrary):
    """The standard library and further documents by URL, unchecked: for tests and the conformance profile only."""

    __slots__ = ()

    def __init__(self, documents: Mapping[str, Mapping[str, Any]], *, base: ContextLibrary | None = None) -> None:
        known = (base or standard_library()).pinned
        told = {url: json.dumps(document, ensure_ascii=False).encode("utf-8") for url, document in documents.items()}
        extra = [Pinned(url=url, sha256=hashlib.sha256(raw).hexdigest(), document=raw) for url, raw in told.items()]
        super().__init__([*known, *extra])


@cache
def manifest() -> tuple[Mapping[str, str], ...]:
    """The rows of ``tables/manifest.toml``: table, url, sha256 and sha384 of the published bytes, licence, source."""
    text = resources.files("contexts").joinpath("tables", "manifest.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["context"])


@cache
def standard_library() -> ContextLibrary:
    """Every context we restate, built from our tables; the same object in the whole process."""
    return ContextLibrary(
        Pinned(
            url=row["url"],
            sha256=row["sha256"],
            sha384=row["sha384"],
            document=context_bytes(vocabulary(row["table"])),
        )
        for row in manifest()
    )
