"""The closed list of cryptosuites this house makes and checks: one line each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from credentials.proofs import eddsa_jcs_2022, eddsa_rdfc_2022
from credentials.proofs.suite import Cryptosuite

SUITES: Final[Mapping[str, Cryptosuite]] = MappingProxyType(
    {suite.name: suite for suite in (eddsa_jcs_2022.SUITE, eddsa_rdfc_2022.SUITE)}
)
