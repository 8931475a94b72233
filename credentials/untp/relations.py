"""Link relations: every spelling seen in the wild, one canonical name.

UNTP's own relations are dpp, dcc, dfr, dte, dia and idr; everything else keeps its registered name or absolute URL.
See docs/requirements.md IDR-07 and DIA-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

#: Lower-case name → UNTP relation.
_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dpp": "dpp",
        "digitalproductpassport": "dpp",
        "dcc": "dcc",
        "digitalconformitycredential": "dcc",
        "conformitycredential": "dcc",
        "dfr": "dfr",
        "digitalfacilityrecord": "dfr",
        "dte": "dte",
        "digitaltraceabilityevent": "dte",
        "traceabilityevent": "dte",
        "dia": "dia",
        "digitalidentityanchor": "dia",
        "idr": "idr",
        "identityresolver": "idr",
    }
)
_HOSTS: Final = frozenset({"test.uncefact.org", "vocabulary.uncefact.org", "untp.unece.org", "uncefact.github.io"})
_PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "gs1": "https://ref.gs1.org/voc/",
        "iana": "",
        "schema": "https://schema.org/",
    }
)


@lru_cache(maxsize=1_024)
def canonical_relation(relation: str) -> str:
    """One name for one relation: ``untp:dpp``, ``…/linkTypes/dpp`` and ``dpp`` are all ``dpp``."""
    text = relation.strip()
    prefix, colon, rest = text.partition(":")
    if not colon:
        return _NAMES.get(text.lower(), text)
    if prefix.lower() == "untp":
        return _NAMES.get(rest.lower(), rest)
    if prefix.lower() in _PREFIXES and not rest.startswith("//"):
        return _PREFIXES[prefix.lower()] + rest
    return _untp_name_of(text) or text


def _untp_name_of(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if host not in _HOSTS:
        return None
    last = (parts.fragment or parts.path.rstrip("/").rpartition("/")[2]).lower()
    return _NAMES.get(last)
