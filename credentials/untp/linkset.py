"""Linksets (RFC 9264) as a lens and as output: which links an identifier's resolver gives.

The rule: liberal in, strict out. A relation may come as ``dpp``, ``untp:dpp``, ``digitalProductPassport`` or an
absolute URL; we write only what UNTP's linkset schema takes (IDR-06, IDR-07). A relation, a media type or a URL
proves nothing: what a link leads to is judged by itself (IDR-12). UNTP 0.7.0, Identity Resolver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials.encoding.document import Json, JsonObject
from credentials.untp.json_reading import JsonPlace, place
from credentials.untp.relations import canonical_relation

MEDIA_TYPE: Final = "application/linkset+json"

_OWN_MEMBERS: Final = frozenset({"anchor", "description", "itemDescription"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One link: ``relation`` is its canonical name, ``qualifiers`` its further relations (``predecessor-version``…)."""

    relation: str
    href: str
    title: str = ""
    type: str | None = None
    hreflang: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    encryption_method: str | None = None
    access_role: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    forwards_query: bool | None = None
    public: bool | None = None
    pointer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkContext:
    """The links of one identifier, the ``anchor``."""

    anchor: str
    targets: tuple[Target, ...]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkset:
    """A whole linkset, the finest context first."""

    contexts: tuple[LinkContext, ...]

    def targets(self, *relations: str) -> tuple[Target, ...]:
        """Every target of every context; with ``relations`` (any spelling), those of them only."""
        wanted = {canonical_relation(relation) for relation in relations}
        return tuple(
            target for context in self.contexts for target in context.targets if not wanted or target.relation in wanted
        )


def read_linkset(value: Json) -> Linkset:
    """A linkset from parsed JSON; what is not a context with an anchor or a target with an href is passed over."""
    return Linkset(
        contexts=tuple(
            LinkContext(
                anchor=anchor,
                targets=tuple(_read_targets(context)),
                description=context.text("description") or context.text("itemDescription") or "",
            )
            for context in place(value).each("linkset")
            if (anchor := context.text("anchor")) is not None
        )
    )


def to_json(linkset: Linkset) -> dict[str, Json]:
    """The JSON form of a linkset, members in a fixed order; check it with ``linkset_output.check_linkset``."""
    return {"linkset": [_context_to_json(context) for context in linkset.contexts]}


def _read_targets(context: JsonPlace) -> Iterable[Target]:
    for key in context.value:
        if key in _OWN_MEMBERS:
            continue
        for here in context.each(key):
            href = here.text("href")
            if href is not None:
                yield _read_target(here, relation=canonical_relation(key), href=href)


def _read_target(here: JsonPlace, *, relation: str, href: str) -> Target:
    return Target(
        relation=relation,
        href=href,
        title=here.text("title") or "",
        type=here.text("type"),
        hreflang=here.texts("hreflang"),
        qualifiers=here.texts("rel"),
        method=here.texts("method"),
        encryption_method=here.text("encryptionMethod"),
        access_role=here.texts("accessRole"),
        context=here.texts("context"),
        forwards_query=here.flag("fwqs"),
        public=here.flag("public"),
        pointer=here.pointer,
    )


def _context_to_json(context: LinkContext) -> dict[str, Json]:
    result: dict[str, Any] = {"anchor": context.anchor}
    if context.description:
        result["description"] = context.description
    for target in context.targets:
        result.setdefault(target.relation, []).append(_target_to_json(target))
    return result


def _target_to_json(target: Target) -> JsonObject:
    members: Mapping[str, Json] = {
        "href": target.href,
        "title": target.title,
        "type": target.type,
        "hreflang": list(target.hreflang),
        "rel": list(target.qualifiers),
        "method": list(target.method),
        "encryptionMethod": target.encryption_method,
        "accessRole": list(target.access_role),
        "context": list(target.context),
        "fwqs": target.forwards_query,
        "public": target.public,
    }
    return {key: item for key, item in members.items() if key in {"href", "title"} or item not in (None, [])}
