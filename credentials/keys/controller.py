"""A controller document (a DID document) as a read-only lens, and the question it answers: may this key do this?

The rule: a document speaks for its own id only. What it says of other parties' methods counts for nobody; two methods
under one id, a published private key or two different keys in one method make the whole document unusable
(docs/requirements.md S45, S57, S71 and S81). Every form that DID 1.0 allows a producer is read, relative DID URLs
included.
Specifications: Controlled Identifiers 1.0 sections 2.1 to 2.3 and 3.3; DID 1.0 sections 3.2.2 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from credentials.encoding.document import Json, JsonObject, Limits, as_list, parse_document
from credentials.encoding.moments import parse_moment
from credentials.encoding.multibase import decode_multibase
from credentials.errors import CredentialsError, IdentifierProblem, KeyProblem, Problem, Unsupported
from credentials.keys.algorithms import KeyKind, PublicKey
from credentials.keys.codecs import from_jwk, from_multikey

DOCUMENT_LIMITS: Final = Limits(size=65_536, values=5_000)
METHOD_LIMIT: Final = 64
RELATIONSHIPS: Final = (
    "assertionMethod",
    "authentication",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
)
#: The only type whose key is written in publicKeyBase58, which the terms of later types no longer have.
_BASE58_TYPE: Final = "Ed25519VerificationKey2018"
KEY_TYPES: Final = frozenset({"Multikey", "JsonWebKey", "JsonWebKey2020", "Ed25519VerificationKey2020", _BASE58_TYPE})
# The words of Controlled Identifiers 1.0 section 3.5 for what can go wrong on the way from a URL to a key.
_BAD_ID: Final = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"
_BAD_DOCUMENT: Final = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"
_BAD_METHOD: Final = "INVALID_VERIFICATION_METHOD"
_BAD_RELATIONSHIP: Final = "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"
_PRIVATE: Final = frozenset(
    {"secretKeyMultibase", "secretKeyJwk", "privateKeyMultibase", "privateKeyJwk", "privateKeyBase58"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationMethod:
    """A key with its controller and its life; ``key`` is None when ``problem`` says why it must not be used."""

    id: str
    type: str
    controller: str
    key: PublicKey | None
    problem: Problem | None = None
    revoked: datetime | None = None
    expires: datetime | None = None

    def usable(self) -> PublicKey:
        """The key.

        Raises:
            KeyProblem: KEY_INVALID when it must not be used, KEY_NOT_AUTHORIZED when it is somebody else's.
            Unsupported: UNSUPPORTED_KEY, a kind that is not used here.
        """
        if self.key is not None:
            return self.key
        problem = self.problem or _problem("The verification method holds no key of this program.", "")
        if problem.unsupported:
            raise Unsupported(problem.detail, code=problem.code, pointer=problem.pointer, fix=problem.fix)
        raise KeyProblem(problem.detail, code=problem.code, pointer=problem.pointer, fix=problem.fix, name=_BAD_METHOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service: its id, its types, and every endpoint written as text (string, list or object with ``uri``)."""

    id: str
    types: tuple[str, ...]
    endpoints: tuple[str, ...]
    value: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerDocument:
    """Who controls which keys for what; made by :func:`parse_controller_document` only."""

    id: str
    methods: Mapping[str, VerificationMethod]
    relationships: Mapping[str, frozenset[str]]
    services: tuple[Service, ...] = ()
    also_known_as: tuple[str, ...] = ()

    def method_for(self, url: str, purpose: str) -> VerificationMethod:
        """The verification method ``url``, if it is listed under ``purpose`` (a relationship's name).

        Raises:
            KeyProblem: KEY_NOT_AUTHORIZED, or KEY_INVALID when the key must not be used at all.
            Unsupported: UNSUPPORTED_KEY.
        """
        method = self.methods.get(url)
        if method is None:
            raise KeyProblem(
                f"{self.id[:120]} publishes no verification method {url[:160]!r}.",
                code="KEY_NOT_AUTHORIZED",
                fix="Sign with a key that the issuer's DID document lists.",
                name=_BAD_METHOD,
            )
        if url not in self.relationships.get(purpose, frozenset()):
            raise KeyProblem(
                f"The key {url[:160]!r} is not listed for {purpose}.",
                code="KEY_NOT_AUTHORIZED",
                fix=f"List it under {purpose}, or sign with a key that is.",
                name=_BAD_RELATIONSHIP,
            )
        method.usable()
        return method

    def services_of(self, service_type: str) -> tuple[Service, ...]:
        """The services that carry ``service_type``, in the document's order."""
        return tuple(service for service in self.services if service_type in service.types)


@lru_cache(maxsize=1024)
def controller_value(raw: bytes) -> JsonObject:
    """The JSON of a controller document, the same bytes read once: who finds it asks too what it is about.

    Raises:
        MalformedInput: JSON_* or TOO_LARGE.
    """
    return parse_document(raw, limits=DOCUMENT_LIMITS).value


@lru_cache(maxsize=1024)
def parse_controller_document(raw: bytes, *, id: str) -> ControllerDocument:
    """Read the controller document of ``id``, also from inside a DID resolution result (DID Resolution section 4).

    The same bytes are read once: an issuer's document stands behind many credentials.

    Raises:
        IdentifierProblem: DID_DOCUMENT, whatever is wrong with it.
    """
    try:
        value = controller_value(raw)
        inner = value.get("didDocument")
        return controller_document(inner if "id" not in value and isinstance(inner, dict) else value, id=id)
    except IdentifierProblem:
        raise
    except CredentialsError as error:
        raise _refused(error.problem.detail, error.problem.pointer, error.problem.fix) from error


def controller_document(value: JsonObject, *, id: str) -> ControllerDocument:
    """The lens over an already parsed document of ``id``. Raises IdentifierProblem (DID_DOCUMENT)."""
    if value.get("id") != id:
        raise _refused(f"The document's id is {str(value.get('id'))[:120]!r}, not {id[:120]!r}.", "/id", name=_BAD_ID)
    _texts(value.get("controller", id), "/controller")  # who may change the document; its keys are the id's own
    methods: dict[str, VerificationMethod] = {}
    for index, entry in enumerate(_entries(value, "verificationMethod")):
        _add(methods, entry, id, f"/verificationMethod/{index}")
    relationships = {name: _relationship(methods, value, name, id) for name in RELATIONSHIPS}
    if len(methods) > METHOD_LIMIT:
        raise _refused(f"The document lists more than {METHOD_LIMIT} verification methods.", "/verificationMethod")
    return ControllerDocument(
        id=id,
        methods=methods,
        relationships=relationships,
        services=tuple(_service(item, f"/service/{i}") for i, item in enumerate(_entries(value, "service"))),
        also_known_as=_texts(value.get("alsoKnownAs", []), "/alsoKnownAs"),
    )


def _entries(value: JsonObject, name: str) -> list[Json]:
    entries = value.get(name, [])
    if not isinstance(entries, list):
        raise _refused(f"{name} is not a list.", f"/{name}")
    if len(entries) > METHOD_LIMIT:
        raise _refused(f"{name} has more than {METHOD_LIMIT} entries.", f"/{name}")
    return entries


def _relationship(methods: dict[str, VerificationMethod], value: JsonObject, name: str, id: str) -> frozenset[str]:
    listed = []
    for index, entry in enumerate(_entries(value, name)):
        pointer = f"/{name}/{index}"
        url = _absolute(entry, id) if isinstance(entry, str) else _add(methods, entry, id, pointer, again=True)
        if not url.startswith("did:"):
            raise _refused(f"{name} names the method {url[:120]!r}, which is no DID URL.", pointer)
        listed.append(url)
    return frozenset(listed)


def _absolute(url: str, id: str) -> str:
    """A DID URL that may be written relative to the document's own DID (DID 1.0 section 3.2.2)."""
    return id + url if url[:1] == "#" and len(url) > 1 else url


def _add(methods: dict[str, VerificationMethod], entry: Json, id: str, pointer: str, *, again: bool = False) -> str:
    """Keep the method; ``again`` says that the same one may stand there already, as in two relationships."""
    method = _method(entry, id, pointer)
    if method.id in methods and not (again and _same(methods[method.id], method)):
        raise _bad_method(f"Two verification methods have the id {method.id[:120]!r}.", pointer)
    methods[method.id] = method
    return method.id


def _same(one: VerificationMethod, other: VerificationMethod) -> bool:
    return one.key is not None and replace(one, problem=None) == replace(other, problem=None)


def _method(entry: Json, id: str, pointer: str) -> VerificationMethod:
    if not isinstance(entry, dict):
        raise _bad_method("A verification method is not an object.", pointer)
    url = _absolute(str(entry.get("id")), id)
    controller = entry.get("controller")
    if not url.startswith("did:") or not url.partition("#")[2]:
        raise _bad_method("The id of a verification method is no DID URL with a fragment.", pointer)
    if not isinstance(controller, str) or not controller.startswith("did:"):
        raise _bad_method("The controller of a verification method is no DID.", f"{pointer}/controller")
    if _PRIVATE & entry.keys():
        raise _bad_method("The document publishes a private key.", pointer, "Revoke this key now and make a new one.")
    own = url.startswith(f"{id}#") and controller == id
    key, problem = _key(entry, pointer) if own else (None, _of_somebody_else(pointer))
    return VerificationMethod(
        id=url,
        type=str(entry.get("type")),
        controller=controller,
        key=key,
        problem=problem,
        revoked=_moment(entry, "revoked", pointer),
        expires=_moment(entry, "expires", pointer),
    )


def _key(entry: JsonObject, pointer: str) -> tuple[PublicKey | None, Problem | None]:
    """The key of a method; one of a kind we do not use is kept as a problem, since others may use it."""
    jwk, multikey = entry.get("publicKeyJwk"), entry.get("publicKeyMultibase")
    if isinstance(jwk, dict) and ("d" in jwk or "k" in jwk):
        raise _bad_method("The document publishes a private key.", pointer, "Revoke this key now and make a new one.")
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in KEY_TYPES:
        code = "UNSUPPORTED_KEY" if isinstance(kind, str) else "KEY_INVALID"
        return None, _problem(f"The method type {str(kind)[:60]!r} is not used here.", pointer, code)
    if jwk is not None and not isinstance(jwk, dict):
        raise _bad_method("publicKeyJwk is not an object.", f"{pointer}/publicKeyJwk")
    try:
        keys = []
        if jwk is not None:
            keys.append(from_jwk(jwk, pointer=f"{pointer}/publicKeyJwk"))
        if multikey is not None:
            keys.append(from_multikey(multikey, pointer=f"{pointer}/publicKeyMultibase"))
        if kind == _BASE58_TYPE and "publicKeyBase58" in entry:
            keys.append(_from_base58(entry["publicKeyBase58"], f"{pointer}/publicKeyBase58"))
    except (KeyProblem, Unsupported) as error:
        return None, error.problem
    if any(key != keys[0] for key in keys):
        raise _bad_method("A verification method holds two different keys.", pointer)
    return (keys[0], None) if keys else (None, _problem("The method holds no publicKeyMultibase or Jwk.", pointer))


def _from_base58(text: Json, pointer: str) -> PublicKey:
    """The 32 bytes of an Ed25519 key without a multicodec (Ed25519VerificationKey2018). Raises KeyProblem."""
    try:
        return PublicKey(KeyKind.ED25519, decode_multibase(f"z{text}", pointer=pointer))
    except CredentialsError as error:
        raise KeyProblem(error.problem.detail, pointer=pointer, fix=error.problem.fix) from error


def _moment(entry: JsonObject, name: str, pointer: str) -> datetime | None:
    return parse_moment(entry[name], pointer=f"{pointer}/{name}") if name in entry else None


def _service(entry: Json, pointer: str) -> Service:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise _refused("A service is not an object with an id.", pointer)
    items = as_list(entry.get("serviceEndpoint", []))
    texts = [item.get("uri", item.get("id")) if isinstance(item, dict) else item for item in items]
    return Service(
        id=entry["id"],
        types=_texts(entry.get("type", []), f"{pointer}/type"),
        endpoints=tuple(text for text in texts if isinstance(text, str)),
        value=entry,
    )


def _texts(value: Json, pointer: str) -> tuple[str, ...]:
    items = as_list(value)
    if not all(isinstance(item, str) for item in items):
        raise _refused("A text or a list of texts is expected.", pointer)
    return tuple(items)


def _of_somebody_else(pointer: str) -> Problem:
    detail = "The verification method is somebody else's, for whom this document does not speak."
    return _problem(detail, pointer, "KEY_NOT_AUTHORIZED", "Sign with a key that the DID itself controls.")


def _problem(
    detail: str, pointer: str, code: str = "KEY_INVALID", fix: str = "Use an Ed25519, P-256 or P-384 key."
) -> Problem:
    return Problem(code=code, detail=detail, pointer=pointer, fix=fix)


def _refused(
    detail: str, pointer: str = "", fix: str = "Publish a corrected DID document.", *, name: str = _BAD_DOCUMENT
) -> IdentifierProblem:
    return IdentifierProblem(detail, code="DID_DOCUMENT", pointer=pointer, fix=fix, name=name)


def _bad_method(detail: str, pointer: str, fix: str = "Publish a corrected DID document.") -> IdentifierProblem:
    return _refused(detail, pointer, fix, name=_BAD_METHOD)
