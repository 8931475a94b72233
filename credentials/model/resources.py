"""``relatedResource``: what a credential binds by digest, and whether our pinned contexts are what it bound.

A pinned context is compared by the digests of its published bytes, whichever algorithm was used; any other resource is
compared where it is used. VCDM 2.0 section 5.3; VC Data Integrity section 2.6; docs/conformance/w3c.md A1.11 and A2.10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.digests import Digest, read_multihash, read_sri
from credentials.encoding.document import Json, JsonObject
from credentials.errors import Problem
from credentials.model.members import check_id, listed, malformed

#: Member → how its text is read.
DIGESTS: Final[dict[str, Callable[[Json], Digest | None]]] = {
    "digestSRI": read_sri,
    "digestMultibase": read_multihash,
}


def check_resources(value: JsonObject, *, contexts: ContextLibrary) -> Iterator[Problem]:
    """A1.11: objects with unique ids and a digest; what is pinned here matches it."""
    seen: set[str] = set()
    for resource, where in listed(value.get("relatedResource", ()), "/relatedResource"):
        if not isinstance(resource, Mapping):
            yield malformed(where, "A related resource is no object.", "Write its id and digest in an object.")
            continue
        yield from check_id(resource, where, required=True)
        name = resource.get("id")
        if isinstance(name, str) and name in seen:
            yield malformed(f"{where}/id", "This resource is listed twice.", "List each resource once.")
        seen.add(str(name))
        if not DIGESTS.keys() & resource.keys():
            yield malformed(where, "The resource carries no digest.", "State digestSRI or digestMultibase.")
        if "mediaType" in resource and not isinstance(resource["mediaType"], str):
            yield malformed(f"{where}/mediaType", "The media type is not a text.", "Write it like application/ld+json.")
        yield from check_digests(resource, where, contexts=contexts)


def check_digests(resource: JsonObject, where: str, *, contexts: ContextLibrary) -> Iterator[Problem]:
    """The digests of any object with an id: well formed, and those of the pinned context when it names one."""
    name = resource.get("id")
    pinned = isinstance(name, str) and contexts.knows(name)
    for key, read in DIGESTS.items():
        for stated, pointer in listed(resource.get(key, ()), f"{where}/{key}"):
            digest = read(stated)
            if digest is None:
                yield malformed(pointer, f"The {key} is malformed.", "Encode the digest as its specification says.")
            elif pinned and contexts.digest(str(name), digest.algorithm) not in ("", digest.value.hex()):
                yield Problem(
                    code="CONTEXT_HASH",
                    pointer=pointer,
                    detail="The digest is not that of the context pinned here under this URL.",
                    fix="Bind the published bytes of the context.",
                )
