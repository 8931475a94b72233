"""The table of rules: every question a trace asks, in the order of docs/rules.md."""

from __future__ import annotations

from typing import Final

from credentials.provenance.rules import (
    accreditation,
    claim,
    content,
    credential,
    equivocation,
    event,
    facility,
    gap,
    identity,
    merging,
    quantity,
    stock,
)
from credentials.provenance.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    *credential.RULES,
    *merging.RULES,
    *equivocation.RULES,
    *identity.RULES,
    *accreditation.RULES,
    *claim.RULES,
    *facility.RULES,
    *event.RULES,
    *quantity.RULES,
    *stock.RULES,
    *content.RULES,
    *gap.RULES,
)
