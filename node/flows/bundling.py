"""Bundling: one trace with everything that it was judged by in one file, and the same judged again from that file.

The rule: a report is a function of the question, the trust list, the rule pack and what each look-up answered, so these
are packed, absences included, and nothing else decides. What was fetched is what the packer saw: under a trust list of
one's own a DID document in a bundle counts as handed over, so that keys have to be pinned.
See docs/bundle.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from credentials.encoding.bundle_file import damaged, read_bundle, write_bundle
from credentials.encoding.document import DEFAULT_LIMITS, Json, parse_json
from credentials.encoding.jcs import canonical_json
from credentials.encoding.moments import format_moment, parse_moment
from credentials.envelopes.opening import Secured
from credentials.errors import CredentialsError
from credentials.evidence import Absent, AbsentReason, Found, Need, NeedKind
from credentials.provenance import Report, to_json
from credentials.provenance.packs.pack_file import parse_pack
from credentials.provenance.report.explain import percent
from credentials.trust.policy import Policy, parse_policy
from credentials.trust.trust_lists import TrustList, parse_trust_list
from node.flows.tracing import Progress, TraceBudget, Tracing
from node.flows.verifying.judging import Judging
from node.wire.source import Budgeted, Opens, Source

_LARGE = replace(DEFAULT_LIMITS, size=200_000_000, values=50_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceRequest:
    """What was asked: the question, whom to believe, and the rule pack as its file."""

    identifier: str
    at: datetime
    known: datetime | None
    claims: tuple[str, ...] | None
    policy: Policy
    lookups: int
    trust: TrustList
    pack: bytes

    def question(self) -> dict[str, Json]:
        """The member ``question.json``."""
        return {
            "identifier": self.identifier,
            "at": format_moment(self.at),
            "known": format_moment(self.known) if self.known is not None else None,
            "claims": list(self.claims) if self.claims is not None else None,
            "policy": self.policy.to_json(),
            "lookups": self.lookups,
        }

    async def report(
        self,
        source: Source,
        arrived: tuple[Found, ...],
        judging: Judging | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """What is found from ``source``; ``progress`` is told how far it is."""
        tracing = Tracing(
            source=source,
            judging=judging or Judging(),
            budget=TraceBudget(lookups=self.lookups),
            arrived=arrived,
            pack=parse_pack(self.pack),
        )
        return await tracing.trace(
            self.identifier,
            at=self.at,
            known=self.known,
            trust=self.trust,
            policy=self.policy,
            claims=self.claims,
            progress=progress,
        )


@dataclass(slots=True)
class Recording:
    """A source that takes note of what each look-up answered; moments in whole seconds, as they are written down."""

    source: Source
    answers: dict[Need, Found | Absent] = field(default_factory=dict)

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        """What the source answers."""
        found = {need: _in_seconds(one) for need, one in (await self.source.answer(needs, at=at)).items()}
        self.answers.update(found)
        return found

    def for_offers(self) -> Recording:
        """The same for what is only offered, into the same notes."""
        source = self.source.for_offers() if isinstance(self.source, Budgeted) else self.source
        return Recording(source, self.answers)

    def opened(self, raw: bytes, media_type: str | None) -> Secured | None:
        """As the source has it."""
        return self.source.opened(raw, media_type) if isinstance(self.source, Opens) else None


def _in_seconds(answer: Found | Absent) -> Found | Absent:
    also = tuple(one for one in map(_in_seconds, answer.also) if isinstance(one, Found))
    if isinstance(answer, Absent):
        return replace(answer, also=also)
    return replace(answer, at=answer.at.replace(microsecond=0), also=also)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A source of what was recorded; ``handed_over``: nothing of it is known to have been served."""

    answers: Mapping[Need, Found | Absent]
    handed_over: bool = False

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        """What came of each need then."""
        none = Absent(reason=AbsentReason.UNKNOWN_IDENTIFIER, detail="The bundle does not hold it.")
        found = {need: self.answers.get(need, none) for need in needs}
        return {need: self._as_known(one) for need, one in found.items()}

    def _as_known(self, one: Found | Absent) -> Found | Absent:
        return replace(one, served=False) if self.handed_over and isinstance(one, Found) else one


async def packed(
    asked: TraceRequest,
    source: Source,
    arrived: tuple[Found, ...],
    judging: Judging | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[dict[str, Any], bytes]:
    """The report as JSON, and the bundle that it can be judged again from; what is asked is in whole seconds.

    Raises:
        MalformedInput: TOO_LARGE, or CLAIM_UNKNOWN.
    """
    recording = Recording(source)
    report = to_json(await asked.report(recording, arrived, judging, progress))
    documents: dict[str, bytes] = {}
    answers: Json = {
        "arrived": [_found_json(one, documents) for one in arrived],
        "answers": [_answer_json(need, recording.answers[need], documents) for need in sorted(recording.answers)],
    }
    members = {
        "question.json": canonical_json(asked.question()),
        "trust.json": canonical_json(asked.trust.to_json()),
        "pack.toml": asked.pack,
        "answers.json": canonical_json(answers),
        "report.json": report_bytes(report),
        **{f"documents/{digest}": body for digest, body in documents.items()},
    }
    return report, write_bundle(members)


def report_bytes(report: Mapping[str, Any]) -> bytes:
    """A report as a bundle holds it."""
    return (json.dumps(report, indent=2, ensure_ascii=False) + "\n").encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle as it was packed: what was asked, what was found, and what the packer came to."""

    asked: TraceRequest
    arrived: tuple[Found, ...]
    answers: Mapping[Need, Found | Absent]
    report: bytes

    async def again(self) -> bytes:
        """What this program comes to from the same."""
        return report_bytes(to_json(await self.judged()))

    async def judged(self, judging: Judging | None = None) -> Report:
        """The same as a report."""
        return await self.asked.report(Recorded(self.answers), self.arrived, judging)

    async def under(self, trust: TrustList, *, policy: Policy, pack: bytes, judging: Judging | None = None) -> Report:
        """What it comes to for who believes ``trust``, and nobody's keys but those that are pinned there.

        By the reader's own ``policy`` and rule ``pack``, and of every claim: with thresholds, crosswalks or a choice of
        claims of the packer's it would be the packer's word after all. Of the question only the target and its moment
        stay.
        """
        mine = replace(self.asked, trust=trust, policy=policy, pack=pack, claims=None)
        return await mine.report(Recorded(self.answers, handed_over=True), self.arrived, judging)


def unpacked(raw: bytes) -> Bundle:
    """The bundle in ``raw``.

    Raises:
        MalformedInput: BUNDLE_DAMAGED or TOO_LARGE.
    """
    members = read_bundle(raw)
    try:
        told, answers = (parse_json(members[name], limits=_LARGE) for name in ("question.json", "answers.json"))
        documents = {name.partition("/")[2]: part for name, part in members.items() if name.startswith("documents/")}
        asked = TraceRequest(
            identifier=str(told["identifier"]),
            at=parse_moment(told["at"]),
            known=parse_moment(told["known"]) if told["known"] is not None else None,
            claims=tuple(told["claims"]) if told["claims"] is not None else None,
            policy=parse_policy(told["policy"]),
            lookups=min(int(told["lookups"]), 200_000),
            trust=parse_trust_list(parse_json(members["trust.json"], limits=_LARGE)),
            pack=members["pack.toml"],
        )
        found = {_need(one): _answer(one, documents) for one in answers["answers"]}
        arrived = tuple(_found(one, documents) for one in answers["arrived"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged(f"A member has another shape: {type(error).__name__}.") from error
    except CredentialsError as error:
        raise damaged(error.problem.detail) from error
    return Bundle(asked=asked, arrived=arrived, answers=found, report=members.get("report.json", b""))


def report_in(raw: bytes) -> dict[str, Any]:
    """The packer's report in a bundle, as it was packed. Raises MalformedInput."""
    report: dict[str, Any] = json.loads(unpacked(raw).report)
    return report


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """What two reports say differently, for people: the word, and each claim of either."""
    found = [] if one["word"] == other["word"] else [f"{one['word']} becomes {other['word']}"]
    before, after = ({_which(claim): claim for claim in report["claims"]} for report in (one, other))
    for which in (*before, *(which for which in after if which not in before)):
        was, now = (_in_words(claims.get(which)) for claims in (before, after))
        if was != now:
            name = (before.get(which) or after[which])["name"]
            found.append(f"{name}: {was} becomes {now}")
    return found


def _which(claim: Mapping[str, Any]) -> tuple[str, ...]:
    """Several documents may make a claim of one id, each in another way."""
    return tuple(str(claim[name]) for name in ("id", "says", "subject", "statement"))


def _in_words(claim: Mapping[str, Any] | None) -> str:
    if claim is None:
        return "not judged"
    least, most = map(percent, claim["value"])
    return f"{claim['verdict']} ({least if least == most else f'{least} to {most}'} of the mass)"


# ---- answers as JSON


def _answer_json(need: Need, answer: Found | Absent, documents: dict[str, bytes]) -> Json:
    told: dict[str, Json] = {"kind": need.kind.value, "id": need.id}
    if isinstance(answer, Found):
        return told | {"found": _found_json(answer, documents)}
    also = [_found_json(one, documents) for one in answer.also]
    return told | {"absent": {"reason": answer.reason.value, "detail": answer.detail, "also": also}}


def _found_json(found: Found, documents: dict[str, bytes]) -> Json:
    documents[found.digest] = found.body
    return {
        "digest": found.digest,
        "mediaType": found.media_type,
        "source": found.source,
        "at": format_moment(found.at),
        "served": found.served,
        "also": [_found_json(one, documents) for one in found.also],
    }


def _need(told: Mapping[str, Any]) -> Need:
    return Need(NeedKind(told["kind"]), str(told["id"]))


def _answer(told: Mapping[str, Any], documents: Mapping[str, bytes]) -> Found | Absent:
    if "found" in told:
        return _found(told["found"], documents)
    absent = told["absent"]
    also = tuple(_found(one, documents) for one in absent["also"])
    return Absent(reason=AbsentReason(absent["reason"]), detail=str(absent["detail"]), also=also)


def _found(told: Mapping[str, Any], documents: Mapping[str, bytes]) -> Found:
    body = documents[told["digest"]]
    return Found(
        body=body,
        media_type=str(told["mediaType"]),
        source=str(told["source"]),
        at=parse_moment(told["at"]),
        served=bool(told["served"]),
        also=tuple(_found(one, documents) for one in _list(told["also"])),
    )


def _list(value: Any) -> Iterable[Mapping[str, Any]]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value
