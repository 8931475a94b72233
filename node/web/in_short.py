"""The first screen of a report: each claim in a line, what is wrong, whom to ask, and what ends first.

The rule: every line says something that the report says further down in full, and leads there. A name is somebody's
own text: whoever is called by it alone here stands with its DID below, and a name that two have never stands alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from credentials.provenance import ClaimVerdict, Gap, Report
from credentials.provenance.report.ending import first_to_end
from credentials.provenance.report.names import told
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
    parties: tuple[tuple[str, str], ...]  # name and DID of everybody who is called by the name alone


class _Called:
    """What a party is called here, and who was called by a name alone so far."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._times = Counter(name for id, name in names.items() if id.startswith("did:"))
        self.alone: dict[str, str] = {}

    def __call__(self, id: str) -> str:
        name = self._names.get(id, "")
        if not id.startswith("did:") or self._times[name] != 1:
            return told(id, self._names)
        self.alone[id] = name
        return name

    def sentence(self, text: str, parties: Iterable[str]) -> str:
        """A sentence of the report, in which a party stands with its DID, with each of ``parties`` as it is called."""
        for did in parties:
            text = text.replace(told(did, self._names), self(did))
        return text


def in_short(report: Report, gaps: Sequence[Gap], wrong: int) -> InShort:
    """The first screen of ``report``; ``gaps`` the largest first, ``wrong`` root findings in all."""
    called = _Called(report.names)
    issuers = {one.id: one.issuer for one in report.inputs}
    documents = report.derivation["documents"]
    ending = first_to_end(
        frozenset(map(str, documents)) if isinstance(documents, list) else (),
        ((one.digest, one.id, one.until) for one in report.inputs),
    )
    claims = tuple(_short_claim(one, issuers, called) for one in report.claims)
    missing = tuple(_missing(one, called) for one in gaps[:_MOST])
    ends_of = _document(ending[1], report, called) if ending is not None else ""
    return InShort(
        day=_day(report.at),
        claims=claims,
        more_wrong=max(0, wrong - _MOST),
        missing=missing,
        more_missing=max(0, len(gaps) - _MOST),
        ends=_day(ending[0]) if ending is not None else "",
        ends_of=ends_of,
        parties=tuple((name, did) for did, name in called.alone.items()),
    )


def _document(id: str, report: Report, called: _Called) -> str:
    """A credential by its name, else by its kind and its issuer."""
    if id in report.names:
        return told(id, report.names)
    one = next(one for one in report.inputs if one.id == id)
    return f"the {KINDS.get(one.kind, 'credential').lower()} by {called(one.issuer)}"


def _short_claim(claim: ClaimVerdict, issuers: Mapping[str, str], called: _Called) -> ShortClaim:
    checked = dict.fromkeys(issuers.get(id, "") or id for id in claim.attested_by)
    return ShortClaim(
        share=band(*claim.value),
        says=called(claim.says) or "nobody who is named",
        checked=tuple(called(one) for one in checked),
        vouched=tuple(called(one) for one in claim.accredited_by),
        rests=_who_would_lie(claim, called),
    )


def _who_would_lie(claim: ClaimVerdict, called: _Called) -> str:
    unless = claim.holds_unless
    if unless is not None and unless.sentence:
        parties = dict.fromkeys(party for one in (*unless.sets, claim.accredited_by) for party in one)
        return called.sentence(unless.sentence, parties)
    if claim.rests:
        return f"What is proven rests on {called(claim.rests[0].party)} most. {claim.next_grade}".strip()
    return claim.next_grade


def _missing(gap: Gap, called: _Called) -> Missing:
    what, subject = GAPS.get(gap.gap_class, gap.gap_class), called(gap.subject)
    return Missing(
        share=band(gap.mass, gap.mass) if gap.mass else "",
        what=f"{subject}: {what}" if subject != gap.subject else what,
        ask=called(gap.ask),
    )


def _day(moment: str) -> str:
    return moment[:10]
