"""Presentation requests: what a verifier asks to be shown, read strictly, and whether a judged presentation answers it.

The rule: queries of one group are all answered or the group is not, and one group is enough; a credential that does not
hold answers nothing. What is not understood is refused, since leaving it out would ask for less than was meant.
Specifications: VCALM 0.9 section 3.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from credentials.encoding.document import Json, JsonObject, as_list, types_of
from credentials.envelopes.opening import ENVELOPE_MEDIA_TYPES
from credentials.errors import MalformedInput, Problem
from credentials.model.credential import id_of
from credentials.model.members import listed
from credentials.verdict import Outcome, Verdict, worst
from credentials.verify.presentation import PresentationVerdict

UNKNOWN: Final = "UNKNOWN_OPTION_PROVIDED"
_LIMIT: Final = 50
_QUERY: Final = {
    "QueryByExample": ("type", "credentialQuery", "group"),
    "DIDAuthentication": ("type", "acceptedMethods", "acceptedCryptosuites", "group"),
}
_EXAMPLE: Final = ("reason", "required", "example", "acceptedIssuers", "acceptedCryptosuites", "acceptedEnvelopes")


@dataclass(frozen=True, slots=True, kw_only=True)
class ByExample:
    """A credential that has what ``example`` has; empty sets accept anything. An empty text in it stands for any."""

    example: JsonObject
    issuers: frozenset[str]
    cryptosuites: frozenset[str]
    envelopes: frozenset[str]
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DidAuthentication:
    """A holder that is a DID and proves it; empty sets accept anything."""

    methods: frozenset[str]
    cryptosuites: frozenset[str]
    pointer: str


Query: TypeAlias = ByExample | DidAuthentication


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationRequest:
    """What is asked: groups of queries of which one must be answered whole, for this challenge and domain."""

    groups: tuple[tuple[Query, ...], ...]
    challenge: str | None
    domain: str | None


def read_request(value: JsonObject, *, pointer: str = "") -> PresentationRequest:
    """Read a verifiablePresentationRequest.

    Raises:
        MalformedInput: MALFORMED_VALUE_ERROR, or UNKNOWN_OPTION_PROVIDED for what is not understood.
    """
    _known(value, ("query", "challenge", "domain", "interact"), pointer)
    groups: dict[str, list[Query]] = {}
    for query, where in listed(value.get("query"), f"{pointer}/query"):
        stated = _object(query, where)
        groups.setdefault(_text(stated, "group", where) or "", []).extend(_queries(stated, where))
    count = sum(map(len, groups.values()))
    if not 0 < count <= _LIMIT:
        raise MalformedInput(f"It asks {count} things.", pointer=f"{pointer}/query", fix=f"Ask from 1 to {_LIMIT}.")
    request = PresentationRequest(
        groups=tuple(map(tuple, groups.values())),
        challenge=_text(value, "challenge", pointer),
        domain=_text(value, "domain", pointer),
    )
    if any(isinstance(query, DidAuthentication) for group in request.groups for query in group):
        _needs(request.challenge and request.domain, f"{pointer}/challenge")
    return request


def unanswered(request: PresentationRequest, verdict: PresentationVerdict) -> tuple[Problem, ...]:
    """What of the request ``verdict`` leaves open, of the group that it answers best; empty when one is answered."""
    return min((tuple(_open(group, verdict)) for group in request.groups), key=len)


def _open(group: tuple[Query, ...], verdict: PresentationVerdict) -> Iterator[Problem]:
    for query in group:
        answered = (
            _authenticates(query, verdict)
            if isinstance(query, DidAuthentication)
            else any(_fits(query, held, judged) for held, judged in _held(verdict))
        )
        if not answered:
            yield Problem(
                code="REQUEST_UNANSWERED",
                detail="Nothing that is shown and holds answers this query.",
                pointer=query.pointer,
                fix="Show what it asks for, secured as it accepts.",
            )


def _held(verdict: PresentationVerdict) -> Iterator[tuple[Json, Verdict]]:
    held = verdict.document.value.get("verifiableCredential", []) if verdict.document is not None else []
    yield from zip(as_list(held), verdict.credentials, strict=False)


def _authenticates(query: DidAuthentication, verdict: PresentationVerdict) -> bool:
    holder = verdict.document.value.get("holder") if verdict.document is not None else None
    did = str(id_of(holder))
    return (
        worst(verdict.checks) is Outcome.PASSED
        and did == verdict.holder
        and did.startswith("did:")
        and (not query.methods or did.split(":")[1] in query.methods)
        and (not query.cryptosuites or verdict.form in query.cryptosuites)
    )


def _fits(query: ByExample, held: Json, judged: Verdict) -> bool:
    if judged.outcome is not Outcome.PASSED or judged.document is None:
        return False
    value = judged.document.value
    suites, envelope = _securing(held)
    accepted = (not query.cryptosuites and not query.envelopes) or (
        bool(query.cryptosuites & suites) or envelope in query.envelopes
    )
    return accepted and (not query.issuers or judged.issuer in query.issuers) and _is_like(query.example, value)


def _securing(held: Json) -> tuple[frozenset[str], str]:
    """The cryptosuites of its proofs, and the media type of its envelope."""
    if not isinstance(held, Mapping):
        return frozenset(), ""
    media_type = str(held.get("id", "")).removeprefix("data:").partition(",")[0].partition(";")[0]
    proofs = (proof for proof, _ in listed(held.get("proof", []), "") if isinstance(proof, Mapping))
    return frozenset(str(proof.get("cryptosuite")) for proof in proofs), media_type


def _is_like(example: JsonObject, value: JsonObject) -> bool:
    if not set(types_of(example)) <= set(types_of(value)):
        return False
    return all(_contains(value.get(name), item) for name, item in example.items() if name != "type")


def _contains(value: Json, example: Json) -> bool:
    """Is everything of ``example`` in ``value``, whatever else is?"""
    if example == "":
        return value is not None
    if isinstance(example, Mapping):
        return any(
            isinstance(item, Mapping) and all(_contains(item.get(name), part) for name, part in example.items())
            for item in as_list(value)
        )
    if isinstance(example, list):
        return all(_contains(value, part) for part in example)
    return bool(example in value) if isinstance(value, list) else bool(value == example)


def _queries(stated: JsonObject, where: str) -> Iterator[Query]:
    kind = stated.get("type")
    if kind not in _QUERY:
        raise MalformedInput(
            f"The query type {str(kind)[:40]!r} is not answered here.",
            code=UNKNOWN,
            pointer=f"{where}/type",
            fix=f"Use {', '.join(_QUERY)}.",
        )
    _known(stated, _QUERY[kind], where)
    if kind == "DIDAuthentication":
        yield DidAuthentication(
            methods=_names(stated, "acceptedMethods", "method", where),
            cryptosuites=_names(stated, "acceptedCryptosuites", "cryptosuite", where),
            pointer=where,
        )
        return
    for one, below in listed(stated.get("credentialQuery"), f"{where}/credentialQuery"):
        yield _by_example(_object(one, below), below)


def _by_example(stated: JsonObject, where: str) -> ByExample:
    _known(stated, _EXAMPLE, where)
    envelopes = _names(stated, "acceptedEnvelopes", "mediaType", where)
    if not envelopes <= ENVELOPE_MEDIA_TYPES.keys():
        raise MalformedInput(
            "An envelope is asked for that is not read here.",
            code=UNKNOWN,
            pointer=f"{where}/acceptedEnvelopes",
            fix=f"Use {', '.join(ENVELOPE_MEDIA_TYPES)}.",
        )
    return ByExample(
        example=_object(stated.get("example", {}), f"{where}/example"),
        issuers=_names(stated, "acceptedIssuers", "issuer", where) | _names(stated, "acceptedIssuers", "id", where),
        cryptosuites=_names(stated, "acceptedCryptosuites", "cryptosuite", where),
        envelopes=envelopes,
        pointer=where,
    )


def _names(stated: JsonObject, member: str, name: str, where: str) -> frozenset[str]:
    """The names in a list of texts or of objects that carry one as ``name``."""
    items = stated.get(member, [])
    if not isinstance(items, list) or len(items) > _LIMIT:
        raise MalformedInput(f"{member} is no short list.", pointer=f"{where}/{member}", fix="Send a list.")
    found = [item.get(name) if isinstance(item, Mapping) else item for item in items]
    if not all(item is None or isinstance(item, str) for item in found):
        raise MalformedInput(f"{member} names what is no text.", pointer=f"{where}/{member}", fix="Send texts.")
    return frozenset(item for item in found if item is not None)


def _known(value: JsonObject, members: tuple[str, ...], where: str) -> None:
    for name in value:
        if name not in members:
            raise MalformedInput(
                f"The member {name[:40]!r} is not understood here.",
                code=UNKNOWN,
                pointer=f"{where}/{name[:40]}",
                fix=f"Use only {', '.join(members)}.",
            )


def _object(value: Json, where: str) -> JsonObject:
    if not isinstance(value, Mapping):
        raise MalformedInput("This is no object.", pointer=where, fix="Send an object.")
    return value


def _text(value: JsonObject, name: str, where: str) -> str | None:
    stated = value.get(name)
    if stated is not None and not (isinstance(stated, str) and stated):
        raise MalformedInput(f"{name} is no text.", pointer=f"{where}/{name}", fix="Send a text or leave it out.")
    return stated


def _needs(held: object, pointer: str) -> None:
    if not held:
        raise MalformedInput(
            "Who asks for authentication states a challenge and a domain.", pointer=pointer, fix="State both."
        )
