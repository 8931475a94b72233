"""Issuer instances as values: who issues, with which key and suites, who judges for it, and where it is asked.

The rule: an instance is everything that differs between ``/instances/{name}`` and its neighbours; the root of a node
is the instance ``default``. Handlers look it up by name and know nothing else about it.
See docs/requirements.md D3 and D5; docs/conformance/w3c.md A7 and C1; VCALM 0.9 section 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from credentials.encoding.document import Json
from credentials.keys.algorithms import KeyKind
from node.flows.identity.publishing import Publishing
from node.flows.identity.securing import JWT, Securing
from node.flows.issuing.presenting import Presenting
from node.flows.verifying.judging import Judge, Judging
from node.flows.verifying.verifying import Verifying
from node.wire.source import Source

DEFAULT: Final = "default"
_PATHS: Final = (
    ("issue", "/credentials/issue"),
    ("verify", "/credentials/verify"),
    ("status", "/credentials/status"),
    ("derive", "/credentials/derive"),
    ("verifyPresentation", "/presentations/verify"),
    ("present", "/presentations"),
    ("challenges", "/challenges"),
    ("statusLists", "/status-lists"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One issuer instance; ``source`` is asked instead of the world, where it is given."""

    publishing: Publishing
    securing: Securing
    suites: tuple[str, ...]
    presenting: Presenting
    judge: Judge = field(default_factory=Judge)
    source: Source | None = None

    @property
    def name(self) -> str:
        """The name in its address."""
        return self.publishing.identity.instance

    @property
    def root(self) -> str:
        """Its own address, below which all of its endpoints are."""
        return f"{self.publishing.identity.public_url}/instances/{self.name}"

    @property
    def key_kind(self) -> KeyKind:
        """The kind of the key that it signs with."""
        return self.securing.signer.public_key.kind

    @property
    def list_types(self) -> tuple[str, ...]:
        """The media types of its status lists, the default first: a token, or JSON where it signs no tokens."""
        embedded = ("application/ld+json", "application/json", "application/vc")
        return embedded if JWT not in self.suites else ("application/vc+jwt", "application/vc", *embedded[:2])

    def verifying(self, *, source: Source, judging: Judging) -> Verifying:
        """The verifier of this instance over ``source``; ``judging`` is the node's, with the judge of this instance."""
        return Verifying(source=source, judging=replace(judging, judge=self.judge))

    def to_json(self) -> dict[str, Json]:
        """How ``GET /instances`` tells of it; endpoints are absolute."""
        identity = self.publishing.identity
        return {
            "name": self.name,
            "issuer": identity.did,
            "keyType": str(self.key_kind),
            "suites": list(self.suites),
            "endpoints": {label: self.root + path for label, path in _PATHS},
        }


def by_name(instances: Iterable[Instance]) -> Mapping[str, Instance]:
    """The instances of a node by name, in their order."""
    return MappingProxyType({instance.name: instance for instance in instances})
