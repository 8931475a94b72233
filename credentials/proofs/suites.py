"""The closed list of cryptosuites this program makes and checks: one line each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from credentials.proofs import ecdsa_jcs_2019, ecdsa_rdfc_2019, ecdsa_sd_2023, eddsa_jcs_2022, eddsa_rdfc_2022
from credentials.proofs.suite import Cryptosuite, DisclosingSuite

#: Suites that sign a whole document.
SUITES: Final[Mapping[str, Cryptosuite]] = MappingProxyType(
    {
        suite.name: suite
        for suite in (ecdsa_jcs_2019.SUITE, ecdsa_rdfc_2019.SUITE, eddsa_jcs_2022.SUITE, eddsa_rdfc_2022.SUITE)
    }
)
#: Suites whose holders may show a part.
DISCLOSING_SUITES: Final[Mapping[str, DisclosingSuite]] = MappingProxyType(
    {suite.name: suite for suite in (ecdsa_sd_2023.SUITE,)}
)
