"""What things are called, by those who have a say: parties by themselves, goods and places by their own records.

The rule: names come from documents of the chain alone, so no stranger names anything in a report; two things of one
name are told apart by the end of their ids. See docs/requirements.md T9.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from contexts.codes.metrics import METRICS
from contexts.codes.topics import TOPICS
from credentials.encoding.document import Json
from credentials.provenance.case.case import Case
from credentials.provenance.case.parties import attestations_of_chain, credentials_of_chain
from credentials.provenance.case.whereabouts import events_of_chain
from credentials.provenance.judging.closing import asked_about, closes, issuers_of, whom_to_ask
from credentials.provenance.report.names import in_names, usable
from credentials.provenance.report.report import ClaimPart, ClaimVerdict, Finding, Gap, Report
from credentials.untp.issuer import read_issuer

_CONCEPTS: Final = {one.iri: one.label for one in METRICS.values()} | {one.iri: one.label for one in TOPICS.values()}


def in_words(case: Case, report: Report) -> Report:
    """``report`` with a name wherever one is known, and with each finding what would close it."""
    called = names_of(case)
    names = {**_CONCEPTS, **called}
    asked, issuers = asked_about(report.gaps), issuers_of(report.inputs)

    def gap(one: Gap) -> Gap:
        return replace(one, detail=in_names(one.detail, names))

    def finding(one: Finding) -> Finding:
        ask = whom_to_ask(one, asked, issuers)
        return replace(one, detail=in_names(one.detail, names), closes=closes(one.rule), ask=ask)

    def part(one: ClaimPart) -> ClaimPart:
        return replace(one, statement=in_names(one.statement, names), attested=in_names(one.attested, names))

    def claim(one: ClaimVerdict) -> ClaimVerdict:
        unless = one.holds_unless
        if unless is not None:
            unless = replace(unless, sentence=in_names(unless.sentence, names))
        return replace(
            one,
            next_grade=in_names(one.next_grade, names),
            attested=in_names(one.attested, names),
            gaps=tuple(gap(each) for each in one.gaps),
            atoms=tuple(part(each) for each in one.atoms),
            holds_unless=unless,
        )

    return replace(
        report,
        summary=in_names(report.summary, names),
        claims=tuple(claim(one) for one in report.claims),
        findings=tuple(finding(one) for one in report.findings),
        notes=tuple(replace(one, detail=in_names(one.detail, names)) for one in report.notes),
        gaps=tuple(gap(one) for one in report.gaps),
        chain={**report.chain, "vertices": [_called(one, called) for one in _vertices(report.chain)]},
        names=called,
    )


def _vertices(chain: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    found = chain["vertices"]
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _called(vertex: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, Json]:
    """A vertex of the picture with its name, a gap with the word for what it is."""
    return {**vertex, "label": names.get(str(vertex["id"]), vertex["label"])}


def names_of(case: Case) -> Mapping[str, str]:
    """Id → name of everything in the case that has one, in the order of the ids; metrics and topics aside."""
    things: dict[tuple[str, ...], str] = {}
    for ids, name in (*_parties(case), *_goods(case), *_places(case), *_papers(case)):
        if shown := usable(name):
            things.setdefault(ids, shown)
    often = Counter(things.values())
    found: dict[str, str] = {}
    for ids, name in things.items():
        end = usable(ids[0].rstrip("/").rpartition("/")[2])
        for id in ids:
            found.setdefault(id, f"{name} ({end})" if often[name] > 1 and not id.startswith("did:") else name)
    return dict(sorted(found.items()))


def _parties(case: Case) -> Iterator[tuple[tuple[str, ...], str | None]]:
    for credential in sorted(credentials_of_chain(case), key=lambda one: (one.id, one.credential_digest)):
        yield (credential.issuer,), read_issuer(credential.value).name


def _goods(case: Case) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Each lot by its closest passport; by its id alone only where no other lot of the case has that."""
    often = Counter(lot.id for lot in case.lots)
    for lot in case.lots:
        for passport in case.graph.passports_of(lot)[:1]:
            alone = (lot.id, passport.id) if often[lot.id] == 1 else ()
            yield tuple(dict.fromkeys((str(lot), *alone))), passport.said.name


def _places(case: Case) -> Iterator[tuple[tuple[str, ...], str | None]]:
    for record in case.facilities:
        yield tuple(dict.fromkeys((record.facility, record.id))), record.said.name


def _papers(case: Case) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Passports, events, attestations and what was assessed against."""
    for passport in case.passports:
        if passport.said.name:
            yield (passport.source,), f"Passport of {passport.said.name}"
    for event in events_of_chain(case):
        yield (event.id,), event.said.name
    for attestation in attestations_of_chain(case):
        yield tuple(dict.fromkeys((attestation.source, attestation.id))), attestation.said.name
        for assessment in attestation.assessments:
            for criterion in assessment.said.criteria:
                if criterion.id:
                    yield (criterion.id,), criterion.name
