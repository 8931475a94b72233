"""The lint of one credential: what the released schemas let through and the prose forbids.

The same lint serves issuing (an error refuses) and verifying (findings). It says nothing of documents that are not
UNTP credentials, and it never raises on those that are malformed: what cannot be read is the schema's business.
See docs/rules.md#requirements-of-the-lint; UNTP 0.7.0, the pages of the credential types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from credentials.encoding.document import JsonObject
from credentials.untp.finding import LintFinding
from credentials.untp.kinds import kind_of
from credentials.untp.lint.anchors import check_anchor
from credentials.untp.lint.codes import check_codes
from credentials.untp.lint.conformity import check_attestation
from credentials.untp.lint.envelope import check_envelope, check_type
from credentials.untp.lint.events import check_events
from credentials.untp.lint.facilities import check_facility
from credentials.untp.lint.products import check_passport
from credentials.untp.lint.spelling import check_spelling, classes_of
from credentials.untp.lint.walk import picked_out

#: Short name of a credential type → the checks of its subject.
SUBJECT_CHECKS: Final[Mapping[str, Callable[[JsonObject], Iterator[LintFinding]]]] = MappingProxyType(
    {
        "dpp": check_passport,
        "dcc": check_attestation,
        "dfr": check_facility,
        "dia": check_anchor,
        "dte": check_events,
    }
)


def lint(document: JsonObject) -> tuple[LintFinding, ...]:
    """Every finding of a UNTP credential, ordered by place and rule; empty for any other document."""
    findings = list(check_type(document))
    kind = kind_of(document)
    if kind is not None:
        findings += check_envelope(document, kind.type)
        findings += SUBJECT_CHECKS[kind.short](document)
        classes = classes_of(kind.version) if kind.version is not None else {}
        odd, misspelt = picked_out(document, kind.type.name, classes)
        findings += check_codes(odd, kind.type)
        findings += check_spelling(document, misspelt)
    return tuple(sorted(set(findings), key=lambda found: (found.pointer, found.rule, found.detail)))
