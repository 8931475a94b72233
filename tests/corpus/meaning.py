"""Signed statements with something added that no processor would sign: what is lost is an error.

See docs/requirements.md S13 to S24, S30, S34 and S42.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.corpus.case import VC, Case, case
from tests.corpus.making import V2, embedded, to_bytes

RDFC = ("eddsa-rdfc-2022",)
_SUBJECT = {"id": "https://id.farm.test/lot/1", "name": "Cotton lot 1"}


def _with(**members: Any) -> Callable[[], bytes]:
    """A credential with a good proof over statements, and ``members`` put in afterwards."""
    return lambda: to_bytes({**embedded(RDFC), **members})


def _subject(**members: Any) -> Callable[[], bytes]:
    return _with(credentialSubject={**_SUBJECT, **members})


def _told(item: int, name: str, code: str, build: Callable[[], bytes]) -> Case:
    return case(item, name, VC, code, build, "proof")


KEYWORDS = ("@graph", "@included", "@reverse", "@index", "@nest", "@set", "@list", "@base", "@import", "@unknown")


def _cases() -> Iterator[Case]:
    yield _told(13, "a thousand and one names", "CANON_LIMIT", _subject(name=[f"n{number}" for number in range(1001)]))
    yield _told(17, "an undefined member", "DATA_LOSS_DETECTION_ERROR", _with(zz="x"))
    yield _told(17, "an undefined member of the subject", "DATA_LOSS_DETECTION_ERROR", _subject(zz="x"))
    yield _told(
        18,
        "a subject whose id is none",
        "TERM_INVALID",
        _with(credentialSubject=[_SUBJECT, {"id": "urn:x y", "name": "More"}]),
    )
    for name, value in (("a relative id", "foo"), ("an empty id", "")):
        yield _told(19, name, "TERM_INVALID", _subject(id=value))
    for name, value in (("an undefined type", "Undefined"), ("a type with a space", "Bogus Type")):
        yield _told(20, name, "TERM_INVALID", _subject(type=[value]))
    yield _told(21, "a language tag that is none", "TERM_INVALID", _with(name={"@value": "x", "@language": 'en" .'}))
    for mark in '<>"{\\^`\u202e':
        yield _told(22, f"an id with {mark!a}", "TERM_INVALID", _subject(id=f"urn:x:{mark}1"))
    yield _told(23, "a member that is null", "DATA_LOSS_DETECTION_ERROR", _subject(description=None))
    for key in ("evidence", "credentialSchema", "relatedResource", "termsOfUse", "name"):
        yield case(23, f"{key} added as an empty list", VC, "MALFORMED_VALUE_ERROR", _with(**{key: []}), "model")
    for keyword in KEYWORDS:
        yield _told(24, f"the keyword {keyword}", "TERM_INVALID", _subject(**{keyword: "x"}))
    nested = [{"@context": f"https://evil.test/{number}", "name": "x"} for number in range(500)]
    yield _told(30, "five hundred contexts", "CONTEXT_NOT_ALLOWED", _subject(evidence=nested))
    for label in ("_:b0", "_:c14n0"):
        yield _told(34, f"the blank node {label}", "TERM_INVALID", _subject(id=label))
    yield _told(
        42,
        "what another node of the same id is said to be",
        "PROOF_VERIFICATION_ERROR",
        _with(evidence=[{"type": V2, **_SUBJECT, "name": "Other"}]),
    )


MEANING: tuple[Case, ...] = tuple(_cases())
