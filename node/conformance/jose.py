"""Tokens as the VC-JOSE-COSE suite asks for them: a document and a verification method in, one result out.

The rule: the suite names the key, so nothing is looked up and no time is judged; header, claims, signature and the
form of the document are. Contexts that are not pinned define nothing here, and a member of the document that the base
context does not know is a failure (w3c.md C1.10). VC-JOSE-COSE sections 3.1 and 4.1; w3c.md A4.1 to A4.3, A4.5, B1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from contexts.library import UnsafeTestContexts, standard_library
from credentials.encoding.document import Json, JsonObject, parse_document
from credentials.encoding.iri import is_absolute_iri
from credentials.encoding.multibase import decode_base64url
from credentials.envelopes.claims import JWT_CLAIMS
from credentials.envelopes.jose import CompactJws, read_compact, write_compact
from credentials.errors import CredentialsError, KeyProblem, Problem, ProofProblem
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import from_jwk
from credentials.model.credential import check_model, id_of
from credentials.model.enveloped import is_enveloped
from credentials.model.members import listed, malformed
from credentials.model.presentation import check_presentation
from node.conformance.results import Outcome, Result
from node.flows.securing import json_bytes

_BASE: Final = "https://www.w3.org/ns/credentials/v2"
_UNDEFINED: Final[Mapping[str, Any]] = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/undefined-term#"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One thing the suite asks for: the token's kind, the document's main type, its rules, and who signs it."""

    kind: str
    main: str
    party: str
    rules: Callable[..., tuple[Problem, ...]]


FEATURES: Final = {
    "credential_jose": Feature(kind="vc", main="VerifiableCredential", party="issuer", rules=check_model),
    "presentation_jose": Feature(kind="vp", main="VerifiablePresentation", party="holder", rules=check_presentation),
}


def issue(raw: bytes, key: bytes, feature: str) -> Result:
    """The token over the document ``raw``, signed with the secret key of the verification method ``key``."""
    return _told(lambda: _issue(raw, key, FEATURES[feature]) if feature in FEATURES else None)


def verify(raw: bytes, key: bytes, feature: str) -> Result:
    """Is ``raw`` a token of this kind, made with the verification method ``key``, over a document of its form?"""
    return _told(lambda: _verify(raw.strip(), key, FEATURES[feature]) if feature in FEATURES else None)


def _told(work: Callable[[], str | None]) -> Result:
    """What came of ``work``; a kind of key or token that is not of this house is not a failure of the document."""
    try:
        data = work()
    except KeyProblem as error:
        return Result(Outcome.INDETERMINATE, error.problem.detail)
    except CredentialsError as error:
        return Result(Outcome.FAILURE, error.problem.detail)
    return Result(Outcome.INDETERMINATE) if data is None else Result(Outcome.SUCCESS, data)


def _issue(raw: bytes, key: bytes, feature: Feature) -> str:
    method = parse_document(key).value
    document = parse_document(raw).value
    _refuse(_problems(document, feature))
    header = {"kid": method.get("id"), "typ": f"{feature.kind}+jwt", "cty": feature.kind}
    return write_compact(header, json_bytes(document), signer=_signer(method)).decode("ascii")


def _verify(raw: bytes, key: bytes, feature: Feature) -> str:
    public = from_jwk(_member(parse_document(key).value, "publicKeyJwk"))
    token = read_compact(raw)
    document = parse_document(token.payload).value
    _check_header(token, document, feature)
    token.verify(public)
    _refuse(_problems(document, feature))
    return token.payload.decode("utf-8")


def _check_header(token: CompactJws, document: JsonObject, feature: Feature) -> None:
    """A4.1, A4.2: the kind of the token, no old claims, and a key or issuer that agrees with the document."""
    stated = (token.header.get("typ"), token.header.get("cty", feature.kind))
    if stated != (f"{feature.kind}+jwt", feature.kind):
        raise ProofProblem(f"The header's typ and cty are {stated}.", pointer="/typ", fix=f"Use {feature.kind}+jwt.")
    if "vc" in document or "vp" in document:
        raise ProofProblem("The payload has a claim vc or vp.", fix="Make the payload the document itself.")
    party = id_of(document.get(feature.party))
    if "iss" in document and document["iss"] != party:
        raise ProofProblem(f"iss is not the {feature.party}.", pointer="/iss", fix=f"Repeat the {feature.party}.")
    if "iss" not in document and not is_absolute_iri(str(token.header.get("kid"))):
        raise ProofProblem("Without iss the kid is an absolute URL.", pointer="/kid", fix="Name the key by its URL.")


def _problems(document: JsonObject, feature: Feature) -> Iterator[Problem]:
    own = _tidied({name: value for name, value in document.items() if name not in JWT_CLAIMS})
    yield from feature.rules(own, contexts=_contexts_for(own))
    for name in own:
        if name not in _base_terms(feature.main):
            yield malformed(f"/{name}", f"The base context does not know the member {name[:60]!r}.", "Leave it out.")
    if feature.kind == "vp":
        yield from _held_problems(own)


def _tidied(document: dict[str, Json]) -> JsonObject:
    """The suite's own presentation ends a data URL with a line feed, which says nothing about the token in it."""
    held = document.get("verifiableCredential")
    if not isinstance(held, list):
        return document
    items = [
        {**item, "id": item["id"].rstrip("\n")} if isinstance(item, dict) and isinstance(item.get("id"), str) else item
        for item in held
    ]
    return {**document, "verifiableCredential": items}


def _held_problems(document: JsonObject) -> Iterator[Problem]:
    """A4.3: what a presentation holds is itself secured."""
    for item, where in listed(document.get("verifiableCredential", []), "/verifiableCredential"):
        if not (isinstance(item, Mapping) and is_enveloped(item) and str(item.get("id")).startswith("data:")):
            yield malformed(where, "A credential in the presentation is not secured.", "Envelope it.")


def _contexts_for(document: JsonObject) -> UnsafeTestContexts:
    known = standard_library()
    urls = {url for url, _ in listed(document.get("@context", []), "") if isinstance(url, str) and not known.knows(url)}
    return UnsafeTestContexts(dict.fromkeys(sorted(urls), _UNDEFINED))


@cache
def _base_terms(main: str) -> frozenset[str]:
    """The members that the base context defines at the top of a document of type ``main``."""
    terms = standard_library().document(_BASE)["@context"]
    return frozenset({"@context", *terms, *terms[main].get("@context", {})})


def _signer(method: JsonObject) -> SigningKey:
    """The signer of a verification method that carries its secret key; test keys only. Raises KeyProblem."""
    public = from_jwk(_member(method, "publicKeyJwk"))
    secret = decode_base64url(str(_member(method, "secretKeyJwk").get("d")))
    key = SigningKey(KeyKind(public.kind), secret)
    if key.public_key != public:
        raise KeyProblem(
            "The secret key is not that of the public one.", pointer="/secretKeyJwk", fix="Check the file."
        )
    return key


def _member(method: JsonObject, name: str) -> JsonObject:
    value = method.get(name)
    if not isinstance(value, Mapping):
        raise KeyProblem(f"The verification method has no {name}.", pointer=f"/{name}", fix="Use a JsonWebKey.")
    return value


def _refuse(problems: Iterator[Problem]) -> None:
    for problem in problems:
        raise ProofProblem(problem.detail, code=problem.code, pointer=problem.pointer, fix=problem.fix)
