"""Trust lists: whom we believe, for what, since when.

The rule: trust is policy, not cryptography. An entry names a DID and restricts what it is believed for; an empty
restriction restricts nothing; nobody is believed who is not named. Unknown members are refused, because a
misspelt restriction would widen trust.
See docs/requirements.md D11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from credentials.encoding.document import Json, Sha256, sha256_hex, types_of
from credentials.encoding.jcs import canonical_json
from credentials.encoding.moments import format_moment, start_of
from credentials.encoding.timespan import Timespan
from credentials.errors import MalformedInput
from credentials.identifiers.hosts import domain_of
from credentials.trust.pinned import ByParty, parse_identifiers, parse_keys
from credentials.verdict import VerifiedCredential

#: What the URL of its type ends in: every node explains it at its own ``/vocabulary``, so it opens where it is from.
CREDENTIAL_TYPE: Final = "/vocabulary#TrustListCredential"


class TrustRole(StrEnum):
    """What an entry is believed for."""

    REGISTRAR = "registrar"
    ACCREDITATION = "accreditation"
    SCHEME_OWNER = "scheme-owner"
    REGULATOR = "regulator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustEntry:
    """One party we believe: empty ``schemes``, ``register_types``, ``topics`` restrict nothing.

    ``delegates``: how many others may stand between it and whom it vouches for; 0: it vouches itself.
    """

    did: str
    roles: frozenset[TrustRole]
    domain: str = ""
    schemes: frozenset[str] = frozenset()
    register_types: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    delegates: int = 0
    source: str = ""

    @property
    def pinned(self) -> bool:
        """Is the domain of the DID the pinned one? An entry without a domain pins nothing (PV-ID-3)."""
        return not self.domain or domain_of(self.did) == self.domain

    def valid_at(self, when: Timespan) -> bool:
        """Does the entry hold at ``when``, or can it, if that is a day?"""
        return (self.valid_from is None or self.valid_from <= when.latest) and (
            self.valid_until is None or when.earliest < self.valid_until
        )

    def to_json(self) -> dict[str, Json]:
        """The entry with the members of docs/requirements.md D11, empty ones left out."""
        stated = {
            "did": self.did,
            "domain": self.domain,
            "roles": sorted(self.roles),
            "schemes": sorted(self.schemes),
            "registerTypes": sorted(self.register_types),
            "topics": sorted(self.topics),
            "validFrom": format_moment(self.valid_from) if self.valid_from else "",
            "validUntil": format_moment(self.valid_until) if self.valid_until else "",
            "delegates": self.delegates,
            "source": self.source,
        }
        return {name: part for name, part in stated.items() if part}


@dataclass(frozen=True, slots=True)
class TrustList:
    """The parties we believe; the order of entries means nothing.

    ``keys``: the thumbprints of the keys of any party, believed or not; ``identifiers``: whose numbers are whose.
    """

    entries: tuple[TrustEntry, ...] = ()
    keys: ByParty = ()
    identifiers: ByParty = ()

    def entries_for(
        self,
        did: str,
        *,
        roles: frozenset[TrustRole],
        when: Timespan,
        scheme: str = "",
        register_type: str = "",
    ) -> tuple[TrustEntry, ...]:
        """The entries that make ``did`` believed at ``when`` in one of ``roles``, for what is asked ("" is nothing)."""
        return tuple(
            entry
            for entry in self.entries
            if entry.did == did
            and entry.roles & roles
            and entry.pinned
            and entry.valid_at(when)
            and _covers(entry.schemes, scheme)
            and _covers(entry.register_types, register_type)
        )

    def names(self, did: str) -> bool:
        """Is ``did`` in the list at all, for whatever it may be (under its pinned domain)?"""
        return any(entry.did == did and entry.pinned for entry in self.entries)

    def pinned_keys(self, did: str) -> frozenset[str]:
        """The thumbprints of the keys that ``did`` is pinned to; none: it is not pinned."""
        return frozenset(dict(self.keys).get(did, ()))

    def holders_of(self, identifier: str) -> frozenset[str]:
        """The DIDs that may speak for ``identifier`` (canonical), as the list says."""
        return frozenset(did for did, identifiers in self.identifiers if identifier in identifiers)

    def to_json(self) -> dict[str, Json]:
        """The list as a file holds it, in a fixed order; members without content left out."""
        stated: dict[str, Json] = {"entries": sorted((entry.to_json() for entry in self.entries), key=canonical_json)}
        for name, by_party in (("keys", self.keys), ("identifiers", self.identifiers)):
            if by_party:
                stated[name] = {did: list(texts) for did, texts in by_party}
        return stated

    @property
    def digest(self) -> Sha256:
        """SHA-256 of the canonical JSON."""
        return sha256_hex(canonical_json(self.to_json()))


def same_scheme(one: str, other: str) -> bool:
    """Do two IRIs name one scheme? A trailing slash makes no difference."""
    return one.rstrip("/") == other.rstrip("/")


_LIST_MEMBERS: Final = ("entries", "keys", "identifiers")


def parse_trust_list(value: Json) -> TrustList:
    """A trust list from its JSON, ``{"entries": […], "keys": {…}, "identifiers": {…}}``.

    Raises:
        MalformedInput: MALFORMED_VALUE_ERROR with a pointer to the member.
    """
    entries = value.get("entries") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(entries, list | tuple):
        raise MalformedInput("A trust list has no entries.", pointer="/entries", fix='Write {"entries": [ … ]}.')
    for member in value:
        if member not in (*_LIST_MEMBERS, "id", "type", "name"):
            raise _unknown(member, "", _LIST_MEMBERS)
    return TrustList(
        entries=tuple(_entry(entry, f"/entries/{index}") for index, entry in enumerate(entries)),
        keys=parse_keys(value.get("keys", {})),
        identifiers=parse_identifiers(value.get("identifiers", {})),
    )


def trust_list_of(credential: VerifiedCredential) -> TrustList:
    """The trust list that a signed credential carries as its subject. Raises MalformedInput."""
    types = (one for one in types_of(credential.value) if one.startswith("https://"))
    if not any(one.endswith(CREDENTIAL_TYPE) for one in types):
        raise MalformedInput(
            "The credential carries no trust list.",
            pointer="/type",
            fix=f"Issue it with the type https://HOST{CREDENTIAL_TYPE}.",
        )
    return parse_trust_list(credential.value.get("credentialSubject"))


_TEXTS: Final = {"did": "", "domain": "", "source": ""}
_LISTS: Final = {"schemes": "schemes", "registerTypes": "register_types", "topics": "topics"}
_TIMES: Final = {"validFrom": "valid_from", "validUntil": "valid_until"}
_MEMBERS: Final = (*_TEXTS, "roles", *_LISTS, *_TIMES, "delegates")
_UNBOUNDED: Final = "jurisdictions"  # read by nothing, and a limit that is not kept widens trust
_MOST_DELEGATED: Final = 15  # a path is at most 16 steps long (credentials.trust.policy)


def _entry(value: Json, pointer: str) -> TrustEntry:
    if not isinstance(value, Mapping):
        raise MalformedInput("An entry is not an object.", pointer=pointer, fix="Write an object with did and roles.")
    for member in value:
        if member == _UNBOUNDED:
            raise MalformedInput(
                "An entry cannot be limited to jurisdictions: nothing here judges for which one a party speaks.",
                pointer=f"{pointer}/{member}",
                fix="Leave it out, and limit the entry by schemes, registerTypes or topics.",
            )
        if member not in _MEMBERS:
            raise _unknown(member, pointer, _MEMBERS)
    texts = {name: _text(value.get(name, ""), f"{pointer}/{name}") for name in _TEXTS}
    if not texts["did"].startswith("did:"):
        raise MalformedInput("An entry names no DID.", pointer=f"{pointer}/did", fix="Write did as did:web:… .")
    lists = {field: _texts(value.get(name, ()), f"{pointer}/{name}") for name, field in _LISTS.items()}
    times = {
        field: start_of(value[name], pointer=f"{pointer}/{name}") for name, field in _TIMES.items() if name in value
    }
    return TrustEntry(
        did=texts["did"],
        domain=texts["domain"].lower(),
        source=texts["source"],
        roles=_roles(value.get("roles"), f"{pointer}/roles"),
        schemes=lists["schemes"],
        register_types=lists["register_types"],
        topics=lists["topics"],
        valid_from=times.get("valid_from"),
        valid_until=times.get("valid_until"),
        delegates=_delegates(value.get("delegates", 0), f"{pointer}/delegates"),
    )


def _roles(value: Json, pointer: str) -> frozenset[TrustRole]:
    names = _texts(value if value is not None else (), pointer)
    known = {role.value for role in TrustRole}
    if not names or names - known:
        raise MalformedInput(
            "An entry states no role, or one that does not exist.",
            pointer=pointer,
            fix="Use one or more of: " + ", ".join(sorted(known)) + ".",
        )
    return frozenset(TrustRole(name) for name in names)


def _delegates(value: Json, pointer: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_DELEGATED:
        raise MalformedInput(
            f"delegates is not a whole number from 0 to {_MOST_DELEGATED}.",
            code="RANGE_ERROR",
            pointer=pointer,
            fix="Leave it out where nobody else vouches in its name.",
        )
    return value


def _texts(value: Json, pointer: str) -> frozenset[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise MalformedInput("This is not a list of texts.", pointer=pointer, fix='Write it as ["…"].')
    return frozenset(value)


def _text(value: Json, pointer: str) -> str:
    if not isinstance(value, str):
        raise MalformedInput("This is not a text.", pointer=pointer, fix="Write it in quotation marks.")
    return value


def _covers(stated: frozenset[str], asked: str) -> bool:
    return not asked or not stated or any(same_scheme(item, asked) for item in stated)


def _unknown(member: object, pointer: str, known: tuple[str, ...]) -> MalformedInput:
    return MalformedInput(
        f"A trust list has no member {str(member)[:60]!r} here.",
        pointer=f"{pointer}/{member}",
        fix="Use one of: " + ", ".join(known) + ".",
    )
