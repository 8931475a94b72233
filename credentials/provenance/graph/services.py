"""Services of a DID document that lead to identity anchors and linksets, in every shape seen in the wild.

The rule: a service is a hint where to look, never evidence.
See docs/requirements.md DIA-07, DIA-10, DIA-11 and IDR-13.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from credentials.encoding.document import Json
from credentials.keys.controller import ControllerDocument, Service
from credentials.untp.relations import canonical_relation


def anchor_addresses(document: ControllerDocument | None) -> tuple[tuple[str, str], ...]:
    """(relation, address) of each service in ``document`` that is an identity anchor or a linkset, sorted."""
    services = document.services if document is not None else ()
    return tuple(sorted({pair for service in services for pair in _addresses(service)}))


def _addresses(service: Service) -> Iterator[tuple[str, str]]:
    relations = {_relation(name) for name in service.types} - {""}
    for relation in sorted(relations):
        for address in (*service.endpoints, *_hrefs(service.value.get("serviceEndpoint"))):
            yield relation, address


def _relation(name: str) -> str:
    if name.casefold().rpartition("/")[2] in ("linkset", "application/linkset+json"):
        return "linkset"
    known = canonical_relation(name)
    return "dia" if known == "dia" or "identityanchor" in name.casefold() else ""


def _hrefs(endpoint: Json) -> Iterator[str]:
    """UNTP writes an endpoint as a link target: an object with ``href``."""
    for one in endpoint if isinstance(endpoint, list) else [endpoint]:
        href = one.get("href") if isinstance(one, Mapping) else None
        if isinstance(href, str):
            yield href
