"""The status of a credential, as the lists of its issuer tell it: read from readings of these lists.

The rule: a list is a document like any other, so its own integrity is judged the same way, at the same moment and from
the same evidence; its own status is never followed. What a list cannot answer is undetermined, never "not revoked". A
list made after the time asked about tells whether it was ever revoked, not whether it was suspended then.
Specification: Bitstring Status List 1.0 sections 2.1 and 3.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, Sha256
from credentials.errors import CredentialsError, MalformedInput, Problem, StatusProblem
from credentials.evidence import Absent, Evidence, Found, Need, NeedKind
from credentials.status.entries import StatusAnswer, StatusEntry, entries_of, parse_entry, read_status
from credentials.verdict import Check, Outcome, StatusResult
from credentials.verify.checking import check, integrity
from credentials.verify.reading import Reading, read
from credentials.verify.readings import Readings
from credentials.verify.roles import STATUS_LIST
from credentials.verify.steps import failed, passed, untold

#: Status lists by URL, read and checked: more than one where further documents say that they are that list.
Lists: TypeAlias = Mapping[str, tuple[Reading, ...]]
#: The purposes whose bit takes a credential out of use, with the problem's code.
WITHDRAWING: Final[dict[str, str]] = {"revocation": "REVOKED", "suspension": "SUSPENDED"}
_UNDATED: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The time asked about, and until when documents were gathered."""

    at: datetime
    known: datetime

    def is_later(self, status_list: Reading) -> bool:
        """Was it made after the time asked about, and can have been gathered?"""
        return status_list.life.is_ahead(self.at) and not status_list.life.is_ahead(self.known)

    def of(self, status_list: Reading) -> datetime:
        """When the list is read: a later one as it was made, since what it says of a revocation holds ever since."""
        return status_list.life.begins or self.at if self.is_later(status_list) else self.at


def status_needs(reading: Reading) -> frozenset[Need]:
    """The status lists of a credential; their issuer must be its own, whose DID document is needed anyway."""
    return frozenset(Need(NeedKind.STATUS_LIST, entry.list_url) for entry in _readable(reading))


def read_lists(
    reading: Reading, evidence: Evidence, *, contexts: ContextLibrary | None = None, readings: Readings | None = None
) -> dict[str, tuple[Reading, ...]]:
    """The lists of a credential that ``evidence`` holds, by URL, read and checked; ``readings`` keeps those that hold.

    Those that are in ``readings`` already are not read again.
    """
    needs = status_needs(reading)
    if not needs:  # as of most credentials that are judged by themselves
        return {}
    lists, kept = dict[str, tuple[Reading, ...]](), Readings() if readings is None else readings
    for need in needs:
        found = evidence.found(need)
        if found is not None:
            lists[need.id] = tuple(_read_list(one, evidence, contexts, kept) for one in (found, *found.also))
    return lists


def _read_list(found: Found, evidence: Evidence, contexts: ContextLibrary | None, readings: Readings) -> Reading:
    known = readings.find(found.body, found.media_type, role=STATUS_LIST, contexts=contexts)
    known = known or read(found.body, found.media_type, role=STATUS_LIST, contexts=contexts)
    checked = check(known, evidence, contexts)
    readings.keep(checked)
    return checked


def status_results(
    reading: Reading, evidence: Evidence, lists: Lists, *, at: datetime, known: datetime | None = None
) -> tuple[StatusResult, ...]:
    """One result per status entry: PASSED in good standing, FAILED withdrawn or malformed, else UNDETERMINED.

    A list that was made after ``at``, up to ``known`` (None: ``at``), answers too.
    """
    try:
        entries = _entries(reading)
    except MalformedInput as error:
        return (_unread({}, failed("status", error.problem)),)
    results = []
    for pointer, stated in entries:
        try:
            entry = parse_entry(stated, pointer=pointer)
        except StatusProblem as error:
            results.append(_unread(stated, untold("status", error.problem)))
        except MalformedInput as error:
            results.append(_unread(stated, failed("status", error.problem)))
        else:
            results.append(_result(entry, pointer, reading.signer, evidence, lists, _Asked(at, known or at)))
    return tuple(results)


def _result(
    entry: StatusEntry,
    pointer: str,
    issuer: str | None,
    evidence: Evidence,
    lists: Lists,
    asked: _Asked,
) -> StatusResult:
    answer: StatusAnswer | None = None
    try:
        reading = _list(entry, issuer, evidence, lists, asked)
        document = reading.document.value if reading.document is not None else {}
        read = read_status(entry, document, issuer=issuer, at=asked.of(reading), bits=reading.bits)
        if not read.value and entry.purpose == "suspension" and asked.is_later(reading):
            raise StatusProblem(
                "The status list was made after the moment asked about: whether it was suspended then is not known.",
                pointer=pointer,
                fix="Ask about a moment that a list is about.",
            )
        answer = read
        told = _told(entry, answer.value, pointer)
    except CredentialsError as error:
        told = untold("status", error.problem)
    return StatusResult(
        purpose=entry.purpose,
        list_url=entry.list_url,
        value=answer.value if answer else None,
        check=told,
        as_of=answer.as_of if answer else None,
        message=answer.message if answer else "",
    )


def _list(entry: StatusEntry, issuer: str | None, evidence: Evidence, lists: Lists, asked: _Asked) -> Reading:
    """The list of ``entry``, proven, while it holds. Raises StatusProblem.

    Of several the newest of ``issuer`` by its own dates counts, if it can be relied on; none displaces another.
    """
    answer = evidence.get(Need(NeedKind.STATUS_LIST, entry.list_url))
    readings = lists.get(entry.list_url, ()) if isinstance(answer, Found) else ()
    if not readings:
        raise _absent(entry, answer)
    reading = max(readings, key=lambda one: _rank(one, issuer, evidence, asked)) if len(readings) > 1 else readings[0]
    at = asked.of(reading)
    bad = next((one for one in integrity(reading, evidence, at=at) if one.outcome is not Outcome.PASSED), None)
    if bad is not None or reading.document is None:
        problem = bad.problem if bad else None
        raise StatusProblem(
            f"The status list does not verify ({bad.name if bad else 'parse'}): {problem.detail if problem else ''}",
            pointer=problem.pointer if problem else "",
            fix="Its issuer must publish a list that verifies.",
        )
    if not reading.life.holds(at):
        raise StatusProblem(
            "The status list is not valid at the moment asked about.",
            pointer="/validFrom" if reading.life.is_ahead(at) else "/validUntil",
            fix="Fetch the current list; the issuer must renew it in time.",
        )
    return reading


def _rank(reading: Reading, issuer: str | None, evidence: Evidence, asked: _Asked) -> tuple[bool, datetime, Sha256]:
    """The newest last, what proves nothing or is not the issuer's first; of one moment the bytes decide."""
    proven = all(one.outcome is Outcome.PASSED for one in integrity(reading, evidence, at=asked.of(reading)))
    begins = reading.valid_from or _UNDATED
    return (proven and reading.signer == issuer and not reading.life.is_ahead(asked.known), begins, reading.digest)


def _absent(entry: StatusEntry, answer: Found | Absent | None) -> StatusProblem:
    reason = f"{answer.reason} {answer.detail}".strip() if isinstance(answer, Absent) else "not looked up yet"
    return StatusProblem(
        f"The status list {entry.list_url[:160]} could not be had ({reason}).",
        code="STATUS_RETRIEVAL_ERROR",
        fix="Try again when its host answers; until then nobody can tell.",
    )


def _told(entry: StatusEntry, value: int, pointer: str) -> Check:
    if value == 0 or entry.purpose not in WITHDRAWING:
        return passed("status")
    word = "revoked" if entry.purpose == "revocation" else "suspended"
    return failed(
        "status",
        Problem(
            code=WITHDRAWING[entry.purpose],
            detail=f"The issuer has {word} this credential.",
            pointer=pointer,
            fix="Ask the issuer why, and for a current one.",
        ),
    )


def _entries(reading: Reading) -> tuple[tuple[str, Json], ...]:
    return entries_of({"credentialStatus": reading.status})


def _readable(reading: Reading) -> Iterator[StatusEntry]:
    try:
        entries = _entries(reading)
    except MalformedInput:
        return
    for pointer, stated in entries:
        try:
            yield parse_entry(stated, pointer=pointer)
        except CredentialsError:
            continue  # status_results tells this problem


def _unread(entry: Json, check: Check) -> StatusResult:
    stated = entry if isinstance(entry, dict) else {}
    return StatusResult(
        purpose=str(stated.get("statusPurpose", "")),
        list_url=str(stated.get("statusListCredential", "")),
        value=None,
        check=check,
    )
