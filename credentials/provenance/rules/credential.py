"""PV-CRED: is each credential intact, well-formed, in force, and the one its link meant?

The rule: these rules read what verification found and never judge a signature again; a credential that failed
is heard here and nowhere else.
See docs/rules.md PV-CRED.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from credentials.encoding.document import Sha256
from credentials.encoding.multibase import digest_matches
from credentials.envelopes.opening import open_secured
from credentials.errors import CredentialsError
from credentials.evidence import Found, Need, NeedKind
from credentials.identifiers.canonical_ids import lot_key
from credentials.provenance.case.addressed import credential_at, linked
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.parties import credentials_of_chain, statements_of_chain
from credentials.provenance.case.times import uses_of_records
from credentials.provenance.graph.services import anchor_addresses
from credentials.provenance.graph.stated_links import stated_links
from credentials.provenance.missing.gaps import mass_gaps
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity
from credentials.provenance.statements.statement import ClaimStatement
from credentials.trust.standing import Standing, status, validity
from credentials.untp.kinds import kind_of
from credentials.untp.linkset import Target
from credentials.untp.values import Link
from credentials.verdict import Outcome, Unusable, VerifiedCredential

PASS, FAIL, UNKNOWN = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN
_BY_OUTCOME: Final = {Outcome.PASSED: PASS, Outcome.FAILED: FAIL, Outcome.UNDETERMINED: UNKNOWN}
#: Kinds that say how something is, not what once happened: these must hold when what they say is used.
_LIVING: Final = frozenset({"dpp", "dfr"})


def _intact(case: Case) -> Iterator[Answer]:
    for credential in (*case.graph.credentials, *case.graph.older):
        yield Answer(subject=credential.id, outcome=PASS, detail="Every integrity check passed.")
    silent = _silent_parties(case)
    for unusable in case.graph.unusable:
        yield _broken(unusable, silent)
    for unusable in case.graph.aside:
        if not unusable.verdict.intact:
            yield _set_aside(unusable)


def _silent_parties(case: Case) -> dict[str, tuple[str, ...]]:
    """Whom the gaps of the chain would be asked about: what cannot be told for their silence follows from the gap."""
    found: dict[str, list[str]] = {}
    for gap in (gap for gap in mass_gaps(case) if gap.ask):
        found.setdefault(gap.ask, []).append(f"PV-GAP-1 {gap.subject}")
    return {party: tuple(gaps) for party, gaps in found.items()}


def _broken(unusable: Unusable, silent: dict[str, tuple[str, ...]]) -> Answer:
    verdict = unusable.verdict
    problem = next((check.problem for check in verdict.checks if check.outcome is not Outcome.PASSED), None)
    return Answer(
        subject=verdict.id or unusable.source or verdict.object_digest,
        outcome=_BY_OUTCOME[verdict.outcome],
        detail=problem.detail if problem else "It names no id under which it could be used.",
        pointer=problem.pointer if problem else "",
        reason="" if verdict.outcome is Outcome.FAILED else "not-found",
        because=() if verdict.outcome is Outcome.FAILED else silent.get(verdict.issuer or "", ()),
    )


def _set_aside(unusable: Unusable) -> Answer:
    """A note by digest: it weighs nothing, and nothing about the id that it states is changed by it."""
    told = _broken(unusable, {})
    detail = f"Nothing asked for it. {told.detail}"
    return replace(told, subject=unusable.verdict.object_digest, detail=detail, severity=Severity.INFO)


def _well_formed(case: Case) -> Iterator[Answer]:
    for credential in credentials_of_chain(case):
        schema = credential.verdict.schema
        if schema.outcome is Outcome.UNDETERMINED:
            continue  # no schema is known for its type; nothing is said about it
        yield Answer(
            subject=credential.id,
            outcome=_BY_OUTCOME[schema.outcome],
            detail=schema.problem.detail if schema.problem else "It has the shape its type and version demand.",
            pointer=schema.problem.pointer if schema.problem else "",
        )


def _in_force(case: Case) -> Iterator[Answer]:
    silent, shared = _silent_parties(case), _shared_lists(case)
    for list_url, hanging in shared.items():
        yield Answer(
            subject=list_url,
            outcome=UNKNOWN,
            detail=f"The status of {len(hanging)} credentials hangs on this list: {_why_unknown(hanging[0])}",
            reason="unreachable",
            severity=Severity.WARN,
            because=silent.get(hanging[0].issuer, ()),
        )
    for credential in credentials_of_chain(case):
        found = status(credential)
        if found is Standing.REVOKED:
            yield Answer(
                subject=credential.id, outcome=FAIL, detail=f"{credential.issuer} has revoked {credential.id}."
            )
        elif found is Standing.SUSPENDED:
            severity = Severity.WARN if case.policy.suspended == "warn" else Severity.BLOCK
            detail = f"{credential.issuer} has suspended {credential.id}."
            yield Answer(subject=credential.id, outcome=FAIL, detail=detail, severity=severity)
        elif found is Standing.UNKNOWN:
            yield Answer(
                subject=credential.id,
                outcome=UNKNOWN,
                detail=f"Whether {credential.id} has been revoked could not be told: {_why_unknown(credential)}",
                reason="unreachable",
                severity=Severity.WARN,
                because=tuple(f"PV-CRED-3 {url}" for url in shared if url == _unread_list(credential))
                or silent.get(credential.issuer, ()),
            )
        else:
            yield Answer(subject=credential.id, outcome=PASS, detail="Not revoked.")


def _shared_lists(case: Case) -> dict[str, tuple[VerifiedCredential, ...]]:
    """The lists that could not be read for more than one credential: what hangs on one follows from it."""
    found: dict[str, tuple[VerifiedCredential, ...]] = {}
    for credential in credentials_of_chain(case):
        url = _unread_list(credential) if status(credential) is Standing.UNKNOWN else ""
        if url:
            found[url] = (*found.get(url, ()), credential)
    return {url: hanging for url, hanging in sorted(found.items()) if len(hanging) > 1}


def _unread_list(credential: VerifiedCredential) -> str:
    return next((entry.list_url for entry in credential.verdict.status if entry.value is None), "")


def _why_unknown(credential: VerifiedCredential) -> str:
    """What is wrong with the first status entry that could not be read."""
    problems = (entry.check.problem for entry in credential.verdict.status if entry.value is None)
    return next((problem.detail for problem in problems if problem is not None), "its status list does not answer.")


def _in_time(case: Case) -> Iterator[Answer]:
    for credential in credentials_of_chain(case):
        found = validity(credential, case.asked)
        kind = kind_of(credential.value)
        uses = uses_of_records(case).get(credential.credential_digest, (case.asked,))
        used_expired = any(validity(credential, when) is Standing.EXPIRED for when in uses)
        living = (kind is None or kind.short in _LIVING) and used_expired
        if found is Standing.VALID:
            yield Answer(subject=credential.id, outcome=PASS, detail="Within its validity.")
        elif found is Standing.NOT_YET:
            yield Answer(
                subject=credential.id, outcome=FAIL, detail=f"{credential.id} is not valid yet.", pointer="/validFrom"
            )
        else:
            yield Answer(
                subject=credential.id,
                outcome=FAIL,
                detail=f"{credential.id} has expired{'' if living else '; what it backed is judged at its time'}.",
                pointer="/validUntil",
                severity=Severity.WARN if living else Severity.INFO,
            )


def _as_linked(case: Case) -> Iterator[Answer]:
    for statement, link in stated_links(statements_of_chain(case)):
        answer = _link_answer(case, statement.source, link)
        if answer is not None:
            yield answer


@memoize_per_case
def links_to_other_bytes(case: Case, claim: ClaimStatement) -> tuple[str, ...]:
    """The addresses of a claim's evidence where other bytes are than those that its links name by digest."""
    answers = (_link_answer(case, claim.source, link) for link in claim.said.evidence)
    return tuple(sorted({one.subject for one in answers if one is not None and one.outcome is FAIL}))


def _link_answer(case: Case, source: str, link: Link) -> Answer | None:
    url, found = link.url or "", _fetched(case, link.url or "")
    if not link.digest_multibase or found is None or not (found.served or linked(case, link)):
        return None  # nobody who answers for the address gave anything
    return _digest_answer(source, link.pointer, url, link.digest_multibase, found, case.graph.credentials_at(url))


def _digest_answer(
    source: str, pointer: str, url: str, stated: str, found: Found, held: tuple[VerifiedCredential, ...]
) -> Answer:
    try:
        same = any(digest_matches(body, stated, pointer=pointer) for body in _bodies(found, url, held))
    except CredentialsError as error:
        return Answer(
            subject=url, outcome=FAIL, detail=error.problem.detail, pointer=error.problem.pointer, source=source
        )
    detail = "The bytes are those the link names." if same else "The bytes are not those the link names by digest."
    return Answer(subject=url, outcome=PASS if same else FAIL, detail=detail, pointer=pointer, source=source)


def _bodies(found: Found, url: str, held: tuple[VerifiedCredential, ...]) -> Iterator[bytes]:
    """What a link to ``url`` may name by digest: what was found as it came, and what a token in hand holds."""
    everything = (found, *found.also)
    yield from (one.body for one in everything)
    digests = {one.object_digest for one in held if one.id == url}
    yield from (open_secured(one.body, one.media_type).document.raw for one in everything if one.digest in digests)


def _fetched(case: Case, url: str) -> Found | None:
    credential = case.evidence.found(Need(NeedKind.CREDENTIAL, url))
    return credential or case.evidence.found(Need(NeedKind.FILE, url))


def _as_filed(case: Case) -> Iterator[Answer]:
    for credential in case.graph.credentials:
        meant = credential_at(case, credential.id)
        if meant is not None and meant.issuer != credential.issuer:
            yield Answer(
                subject=credential.object_digest,
                outcome=UNKNOWN,
                detail=f"{credential.issuer} does not have the address {credential.id}: it answers nothing there.",
                reason="unsupported",
            )
    speaks_of = _linksets_of_dids(case)
    names: dict[Sha256, set[str]] = {}
    for need in case.evidence.of_kind(NeedKind.LINKSET):
        for target in case.evidence.targets(need):
            filed = credential_at(case, target.href)
            if filed is not None:
                if filed.object_digest not in names:
                    names[filed.object_digest] = {lot_key(item).id for item in _ids(filed)}
                anchor = speaks_of.get(need.id, need.id)
                fits = lot_key(anchor).id in names[filed.object_digest]
                yield _filed(filed, anchor, target, fits=fits)


def _linksets_of_dids(case: Case) -> dict[str, str]:
    """Address of a linkset service → the DID whose document names it: that linkset is filed under the DID (IDR-13)."""
    return {
        address: need.id
        for need in case.evidence.of_kind(NeedKind.DID_DOCUMENT)
        for _, address in anchor_addresses(case.evidence.document(need.id))
    }


def _filed(credential: VerifiedCredential, anchor: str, target: Target, *, fits: bool) -> Answer:
    return Answer(
        subject=credential.id,
        outcome=PASS if fits else FAIL,
        detail="It is about what it is filed under."
        if fits
        else f"{credential.id} is filed under {anchor}, which it does not name.",
        pointer="" if fits else target.pointer,
        source=anchor,
    )


def _ids(credential: VerifiedCredential) -> Iterator[str]:
    yield credential.issuer
    waiting = [credential.value.get("credentialSubject")]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if isinstance(id := part.get("id"), str):
                yield id
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def _current(case: Case) -> Iterator[Answer]:
    for credential in case.graph.older:
        newer = case.graph.superseded[credential.credential_digest]
        yield Answer(
            subject=credential.id, outcome=FAIL, detail=f"{credential.issuer} has replaced {credential.id} by {newer}."
        )


PV_CRED_1 = Rule(
    id="PV-CRED-1", asks="Does the signature verify, by a key of the issuer?", severity=Severity.BLOCK, answers=_intact
)
PV_CRED_2 = Rule(
    id="PV-CRED-2", asks="Has it the shape its type and version demand?", severity=Severity.WARN, answers=_well_formed
)
PV_CRED_3 = Rule(
    id="PV-CRED-3", asks="Is it neither revoked nor suspended?", severity=Severity.BLOCK, answers=_in_force
)
PV_CRED_4 = Rule(
    id="PV-CRED-4", asks="Is it valid at the time of the question?", severity=Severity.WARN, answers=_in_time
)
PV_CRED_5 = Rule(
    id="PV-CRED-5", asks="Are the bytes those the link names by digest?", severity=Severity.BLOCK, answers=_as_linked
)
PV_CRED_6 = Rule(id="PV-CRED-6", asks="Is it about what it was found under?", severity=Severity.INFO, answers=_as_filed)
PV_CRED_7 = Rule(id="PV-CRED-7", asks="Is it the newest of its kind?", severity=Severity.INFO, answers=_current)

RULES: Final = (PV_CRED_1, PV_CRED_2, PV_CRED_3, PV_CRED_4, PV_CRED_5, PV_CRED_6, PV_CRED_7)
