"""The chain as vertices and links with a word on every vertex, for the picture.

The rule: the target's word is the report's; that of any other vertex says how well the thing itself is borne out, from
the findings about it and its credentials, and is no claim's verdict. Links run the way the goods and the trust run,
from origin to target. See docs/requirements.md T9.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from credentials.encoding.document import Json
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.parties import anchors_about
from credentials.provenance.case.recognition import recognition
from credentials.provenance.graph.graph import overlap
from credentials.provenance.report.report import Finding, Gap, Word
from credentials.provenance.statements.statement import (
    AnchorStatement,
    AttestationStatement,
    EventStatement,
    Statement,
)

#: The rule that says that a document does not verify, and the families about papers and who signs them.
_BROKEN: Final = "PV-CRED-1"
_PAPERS: Final = ("PV-CRED-", "PV-ID-", "PV-ACC-")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ChainVertex:
    """One thing in the picture; ``said_in`` are the credentials it is known from."""

    id: str
    kind: str
    label: str
    issuer: str = ""
    said_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class ChainLink:
    """From one vertex to another."""

    start: str
    end: str
    kind: str


def picture(
    case: Case, lots: Iterable[LotKey], findings: Iterable[Finding], gaps: Iterable[Gap], *, word: Word
) -> Mapping[str, Json]:
    """The chain of ``lots`` (the target and everything upstream) with its events, places, attestations and gaps.

    ``word`` is that of the whole report, and of the target's card.
    """
    kept, findings = tuple(sorted(lots)), tuple(findings)
    events = _events(case, kept, {one.subject for one in findings})
    products = [_product(case, lot) for lot in kept]
    facilities = {event.facility for event in events} - {""}
    drawn = _Drawn(kept, frozenset(facilities))
    attestations = _attestations(case, kept, facilities)
    vouching = _vouching(case, {one.issuer for one in attestations})
    vertices = {
        *products,
        *(_event(event) for event in events),
        *(_facility(case, facility) for facility in facilities),
        *(_attestation(one) for one in attestations),
        *(_party(one.issuer) for one in (*attestations, *vouching)),
        *(_gap(gap) for gap in gaps),
    }
    links = {
        *(link for event in events for link in _event_links(event, drawn)),
        *(link for one in attestations for link in _attestation_links(one, drawn)),
        *(ChainLink(one.issuer, one.subject, _vouches(one)) for one in vouching),
        *(ChainLink(_gap_id(gap), end, "missing") for gap in gaps for end in drawn.ends(gap)),
    }
    words = _Words(case, findings, word)
    return {
        "vertices": [
            {"id": one.id, "kind": one.kind, "label": one.label, "issuer": one.issuer, "word": words.of(one).value}
            for one in sorted(vertices)
        ],
        "links": [{"from": one.start, "to": one.end, "kind": one.kind} for one in sorted(links)],
    }


class _Drawn:
    """The lots and facilities that are in the picture, found by their ids."""

    def __init__(self, lots: tuple[LotKey, ...], facilities: frozenset[str]) -> None:
        self.facilities = facilities
        self._lots: dict[str, list[LotKey]] = {}
        for lot in lots:
            for name in {lot.id, str(lot)}:
                self._lots.setdefault(name, []).append(lot)

    def named(self, lot: LotKey) -> Iterator[str]:
        """The vertices of what is the lot, a part of it or what it is part of."""
        return (str(one) for one in self._lots.get(lot.id, ()) if overlap(one, lot))

    def ends(self, gap: Gap) -> Iterator[str]:
        """The vertices that a gap is about."""
        return (str(lot) for lot in self._lots.get(gap.subject, ()))


class _Words:
    """The word of each vertex."""

    def __init__(self, case: Case, findings: tuple[Finding, ...], whole: Word) -> None:
        self._of_target = {str(case.target): whole, case.target.id: whole}
        self._found: dict[str, set[Word]] = {}
        for one in findings:
            self._found.setdefault(one.subject, set()).add(_cost_of(one))
        self._unrecognised = {
            id
            for attestation in case.graph.attestations
            if not all(recognition(case, attestation, one).recognised for one in attestation.assessments)
            for id in (attestation.source, attestation.issuer)
        }

    def of(self, vertex: ChainVertex) -> Word:
        """The target's is the report's; any other one's is the worst that findings about it cost, if it is told of."""
        if vertex.kind in ("product", "facility") and vertex.id in self._of_target:
            return self._of_target[vertex.id]
        if vertex.kind == "gap" or not vertex.said_in:
            return Word.UNVERIFIABLE
        found = {word for one in (vertex.id, vertex.issuer, *vertex.said_in) for word in self._found.get(one, ())}
        if vertex.kind in ("attestation", "party") and vertex.id in self._unrecognised:
            found.add(Word.UNVERIFIABLE)
        return next((word for word in _WORST_FIRST if word in found), Word.VERIFIED)


#: What findings can cost what they are about. Only claims are refuted.
_WORST_FIRST: Final = (Word.INVALID, Word.CONTRADICTED, Word.UNVERIFIABLE, Word.PARTIALLY_VERIFIED)


def _cost_of(one: Finding) -> Word:
    """A paper that does not stand proves nothing and refutes nothing; records that cannot all be true contradict."""
    if one.outcome != "fail" or one.severity != "block":
        return Word.PARTIALLY_VERIFIED
    if one.rule == _BROKEN:
        return Word.INVALID
    return Word.UNVERIFIABLE if one.rule.startswith(_PAPERS) else Word.CONTRADICTED


def _events(case: Case, lots: tuple[LotKey, ...], suspects: set[str]) -> tuple[EventStatement, ...]:
    """Events that made one of ``lots``, and those moves of them that something was found about, each once."""
    found = [event for lot in lots for event in case.graph.makers_of(lot)]
    found += [event for lot in lots for event, _ in case.graph.moves_of(lot) if {event.id, event.source} & suspects]
    return tuple({event.order: event for event in found}.values())


def _attestations(case: Case, lots: tuple[LotKey, ...], facilities: set[str]) -> tuple[AttestationStatement, ...]:
    pairs = [pair for lot in lots for pair in case.graph.assessments_of_lot(lot)]
    pairs += [pair for facility in facilities for pair in case.graph.assessments_of(facility)]
    return tuple({attestation.order: attestation for attestation, _ in pairs}.values())


def _product(case: Case, lot: LotKey) -> ChainVertex:
    passports = case.graph.passports_of(lot)
    closest = passports[0] if passports else None
    return ChainVertex(
        id=str(lot),
        kind="product",
        label=(closest.said.name if closest else None) or _short(lot.id),
        issuer=closest.issuer if closest else "",
        said_in=(closest.id, *_sources(passports)) if closest else (),
    )


def _event(event: EventStatement) -> ChainVertex:
    return ChainVertex(
        id=event.id,
        kind="event",
        label=event.said.name or event.kind.value,
        issuer=event.issuer,
        said_in=(event.source,),
    )


def _facility(case: Case, facility: str) -> ChainVertex:
    records = case.graph.facility_records(facility)
    closest = records[0] if records else None
    return ChainVertex(
        id=facility,
        kind="facility",
        label=(closest.said.name if closest else None) or _short(facility),
        issuer=closest.issuer if closest else "",
        said_in=_sources(records),
    )


def _attestation(one: AttestationStatement) -> ChainVertex:
    return ChainVertex(
        id=one.source,
        kind="attestation",
        label=one.said.name or _short(one.id),
        issuer=one.issuer,
        said_in=(one.source,),
    )


def _party(did: str) -> ChainVertex:
    return ChainVertex(id=did, kind="party", label=_short(did), issuer=did, said_in=(did,))


def _vouching(case: Case, assessors: set[str]) -> tuple[AnchorStatement, ...]:
    """What parties of the trust list say of who the assessors are; nobody else is drawn because it vouches."""
    anchors = (one for did in sorted(assessors) for one in anchors_about(case, did))
    return tuple({one.order: one for one in anchors if case.trust.names(one.issuer)}.values())


def _vouches(one: AnchorStatement) -> str:
    return "accredits" if one.said.register_type == "accreditation" else "registers"


def _gap(gap: Gap) -> ChainVertex:
    return ChainVertex(id=_gap_id(gap), kind="gap", label=gap.gap_class, issuer=gap.ask)


def _event_links(event: EventStatement, drawn: _Drawn) -> Iterator[ChainLink]:
    for portion in event.inputs:
        yield from (ChainLink(lot, event.id, "input") for lot in drawn.named(portion.lot))
    for portion in event.outputs:
        yield from (ChainLink(event.id, lot, "output") for lot in drawn.named(portion.lot))
    for portion in event.moved:
        yield from (ChainLink(lot, event.id, "moved") for lot in drawn.named(portion.lot))
    if event.facility:
        yield ChainLink(event.facility, event.id, "at")


def _attestation_links(one: AttestationStatement, drawn: _Drawn) -> Iterator[ChainLink]:
    yield ChainLink(one.issuer, one.source, "issued")
    for assessment in one.assessments:
        for assessed in assessment.lots:
            yield from (ChainLink(one.source, lot, "attests") for lot in drawn.named(assessed))
        yield from (
            ChainLink(one.source, place, "attests") for place in assessment.facilities if place in drawn.facilities
        )


def _gap_id(gap: Gap) -> str:
    return f"gap {gap.gap_class} {gap.subject}"


def _sources(statements: Iterable[Statement]) -> tuple[str, ...]:
    return tuple(sorted({one.source for one in statements}))


def _short(id: str) -> str:
    return id.rstrip("/").replace(":", "/").rpartition("/")[2] or id
