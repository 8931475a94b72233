"""PV-ID: who is each issuer, on which register's word, and may it speak for the products it names?

The rule: asked once per issuer of a passport, facility record, event or attestation, not once per credential; a
party that the trust list names needs no anchor. Accreditation is PV-ACC's question (docs/requirements.md D2).
See docs/rules.md PV-ID.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from credentials.encoding.moments import format_moment
from credentials.encoding.timespan import Timespan
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.case.case import Case
from credentials.provenance.case.keyed import is_signed_by_its_issuer
from credentials.provenance.case.parties import (
    accreditation_path,
    accreditations,
    assessors,
    identity_anchors,
    identity_path,
    is_registrar,
    issuers,
)
from credentials.provenance.case.resting import licensing
from credentials.provenance.missing.gaps import given_id, mass_gaps
from credentials.provenance.report.names import quoted
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity
from credentials.provenance.statements.authority import is_licensed_number
from credentials.provenance.statements.statement import AnchorStatement, Statement
from credentials.trust.anchors import Reason
from credentials.trust.standing import Standing, issued, status
from credentials.untp.issuer import read_issuer
from credentials.untp.kinds import kind_of
from credentials.verdict import VerifiedCredential

PASS, FAIL, UNKNOWN = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN
_ORGANISATION: Final = frozenset({"business"})
_OPERATOR: Final = frozenset({"business", "facility", "land"})

#: What is in a register of each kind (UNTP 0.7.0, code list RegisterType).
_REGISTERS: Final = {
    "product": "products",
    "facility": "facilities",
    "business": "companies",
    "trademark": "trademarks",
    "land": "land",
    "accreditation": "accreditations",
}


def _anchored_parties(case: Case) -> Iterator[tuple[str, tuple[AnchorStatement, ...]]]:
    """Every issuer that needs an anchor and has at least one."""
    for did in issuers(case):
        anchors = identity_anchors(case, did)
        if anchors and not case.trust.names(did):
            yield did, anchors


def _found(case: Case) -> Iterator[Answer]:
    for did in issuers(case):
        if case.trust.names(did) or identity_anchors(case, did):
            yield Answer(subject=did, outcome=PASS, detail="The trust list or a register says who it is.")
        else:
            yield Answer(
                subject=did,
                outcome=UNKNOWN,
                detail=f"No identity anchor about {did} was found: it is genuine, but nobody says who it is.",
                reason="not-found",
            )


def _usable(case: Case) -> Iterator[Answer]:
    for did, anchors in _anchored_parties(case):
        broken = [anchor for anchor in anchors if status(anchor.credential) is not Standing.VALID]
        if len(broken) < len(anchors):
            yield Answer(subject=did, outcome=PASS, detail="It has an anchor that stands.")
        else:
            yield Answer(
                subject=did,
                outcome=FAIL,
                detail="Every anchor about this issuer is revoked, suspended or of unknown status.",
                because=tuple(f"PV-CRED-3 {anchor.source}" for anchor in broken),
            )


def _registrar(case: Case) -> Iterator[Answer]:
    """One answer per registrar, however many issuers it anchors; a note where they all have a better anchor."""
    trusted: dict[str, bool] = {}
    needed: set[str] = set()
    for _, anchors in _anchored_parties(case):
        believed = [is_registrar(case, anchor) for anchor in anchors]
        for anchor, is_believed in zip(anchors, believed, strict=True):
            trusted[anchor.issuer] = trusted.get(anchor.issuer, True) and is_believed
            needed |= set() if any(believed) else {anchor.issuer}
    for registrar, is_believed in sorted(trusted.items()):
        yield Answer(
            subject=registrar,
            outcome=PASS if is_believed else FAIL,
            detail="The trust list names it as registrar for what it registers, under its own domain."
            if is_believed
            else "The trust list does not name it as registrar for what it registers, under this domain.",
            severity=None if registrar in needed else Severity.INFO,
        )


def _fitting(case: Case) -> Iterator[Answer]:
    bodies = assessors(case)
    for did, anchors in _anchored_parties(case):
        kinds = {kind.short for one in issuers(case)[did] if (kind := kind_of(one.value)) is not None}
        needed = _ORGANISATION if did in bodies and kinds == {"dcc"} else _OPERATOR
        held = {anchor.said.register_type or "" for anchor in anchors}
        fits = bool(held & needed)
        yield Answer(
            subject=did,
            outcome=PASS if fits else FAIL,
            detail="A register of the fitting kind knows it."
            if fits
            else f"{did} is only in a register of {_listed(held)}; that does not prove the company.",
        )


def _listed(kinds: set[str]) -> str:
    """Kinds of register for people."""
    return " and of ".join(_REGISTERS.get(one, "a kind that is not known here") for one in sorted(kinds))


def _same_registration(case: Case) -> Iterator[Answer]:
    """The number and the name that a party states of itself, against those its registers give."""
    for did, anchors in _anchored_parties(case):
        registered = {(_scheme(anchor), anchor.said.registered_id) for anchor in anchors}
        parties = [read_issuer(credential.value) for credential in issuers(case)[did]]
        stated = {
            (given_or_canonical(other.id_scheme), other.registered_id)
            for party in parties
            for other in party.also_known_as
            if other.id_scheme and other.registered_id
        }
        comparable = {pair for pair in stated if pair[0] in {scheme for scheme, _ in registered}}
        wrong = sorted(number for _, number in comparable - registered if number)
        names = {anchor.said.registered_name for anchor in anchors if anchor.said.registered_name}
        others = sorted({party.name for party in parties if party.name and not _is_one_of(party.name, names)})
        if wrong:
            detail = f"{did} gives the number {wrong[0]} as its own; its register knows it under another number."
            yield Answer(subject=did, outcome=FAIL, detail=detail)
        elif others and names:
            known = " or ".join(map(_called, sorted(names)))
            detail = f"{did} calls itself {_called(others[0])}; its register knows it as {known}."
            yield Answer(subject=did, outcome=FAIL, detail=detail)
        elif comparable:
            yield Answer(subject=did, outcome=PASS, detail="Its register knows it by what it states.")


def _called(name: str) -> str:
    return quoted(name) or "something that cannot be shown"


def _is_one_of(name: str, registered: set[str]) -> bool:
    """Is ``name`` a registered one, but for case, punctuation and words left out, such as the legal form?"""
    stated = _words(name)
    return any(stated <= known or known <= stated for known in map(_words, registered))


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold()))


def _reciprocal(case: Case) -> Iterator[Answer]:
    for did, anchors in _anchored_parties(case):
        document = case.evidence.document(did)
        if document is None:
            continue
        links = {given_or_canonical(url) for service in document.services for url in service.endpoints}
        links |= {given_or_canonical(name) for name in document.also_known_as}
        links |= {given_or_canonical(url) for service in document.services for url in _hrefs(service.value)}
        known = {
            given_or_canonical(one)
            for anchor in anchors
            for one in (anchor.source, anchor.said.public_information)
            if one
        }
        yield Answer(
            subject=did,
            outcome=PASS if links & known else FAIL,
            detail="Its DID document points back to its registration."
            if links & known
            else f"The DID document of {did} neither links its anchor nor names its registration.",
        )


def _in_time(case: Case) -> Iterator[Answer]:
    for did, _ in _anchored_parties(case):
        if not identity_path(case, did, None).anchored:
            continue  # never anchored at all is the question of PV-ID-2 and PV-ID-3
        dated = [(when, one) for one in issuers(case)[did] if (when := issued(one)) is not None]
        late = [(when, one) for when, one in dated if not identity_path(case, did, Timespan.exactly(when)).anchored]
        undated = [one for one in issuers(case)[did] if issued(one) is None]
        if late:
            when, first = late[0]
            detail = f"The anchor of {did} was not valid on {format_moment(when)}, when it issued {first.id}."
            yield Answer(subject=did, outcome=FAIL, detail=detail, source=first.id)
        elif undated:
            detail = f"{undated[0].id} does not say when it was issued."
            yield Answer(subject=did, outcome=UNKNOWN, detail=detail, source=undated[0].id, reason="not-stated")
        else:
            yield Answer(subject=did, outcome=PASS, detail="It was anchored whenever it issued something.")


def _ends(case: Case) -> Iterator[Answer]:
    for did, _ in _anchored_parties(case):
        path = identity_path(case, did, None)
        if path.reason in (Reason.CYCLE, Reason.TOO_LONG):
            yield Answer(
                subject=did,
                outcome=FAIL,
                detail=f"No register that is believed stands behind {did}: {path.reason.value}.",
            )
        elif path.anchored:
            yield Answer(subject=did, outcome=PASS, detail=f"Its chain of registers ends in {path.root}.")


def _speaks_for_product(case: Case) -> Iterator[Answer]:
    """Whose number is this: of every lot whose number has to be licensed, and of what parties of the chain issue."""
    open_at = {gap.subject for gap in mass_gaps(case)}
    for lot in case.lots:
        told = case.graph.passports_of(lot)
        for passport in told:
            yield Answer(
                subject=passport.id, outcome=PASS, detail="The identifier is the issuer's.", source=passport.source
            )
        if not told and (is_licensed_number(lot.id) or (lot == case.target and not case.is_about_place)):
            id = given_id(case, lot)
            detail = "Whose number is this? Nobody in hand to whom the identifier belongs says what it is."
            because = () if id not in open_at else (f"PV-GAP-1 {id}",)
            yield Answer(subject=id, outcome=UNKNOWN, detail=detail, reason="not-found", because=because)
    known = {one.issuer for one in (*case.passports, *case.made_by, *case.facilities)}
    for lot in case.lots:
        for passport in case.graph.all_passports_of(lot):
            if passport.issuer in known and passport not in case.passports:
                yield Answer(
                    subject=passport.id,
                    outcome=UNKNOWN,
                    detail=f"Nothing shows that {passport.issuer} may speak for this product identifier.",
                    reason="not-found",
                    source=passport.source,
                    pointer=f"{passport.pointer}/id",
                )


def _hrefs(service: object) -> Iterator[str]:
    endpoints = service.get("serviceEndpoint") if isinstance(service, dict) else None
    for endpoint in endpoints if isinstance(endpoints, list) else [endpoints]:
        if isinstance(endpoint, dict) and isinstance(endpoint.get("href"), str):
            yield endpoint["href"]


def _scheme(anchor: AnchorStatement) -> str:
    return given_or_canonical(anchor.said.id_scheme.id) if anchor.said.id_scheme and anchor.said.id_scheme.id else ""


def _keyed(case: Case) -> Iterator[Answer]:
    """Asked of those whose word counts: makers, claimants, who records their places, who licenses their numbers,
    assessors that are accredited, and who accredits them.
    """
    for did, credentials in sorted(_speaking(case).items()):
        known = all(is_signed_by_its_issuer(case, one) for one in credentials)
        yield Answer(
            subject=did,
            outcome=PASS if known else UNKNOWN,
            detail="Its key is pinned, part of its DID or resolved."
            if known
            else f"The key of {did} is neither pinned nor resolved: whoever supplied the evidence may have signed.",
            reason="" if known else "not-found",
        )


def _speaking(case: Case) -> dict[str, list[VerifiedCredential]]:
    found: dict[str, list[VerifiedCredential]] = {}
    told: list[Statement] = [*case.passports, *case.made_by, *case.facilities, *licensing(case)]
    for attestation in (one for attested in assessors(case).values() for one in attested):
        path = accreditation_path(case, attestation, None)
        if path.anchored:
            told += [
                attestation,
                *(
                    one
                    for step in path.steps
                    for one in accreditations(case, step.subject)
                    if one.issuer == step.issuer
                ),
            ]
    for statement in told:
        found.setdefault(statement.issuer, []).append(statement.credential)
    return found


PV_ID_1 = Rule(id="PV-ID-1", asks="Does anybody say who the issuer is?", severity=Severity.WARN, answers=_found)
PV_ID_2 = Rule(id="PV-ID-2", asks="Does an anchor about it stand?", severity=Severity.WARN, answers=_usable)
PV_ID_3 = Rule(id="PV-ID-3", asks="Do we believe the register?", severity=Severity.WARN, answers=_registrar)
PV_ID_4 = Rule(id="PV-ID-4", asks="Is it the right kind of register?", severity=Severity.WARN, answers=_fitting)
PV_ID_5 = Rule(id="PV-ID-5", asks="Is it the same registration?", severity=Severity.WARN, answers=_same_registration)
PV_ID_6 = Rule(id="PV-ID-6", asks="Does the party point back?", severity=Severity.WARN, answers=_reciprocal)
PV_ID_7 = Rule(id="PV-ID-7", asks="Was it anchored when it spoke?", severity=Severity.WARN, answers=_in_time)
PV_ID_8 = Rule(id="PV-ID-8", asks="Does the chain end in a root?", severity=Severity.WARN, answers=_ends)
PV_ID_9 = Rule(id="PV-ID-9", asks="May it speak for this product?", severity=Severity.WARN, answers=_speaks_for_product)
PV_ID_10 = Rule(id="PV-ID-10", asks="Is it known whose key it is?", severity=Severity.WARN, answers=_keyed)

RULES: Final = (PV_ID_1, PV_ID_2, PV_ID_3, PV_ID_4, PV_ID_5, PV_ID_6, PV_ID_7, PV_ID_8, PV_ID_9, PV_ID_10)
