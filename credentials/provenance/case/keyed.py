"""Is it known whose key signed: pinned, part of the DID itself, or in a DID document that was had from its own place?

The rule: whoever hands over a folder can hand over a DID document of anybody with keys of its own. A party is keyed
when the trust list pins the key that signed, when its DID commits to the key, or when its document was resolved. What
any other party says is as good as the word of whoever supplied the folder, so no claim is VERIFIED by it.
Specifications: RFC 7638 section 3; did:key and did:jwk methods; docs/running-a-node.md.
"""

from __future__ import annotations

from typing import Final

from credentials.evidence import Need, NeedKind
from credentials.keys.codecs import thumbprint
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.parties import accreditations
from credentials.trust.anchors import AnchorPath
from credentials.verdict import VerifiedCredential

_COMMITTING: Final = ("did:key:", "did:jwk:")


@memoize_per_case
def is_keyed(case: Case, issuer: str, method: str | None) -> bool:
    """Is the key ``method`` (a verification method's address) known to be ``issuer``'s?"""
    if issuer.startswith(_COMMITTING):
        return True
    pinned = case.trust.pinned_keys(issuer)
    if not pinned:
        found = case.evidence.found(Need(NeedKind.DID_DOCUMENT, issuer))
        return found is not None and found.served
    document = case.evidence.document(issuer)
    signed_with = document.methods.get(method or "") if document is not None else None
    return signed_with is not None and signed_with.key is not None and thumbprint(signed_with.key) in pinned


def is_signed_by_its_issuer(case: Case, credential: VerifiedCredential) -> bool:
    """Is it known that the key which signed ``credential`` is its issuer's?"""
    return is_keyed(case, credential.issuer, credential.verdict.verification_method)


def unkeyed_accrediter(case: Case, path: AnchorPath) -> str:
    """The first body of ``path`` whose accreditation may be anybody's; "" when there is none."""
    for step in path.steps:
        held = [
            one
            for one in accreditations(case, step.subject)
            if (one.issuer, one.source) == (step.issuer, step.credential)
        ]
        if not all(is_signed_by_its_issuer(case, one.credential) for one in held):
            return step.issuer
    return ""
