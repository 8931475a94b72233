"""Does a derivation prove the report's claims, from the documents that it names? The answer of a second program.

The rule: it is refused at the first step that does not follow. What it cannot see is not told as good: whether the
documents are genuine, what counts against a claim, its upper bound, and what nobody handed over.
See docs/derivation.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from contexts.codes.metrics import MetricKind
from contexts.codes.metrics import metric as known_metric
from credentials.encoding.document import JsonObject, Sha256
from credentials.encoding.moments import parse_moment
from credentials.errors import MalformedInput
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.packs.rule_pack import RulePack
from credentials.provenance.replaying.grounds import Grounds
from credentials.provenance.replaying.makings import Property, Shown
from credentials.provenance.replaying.replayed_values import Replay
from credentials.provenance.replaying.stated_figures import criteria, metric_of, share, topics
from credentials.provenance.replaying.written_steps import WrittenStep, refused, written_steps
from credentials.provenance.report.figures import figures
from credentials.provenance.statements.statement import ClaimStatement
from credentials.trust.trust_lists import TrustList
from credentials.verdict import VerifiedCredential

#: So many sets of parties a report tells at most.
_TOLD: Final = 32
#: Words of a claim that the whole has too, the worst first.
_BAD: Final = ("INVALID", "CONTRADICTED", "REFUTED")
#: Words of which a claim without a derivation is not shown.
_GOOD: Final = frozenset({"VERIFIED", "PARTIALLY VERIFIED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What was gone through: ``steps`` of them, the ``shown`` claims by id, and those ``without`` a derivation."""

    steps: int
    shown: tuple[str, ...]
    without: tuple[str, ...]


def replayed(
    report: JsonObject,
    held: Mapping[Sha256, VerifiedCredential],
    *,
    trust: TrustList | None = None,
    pack: RulePack,
) -> Replayed:
    """Go through the derivation of ``report`` with the documents in hand, by digest, genuine as their verifier says.

    Raises:
        DerivationRefused: with the step that does not follow.
    """
    steps = written_steps(report)
    claims = _claims(report)
    roots = {place: one["derivation"] for place, one in enumerate(claims) if one.get("derivation") is not None}
    _all_needed(steps, roots)
    replay, grounds = Replay(steps), Grounds(steps, held, trust, pack, _moment(report))
    replay.check()
    for step in steps:
        grounds.check(step)
    shown = Shown(grounds, pack)
    try:
        for place, root in roots.items():
            _claim(claims[place], f"/claims/{place}", steps[root], grounds, shown, replay, pack)
    except RecursionError as error:
        raise refused("Its shares follow from each other more deeply than is followed.", "/derivation/steps") from error
    _whole(report, claims)
    told = [str(one.get("id")) for one in claims]
    without = [told[place] for place, one in enumerate(claims) if place not in roots and one.get("verdict") in _GOOD]
    return Replayed(steps=len(steps), shown=tuple(told[place] for place in roots), without=tuple(without))


def _whole(report: JsonObject, claims: Sequence[JsonObject]) -> None:
    """The word of the whole is no better than its claims', and each of them is about what was asked. Raises."""
    words = {str(one.get("verdict")) for one in claims}
    bad: list[str] = [word for word in _BAD if word in words]
    good = ["PARTIALLY VERIFIED"] if words & _GOOD else []
    whole = ["VERIFIED"] if words == {"VERIFIED"} else []  # unless the trace did not come to its end
    if report.get("word") not in (bad[:1] or [*whole, *good, "UNVERIFIABLE"]):
        raise refused(f"Its claims do not add up to {str(report.get('word'))[:40]!r}.", "/word")
    for place, one in enumerate(claims):
        if _bare(one.get("subject")) != _bare(report.get("target")):
            raise refused("The claim is about something else than the target.", f"/claims/{place}/subject")


def _bare(id: object) -> str:
    """An identifier in its one spelling, without the batch or item that is told behind it."""
    return given_or_canonical(str(id).split(" (", maxsplit=1)[0])


def _moment(report: JsonObject) -> datetime:
    """The moment that was asked about. Raises DerivationRefused."""
    try:
        return parse_moment(report.get("at"))
    except MalformedInput as error:
        raise refused("The report does not say as of when it holds.", "/at") from error


def _claims(report: JsonObject) -> list[JsonObject]:
    """The claims of the report, of the shape that is read here. Raises DerivationRefused."""
    claims = report.get("claims")
    for place, one in enumerate(claims if isinstance(claims, list) else [None]):
        unless = one.get("holdsUnless") if isinstance(one, dict) else 0
        sets = unless.get("sets") if isinstance(unless, dict) else [] if unless is None else None
        rests = one.get("rests") or [] if isinstance(one, dict) else None
        if not (
            isinstance(sets, list)
            and all(isinstance(each, list) and all(isinstance(party, str) for party in each) for each in sets)
            and isinstance(rests, list)
            and all(isinstance(each, dict) and isinstance(each.get("party"), str) and "share" in each for each in rests)
        ):
            raise refused("A claim of the report has another shape.", f"/claims/{place}")
    return list(claims) if isinstance(claims, list) else []


def _all_needed(steps: Sequence[WrittenStep], roots: Mapping[int, Any]) -> None:
    for place, root in roots.items():
        if type(root) is not int or not 0 <= root < len(steps):
            raise refused("The claim names no step.", f"/claims/{place}/derivation")
        if not isinstance(steps[root].value, Fraction):
            raise steps[root].refused("it is no share.")
    needed, waiting = set(roots.values()), list(roots.values())
    while waiting:
        for one in steps[waiting.pop()].after:
            if not 0 <= one < len(steps):
                raise refused("A step follows from none.", "/derivation/steps")
            if one not in needed:
                needed.add(one)
                waiting.append(one)
    idle = next((step for step in steps if step.number not in needed), None)
    if idle is not None:
        raise idle.refused("nothing needs it.")


def _claim(
    told: Mapping[str, Any],
    where: str,
    root: WrittenStep,
    grounds: Grounds,
    shown: Shown,
    replay: Replay,
    pack: RulePack,
) -> None:
    low = told["value"][0] if isinstance(told.get("value"), list) and told["value"] else None
    if low != round(float(root.value), 6):
        raise refused(f"The claim's lower bound is {low}, its last step {float(root.value)}.", f"{where}/value")
    mine = [one for one in grounds.claims if _is_told(one, told) and grounds.is_heard(one)]
    if not mine:
        raise refused("No document in hand makes this claim, by who may.", where)
    proven = [one for one in mine if shown.proves(root, one, _property(one, pack))]
    if not proven:
        raise root.refused(f"it does not show all that {told.get('id')} says.")
    if told.get("verdict") == "VERIFIED" and not any(shown.attested(root, one) for one in proven):
        raise root.refused(f"nobody attests all that {told.get('id')} says, which is called VERIFIED.")
    claimed = _claimed(proven[0], pack)
    if told.get("verdict") == "VERIFIED" and root.value < claimed:
        raise refused("Less is proven than claimed, and the claim is called VERIFIED.", f"{where}/verdict")
    _liars(told, where, root, replay, claimed)


def _is_told(claim: ClaimStatement, told: Mapping[str, Any]) -> bool:
    """Is it the claim that the report tells of: its id, claimant, subject and figures?"""
    stated = (claim.id, claim.issuer, claim.about, figures(claim.said.performance))
    return stated == tuple(told.get(name) for name in ("id", "says", "subject", "statement"))


def _property(claim: ClaimStatement, pack: RulePack) -> Property | None:
    """What inputs can say of the claim: a share of one metric, or that goods conform; None where nothing is lifted."""
    metrics = {metric_of(one) for one in claim.said.performance}
    shares = {share(one.measure) for one in claim.said.performance}
    if len(metrics) == 1 == len(shares) and None not in shares:
        metric = metrics.pop()
        known = known_metric(metric)
        kind = known.kind if known is not None else pack.kind_of(metric)
        # a metric that neither table knows is a share of mass where its assessors say so: the figures do
        if kind in (None, MetricKind.SHARE_OF_MASS):
            return Property(metric=metric)
    if claim.said.performance or not claim.said.criteria:
        return None
    return Property(criteria=criteria(claim.said.criteria), topics=topics(claim.said.topics))


def _claimed(claim: ClaimStatement, pack: RulePack) -> Fraction:
    found = _property(claim, pack)
    value = share(claim.said.performance[0].measure) if found is not None and found.metric else None
    return value if value is not None else Fraction(1)


def _liars(told: Mapping[str, Any], where: str, root: WrittenStep, replay: Replay, claimed: Fraction) -> None:
    """Everybody who is said to have to lie breaks the claim, and no single party that does is left out."""
    unless = told.get("holdsUnless")
    if unless is None and told.get("verdict") == "VERIFIED":
        raise refused("Who would have to lie is not said of a claim that is called VERIFIED.", f"{where}/holdsUnless")
    if isinstance(unless, Mapping):
        sets = [frozenset(one) for one in unless["sets"]]
        for liars in sets:
            if replay.without(liars)[root.number] >= claimed:
                raise refused(f"It holds even if {', '.join(sorted(liars))} lie.", f"{where}/holdsUnless")
            if any(replay.without(liars - {one})[root.number] < claimed for one in liars if len(liars) > 1):
                raise refused("Not all of a set would have to lie.", f"{where}/holdsUnless")
        for party in replay.parties:
            alone = frozenset({party})
            if len(sets) < _TOLD and alone not in sets and replay.without(alone)[root.number] < claimed:
                raise refused(f"It is false if {party} lies, which is not said.", f"{where}/holdsUnless")
    rests = told.get("rests") or ()
    if unless is None and len(rests) < _TOLD:
        _nobody_left_out({rest["party"] for rest in rests}, where, root, replay)
    for place, rest in enumerate(rests):
        less = root.value - replay.without([rest["party"]])[root.number]
        if rest["share"] != round(float(less), 6):
            raise refused("Another share rests on that party.", f"{where}/rests/{place}")


def _nobody_left_out(told: Set[str], where: str, root: WrittenStep, replay: Replay) -> None:
    """Everybody on whom some of a share rests is told. Raises DerivationRefused."""
    for party in replay.parties:
        less = root.value - replay.without(frozenset({party}))[root.number]
        if party not in told and round(float(less), 6) > 0:
            raise refused(f"Some of it rests on {party}, which is not said.", f"{where}/rests")
