"""A draft and what the node adds to it: id, issuer, dates, status. Pure; the caller's dict is not changed.

The rule: what only the node may set is refused, not ignored (docs/requirements.md S110).
See docs/rules.md VCP-04; docs/requirements.md VCP-08 and VCP-09; docs/conformance/w3c.md A5.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject, walk
from credentials.encoding.moments import format_moment
from credentials.errors import Problem
from credentials.issue import check_draft
from credentials.status.status_lists import StatusOffer, status_entry
from credentials.untp.kinds import kind_of
from node.errors import DraftNotIssuable
from node.flows.identity.identity import Identity
from node.store import StatusSlot

_OURS: Final = ("id", "proof", "credentialStatus")
_NOT_ISSUED: Final = "not-issued"
REVOCABLE: Final = (StatusOffer(purpose="revocation"),)


def checked(
    draft: JsonObject,
    identity: Identity,
    *,
    at: datetime,
    offers: Sequence[StatusOffer] = REVOCABLE,
    contexts: ContextLibrary | None = None,
) -> dict[str, Json]:
    """What ``draft`` would become, with placeholders for id and status.

    Raises:
        DraftNotIssuable: with every problem found.
    """
    problems = tuple(_refusals(draft, identity))
    if not problems:
        statuses = [
            (offer, StatusSlot(token=_NOT_ISSUED, purpose=offer.purpose, index=0)) for offer in offered(draft, offers)
        ]
        document = filled(draft, identity, token=_NOT_ISSUED, statuses=statuses, at=at)
        problems = check_draft(document, contexts=contexts, allow_status=True)
        if not problems:
            return document
    raise DraftNotIssuable(problems)


def offered(draft: JsonObject, offers: Sequence[StatusOffer]) -> tuple[StatusOffer, ...]:
    """The statuses that ``draft`` gets: UNTP 0.7.0 knows one entry without messages, other credentials take all."""
    if kind_of(draft) is None:
        return tuple(offers)
    return tuple(offer for offer in offers if not offer.messages)[:1]


def filled(
    draft: JsonObject,
    identity: Identity,
    *,
    token: str,
    statuses: Sequence[tuple[StatusOffer, StatusSlot]],
    at: datetime,
) -> dict[str, Json]:
    """The credential to sign: the draft with the node's own members, one status entry as itself, several as a list."""
    document = dict(draft)
    document["id"] = identity.credential_url(token)
    document.setdefault("issuer", identity.issuer)
    document.setdefault("validFrom", format_moment(at))
    entries = [_entry(identity, offer, slot) for offer, slot in statuses]
    if kind_of(document) is None:  # W3C wants a decimal string, UNTP 0.7.0 an integer
        entries = [{**entry, "statusListIndex": str(entry["statusListIndex"])} for entry in entries]
    if entries:
        document["credentialStatus"] = entries[0] if len(entries) == 1 else list[Json](entries)
    return document


def mentioned_parties(document: JsonObject, *, own: str) -> tuple[str, ...]:
    """The DIDs that the credential names anywhere, without the issuer's own, sorted."""
    texts = (value for _, value in walk(document) if isinstance(value, str) and value.startswith("did:"))
    return tuple(sorted({text.partition("#")[0] for text in texts} - {own}))


def _entry(identity: Identity, offer: StatusOffer, slot: StatusSlot) -> dict[str, Json]:
    return status_entry(
        list_url=identity.status_list_url(slot.token),
        index=slot.index,
        purpose=offer.purpose,
        messages=offer.messages,
    )


def _refusals(draft: JsonObject, identity: Identity) -> Iterator[Problem]:
    for name in _OURS:
        if name in draft:
            yield Problem(
                code="DRAFT_MEMBER_OURS",
                pointer=f"/{name}",
                detail=f"A draft does not carry {name}; the node sets it.",
                fix=f"Leave {name} out.",
            )
    issuer = draft.get("issuer")
    stated = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    if issuer is not None and stated != identity.did:
        yield Problem(
            code="DRAFT_ISSUER",
            pointer="/issuer",
            detail=f"This node issues as {identity.did} only.",
            fix="Leave issuer out, or name that DID.",
        )
