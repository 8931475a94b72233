"""SD-JWT: a token whose issuer signed digests, and beside it those claims that its holder chose to show.

The rule: every disclosure is one that the token names exactly once, no digest stands anywhere twice, and what says who
signed, until when, and under which status cannot be held back. What comes out is a document like any other.
Specifications: RFC 9901 sections 4, 7.1 and 7.3; VC-JOSE-COSE section 3.2; SD-JWT VC section 3.2;
docs/conformance/w3c.md A4.6.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from credentials.encoding.document import DEFAULT_LIMITS, Json, JsonObject, parse_document, parse_json
from credentials.encoding.multibase import decode_base64url, encode_base64url
from credentials.envelopes.jose import TOKEN_LIMIT, read_compact
from credentials.envelopes.signed import SignedEnvelope
from credentials.errors import CredentialsError, MalformedInput, ProofProblem

#: Claims of a token that are never a holder's to hold back (SD-JWT VC section 3.2.2.2), and a credential's own such.
ALWAYS_SHOWN: Final = frozenset(
    {"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"}
    | {"@context", "type", "issuer", "validFrom", "validUntil", "credentialStatus"}
)
#: Members that others let a holder hold back: without them it is no credential, so nothing is won by it.
_SHOWN_OR_NOTHING: Final = frozenset({"type"})
_HASHES: Final[dict[str, Callable[[bytes], Any]]] = {
    "sha-256": hashlib.sha256,
    "sha-384": hashlib.sha384,
    "sha-512": hashlib.sha512,
}
_RESERVED: Final = frozenset({"_sd", "..."})
_DISCLOSURES: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SdJwt:
    """An SD-JWT taken apart: the issuer's token, what is disclosed, and the holder's own token where there is one.

    ``presented`` is everything before the holder's token: what that one signs the digest of.
    """

    token: SignedEnvelope
    claims: JsonObject
    key_binding: SignedEnvelope | None
    presented: bytes
    algorithm: str


def is_sd_jwt(raw: bytes) -> bool:
    """Do the bytes look like one? The tilde stands in no other kind of token."""
    return b"~" in raw and not raw.lstrip(b" \t\r\n").startswith((b"{", b"["))


def read_sd_jwt(raw: bytes) -> SdJwt:
    """Take an SD-JWT apart and put its disclosures where they belong.

    Raises:
        MalformedInput: PARSING_ERROR, TOO_LARGE, JSON_*.
        ProofProblem: a header that is not allowed, or disclosures that are not the token's.
    """
    if len(raw) > TOKEN_LIMIT:
        raise MalformedInput(f"The token has {len(raw)} bytes; the limit is {TOKEN_LIMIT}.", code="TOO_LARGE")
    if b"~" not in raw:
        raise MalformedInput(
            "An SD-JWT ends its token and each disclosure with a tilde.",
            code="PARSING_ERROR",
            fix="Send it as it was issued, or say that it is a plain token.",
        )
    issued, *disclosures, last = raw.split(b"~")
    if len(disclosures) > _DISCLOSURES:
        raise MalformedInput(f"It has more than {_DISCLOSURES} disclosures.", code="TOO_LARGE", fix="Show fewer.")
    token = read_compact(issued)
    payload = parse_document(token.payload).value
    algorithm = payload.get("_sd_alg", "sha-256")
    if algorithm not in _HASHES:
        raise _refused(f"The digests are made with {str(algorithm)[:20]!r}, which is not accepted.", "/_sd_alg")
    shown = _Shown({_digest(algorithm, item): _disclosure(item) for item in disclosures}, len(disclosures))
    claims = {name: item for name, item in shown.object(payload, 0).items() if name != "_sd_alg"}
    shown.finish()
    return SdJwt(
        token=token,
        claims=claims,
        key_binding=read_compact(last) if last else None,
        presented=raw[: len(raw) - len(last)],
        algorithm=str(algorithm),
    )


def _digest(algorithm: str, disclosure: bytes) -> str:
    return encode_base64url(_HASHES[algorithm](disclosure).digest())


def _disclosure(raw: bytes) -> list[Json]:
    """[salt, name, value] or [salt, value]. Raises MalformedInput."""
    try:
        value = parse_json(decode_base64url(raw.decode("ascii")), limits=DEFAULT_LIMITS)
    except (UnicodeDecodeError, CredentialsError) as error:
        raise MalformedInput(
            "A disclosure is not base64url of a JSON array.", code="PARSING_ERROR", fix="Send it as it was issued."
        ) from error
    if not isinstance(value, list) or len(value) not in (2, 3) or not all(isinstance(part, str) for part in value[:-1]):
        raise MalformedInput("A disclosure is no array of salt, name and value.", code="PARSING_ERROR")
    return value


class _Shown:
    """Puts disclosures in the place of their digests and counts that each is used once."""

    def __init__(self, disclosures: dict[str, list[Json]], count: int) -> None:
        if len(disclosures) != count:
            raise _refused("A disclosure stands there twice.")
        self._disclosures = disclosures
        self._seen: set[str] = set()
        self._used: set[str] = set()

    def object(self, value: JsonObject, depth: int) -> dict[str, Json]:
        self._bounded(depth)
        shown: dict[str, Json] = {}
        for name, item in value.items():
            if name == "...":
                raise _refused("A claim has the name '...'.")
            if name != "_sd":
                shown[name] = self._value(item, depth)
        for name, item in self._of_digests(value.get("_sd", [])):
            if name in value or name in shown:
                raise _refused(f"The claim {name[:40]!r} stands there twice.")
            if depth == 0 and name in ALWAYS_SHOWN - _SHOWN_OR_NOTHING:
                raise _refused(f"The claim {name!r} can be held back, which nobody may.", f"/{name}")
            shown[name] = self._value(item, depth)
        return shown

    def finish(self) -> None:
        """Refuse a disclosure that nothing refers to."""
        if self._used != self._disclosures.keys():
            raise _refused("A disclosure belongs to nothing that was signed.")

    def _value(self, value: Json, depth: int) -> Json:
        if isinstance(value, dict):
            return self.object(value, depth + 1)
        if isinstance(value, list):
            self._bounded(depth + 1)
            return [self._value(item, depth + 1) for one in value for item in self._element(one)]
        return value

    def _element(self, value: Json) -> Iterator[Json]:
        """The element itself; in the place of a digest what it stands for, or nothing."""
        if not (isinstance(value, dict) and "..." in value):
            yield value
            return
        if len(value) != 1:
            raise _refused("A place for an element holds more than a digest.")
        found = self._found(value["..."], parts=2)
        if found is not None:
            yield found[1]

    def _of_digests(self, digests: Json) -> Iterator[tuple[str, Json]]:
        if not isinstance(digests, list):
            raise _refused("_sd is no list of digests.", "/_sd")
        for digest in digests:
            found = self._found(digest, parts=3)
            if found is not None:
                if found[1] in _RESERVED:
                    raise _refused(f"A disclosure has the name {found[1]!r}.")
                yield found[1], found[2]

    def _found(self, digest: Json, *, parts: int) -> list[Json] | None:
        if not isinstance(digest, str) or digest in self._seen:
            raise _refused("A digest is no text, or stands there twice.")
        self._seen.add(digest)
        disclosure = self._disclosures.get(digest)
        if disclosure is None:
            return None
        if len(disclosure) != parts:
            raise _refused("A disclosure of an element stands for a claim, or the reverse.")
        self._used.add(digest)
        return disclosure

    def _bounded(self, depth: int) -> None:
        if depth > DEFAULT_LIMITS.depth:
            raise MalformedInput(f"It nests deeper than {DEFAULT_LIMITS.depth} levels.", code="JSON_TOO_DEEP")


def _refused(detail: str, pointer: str = "") -> ProofProblem:
    return ProofProblem(detail, pointer=pointer, fix="Ask for the token as it was issued.")
