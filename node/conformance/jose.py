"""Envelopes as the VC-JOSE-COSE suite asks for them: a document and a verification method in, one result out.

The rule: the suite names the key, so nothing is looked up and no time is judged; header, claims, signature and the
form of the document are. Contexts that are not pinned define nothing here, and a member of the document that the base
context does not know is a failure (docs/conformance/w3c.md C1.10). VC-JOSE-COSE sections 3 and 4.1;
docs/conformance/w3c.md A4.1 to A4.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from contexts.library import UnsafeTestContexts, standard_library
from credentials.encoding.document import Json, JsonObject, parse_document
from credentials.encoding.iri import is_iri
from credentials.encoding.multibase import decode_base64url
from credentials.envelopes.jwt_claims import JWT_CLAIMS
from credentials.errors import CredentialsError, KeyProblem, Problem, ProofProblem, Unsupported
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import from_jwk
from credentials.model.credential import check_model, id_of
from credentials.model.enveloped import is_enveloped
from credentials.model.members import listed, malformed
from credentials.model.presentation import check_presentation
from credentials.verify.roles import ModelCheck
from node.conformance.envelope_formats import COSE, JOSE, SD_JWT, EnvelopeFormat, Opened
from node.conformance.results import Result, SuiteOutcome

_BASE: Final = "https://www.w3.org/ns/credentials/v2"
_UNDEFINED: Final[Mapping[str, Any]] = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/undefined-term#"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One thing the suite asks for: how it is sealed, its kind, its main type, its rules, and who signs it."""

    envelope: EnvelopeFormat
    kind: str
    main: str
    party: str
    rules: ModelCheck


_ENVELOPES: Final = {"jose": JOSE, "sdjwt": SD_JWT, "cose": COSE}
FEATURES: Final = {
    f"{what}_{how}": Feature(envelope=envelope, kind=kind, main=main, party=party, rules=rules)
    for what, kind, main, party, rules in (
        ("credential", "vc", "VerifiableCredential", "issuer", check_model),
        ("presentation", "vp", "VerifiablePresentation", "holder", check_presentation),
    )
    for how, envelope in _ENVELOPES.items()
}


def issue(raw: bytes, key: bytes, feature: str, *, selective: Sequence[str] = ()) -> Result:
    """The envelope over the document ``raw``, signed with the secret key of the verification method ``key``.

    ``selective`` are paths (``credentialSubject.phones[0]``) of what its holder can hold back, for SD-JWT.
    """
    return _told(lambda: _issue(raw, key, FEATURES[feature], selective))


def verify(raw: bytes, key: bytes, feature: str) -> Result:
    """Is ``raw`` an envelope of this kind, made with the verification method ``key``, over a document of its form?"""
    return _told(lambda: _verify(raw.strip(), key, FEATURES[feature]))


def _told(work: Callable[[], str]) -> Result:
    """What came of ``work``; a kind of key that is not of this program is not a failure of the document."""
    try:
        return Result(SuiteOutcome.SUCCESS, work())
    except (KeyProblem, Unsupported) as error:
        return Result(SuiteOutcome.INDETERMINATE, error.problem.detail)
    except CredentialsError as error:
        return Result(SuiteOutcome.FAILURE, error.problem.detail)


def _issue(raw: bytes, key: bytes, feature: Feature, selective: Sequence[str]) -> str:
    method = parse_document(key).value
    document = parse_document(raw).value
    _refuse(_problems(document, feature))
    return feature.envelope.write(document, feature.kind, str(method.get("id")), selective, _signer(method))


def _verify(raw: bytes, key: bytes, feature: Feature) -> str:
    public = from_jwk(_member(parse_document(key).value, "publicKeyJwk"))
    opened = feature.envelope.read(raw)
    _check_header(opened, feature)
    opened.sealed.verify(public)
    _refuse(_problems(opened.document.value, feature))
    return opened.document.raw.decode("utf-8")


def _check_header(opened: Opened, feature: Feature) -> None:
    """A4.1, A4.2, A4.4: the kind of the envelope, no old claims, and a key or issuer that agrees with the document."""
    stated = (opened.typ, feature.kind if opened.cty is None else opened.cty)
    if stated != (f"{feature.kind}+{feature.envelope.name}", feature.kind):
        raise ProofProblem(
            f"The header's typ and cty are {stated}.",
            pointer="/typ",
            fix=f"Use {feature.kind}+{feature.envelope.name}.",
        )
    document = opened.document.value
    if "vc" in document or "vp" in document:
        raise ProofProblem("The payload has a claim vc or vp.", fix="Make the payload the document itself.")
    if feature.envelope.claims:
        _check_claims(opened, document, feature)


def _check_claims(opened: Opened, document: JsonObject, feature: Feature) -> None:
    party = id_of(document.get(feature.party))
    if "iss" in document and document["iss"] != party:
        raise ProofProblem(f"iss is not the {feature.party}.", pointer="/iss", fix=f"Repeat the {feature.party}.")
    if "iss" not in document and not is_iri(str(opened.kid)):
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
