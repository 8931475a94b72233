"""The links that lead to a credential of ours or of a partner: one from every identifier it is about.

What a credential is about is decided in :func:`credentials.identifiers.about.about`, for the network, for folders and
for this store alike.
"""

from __future__ import annotations

from typing import Final

from credentials.encoding.document import JsonObject
from credentials.identifiers.about import about
from node.store import StoredLink
from node.wire.naming import title_of

#: Relations of which the newest link of a subject takes the place of the older ones (docs/requirements.md IDR-08).
_SUCCEEDING: Final = frozenset({"dpp", "dfr"})


def links_of(
    document: JsonObject, *, href: str, media_type: str, digest: str, private: bool = False
) -> tuple[StoredLink, ...]:
    """The links that lead to the credential at ``href`` (``digest`` is hexadecimal); identifiers are canonical.

    A passport or record is preferred, and takes the place of older ones, where the identifier is that of its very
    subject: a class leads to none of its lots by itself, and an alias that one facility claims hides no other's record.
    """
    return tuple(
        StoredLink(
            identifier=name.identifier,
            relation=name.relation,
            href=href,
            title=title_of(document),
            type=media_type,
            preferred=name.is_subject and name.relation in _SUCCEEDING,
            private=private,
            digest=digest,
        )
        for name in about(document)
    )
