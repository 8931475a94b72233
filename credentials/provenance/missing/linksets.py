"""Linksets as they were found: the targets in them, or none when the document cannot be read.

The rule: a linkset proves nothing; what it leads to is judged by itself (IDR-12).
"""

from __future__ import annotations

from credentials.encoding.document import parse_document
from credentials.errors import CredentialsError
from credentials.evidence import Found
from credentials.untp.linkset import Target, read_linkset


def targets_in(found: Found | None) -> tuple[Target, ...]:
    """Every target of the linkset in ``found``; () when there is none or it cannot be read."""
    if found is None:
        return ()
    try:
        return read_linkset(parse_document(found.body).value).targets()
    except CredentialsError:
        return ()  # one that cannot be read leads nowhere; what it was asked for stays a gap
