"""A reading: what the bytes of a secured document alone decide, made once per bytes, immutable.

Verification goes in these steps. The first six are read here, never to be asked of the bytes again:

    1  open      the securing form, strict JSON, one source of truth           credentials.envelopes.opening
    2  cover     the document as its proof covers it, and both its digests
    3  contexts  pinned, in order, at the top only                             credentials.envelopes.pinning
    4  model     the data model's rules for the role it is read in             credentials.model
    5  issuer    whose signatures count, and what they build on                credentials.verify.binding
    6  advice    life, status entries, schema and lint, as the bytes state them
    7  check     each signature under the key at hand, once per key            credentials.verify.checking
    8  judge     keys, times and statuses at one moment, from one evidence     credentials.verify.judging

The rule: nothing in a reading depends on a key, a moment or an evidence, but for its marks, and each of these names the
key that it holds for. A step that needs another that did not pass is UNDETERMINED, never left out.
Specifications: VCDM 2.0 section 7.1 (Verification); VC Data Integrity sections 4.2 and 4.6; VC-JOSE-COSE section 5.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from contexts.library import ContextLibrary, standard_library
from credentials.encoding.document import Document, Json, JsonObject, Sha256, sha256_hex
from credentials.encoding.jcs import canonical_json
from credentials.encoding.moments import parse_moment
from credentials.encoding.period import ALWAYS, ValidityPeriod
from credentials.envelopes.jwt_claims import JWT_CLAIMS
from credentials.envelopes.opening import EnvelopedToken, Secured, open_secured
from credentials.envelopes.pinning import check_contexts
from credentials.errors import CredentialsError, MalformedInput, Problem, ProofProblem
from credentials.keys.algorithms import KeyKind
from credentials.proofs.proof_options import expires_of
from credentials.schemas import NO_SCHEMAS, SchemaLibrary, check_named_schemas, check_schema
from credentials.status.bitstring import decode_list
from credentials.untp.lint import lint
from credentials.verdict import INTEGRITY_CHECKS, Check, LintFinding, Outcome
from credentials.verify.binding import bind
from credentials.verify.roles import CREDENTIAL, Role, party_of
from credentials.verify.signatures import Signature
from credentials.verify.steps import failed, found, not_run, passed, run, untold


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What came of one signature under one key: the key's kind and RFC 7638 thumbprint, and the check proof.

    ``data`` is what the key signed (64 bytes, 96 with P-384), None where that is found in the bytes themselves.
    """

    kind: KeyKind
    key: str
    data: bytes | None
    check: Check

    @property
    def holds(self) -> bool:
        """Did it hold under this key?"""
        return self.check.outcome is Outcome.PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One document, read in one role over one library of contexts (its fingerprint) and one of schemas.

    ``found`` are the checks before any key, all six where it never comes to keys. ``marks`` go with ``signatures``, the
    signer's ``own`` first; None marks one that no key was tried on yet. ``validity`` is set where no moment decides it.
    ``bits`` are those of a status list, or what is wrong with them.
    ``document`` is what the signatures cover, without the proofs; it and ``secured`` are None once dropped
    (:meth:`light`), and the bytes are opened again where a new key asks for them.
    """

    raw: bytes
    media_type: str | None
    role: Role
    contexts: str
    schemas: SchemaLibrary
    digest: Sha256
    found: tuple[Check, ...]
    schema: Check
    validity: Check | None
    credential_digest: Sha256 | None = None
    id: str | None = None
    signer: str | None = None
    signatures: tuple[Signature, ...] = ()
    own: int = 0
    marks: tuple[Mark | None, ...] = ()
    life: ValidityPeriod = ALWAYS
    valid_from: datetime | None = None
    status: Json = None
    bits: bytes | Problem | None = None
    lint: tuple[LintFinding, ...] = ()
    document: Document | None = None
    secured: Secured | None = None

    @property
    def comes_to_keys(self) -> bool:
        """Is there anything a key could decide?"""
        return len(self.found) < len(INTEGRITY_CHECKS)

    @property
    def first(self) -> Signature | None:
        """The signer's preferred signature, which gives a verdict its form and its verification method."""
        return self.signatures[0] if self.own else None

    @property
    def holds(self) -> bool:
        """Did every signature hold under the key that was last tried on it?"""
        return bool(self.marks) and all(mark is not None and mark.holds for mark in self.marks)

    def light(self) -> Reading:
        """The same without bytes and document: little to keep, and to send to another process."""
        return replace(self, raw=b"", document=None, secured=None)


def read(
    raw: bytes,
    media_type: str | None,
    *,
    role: Role = CREDENTIAL,
    contexts: ContextLibrary | None = None,
    schemas: SchemaLibrary = NO_SCHEMAS,
    secured: Secured | None = None,
) -> Reading:
    """Steps 1 to 6 on ``raw``; what is wrong with it is told, not raised.

    ``secured`` is ``raw`` as somebody opened it who had to know what it is; without it, it is opened here.
    """
    library = contexts or standard_library()
    try:
        secured = open_as(raw, media_type, role) if secured is None else of_role(secured, role)
        covered = _covered(secured)
    except CredentialsError as error:
        parse = found("parse", error.problem)
        return unread(raw, media_type, parse, role=role, contexts=library, schemas=schemas)
    bound = bind(secured, covered.value, role)
    document = _as_hashed(covered, bound.own)
    value, canonical = document.value, canonical_json(document.value)
    top = canonical.count(b'"@context":') == 1  # in canonical JSON that is a member and nothing else
    pinned = run("contexts", lambda: check_contexts(_without(covered.value, {role.holds}), library, only_at_top=top))
    life, validity = life_of(value, secured, bound.own)
    signatures = (*bound.own, *bound.previous)
    return Reading(
        raw=raw,
        media_type=media_type,
        role=role,
        contexts=library.fingerprint,
        schemas=schemas,
        digest=sha256_hex(raw),
        found=(passed("parse"), pinned, _model(covered.value, role, library), *bound.checks),
        credential_digest=sha256_hex(canonical),
        id=value["id"] if isinstance(value.get("id"), str) else None,
        signer=party_of(value, role) or (bound.own[0].controller if bound.own else None),
        signatures=signatures,
        own=len(bound.own),
        marks=(None,) * len(signatures),
        life=life,
        valid_from=_valid_from(value),
        validity=validity,
        status=value.get("credentialStatus"),
        bits=_bits(value) if role.unpacked else None,
        schema=_schema(value, schemas) if role.advised else passed("schema"),
        lint=lint(value) if role.advised else (),
        document=document,
        secured=secured,
    )


def unread(
    raw: bytes,
    media_type: str | None,
    parse: Check,
    *,
    role: Role = CREDENTIAL,
    contexts: ContextLibrary | None = None,
    schemas: SchemaLibrary = NO_SCHEMAS,
) -> Reading:
    """The reading of bytes that could not be read, or took more work than they get; ``parse`` says why."""
    return Reading(
        raw=raw,
        media_type=media_type,
        role=role,
        contexts=(contexts or standard_library()).fingerprint,
        schemas=schemas,
        digest=sha256_hex(raw),
        found=(parse, *(not_run(name, parse) for name in INTEGRITY_CHECKS[1:])),
        validity=not_run("validity", parse),
        schema=not_run("schema", parse),
    )


def open_as(raw: bytes, media_type: str | None, role: Role) -> Secured:
    """Open ``raw`` as a document of ``role``; a token of the other kind is refused (VC-JOSE-COSE section 3.1.1).

    Raises:
        CredentialsError: as :func:`open_secured`, and for the other kind of token.
    """
    return of_role(open_secured(raw, media_type), role)


def of_role(secured: Secured, role: Role) -> Secured:
    """``secured``, unless it is a token of the other kind. Raises ProofProblem."""
    if isinstance(secured, EnvelopedToken) and secured.kind != role.kind:
        raise ProofProblem(
            f"This is a {secured.kind}+jwt, but a {role.kind}+jwt is expected here.",
            pointer="/typ",
            fix=f"Send a token with typ {role.kind}+jwt.",
        )
    return secured


def _covered(secured: Secured) -> Document:
    """The document without its proofs or token claims: rules and screens read nothing else."""
    document = secured.document
    beside = JWT_CLAIMS if isinstance(secured, EnvelopedToken) else {"proof"}
    return Document(document.raw, _without(document.value, beside))


def _without(value: JsonObject, names: AbstractSet[str]) -> JsonObject:
    stated = names & value.keys()
    if not stated:
        return value
    rest = dict(value)
    for name in stated:
        del rest[name]
    return rest


def _as_hashed(document: Document, own: tuple[Signature, ...]) -> Document:
    """A proof that keeps its contexts covers those, not what was appended to the document's own afterwards."""
    kept = own[0].proof.get("@context") if own and own[0].proof else None
    if kept is None or kept == document.value.get("@context"):
        return document
    return Document(document.raw, {**document.value, "@context": kept})


def _model(value: JsonObject, role: Role, contexts: ContextLibrary) -> Check:
    try:
        problems = role.model(value, contexts=contexts)
    except CredentialsError as error:
        problems = (error.problem,)
    first = min(problems, key=lambda problem: problem.unsupported, default=None)  # what is wrong outweighs what is new
    return passed("model") if first is None else found("model", first)


def _schema(value: JsonObject, schemas: SchemaLibrary) -> Check:
    """UNTP's schema by type and every schema that the credential names: one that is broken outweighs one not known."""
    named = check_named_schemas(value, schemas=schemas)
    broken = (*check_schema(value), *named.broken)
    if broken:
        return failed("schema", broken[0])
    return untold("schema", named.untold[0]) if named.untold else passed("schema")


def _bits(value: JsonObject) -> bytes | Problem | None:
    """What a status list unpacks to: up to 4 MiB, from however little; so it is done once, where there is time."""
    subject = value.get("credentialSubject")
    if not isinstance(subject, dict):
        return None
    try:
        return decode_list(subject.get("encodedList"), pointer="/credentialSubject/encodedList")
    except CredentialsError as error:
        return error.problem


def life_of(value: JsonObject, secured: Secured, own: tuple[Signature, ...]) -> tuple[ValidityPeriod, Check | None]:
    """From when until when the credential's dates, its token's and its proofs' say that it holds.

    Each narrows the others. How long a key may be used is no part of it: that bounds when a signature may have been
    made, which the check key asks.
    """
    try:
        stated = ValidityPeriod(begins=_moment(value, "validFrom"), ends=_moment(value, "validUntil"))
    except MalformedInput as error:
        return ALWAYS, failed("validity", error.problem)
    if stated.begins is not None and stated.ends is not None and stated.ends < stated.begins:
        backwards = Problem(code="RANGE_ERROR", detail="validUntil is before validFrom.", pointer="/validUntil")
        return stated, failed("validity", backwards)
    if isinstance(secured, EnvelopedToken):
        times = secured.times
        if times.not_before is not None or times.expires is not None:
            stated = stated.within(ValidityPeriod(begins=times.not_before, ends=times.expires))
    for signature in own:
        if signature.proof is not None and "expires" in signature.proof:
            stated = stated.within(ValidityPeriod(ends=_expiry(signature.proof)))
    return stated, None


def _expiry(proof: JsonObject) -> datetime | None:
    try:
        return expires_of(proof)
    except MalformedInput:
        return None  # the check proof tells this problem


def _moment(value: JsonObject, name: str) -> datetime | None:
    return parse_moment(value[name], pointer=f"/{name}") if name in value else None


def _valid_from(value: JsonObject) -> datetime | None:
    try:
        return _moment(value, "validFrom")
    except MalformedInput:
        return None
