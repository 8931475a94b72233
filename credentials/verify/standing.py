"""Validity and status of a credential: named results beside its integrity, read per use (design, Settled 1).

A status list is a credential: its own integrity is judged by the same walk, its own status is never followed.
Specifications: VCDM 2.0 section 4.9; Bitstring Status List 1.0 section 3.2; security.md items 65 and 87 to 97.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject
from credentials.encoding.moments import parse_moment
from credentials.envelopes.claims import JwtTimes
from credentials.errors import CredentialsError, MalformedInput, Problem, StatusProblem
from credentials.evidence import Evidence, Found, Need, NeedKind
from credentials.status.entries import StatusAnswer, StatusEntry, entries_of, parse_entry, read_status
from credentials.verdict import Check, Outcome, StatusResult, worst
from credentials.verify.kept_lists import KeptLists
from credentials.verify.roles import Role
from credentials.verify.steps import failed, passed, run, untold

SKEW: Final = timedelta(seconds=60)
#: The purposes whose bit takes a credential out of use, with the problem's code.
WITHDRAWING: Final[dict[str, str]] = {"revocation": "REVOKED", "suspension": "SUSPENDED"}


def check_validity(value: JsonObject, times: JwtTimes, *, at: datetime) -> Check:
    """Is ``at`` within the credential's period, both ends included, give or take a minute (security.md item 65)?"""

    def step() -> None:
        start = _moment(value, "validFrom") or times.not_before
        end = _moment(value, "validUntil") or times.expires
        if start is not None and end is not None and end < start:
            raise MalformedInput("validUntil is before validFrom.", code="RANGE_ERROR", pointer="/validUntil")
        if start is not None and at < start - SKEW:
            raise MalformedInput(
                f"It is valid from {start.isoformat()} on.",
                code="NOT_YET_VALID",
                pointer="/validFrom",
                fix="Use it from then on.",
            )
        if end is not None and at > end + SKEW:
            raise MalformedInput(
                f"It was valid until {end.isoformat()}.",
                code="EXPIRED",
                pointer="/validUntil",
                fix="Ask the issuer for a current one.",
            )

    return run("validity", step)


def status_needs(value: JsonObject) -> frozenset[Need]:
    """The status lists of a credential; their issuer must be its own, whose DID document is needed anyway."""
    return frozenset(Need(NeedKind.STATUS_LIST, entry.list_url) for entry in _readable_entries(value))


def status_results(
    value: JsonObject,
    issuer: str | None,
    evidence: Evidence,
    role: Role,
    *,
    at: datetime,
    contexts: ContextLibrary,
    lists: VerifiedLists | None = None,
    kept: KeptLists | None = None,
) -> tuple[StatusResult, ...]:
    """One result per status entry: PASSED in good standing, FAILED withdrawn or malformed, else UNDETERMINED.

    ``lists`` are those of the same evidence and moment, where many credentials share them; ``kept`` those that this
    process has verified before.
    """
    try:
        entries = entries_of(value)
    except MalformedInput as error:
        return (_unread({}, failed("status", error.problem)),)
    verified = lists or VerifiedLists(evidence, role, at=at, contexts=contexts, kept=kept)
    results = []
    for pointer, raw_entry in entries:
        try:
            entry = parse_entry(raw_entry, pointer=pointer)
        except StatusProblem as error:
            results.append(_unread(raw_entry, untold("status", error.problem)))
        except MalformedInput as error:
            results.append(_unread(raw_entry, failed("status", error.problem)))
        else:
            results.append(_result(entry, pointer, issuer, verified))
    return tuple(results)


class VerifiedLists:
    """The status lists of one evidence at one moment, each verified once however many entries point into it.

    With ``kept`` those that were verified before, with the same keys, are not verified again.
    """

    def __init__(
        self,
        evidence: Evidence,
        role: Role,
        *,
        at: datetime,
        contexts: ContextLibrary,
        kept: KeptLists | None = None,
    ) -> None:
        self._evidence, self._role, self._contexts = evidence, role, contexts
        self._kept = KeptLists(most=1) if kept is None else kept
        self.at = at
        self._verified: dict[str, JsonObject | StatusProblem] = {}

    def of(self, entry: StatusEntry) -> JsonObject:
        """The list of ``entry`` as its proof covers it. Raises StatusProblem."""
        if entry.list_url not in self._verified:
            try:
                self._verified[entry.list_url] = self._examined(entry)
            except StatusProblem as error:
                self._verified[entry.list_url] = error
        found = self._verified[entry.list_url]
        if isinstance(found, StatusProblem):
            raise found
        return found

    def _examined(self, entry: StatusEntry) -> JsonObject:
        answer = _list_at_hand(entry, self._evidence)
        integrity = self._kept.examine(
            answer.body, answer.media_type, self._evidence, self._role, at=self.at, contexts=self._contexts
        )
        if integrity.document is None or worst(integrity.checks) is not Outcome.PASSED:
            bad = next(check for check in integrity.checks if check.outcome is not Outcome.PASSED)
            raise StatusProblem(
                f"The status list does not verify ({bad.name}): {bad.problem.detail if bad.problem else ''}",
                pointer=bad.problem.pointer if bad.problem else "",
                fix="Its issuer must publish a list that verifies.",
            )
        return integrity.document.value


def _result(entry: StatusEntry, pointer: str, issuer: str | None, lists: VerifiedLists) -> StatusResult:
    answer: StatusAnswer | None = None
    try:
        answer = read_status(entry, lists.of(entry), issuer=issuer, at=lists.at)
        check = _standing(entry, answer.value, pointer)
    except CredentialsError as error:
        check = untold("status", error.problem)
    return StatusResult(
        purpose=entry.purpose,
        index=entry.index,
        list_url=entry.list_url,
        value=answer.value if answer else None,
        check=check,
        as_of=answer.as_of if answer else None,
        message=answer.message if answer else "",
    )


def _list_at_hand(entry: StatusEntry, evidence: Evidence) -> Found:
    answer = evidence.get(Need(NeedKind.STATUS_LIST, entry.list_url))
    if isinstance(answer, Found):
        return answer
    reason = "not looked up yet" if answer is None else f"{answer.reason} {answer.detail}".strip()
    raise StatusProblem(
        f"The status list {entry.list_url[:160]} could not be had ({reason}).",
        code="STATUS_RETRIEVAL_ERROR",
        fix="Try again when its host answers; until then nobody can tell.",
    )


def _standing(entry: StatusEntry, value: int, pointer: str) -> Check:
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


def _readable_entries(value: JsonObject) -> Iterator[StatusEntry]:
    try:
        entries = entries_of(value)
    except MalformedInput:
        return
    for pointer, raw_entry in entries:
        try:
            yield parse_entry(raw_entry, pointer=pointer)
        except CredentialsError:
            continue  # status_results tells this problem


def _unread(entry: Json, check: Check) -> StatusResult:
    stated = entry if isinstance(entry, dict) else {}
    return StatusResult(
        purpose=str(stated.get("statusPurpose", "")),
        index=None,
        list_url=str(stated.get("statusListCredential", "")),
        value=None,
        check=check,
    )


def _moment(value: JsonObject, name: str) -> datetime | None:
    return parse_moment(value[name], pointer=f"/{name}") if name in value else None
