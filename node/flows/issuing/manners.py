"""How one issuer instance behaves where the specifications, and the test suites about them, contradict each other.

The rule: a contradiction is decided once and written down here as a setting with a name; the defaults are what a node
does for the world, and everything else is for the conformance profile. w3c.md C1; VCALM 0.9 section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ProofPolicy(StrEnum):
    """What happens to a credential that comes to be secured and has proofs already (w3c.md A7.3)."""

    REFUSE = "refuse"
    SET = "set"  # ours joins them; they are kept as they came


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """The settings of one instance.

    ``refused``: the HTTP status of a verification that did not hold (C1.1). ``bare``: issuing answers with the
    credential alone (C1.3). ``bound``: only keys of the issuer itself count (C1.4). ``injects``: a missing
    ``@context`` is filled in (A1.1). ``proofs``: A7.3. ``tolerates``: results that are warnings and do not make
    ``verified`` false (A7.2). ``statuses``: the purposes for which a credential gets a status entry.
    """

    refused: int = 200
    bare: bool = False
    bound: bool = True
    injects: bool = False
    proofs: ProofPolicy = ProofPolicy.REFUSE
    tolerates: frozenset[str] = frozenset()
    statuses: tuple[str, ...] = ("revocation",)


FOR_THE_WORLD: Final = Manners()
