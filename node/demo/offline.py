"""The season without a network: the same credentials, signed here with throw-away keys, written to a folder.

For trying out rules and for tests: ``tracenode trace --from DIR`` over the folder must come to the same findings as
the running network. A silent supplier is one whose files are left out, a revoked attestation one whose bit is set.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from credentials.did.documents import PublishedKey, build_did_document, jwk_method
from credentials.encoding.multibase import digest_multibase
from credentials.issue import secure_as_jwt
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import thumbprint
from credentials.status.status_lists import status_entry, status_list_draft
from node.demo import defects
from node.demo.companies import ACCREDITOR, COMPANIES, REGISTER, SMALLHOLDER, Company
from node.demo.drafts import SCHEME
from node.demo.season import season
from node.demo.season_steps import IssuedReference, Step

_LIST_BITS: Final = 131_072
_REVOKED: Final = "wages-attestation"


@dataclass(slots=True)
class OfflineSeason:
    """One season in a folder; ``issued`` names its credentials."""

    folder: Path
    at: datetime
    planted: Collection[str] = defects.NAMES
    issued: dict[str, IssuedReference] = field(default_factory=dict)
    _keys: dict[str, SigningKey] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def write(self) -> dict[str, IssuedReference]:
        """Write every document of the season; what was issued, by the step's key."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._keys = {company.key: key_of(company) for company in COMPANIES}
        steps = season(self.at, self.planted)
        for step in steps:
            self._issue(step)
        for company in COMPANIES:
            if not self._is_silent(company):
                self._publish_identity(company, steps)
        return self.issued

    def _issue(self, step: Step) -> None:
        company, number = step.issuer, len(self.issued)
        index = self._counts.get(company.key, 0)
        self._counts[company.key] = index + 1
        entry = status_entry(list_url=company.url("status/1"), index=index, purpose="revocation")
        draft = step.draft(self.issued) | {"id": company.url(f"credentials/{number}"), "credentialStatus": entry}
        raw = self._sign(company, draft)
        self.issued[step.key] = IssuedReference(id=draft["id"], digest=digest_multibase(raw))
        if not self._is_silent(company):
            (self.folder / f"{number:02}-{step.key}.jwt").write_bytes(raw)
        if step.key == _REVOKED:
            self._counts["revoked"] = index

    def _publish_identity(self, company: Company, steps: Collection[Step]) -> None:
        anchors = [step for step in steps if step.about == (company,) and step.issuer in (REGISTER, ACCREDITOR)]
        services: list[dict[str, Any]] = [
            {"id": f"{company.did}#dia-{number}", "type": "dia", "serviceEndpoint": self.issued[step.key].id}
            for number, step in enumerate(anchors, 1)
        ]
        key = PublishedKey(name="cred-1", key=self._keys[company.key].public_key, purposes=("assertionMethod",))
        document = build_did_document(company.did, [key], services=services)
        (self.folder / f"did-{company.key}.json").write_text(json.dumps(document))
        if self._counts.get(company.key):
            (self.folder / f"status-{company.key}.jwt").write_bytes(self._status_list(company))

    def _status_list(self, company: Company) -> bytes:
        bits = bytearray(_LIST_BITS // 8)
        revoked = defects.REVOKED_ATTESTATION in self.planted
        if revoked and company.key == "certifier":
            bits[self._counts["revoked"] // 8] |= 0x80 >> self._counts["revoked"] % 8
        draft = status_list_draft(
            url=company.url("status/1"),
            issuer=company.did,
            purpose="revocation",
            bits=bytes(bits),
            valid_from=self.at - timedelta(minutes=1),
            valid_for=timedelta(days=1),
            ttl=timedelta(minutes=5),
        )
        return self._sign(company, draft)

    def _sign(self, company: Company, draft: dict[str, Any]) -> bytes:
        return secure_as_jwt(
            draft, signer=self._keys[company.key], verification_method=jwk_method(company.did, "cred-1")
        )

    def _is_silent(self, company: Company) -> bool:
        return company is SMALLHOLDER and defects.SUPPLIER_OFFLINE in self.planted


def key_of(company: Company) -> SigningKey:
    """The key of a company in the folder; everybody can make it, so that a list can pin it."""
    return SigningKey(KeyKind.ED25519, hashlib.sha256(f"offline season, {company.key}".encode()).digest())


def pinned_trust_list() -> dict[str, Any]:
    """Whom a buyer believes who was handed the folder: it has the keys of the companies from elsewhere."""
    pins = {company.did: [thumbprint(key_of(company).public_key)] for company in COMPANIES}
    return trust_list() | {"keys": dict(sorted(pins.items()))}


def trust_list() -> dict[str, Any]:
    """Whom the demo's buyer believes: the business register, and the accreditation body for its scheme."""
    return {
        "entries": [
            {
                "did": REGISTER.did,
                "domain": REGISTER.host,
                "roles": ["registrar"],
                "schemes": [REGISTER.url("companies")],
                "registerTypes": ["business"],
            },
            {
                "did": ACCREDITOR.did,
                "domain": ACCREDITOR.host,
                "roles": ["accreditation", "scheme-owner"],
                "schemes": [SCHEME],
                "registerTypes": ["accreditation"],
            },
        ]
    }
