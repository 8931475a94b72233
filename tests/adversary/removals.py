"""Removals: each takes one rule out of the program, as long as a test lasts; the program has no switch for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final, TypeAlias

import pytest

from contexts.codes.metrics import METRICS, MetricKind
from credentials.encoding.timespan import Timespan
from credentials.provenance.case import atoms, keyed, matching, metric_kinds, parties, recognition, whereabouts
from credentials.provenance.case.performance import Comparison
from credentials.provenance.case.recognition import Recognition
from credentials.provenance.claims import disputes, grades, weighing
from credentials.provenance.graph import transfers
from credentials.provenance.judging import judge
from credentials.provenance.mass import lifting, making
from credentials.provenance.mass.blending import Amount, Interval
from credentials.provenance.mass.origins import Origins
from credentials.provenance.missing import gaps
from credentials.provenance.packs.rule_pack import RulePack
from credentials.provenance.rules import equivocation, fitting
from credentials.provenance.statements import versions
from credentials.provenance.statements.authority import TABLE, SubjectMatter
from credentials.trust.anchors import Walk
from credentials.trust.trust_lists import TrustList
from credentials.verdict import StatusResult, VerifiedCredential
from credentials.verify import reading, status
from credentials.verify.steps import passed
from tests.adversary import judging

Patch: TypeAlias = Callable[[pytest.MonkeyPatch], None]
_EVERYTHING: Final = Interval.exactly(Fraction(1))
_AGREED: Final = Comparison(True, "Nobody compared it.")


def _anybody(matter: SubjectMatter) -> Patch:
    return lambda patch: patch.setitem(TABLE, matter, (lambda known, said: True,))  # type: ignore[arg-type]


def _set(place: object, name: str, value: object) -> Patch:
    return lambda patch: patch.setattr(place, name, value)


def _all(*patches: Patch) -> Patch:
    def change(patch: pytest.MonkeyPatch) -> None:
        for one in patches:
            one(patch)

    return change


def _verified_anew(*patches: Patch) -> Patch:
    """The same where what is patched verifies documents: none that was verified before is taken."""
    return _all(_set(judging, "_NEEDED", {}), _set(judging, "_VERIFIED", {}), *patches)


def _without_gates(*rules: str) -> Patch:
    def change(patch: pytest.MonkeyPatch) -> None:
        for name in ("GATES", "_GATES_OF_A_NO"):
            kept = {rule: fit for rule, fit in getattr(fitting, name).items() if rule not in rules}
            patch.setattr(fitting, name, kept)

    return change


def _clear_unless_read(entry: Any, check: Any) -> StatusResult:
    """An entry that cannot be read says that nothing was withdrawn."""
    return StatusResult(purpose="revocation", list_url="", value=0, check=passed("status"))


_life_of, _read_status, _delegates = reading.life_of, status.read_status, Walk.delegates


def _without_token(value: Any, secured: Any, own: Any) -> Any:
    return _life_of(value, None, own)  # type: ignore[arg-type]


def _by_any_issuer(entry: Any, status_list: Any, **asked: Any) -> Any:
    return _read_status(entry, status_list, **{**asked, "issuer": status_list["issuer"]["id"]})


def _delegating(walk: Walk, *asked: Any) -> int | None:
    found = _delegates(walk, *asked)
    return None if found is None else found + 4


def _by_its_id_alone(credential: VerifiedCredential) -> tuple[str, ...]:
    return (credential.id,)


def _recognised(*asked: Any) -> Recognition:
    return Recognition(recognised=True)


def _exactly(amount: Callable[..., Amount]) -> Callable[..., Amount]:
    def stated(*asked: Any) -> Amount:
        found = amount(*asked)
        return found if found.stated is None else Amount.exactly(found.stated)

    return stated


EVERYBODY_IS_SOMEBODY_ELSE: Final = _set(fitting, "is_third_party", lambda case, one, other: True)
ANY_SCOPE: Final = _set(recognition, "in_scope", lambda *asked: True)
ANY_FIGURE: Final = _set(atoms, "compare_figures", lambda claimed, assessed: _AGREED)
ANY_SCORE: Final = _set(atoms, "compare_scores", lambda claimed, assessed: _AGREED)
BEST_ATOM: Final = _set(grades, "_worst", lambda found: max(one.grade for one in found))
NO_LEDGER: Final = _set(whereabouts, "accounts", lambda graph, **told: ())
UNKNOWN_IS_GOOD: Final = _set(lifting, "UNKNOWN", _EVERYTHING)
WEIGHS_NOTHING: Final = _all(
    _set(making, "UNWEIGHED", Amount(Fraction(0), Fraction(0))),
    _set(making, "_bounded", lambda graph, inputs, *rest: inputs),
)
ISSUED_TO_ANYBODY: Final = _without_gates("PV-CLM-1", "PV-CLM-9")
ANY_TIME: Final = _without_gates("PV-CLM-7")
NO_TOKEN: Final = _verified_anew(_set(reading, "life_of", _without_token))
STATUS_OPEN: Final = _verified_anew(_set(status, "_unread", _clear_unless_read))
LISTED: Final = _set(TrustList, "names", lambda trust, did: True)
BY_ID: Final = _set(versions, "_family", _by_its_id_alone)
BROKEN_COUNTS: Final = _set(judging, "_as_gathered", lambda question, holdings: holdings)


HEARD: Final = _all(_set(fitting, "recognition", _recognised), _set(matching, "_has_say", lambda case, match: True))
LIST_OF_ANYBODY: Final = _verified_anew(
    _set(status, "read_status", _by_any_issuer), _set(status, "integrity", lambda *asked, **at: ())
)
ANY_REGISTER: Final = _set(parties, "anchors_about", lambda case, did: case.graph.anchors_of(did))
FIRST_WORD: Final = _set(recognition, "_takes_back", lambda case, other, assessment: False)
ONE_WORD: Final = _set(equivocation, "differing", lambda graph, issuer, id: ())
WITHOUT_TOLERANCE: Final = _set(making, "amount_of", _exactly(making.amount_of))
ANY_ORIGIN: Final = _all(
    _set(gaps, "_is_shown", lambda case, lot: True), _set(Origins, "_taken_in_at", lambda origins, passport: ())
)
ONWARDS: Final = _all(_set(Walk, "delegates", _delegating), ANY_SCOPE)
NOTHING_DISPUTED: Final = _set(judge, "dispute_of", lambda case, findings: disputes.Dispute())
STATED_BY_NAME: Final = _set(metric_kinds, "_stated", lambda case, metric: (MetricKind.SHARE_OF_MASS,))
ANY_LEVEL: Final = _set(fitting, "is_self_assessment", lambda attestation: False)
OWN_WORDS: Final = _set(weighing, "attested", lambda case, claim, grade: claim.said.name or "")
_ANYBODY_SPEAKS_OF: Final = {matter: _anybody(matter) for matter in SubjectMatter}
GOODS, MAKING = _ANYBODY_SPEAKS_OF[SubjectMatter.PRODUCT], _ANYBODY_SPEAKS_OF[SubjectMatter.MAKING]
PLACE, THERE = _ANYBODY_SPEAKS_OF[SubjectMatter.PLACE], _ANYBODY_SPEAKS_OF[SubjectMatter.MADE_THERE]
USING: Final = _ANYBODY_SPEAKS_OF[SubjectMatter.USING]
SENT_BY_ANYBODY: Final = _all(
    _ANYBODY_SPEAKS_OF[SubjectMatter.SENDING], _set(transfers, "is_receipt", lambda event: False)
)
_OTHER_KIND: Final = replace(METRICS["recycled-content-percentage"], kind=MetricKind.SHARE_OF_MASS)
BY_OUR_TABLE: Final = _set(metric_kinds, "known_metric", lambda iri: _OTHER_KIND)


ANY_KEY: Final = _set(keyed, "is_keyed", lambda case, issuer, method: True)
TO_THE_SECOND: Final = _set(Timespan, "of", Timespan.exactly)
ALWAYS_ZERO: Final = _set(judging, "exit_code", lambda report: 0)
ANY_LIST: Final = _verified_anew(_set(status, "_rank", lambda *asked: 0))
ANY_OBJECT: Final = _without_gates("PV-CLM-1")
THERE_AND_TO_ANYBODY: Final = _all(THERE, _without_gates("PV-CLM-9"))
NO_BANDS: Final = _set(RulePack, "band", lambda pack, *asked: None)
