"""Securing a draft: refuse what should not be signed, then make the token form and the form with embedded proofs.

Pure: the private key stays behind the signer port, time is an argument, and the draft is signed exactly as given.
What verifying only reports as findings (lint, strict schema) refuses here (docs/requirements.md D1).
Specifications: VC-JOSE-COSE section 3.1.1; VC Data Integrity section 4.2; VCDM 2.0 section 7.2; docs/requirements.md
VCP-01, VCP-06, VCP-07, VCP-08 and VCP-09; docs/rules.md VCP-02, VCP-03, VCP-04 and VCP-05.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from contexts.library import ContextLibrary, standard_library
from credentials.encoding.document import Json, JsonObject, compact_json
from credentials.envelopes.jose import write_compact
from credentials.envelopes.pinning import check_contexts
from credentials.errors import CredentialsError, Problem, ProofProblem
from credentials.keys.algorithms import Signer
from credentials.model.credential import check_model
from credentials.proofs.data_integrity import add_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import DISCLOSING_SUITES, SUITES
from credentials.rdf.jsonld import to_nquads
from credentials.schemas import check_schema
from credentials.untp.lint import lint

PROOF_SET: Final = ("eddsa-jcs-2022", "eddsa-rdfc-2022")
#: Members that only the issuing node writes; a caller who sends one is refused, not ignored.
_SERVER_OWNED: Final = ("proof", "credentialStatus")


def check_draft(
    draft: JsonObject, *, contexts: ContextLibrary | None = None, allow_status: bool = False
) -> tuple[Problem, ...]:
    """Everything for which ``draft`` must not be signed; empty when it may be.

    ``allow_status`` is for the issuing node itself, once it has added ``credentialStatus``.
    """
    library = contexts or standard_library()
    problems: list[Problem] = [*_server_owned(draft, allow_status)]
    try:
        check_contexts(draft, library)
        to_nquads(draft, contexts=library)
    except CredentialsError as error:
        problems.append(error.problem)
    problems.extend(check_model(draft, contexts=library))
    problems.extend(check_schema(draft))
    problems.extend(_lint_errors(draft))
    return _told_once(problems)


def secure_as_jwt(draft: JsonObject, *, signer: Signer, verification_method: str) -> bytes:
    """The draft as ``application/vc+jwt``: a compact JWS whose payload is the draft itself, key order kept.

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR when the draft already carries a proof.
    """
    _refuse_proof(draft)
    header = {"kid": verification_method, "typ": "vc+jwt", "cty": "vc"}
    return write_compact(header, compact_json(draft), signer=signer)


def secure_with_proofs(
    draft: JsonObject,
    *,
    signer: Signer,
    verification_method: str,
    created: datetime,
    suites: Sequence[str] = PROOF_SET,
    contexts: ContextLibrary | None = None,
    mandatory_pointers: Sequence[str] = (),
) -> bytes:
    """The draft as ``application/vc`` with a proof set, one proof per suite; key order kept, UTF-8.

    A suite that discloses selectively makes a base proof, which is for the holder; of what ``mandatory_pointers``
    select nothing can be held back.

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR; ContextProblem, LimitReached: the draft cannot be secured so.
    """
    _refuse_proof(draft)
    secured: dict[str, Json] = dict(draft)
    library = contexts or standard_library()
    options = ProofOptions(verification_method=verification_method, created=created)
    for name in _known(suites):
        secured = add_proof(
            secured,
            options,
            suite=SUITES.get(name) or DISCLOSING_SUITES[name],
            signer=signer,
            contexts=library,
            mandatory_pointers=mandatory_pointers,
        )
    return compact_json(secured)


def _known(suites: Iterable[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(suites))
    unknown = [name for name in names if name not in SUITES and name not in DISCLOSING_SUITES]
    if unknown or not names:
        raise ProofProblem(
            f"No proof can be made with {unknown or 'no suite at all'}.",
            code="PROOF_GENERATION_ERROR",
            fix=f"Use {', '.join(sorted([*SUITES, *DISCLOSING_SUITES]))}.",
        )
    return names


def _refuse_proof(draft: JsonObject) -> None:
    if "proof" in draft:
        raise ProofProblem(
            "The draft already carries a proof.",
            code="PROOF_GENERATION_ERROR",
            pointer="/proof",
            fix="Send it without proof; securing it is what is asked for.",
        )


def _told_once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The guard and the model see some mistakes both; the schema may have several to tell of one place."""
    first: dict[tuple[str, ...], Problem] = {}
    for problem in problems:
        detail = (problem.detail,) if problem.code == "SCHEMA" else ()
        first.setdefault((problem.code, problem.pointer, *detail), problem)
    return tuple(first.values())


def _server_owned(draft: JsonObject, allow_status: bool) -> Iterator[Problem]:
    for name in _SERVER_OWNED:
        if name in draft and not (allow_status and name == "credentialStatus"):
            yield Problem(
                code="MALFORMED_VALUE_ERROR",
                detail=f"A draft has no {name}; the issuing node writes it.",
                pointer=f"/{name}",
                fix=f"Leave {name} out.",
            )


def _lint_errors(draft: JsonObject) -> Iterator[Problem]:
    for finding in lint(draft):
        if finding.severity == "error":
            yield Problem(
                code="SCHEMA",
                detail=f"{finding.rule}: {finding.detail}",
                pointer=finding.pointer,
                fix=finding.fix,
            )
