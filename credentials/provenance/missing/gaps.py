"""Gaps: where the chain of the target is cut, how much mass that leaves open, and whom to ask.

The rule: a gap is named by the class that says what could close it (docs/requirements.md T4), and by the party
that could: who is said to have sent or made the lot, else the host of its identifier. Nothing missing is left out.
An origin is shown where a recognised assessment is about the lot or the place where it came to be; else it is declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from credentials.encoding.document import walk
from credentials.evidence import Absent, AbsentReason, Need, NeedKind
from credentials.identifiers.canonical_ids import given_or_canonical, lot_key
from credentials.identifiers.hosts import domain_of, host_of
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.recognition import Recognition, recognition
from credentials.provenance.case.whereabouts import events_of_chain, is_of_chain, transfers_of_lot
from credentials.provenance.graph.transfers import is_receipt
from credentials.provenance.mass.quantities import exact
from credentials.provenance.mass.shares import Contribution, End
from credentials.provenance.report.report import Gap
from credentials.provenance.statements.authority import parties_in
from credentials.provenance.statements.statement import AttestationStatement
from credentials.verdict import Outcome, Verdict

NO_PRODUCER: Final = "no-producer"
UNSUPPORTED: Final = "unsupported"
DECLARED: Final = "declared-origin"
_RETRY: Final = {
    AbsentReason.OFFLINE: "later",
    AbsentReason.TIMEOUT: "later",
    AbsentReason.RATE_LIMITED: "later",
    AbsentReason.BUDGET: "with a larger budget",
    AbsentReason.REFUSED: "after asking for access",
}
_WHEN_PUBLISHED: Final = "when it is published"
_DETAILS: Final = {
    End.ORIGIN: "Its passport and its place declare it an origin.",
    End.NO_PRODUCER: "Its passport is there, but no record of what it was made of.",
    End.UNDOCUMENTED: "Nothing tells where it comes from.",
    End.UNMEASURED: "Nobody weighed some inputs of its making; so much they can be.",
    End.LOOP: "The records only lead back to the lot itself.",
    End.BUDGET: "The chain was not followed further.",
}


@memoize_per_case
def mass_gaps(case: Case) -> tuple[Gap, ...]:
    """One gap for each cut in the chain that leaves more mass open than the policy ignores, the largest first.

    A facility has no mass and so no such gap.
    """
    if case.is_about_place:
        return ()
    cuts = [one for one in case.shares.ends if one.end is not End.ORIGIN or not _is_shown(case, one.lot)]
    found = [_gap(case, cut) for cut in cuts if cut.share >= exact(case.policy.de_minimis)]
    return tuple(sorted(found, key=lambda gap: (-(gap.mass or 0), gap)))


def coverage(case: Case) -> tuple[Fraction, Fraction]:
    """The share of the target's mass whose chain reaches origin evidence: what is shown, and what is not excluded."""
    origins = [one for one in case.shares.ends if one.end is End.ORIGIN]
    return sum((one.share for one in origins if _is_shown(case, one.lot)), Fraction(0)), Fraction(1)


@memoize_per_case
def vouched(case: Case, lot: LotKey) -> tuple[Recognition, ...]:
    """Of each assessment that is of the lot, or of the place where it is said to have come to be, who recognises it."""
    graph = case.graph
    places = {one.facility for one in graph.passports_of(lot) if case.counts(one)} - {""}
    found = [
        *graph.assessments_of_lot(lot),
        *(pair for place in sorted(places) for pair in graph.assessments_of(place)),
    ]
    return tuple(
        recognition(case, attestation, assessment) if case.counts(attestation) else _not_standing(attestation)
        for attestation, assessment in found
        if assessment.said.conformance is not False
    )


def _not_standing(attestation: AttestationStatement) -> Recognition:
    return Recognition(recognised=False, because=f"PV-CRED-3 {attestation.source}")


def _is_shown(case: Case, lot: LotKey) -> bool:
    return any(one.recognised for one in vouched(case, lot))


def given_id(case: Case, lot: LotKey) -> str:
    """The spelling by which the lot is named, by its passport before others."""
    named = next((passport.id for passport in case.graph.passports_of(lot)), None) or _told_ids(case).get(lot)
    if named is None and lot_key(case.question.target).id == lot.id:
        return case.question.target
    return named or lot.id


@memoize_per_case
def _told_ids(case: Case) -> dict[LotKey, str]:
    """The spelling by which the events of the chain first name each lot."""
    found: dict[LotKey, str] = {}
    for event in events_of_chain(case):
        for portion in event.portions:
            found.setdefault(portion.lot, portion.id)
    return found


def whom_to_ask(case: Case, lot: LotKey) -> str:
    """The party that could say more about a lot: its passport's issuer, its maker, who sent it, else its host.

    "" where an identifier names nobody who answers for it.
    """
    passports = [one.issuer for one in case.graph.passports_of(lot)]
    makers = [event.issuer for event in case.graph.makers_of(lot)]
    senders = [
        party
        for transfer in transfers_of_lot(case, lot)
        if is_of_chain(case, transfer)
        for event, _ in transfer.told_by_both
        for party in parties_in(event.said.related_parties, frozenset({"consignor"}))
        or (() if is_receipt(event) else (event.issuer,))
    ]
    known = [*makers, *passports, *senders]
    return known[0] if known else _who_resolves(given_id(case, lot))


def _gap(case: Case, cut: Contribution) -> Gap:
    id = given_id(case, cut.lot)
    gap_class, why = _class_of(case, cut, id)
    return Gap(
        gap_class=gap_class,
        subject=id,
        mass=float(cut.share),
        ask=whom_to_ask(case, cut.lot),
        detail=f"{_DETAILS[cut.end]} {why}".strip(),
        retry=next((text for reason, text in _RETRY.items() if reason.value == gap_class), _WHEN_PUBLISHED),
    )


def _class_of(case: Case, cut: Contribution, id: str) -> tuple[str, str]:
    """The gap class of a cut and what was answered when somebody asked."""
    if cut.end is End.BUDGET:
        return AbsentReason.BUDGET.value, ""
    if cut.end is End.ORIGIN:
        return DECLARED, "No recognised assessor has assessed the lot or that place."
    if cut.end is End.UNMEASURED:
        return NO_PRODUCER, ""
    if cut.event:
        return NO_PRODUCER, "Part of what went into its making is not documented."
    statements = (*case.graph.passports_of(cut.lot), *case.graph.makers_of(cut.lot))
    if any(not case.counts(statement) for statement in statements):
        return "revoked", "A credential that would tell is revoked, or its status is not known."
    if cut.lot.id in _unusable_about(case):
        return _class_of_unusable(case, cut.lot.id)
    asked = _asked(case, id)
    answer = case.evidence.get(asked) if asked is not None else None
    absent = answer if isinstance(answer, Absent) else _unanswered(case, asked)
    if absent is not None:
        return absent.reason.value, absent.detail
    return (NO_PRODUCER if statements or asked is not None else AbsentReason.UNKNOWN_IDENTIFIER.value), ""


def _unanswered(case: Case, linkset: Need | None) -> Absent | None:
    """The first passport or event that the linkset names and nobody gave."""
    targets = case.evidence.targets(linkset) if linkset is not None else ()
    hrefs = sorted(target.href for target in targets if target.relation in ("dpp", "dte"))
    answers = (case.evidence.get(Need(NeedKind.CREDENTIAL, href)) for href in hrefs)
    return next((answer for answer in answers if isinstance(answer, Absent)), None)


def _asked(case: Case, id: str) -> Need | None:
    """The look-up of the identifier, in whichever spelling it was asked."""
    given = (Need(kind, id) for kind in (NeedKind.LINKSET, NeedKind.CREDENTIAL))
    for need in (*given, *case.evidence.linksets_of(lot_key(id).id)):
        if case.evidence.get(need) is not None:
            return need
    return None


def _class_of_unusable(case: Case, lot: str) -> tuple[str, str]:
    """What keeps the credentials about ``lot`` from counting: one that is wrong, else what could not be told of one.

    What is not read here, and what nobody gave, is no fault of the credential.
    """
    verdicts = _unusable_about(case)[lot]
    if any(verdict.outcome is Outcome.FAILED for verdict in verdicts):
        return AbsentReason.UNUSABLE.value, "A credential that would tell does not verify."
    problems = [check.problem for verdict in verdicts for check in verdict.checks if check.problem is not None]
    unsupported = next((problem for problem in problems if problem.unsupported), None)
    if unsupported is not None:
        return UNSUPPORTED, f"A credential that would tell is not read here: {unsupported.detail} {unsupported.fix}"
    issuers = sorted({verdict.issuer for verdict in verdicts if verdict.issuer})
    answers = (case.evidence.get(Need(NeedKind.DID_DOCUMENT, issuer)) for issuer in issuers)
    silent = next((answer for answer in answers if isinstance(answer, Absent)), None)
    if silent is not None:
        return silent.reason.value, f"A credential that would tell cannot be judged: {silent.detail}"
    return UNSUPPORTED, "A credential that would tell cannot be judged here."


@memoize_per_case
def _unusable_about(case: Case) -> Mapping[str, tuple[Verdict, ...]]:
    """The verdicts on unusable credentials, by the lots they name as subject. They are believed in nothing else."""
    about: dict[str, tuple[Verdict, ...]] = {}
    for verdict in (one.verdict for one in case.graph.unusable if one.verdict.document is not None):
        subject = verdict.document.value.get("credentialSubject") if verdict.document is not None else None
        named = {
            lot_key(value).id
            for pointer, value in walk(subject)
            if pointer.count("/") <= 2 and pointer.endswith("/id") and isinstance(value, str)
        }
        for lot in named:
            about[lot] = (*about.get(lot, ()), verdict)
    return about


def _who_resolves(id: str) -> str:
    """The host that an identifier lives on, in any spelling; "" for one that nobody answers for."""
    return host_of(given_or_canonical(id)) or domain_of(id)
