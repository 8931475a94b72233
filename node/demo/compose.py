"""``python -m node.demo.compose FOLDER``: data folders for the three companies of docker/compose.yaml.

The rule: for trying out only. Each company's folder is whole in itself (keys, settings, TLS pair, the throw-away
authority's certificate, a first draft), so that its container sees nothing of the others. What is there is kept; only
certificates that are about to end are made anew, all of them, because they share one authority that is never stored.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from node.app import machine_clock
from node.config import SETTINGS_FILE
from node.demo.certificates import LIFETIME, Authority
from node.demo.companies import BUYER, FARM, SPINNER, Company
from node.demo.drafts import envelope
from node.demo.products import cotton, yarn
from node.disk import write_private
from node.initialization import initialize

PORT: Final = 8443
#: Company → its fixed address on the internal network, as compose.yaml gives it.
ADDRESSES: Final[Mapping[Company, str]] = {FARM: "172.28.7.11", SPINNER: "172.28.7.12", BUYER: "172.28.7.13"}
_AUTHORITY, _CERTIFICATE, _KEY = "authority.pem", "tls.pem", "tls.key"
_SPARE: Final = timedelta(days=1)


async def set_up(folder: Path, *, at: datetime) -> tuple[str, ...]:
    """Make what is missing below ``folder``; what was made, one line each. Raises NodeError."""
    made = []
    for company in ADDRESSES:
        data = folder / company.key
        if not (data / SETTINGS_FILE).exists():
            await initialize(data, _stated(company))
            if company in _DRAFTS:
                write_private(data / "draft.json", json.dumps(_DRAFTS[company](at), indent=1).encode("utf-8"))
            made.append(f"{company.did} is ready in {data}.")
    if any(_ends_soon(folder / company.key, at) for company in ADDRESSES):
        _certify(folder, at)
        made.append(f"TLS certificates are made, good until {at + LIFETIME:%Y-%m-%d %H:%M} UTC.")
    return tuple(made)


def main(arguments: Sequence[str] | None = None) -> None:
    """Set up the folder that is named on the command line."""
    (folder,) = sys.argv[1:] if arguments is None else arguments
    for line in asyncio.run(set_up(Path(folder), at=machine_clock())):
        sys.stdout.write(f"{line}\n")


def _stated(company: Company) -> dict[str, str]:
    return {
        "name": company.name,
        "public_url": f"https://{company.host}",
        "listen": f"0.0.0.0:{PORT}",
        "tls_certificate": _CERTIFICATE,
        "tls_key": _KEY,
        "production": "false",
        "dev_hosts": ",".join(f"{one.host}={address}:{PORT}" for one, address in ADDRESSES.items()),
        "dev_ca": _AUTHORITY,
    }


def _ends_soon(data: Path, at: datetime) -> bool:
    certificate = data / _CERTIFICATE
    if not certificate.exists():
        return True
    return datetime.fromtimestamp(certificate.stat().st_mtime, UTC) + LIFETIME < at + _SPARE


def _certify(folder: Path, at: datetime) -> None:
    """A fresh authority and a pair for each host; the authority's own key is gone when this returns."""
    with tempfile.TemporaryDirectory() as temporary:
        authority = Authority.create(Path(temporary), at=at)
        for company in ADDRESSES:
            pair, data = authority.certify(company.host, at=at), folder / company.key
            write_private(data / _KEY, pair.key.read_bytes())
            write_private(data / _AUTHORITY, authority.certificate.read_bytes())
            write_private(data / _CERTIFICATE, pair.certificate.read_bytes())


def _cotton(at: datetime) -> dict[str, Any]:
    subject = cotton(FARM, at - timedelta(days=1), [])
    return envelope("DigitalProductPassport", FARM, "Raw cotton 2026 A", subject, valid_from=at)


def _yarn(at: datetime) -> dict[str, Any]:
    subject = yarn(at - timedelta(days=1), [])
    return envelope("DigitalProductPassport", SPINNER, "Cotton yarn 2026 Y", subject, valid_from=at)


#: Company → the first passport it can issue.
_DRAFTS: Final[Mapping[Company, Callable[[datetime], dict[str, Any]]]] = {FARM: _cotton, SPINNER: _yarn}


if __name__ == "__main__":
    main()
