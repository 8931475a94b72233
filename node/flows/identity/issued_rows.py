"""What is kept beside the bytes of a credential of ours: the same when it was issued here and when it came back."""

from __future__ import annotations

from datetime import datetime

from credentials.encoding.document import types_of
from credentials.encoding.moments import parse_moment
from credentials.identifiers.about import about
from credentials.untp.kinds import kind_of
from credentials.verdict import VerifiedCredential
from node.store import IssuedCredential


def issued_row(
    verified: VerifiedCredential, *, instance: str, token: str, private: bool, at: datetime
) -> IssuedCredential:
    """What is known of a credential of ours whose URL ends in ``token``, without opening its bytes."""
    document = verified.value
    names, until = about(document), document.get("validUntil")
    kind = kind_of(document)
    return IssuedCredential(
        instance=instance,
        url=verified.id,
        token=token,
        digest=verified.object_digest,
        credential_digest=verified.credential_digest,
        kind=kind.short if kind else types_of(document)[-1],
        name=str(document.get("name") or ""),
        issuer=verified.issuer,
        subject=names[0].given if names else "",
        valid_from=parse_moment(document["validFrom"]),
        valid_until=parse_moment(until) if until else None,
        private=private,
        created=at,
    )
