"""Each claim with its derivation: who would have to lie, on whom it rests, who could ruin it, and that in a sentence.

The rule: the names are the parties' own DIDs, whoever supplied the documents is one party more. See docs/derivation.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from credentials.encoding.document import Json
from credentials.provenance.case.case import Case
from credentials.provenance.case.whereabouts import is_of_chain, transfers_of_lot
from credentials.provenance.claims.disputes import Dispute
from credentials.provenance.claims.intervals import share_of
from credentials.provenance.claims.support import supports
from credentials.provenance.claims.weighing import lifting_of
from credentials.provenance.derivation.derivation_json import derivation_json
from credentials.provenance.derivation.deriving import derived
from credentials.provenance.derivation.doubting import SUPPLIER, Evaluation
from credentials.provenance.derivation.step import StepRule
from credentials.provenance.derivation.unless import holds_unless, rests
from credentials.provenance.report.report import ClaimVerdict, HoldsUnless, Word
from credentials.provenance.statements.statement import ClaimStatement

#: So many sets are told in a sentence.
_IN_WORDS: Final = 3


def with_liars(
    case: Case, claims: Sequence[tuple[ClaimStatement, ClaimVerdict]], dispute: Dispute
) -> tuple[tuple[ClaimVerdict, ...], Mapping[str, Json]]:
    """The verdicts with who would have to lie for each, and the derivation that says so."""
    derivation = derived(case, [(place, claim) for place, (claim, _) in enumerate(claims)], dispute)
    evaluation, roots = Evaluation(derivation), dict(derivation.roots)
    found = tuple(
        _with(case, claim, verdict, evaluation, roots.get(place)) for place, (claim, verdict) in enumerate(claims)
    )
    return found, derivation_json(derivation)


def _with(
    case: Case, claim: ClaimStatement, verdict: ClaimVerdict, evaluation: Evaluation, root: int | None
) -> ClaimVerdict:
    if root is None:
        return verdict
    share = share_of(case, claim)
    unless = holds_unless(evaluation, root, share[1] if share is not None else Fraction(1))
    if unless is not None and verdict.verdict is Word.VERIFIED:
        unless = replace(unless, sentence=sentence(unless, verdict.accredited_by))
    return replace(
        verdict,
        derivation=root,
        holds_unless=unless,
        rests=rests(evaluation, root) if unless is None else (),
        ruined_by=_ruined_by(case, claim, evaluation, root),
    )


def sentence(unless: HoldsUnless, vouching: Iterable[str]) -> str:
    """Such as ``False only if A lies, or if B and C both lie, as D vouches.``"""
    alone = [one for one, *others in unless.sets if not others]
    together = [one for one in unless.sets if len(one) > 1]
    parts = [f"{_one_of(alone[:_IN_WORDS])} lies"] if alone else []
    parts += [f"{_listed(one)} {'both' if len(one) == 2 else 'all'} lie" for one in together[: _IN_WORDS - len(alone)]]
    if not parts:
        return f"False only if at least {unless.at_least} parties lie."
    left = len(unless.sets) - min(len(alone), _IN_WORDS) - (len(parts) - bool(alone))
    others = f", or others do ({left} more such sets)" if left > 0 else ""
    beside = f", as {_listed(tuple(vouching))} vouches" if vouching else ""
    return f"False only if {', or if '.join(parts)}{others}{beside}."


def _one_of(parties: Sequence[str]) -> str:
    return " or ".join(_called(one) for one in parties)


def _listed(parties: Sequence[str]) -> str:
    *first, last = (_called(one) for one in parties)
    return f"{', '.join(first)} and {last}" if first else last


def _called(party: str) -> str:
    return "whoever supplied the documents" if party == SUPPLIER else party


def _ruined_by(case: Case, claim: ClaimStatement, evaluation: Evaluation, root: int) -> tuple[str, ...]:
    """Whose word the claim rests on or is licensed by, recognised assessors of it, and both ends of its transfers."""
    parties = set(_behind(evaluation, root))
    parties |= {one.match.attestation.issuer for one in supports(case, claim) if one.grade in (0, 4)}
    lifting = lifting_of(case, claim)
    for lot in lifting.steps if lifting is not None else ():
        for one in transfers_of_lot(case, lot):
            if is_of_chain(case, one) and case.counts(one.event):
                parties |= {event.issuer for event, _ in one.told_by_both}
    return tuple(sorted(parties))


def _behind(evaluation: Evaluation, root: int) -> Iterator[str]:
    seen, waiting = {root}, [root]
    while waiting:
        step = evaluation.steps[waiting.pop()]
        if step.party and step.rule is not StepRule.LISTED:
            yield step.party
        more = [one for one in step.after if one not in seen]
        seen.update(more)
        waiting += more
