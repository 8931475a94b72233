"""The one door to the product: a world in, a report and an exit code out. No other module here asks a judge.

``ask`` has everything in hand at once, as a node has after its peers pushed it; ``ask_folder`` is ``tracenode trace
--from``. The same bytes are verified once in a run, as long as the DID documents and status lists they need are equal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner

from credentials.encoding.moments import format_moment
from credentials.errors import MalformedInput
from credentials.evidence import Absent, AbsentReason, Evidence, Found, Need, NeedKind
from credentials.provenance import Case, Holdings, Question, judge, to_json
from credentials.provenance import needs as frontier
from credentials.trust.trust_lists import parse_trust_list
from credentials.verdict import Unusable, VerifiedCredential
from credentials.verify import check, needs, read
from credentials.verify import judge as verify
from node.cli.entry import commands
from node.cli.trace import exit_code
from tests.adversary.world import World

_TOKEN, _DID_JSON = "application/vc+jwt", "application/did+json"
_LIST: Final = "BitstringStatusListCredential"
#: The parts of a report that no stranger may change.
DECIDED: Final = ("word", "claims", "findings", "gaps", "coverage", "explained")
Answers = Callable[[Need], Found | Absent]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the report as JSON and the exit code of the command."""

    report: Mapping[str, Any]
    exit: int

    @property
    def text(self) -> str:
        """The report, byte for byte."""
        return json.dumps(self.report, sort_keys=True)

    @property
    def decided(self) -> Mapping[str, Any]:
        """Everything that no stranger may change."""
        return {name: self.report[name] for name in DECIDED} | {"exit": self.exit}

    @property
    def claims(self) -> Sequence[Mapping[str, Any]]:
        """The claims with their words."""
        claims: Sequence[Mapping[str, Any]] = self.report["claims"]
        return claims

    def findings(self) -> set[tuple[str, str]]:
        """The findings as (rule, subject)."""
        return {(one["rule"], one["subject"]) for one in self.report["findings"]}


def ask(world: World, *, order: Callable[[list[str]], list[str]] | None = None) -> Answer:
    """Everything in hand; ``order`` puts the names of the documents into another order of arrival.

    What an address answers is the world's to say, whatever the order: the first document that is served there.
    """
    holdings = in_hand(world, order=order)
    question = Question(target=world.target, at=world.at)
    report = to_json(judge(Case.of(question, _as_gathered(question, holdings))))
    return Answer(report=report, exit=exit_code(report))


def in_hand(world: World, *, order: Callable[[list[str]], list[str]] | None = None) -> Holdings:
    """Every document of the world, verified, with the answers to what can be looked up and the trust list."""
    answers: dict[Need, Found | Absent] = {}
    for did, copies in world.did_documents.items():
        answers[Need(NeedKind.DID_DOCUMENT, did)] = _found(_encoded(json.dumps(copies[0])), _DID_JSON, did, world.at)
    credentials: dict[str, bytes] = {}
    for name, document, raw in world.signed():
        kind = NeedKind.STATUS_LIST if _LIST in document.draft.get("type", ()) else NeedKind.CREDENTIAL
        if document.served_at:
            need, found = Need(kind, document.served_at), _found(raw, _TOKEN, document.served_at, world.at)
            first = answers.setdefault(need, found)
            if kind is NeedKind.STATUS_LIST and first is not found and isinstance(first, Found):
                answers[need] = replace(first, also=(*first.also, replace(found, served=False)))
        if kind is NeedKind.CREDENTIAL:
            credentials[name] = raw
    names = order(list(credentials)) if order is not None else list(credentials)
    arrived = [credentials[name] for name in names]
    absent = Absent(reason=AbsentReason.UNKNOWN_IDENTIFIER)
    held = tuple(_held(raw, lambda need: answers.get(need, absent), world.at) for raw in dict.fromkeys(arrived))
    return Holdings(credentials=held, evidence=Evidence(answers), trust=parse_trust_list(_trust(world)))


def _as_gathered(question: Question, holdings: Holdings) -> Holdings:
    """What does not verify answers where its address is looked up for what does, as a trace would; else it is aside."""
    intact = tuple(one for one in holdings.credentials if isinstance(one, VerifiedCredential))
    if len(intact) == len(holdings.credentials):
        return holdings
    kinds = {need: answer for need, answer in holdings.evidence.answers.items() if need.kind is not NeedKind.CREDENTIAL}
    asked = frontier(Case.of(question, replace(holdings, credentials=intact, evidence=Evidence(kinds))))
    served = {found.digest for need in asked if (found := holdings.evidence.found(need)) is not None}
    return replace(
        holdings,
        credentials=tuple(
            replace(one, needed=one.verdict.object_digest in served) if isinstance(one, Unusable) else one
            for one in holdings.credentials
        ),
    )


def ask_folder(world: World, folder: Path, *, order: Callable[[list[str]], list[str]] | None = None) -> Answer:
    """The same question by the command, which reads the documents from files below ``folder``.

    File names follow the order of arrival, or the one that ``order`` gives.
    """
    evidence = folder / "evidence"
    evidence.mkdir(parents=True)
    signed = {name: raw for name, _, raw in world.signed()}
    names = order(list(signed)) if order is not None else list(signed)
    for number, name in enumerate(names):
        (evidence / f"{number:04}.jwt").write_bytes(signed[name])
    for number, did in enumerate(sorted(world.did_documents)):
        for copy, document in enumerate(world.did_documents[did]):
            (evidence / f"did-{number:04}-{copy}.json").write_text(json.dumps(document))
    (folder / "trust.json").write_text(json.dumps(_trust(world)))
    asked = ["--from", str(evidence), "--trust", str(folder / "trust.json"), "--at", format_moment(world.at), "--json"]
    result = CliRunner().invoke(commands, ["trace", *asked, world.target])
    return Answer(report=json.loads(result.stdout), exit=result.exit_code)


def _trust(world: World) -> Mapping[str, Any]:
    """The trust list with the keys of all parties pinned, where trust lists have a member for them."""
    pinned = {**world.trust, "keys": {did: [pin] for did, pin in sorted(world.pins.items())}}
    try:
        parse_trust_list(pinned)
    except MalformedInput:
        return world.trust
    return pinned


def _held(raw: bytes, answer: Answers, at: datetime) -> VerifiedCredential | Unusable:
    """What is known of the document by what answers its needs: verified once, as long as the same answers them."""
    for asked in _NEEDED.get(raw, ()):
        known = _VERIFIED.get((raw, at, tuple(answer(need) for need in asked)))
        if known is not None:
            return known
    reading, evidence = read(raw, _TOKEN), Evidence({})
    while wanted := needs(reading, evidence):
        evidence = evidence.with_answers({need: answer(need) for need in wanted})
        reading = check(reading, evidence)
    verdict = verify(reading, evidence, at=at)
    found = verdict.require() if verdict.intact else Unusable(verdict=verdict)
    if len(_VERIFIED) > _REMEMBERED:
        forget()
    asked = tuple(sorted(evidence))
    _NEEDED.setdefault(raw, set()).add(asked)
    return _VERIFIED.setdefault((raw, at, tuple(answer(need) for need in asked)), found)


#: What each document needed when it was first verified, and what came of it by what answered.
_NEEDED: Final[dict[bytes, set[tuple[Need, ...]]]] = {}
_REMEMBERED: Final = 8_000
_VERIFIED: Final[dict[tuple[bytes, datetime, tuple[Found | Absent, ...]], VerifiedCredential | Unusable]] = {}


def forget() -> None:
    """Everything is verified anew, as where a test puts other code in the place of what verifies."""
    _NEEDED.clear()
    _VERIFIED.clear()


@lru_cache(maxsize=1_000)
def _encoded(text: str) -> bytes:
    """The same bytes for the same text, whose hash is worked out once."""
    return text.encode()


def _found(body: bytes, media_type: str, source: str, at: datetime) -> Found:
    return Found(body=body, media_type=media_type, source=source, at=at)
