"""The first screen of a report: each claim in a line, what is wrong, whom to ask, and what ends first.

The rule: every line says something that the report says further down in full, and leads there; names stand alone here
because their DIDs stand there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from credentials.provenance import ClaimVerdict, Gap, Report
from credentials.provenance.report.ending import first_to_end
from node.web.words import GAPS, KINDS, band

#: So many wrong and so many missing things stand on the first screen, the gravest and the largest.
_MOST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortClaim:
    """One claim in a line: how much is proven, who checked it and who vouches for them, and who would have to lie.

    ``rests`` says who would have to lie, else what is missing.
    """

    share: str
    says: str
    checked: tuple[str, ...]
    vouched: tuple[str, ...]
    rests: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that is missing: how much of the mass it leaves open, what it is, and whom to ask."""

    share: str
    what: str
    ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InShort:
    """What stands on the first screen beside the word; ``more_wrong`` and ``more_missing`` count what does not."""

    day: str
    claims: tuple[ShortClaim, ...]
    more_wrong: int
    missing: tuple[Missing, ...]
    more_missing: int
    ends: str
    ends_of: str


def in_short(report: Report, gaps: Sequence[Gap], wrong: int) -> InShort:
    """The first screen of ``report``; ``gaps`` the largest first, ``wrong`` root findings in all."""
    names = report.names
    issuers = {one.id: one.issuer for one in report.inputs}
    documents = report.derivation["documents"]
    ending = first_to_end(
        frozenset(map(str, documents)) if isinstance(documents, list) else (),
        ((one.digest, one.id, one.until) for one in report.inputs),
    )
    return InShort(
        day=_day(report.at),
        claims=tuple(_short_claim(one, issuers, names) for one in report.claims),
        more_wrong=max(0, wrong - _MOST),
        missing=tuple(_missing(one, names) for one in gaps[:_MOST]),
        more_missing=max(0, len(gaps) - _MOST),
        ends=_day(ending[0]) if ending is not None else "",
        ends_of=_called(ending[1], report) if ending is not None else "",
    )


def _called(id: str, report: Report) -> str:
    """A credential by its name, else by its kind and its issuer's name."""
    if id in report.names:
        return report.names[id]
    one = next(one for one in report.inputs if one.id == id)
    return f"the {KINDS.get(one.kind, 'credential').lower()} by {report.names.get(one.issuer) or one.issuer}"


def _short_claim(claim: ClaimVerdict, issuers: Mapping[str, str], names: Mapping[str, str]) -> ShortClaim:
    checked = dict.fromkeys(issuers.get(id, "") or id for id in claim.attested_by)
    return ShortClaim(
        share=band(*claim.value),
        says=names.get(claim.says) or claim.says or "nobody who is named",
        checked=tuple(names.get(one) or one for one in checked),
        vouched=tuple(names.get(one) or one for one in claim.accredited_by),
        rests=_without_dids(_who_would_lie(claim, names), names, _parties(claim)),
    )


def _who_would_lie(claim: ClaimVerdict, names: Mapping[str, str]) -> str:
    if claim.holds_unless is not None and claim.holds_unless.sentence:
        return claim.holds_unless.sentence
    if claim.rests:
        first = claim.rests[0].party
        return f"What is proven rests on {names.get(first) or first} most. {claim.next_grade}".strip()
    return claim.next_grade


def _parties(claim: ClaimVerdict) -> Iterable[str]:
    sets = claim.holds_unless.sets if claim.holds_unless is not None else ()
    return {*claim.accredited_by, *(party for one in sets for party in one)}


def _without_dids(sentence: str, names: Mapping[str, str], parties: Iterable[str]) -> str:
    for did in parties:
        if did in names:
            sentence = sentence.replace(f"{names[did]} ({did})", names[did])
    return sentence


def _missing(gap: Gap, names: Mapping[str, str]) -> Missing:
    what = GAPS.get(gap.gap_class, gap.gap_class)
    return Missing(
        share=band(gap.mass, gap.mass) if gap.mass else "",
        what=f"{names[gap.subject]}: {what}" if gap.subject in names else what,
        ask=names.get(gap.ask) or gap.ask,
    )


def _day(moment: str) -> str:
    return moment[:10]
