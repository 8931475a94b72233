"""Which document an address means: nobody's paper stands in for what another party's address names.

The rule: an address means what it served, the bytes that a link to it names by digest, or a credential under that id
whose issuer has the address. Any other document with that id answers nothing and hides nothing; what it says is heard
of who has a say, as if it had another id. See docs/decisions/0028-what-an-address-means.md.
"""

from __future__ import annotations

from credentials.encoding.multibase import SHA2_256_MULTIHASH, decode_multibase, digest_matches
from credentials.errors import CredentialsError
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.hosts import is_below
from credentials.provenance.case.case import Case
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.lookups import Lookups
from credentials.provenance.statements.kept import keeping
from credentials.untp.values import Link
from credentials.verdict import VerifiedCredential


def linked(case: Case, link: Link) -> VerifiedCredential | None:
    """The usable credential that ``link`` leads to."""
    return credential_at(case, link.url, link.digest_multibase or "") if link.url else None


def credential_at(case: Case, address: str, digest: str = "") -> VerifiedCredential | None:
    """The usable credential that ``address`` means: named by ``digest`` before others, current before older."""
    return _meant(case.graph, case.evidence, address, digest)


@keeping
def _meant(graph: Graph, lookups: Lookups, address: str, digest: str) -> VerifiedCredential | None:
    place = given_or_canonical(address)
    served = {one.credential_digest: one for one in graph.of_bytes(lookups.served(address))}
    found = served | {one.credential_digest: one for one in graph.credentials_at(address)}
    ranks = {key: (_is_named(one, digest), key in served, is_below(one.issuer, place)) for key, one in found.items()}
    answering = [one for key, one in found.items() if any(ranks[key])]
    return max(
        answering,
        key=lambda one: (*ranks[one.credential_digest], graph.speaks(one), one.id, one.credential_digest),
        default=None,
    )


def _is_named(credential: VerifiedCredential, digest: str) -> bool:
    """Does ``digest`` name the bytes as received, or the document in them?"""
    if not digest:
        return False
    try:
        received = decode_multibase(digest) == SHA2_256_MULTIHASH + bytes.fromhex(credential.object_digest)
        return received or digest_matches(credential.document.raw, digest)
    except CredentialsError:
        return False
