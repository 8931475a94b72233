"""Canonical identifiers: one form for every spelling of one name, and the only door to ``biip``.

The rule (PV-MRG-1): two spellings are merged only where a specification says they name the same thing. Scheme, host,
default port, percent-encoding and trailing slash for web addresses; GS1 element string, EPC URN and Digital Link to
one Digital Link; DIDs stay as they are. Query and fragment go only where they are not part of the name (Digital Links).
The spelling that was given is kept by whoever asks; people are shown that one.
Specifications: docs/requirements.md T19; RFC 3986 section 6.2; GS1 Digital Link URI Syntax 1.3; EPC Tag Data Standard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

from biip import ParseError
from biip.checksums import gs1_standard_check_digit
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin

from credentials.errors import CredentialsError, IdentifierProblem
from credentials.identifiers.lots import LotKey

GS1_ROOT: Final = "https://id.gs1.org"
_DEFAULT_PORT: Final = {"http": 80, "https": 443}
_PERCENT: Final = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
# Off id.gs1.org a path is only taken for a Digital Link when the key has its full length.
_GS1_PATH: Final = re.compile(r"/(?:01/[0-9]{14}|00/[0-9]{18}|414/[0-9]{13})(?:/|$)")
_GS1_HOST_PATH: Final = re.compile(r"/(?:01|00|414)/")
# What most addresses are: their own canonical form, with nothing in them that has another spelling. No path for a key.
_PLAIN: Final = re.compile(r"https?://[a-z0-9.-]+(?!.*/(?:01|00|414)/)(?:/[A-Za-z0-9._~-]+)*(?:#[A-Za-z0-9._~/-]+)?")
_EPC: Final = re.compile(r"urn:epc:(?:id|class):(sgtin|lgtin|sscc|sgln):([0-9]+)\.([0-9]*)(?:\.(.+))?", re.IGNORECASE)
_KEYS: Final = ("00", "01", "414")
_QUALIFIERS: Final = ("22", "10", "21", "254")
#: How a scanner begins what it read of a bar code that holds element strings (GS1 General Specifications,
#: symbology identifiers).
_SCANNED: Final = ("]C1", "]e0", "]d2", "]Q3", "]J1")
_LAST_QUALIFIER: Final = re.compile(r"/(?:22|10|21)/[^/]+$")
_BATCH_OF_ITEM: Final = re.compile(r"/10/[^/]+(?=/21/[^/]+$)")


@dataclass(frozen=True, slots=True)
class _Gs1Key:
    """A GS1 key with the qualifiers that are part of the name, by application identifier."""

    key: tuple[str, str]
    qualifiers: tuple[tuple[str, str], ...]

    def uri(self, *, without: tuple[str, ...] = ()) -> str:
        """The canonical Digital Link, leaving out the qualifiers ``without``."""
        parts = (self.key, *(pair for pair in self.qualifiers if pair[0] not in without))
        return GS1_ROOT + "".join(_segment(ai, value) for ai, value in parts)

    def value(self, ai: str) -> str:
        """The qualifier ``ai``, "" when absent."""
        return dict(self.qualifiers).get(ai, "")


def canonical_id(text: str) -> str:
    """The one form of the identifier ``text``.

    Raises:
        IdentifierProblem: ID_INVALID (empty, with spaces, not an address) or ID_CHECK_DIGIT (a broken GS1 key).
    """
    if text.startswith("did:") or _PLAIN.fullmatch(text):
        return text
    key = _gs1_key(text)
    return key.uri() if key else _canonical_uri(text)


def same_id(one: str, other: str) -> bool:
    """Do two spellings name the same thing?"""
    return given_or_canonical(one) == given_or_canonical(other)


@lru_cache(maxsize=16_384)
def given_or_canonical(text: str) -> str:
    """The canonical form, or ``text`` itself when it has none: then it is equal only to its own spelling.

    What is wrong with it is said once, by the rule PV-MRG-1.
    """
    try:
        return canonical_id(text)
    except CredentialsError:
        return text


@lru_cache(maxsize=16_384)
def lot_key(text: str, *, batch: str = "", item: str = "") -> LotKey:
    """The lot that a product id and its stated numbers name; numbers within a Digital Link are part of its name.

    A malformed id names a lot of its own.
    """
    key = _gs1_key_or_none(text) if not _PLAIN.fullmatch(text) else None
    if key is None:
        return LotKey(given_or_canonical(text), batch, item)
    return LotKey(key.uri(without=("10", "21")), key.value("10") or batch, key.value("21") or item)


def digital_links(lot: LotKey) -> tuple[str, ...]:
    """The canonical Digital Links of a lot with its numbers, the fullest first; () without a GTIN or without numbers.

    A serial number is unique within its GTIN, so an item is known without its batch too (SGTIN, EPC Tag Data Standard).
    """
    if lot.is_class or not lot.id.startswith(f"{GS1_ROOT}/01/"):
        return ()
    keys = dict.fromkeys((lot, lot._replace(batch="") if lot.is_item else lot))
    links = {key: lot.id + _segment("10", key.batch) + _segment("21", key.item) for key in keys}
    return tuple(link for key, link in links.items() if lot_key(link) == key)  # else no number that GS1 allows


def coarser(text: str) -> tuple[str, ...]:
    """Under which names else a GS1 key is spoken of: the item without its batch, its lot, its variant, its class.

    In the spelling of ``text`` when that is a web address, else canonical; () for every other identifier.
    """
    if _gs1_key_or_none(text) is None:
        return ()
    name = text.rstrip("/") if "://" in text else given_or_canonical(text)
    names = [_BATCH_OF_ITEM.sub("", name)]
    while (shorter := _LAST_QUALIFIER.sub("", name)) != name:
        names.append(shorter)
        name = shorter
    return tuple(one for one in dict.fromkeys(names) if not same_id(one, text))


def _segment(ai: str, value: str) -> str:
    return f"/{ai}/{quote(value, safe='')}" if value else ""


def _gs1_key_or_none(text: str) -> _Gs1Key | None:
    try:
        return _gs1_key(text)
    except IdentifierProblem:
        return None


def _gs1_key(text: str) -> _Gs1Key | None:
    """The GS1 key ``text`` spells, or None when it is no GS1 spelling at all."""
    if text.lower().startswith("urn:epc:"):
        return _from_epc(text)
    if text.startswith(("(", *_SCANNED)):
        return _from_element_string(text)
    if text.isascii() and text.isdigit() and len(text) in (8, 12, 13, 14):
        return _Gs1Key(("01", _gtin(text)), ())
    if text[:8].lower().startswith(("http://", "https://")):
        return _from_digital_link(text)
    return None


def _from_digital_link(text: str) -> _Gs1Key | None:
    address = _split(text)
    at_gs1 = address.hostname == "id.gs1.org" and _GS1_HOST_PATH.search(address.path)
    if not at_gs1 and not _GS1_PATH.search(address.path):
        return None
    try:
        link = GS1DigitalLinkURI.parse(address._replace(query="", fragment="", path=address.path.rstrip("/")).geturl())
    except ParseError as error:
        raise _no_key(text, str(error)) from error
    return _key_of([(element.ai.ai, element.value) for element in link.element_strings], text)


def _from_element_string(text: str) -> _Gs1Key:
    try:
        message = GS1Message.parse_hri(text) if text.startswith("(") else GS1Message.parse(text[3:])
    except ParseError as error:
        raise _no_key(text, str(error)) from error
    return _key_of([(element.ai.ai, element.value) for element in message.element_strings], text)


def _key_of(elements: list[tuple[str, str]], text: str) -> _Gs1Key:
    values = dict(elements)
    key = next((ai for ai in _KEYS if ai in values), None)
    if key is None:
        raise _no_key(text, "no GTIN, SSCC or GLN in it")
    # biip reads a Digital Link with a wrong check digit without complaint; the key is checked here.
    digits = _gtin(values[key]) if key == "01" else _checked(values[key])
    return _Gs1Key((key, digits), tuple((ai, values[ai]) for ai in _QUALIFIERS if ai in values))


def _from_epc(text: str) -> _Gs1Key | None:
    """EPC pure identity: company prefix, reference (its first digit is the indicator or extension), serial or lot."""
    match = _EPC.fullmatch(text)
    if match is None:
        return None
    kind, prefix, reference, rest = match[1].lower(), match[2], match[3], unquote(match[4] or "")
    if kind == "sgln":
        digits = _with_check_digit(prefix + reference, 12, text)
        return _Gs1Key(("414", digits), (("254", rest),) if rest not in ("", "0") else ())
    length = 17 if kind == "sscc" else 13
    digits = _with_check_digit(reference[:1] + prefix + reference[1:], length, text)
    if kind == "sscc":
        return _Gs1Key(("00", digits), ())
    qualifier = "21" if kind == "sgtin" else "10"
    return _Gs1Key(("01", digits), ((qualifier, rest),) if rest else ())


def _with_check_digit(payload: str, length: int, text: str) -> str:
    if len(payload) != length:
        raise _no_key(text, f"{len(payload)} digits where {length} are due")
    return f"{payload}{gs1_standard_check_digit(payload)}"


def _gtin(digits: str) -> str:
    try:
        return Gtin.parse(digits).as_gtin_14()
    except ParseError as error:
        raise _no_key(digits, str(error)) from error


def _checked(digits: str) -> str:
    if not digits.isdigit() or gs1_standard_check_digit(digits[:-1]) != int(digits[-1]):
        raise _no_key(digits, "the check digit does not fit")
    return digits


def _canonical_uri(text: str) -> str:
    scheme, colon, rest = text.partition(":")
    if not colon or not _SCHEME.fullmatch(scheme) or _FORBIDDEN.search(text):
        raise IdentifierProblem(
            f"{text[:80]!r} is not a URI.",
            code="ID_INVALID",
            fix="Use an https address, a URN, a DID or a GS1 key.",
        )
    scheme = scheme.lower()
    if scheme == "urn":
        return _canonical_urn(rest)
    if scheme not in _DEFAULT_PORT:
        return f"{scheme}:{_percent(rest)}"
    address = _split(text)
    user, at, _ = address.netloc.rpartition("@")
    host = (address.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = "" if address.port in (None, _DEFAULT_PORT[scheme]) else f":{address.port}"
    query = f"?{_percent(address.query)}" if address.query else ""
    fragment = f"#{_percent(address.fragment)}" if address.fragment else ""
    return f"{scheme}://{user}{at}{_percent(host)}{port}{_percent(address.path).rstrip('/')}{query}{fragment}"


def _canonical_urn(rest: str) -> str:
    """RFC 8141: scheme and namespace without case; a UUID has none at all."""
    namespace, _, name = rest.partition(":")
    namespace = namespace.lower()
    return f"urn:{namespace}:{name.lower() if namespace == 'uuid' else _percent(name)}"


def _percent(text: str) -> str:
    """RFC 3986 section 6.2.2: unreserved characters bare, all else encoded with capital hexadecimal digits."""

    def normal(match: re.Match[str]) -> str:
        if match[1] is None:
            return "%25"
        char = chr(int(match[1], 16))
        return char if _UNRESERVED.fullmatch(char) else f"%{match[1].upper()}"

    return "".join(char if char.isascii() else quote(char) for char in _PERCENT.sub(normal, text))


def _split(text: str) -> SplitResult:
    try:
        address = urlsplit(text)
        address.port  # noqa: B018 - reading it is what checks it
    except ValueError as error:
        raise IdentifierProblem(
            f"{text[:80]!r} is not a web address.", code="ID_INVALID", fix="Check host and port."
        ) from error
    return address


def _no_key(text: str, why: str) -> IdentifierProblem:
    return IdentifierProblem(
        f"{text[:80]!r} is not a GS1 key: {why[:120]}", code="ID_CHECK_DIGIT", fix="Check the digits on the label."
    )
