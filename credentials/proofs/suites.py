"""The closed list of cryptosuites this program makes and checks.

The rule: the JCS suites sign the JSON that the reader reads, order and types included; the proof keeps a copy of the
contexts because no processor looks at them. The RDFC suites sign a set of statements: order and repeats in arrays, and
numbers written as text, are not protected (docs/threat-model.md#canonicalising), so nothing may be decided on them.
The key decides the hash, of the canonicalisation too. ecdsa-sd-2023 has a module of its own.
Specifications: Data Integrity EdDSA Cryptosuites 1.0 sections 3.2 and 3.3; ECDSA Cryptosuites 1.0 sections 3.2 to 3.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from credentials.keys.algorithms import KeyKind
from credentials.proofs import ecdsa_sd_2023
from credentials.proofs.configuration import options_as_statements
from credentials.proofs.suite import Cryptosuite, DisclosingSuite
from credentials.proofs.transforms import as_json, as_statements

_EDDSA: Final = {KeyKind.ED25519: "sha256"}
_ECDSA: Final = {KeyKind.P256: "sha256", KeyKind.P384: "sha384"}


def _over_json(name: str, digests: Mapping[KeyKind, str]) -> Cryptosuite:
    return Cryptosuite(name=name, digests=digests, keeps_contexts=True, transform=as_json)


def _over_statements(name: str, digests: Mapping[KeyKind, str]) -> Cryptosuite:
    return Cryptosuite(
        name=name, digests=digests, keeps_contexts=False, transform=as_statements, configure=options_as_statements
    )


#: Suites that sign a whole document.
SUITES: Final[Mapping[str, Cryptosuite]] = MappingProxyType(
    {
        suite.name: suite
        for suite in (
            _over_json("ecdsa-jcs-2019", _ECDSA),
            _over_statements("ecdsa-rdfc-2019", _ECDSA),
            _over_json("eddsa-jcs-2022", _EDDSA),
            _over_statements("eddsa-rdfc-2022", _EDDSA),
        )
    }
)
#: Suites whose holders may show a part.
DISCLOSING_SUITES: Final[Mapping[str, DisclosingSuite]] = MappingProxyType(
    {suite.name: suite for suite in (ecdsa_sd_2023.SUITE,)}
)
