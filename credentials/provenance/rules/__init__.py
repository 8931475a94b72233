"""The table of rules: every question a trace asks, in the order of docs/rules.md."""

from __future__ import annotations

from typing import Final

from credentials.provenance.rules import (
    accreditation,
    aggregation,
    claim,
    content,
    credential,
    equivocation,
    event,
    facility,
    gap,
    geography,
    handling,
    identity,
    merging,
    quantity,
    stock,
    substances,
    yields,
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
    *handling.RULES,
    *quantity.RULES,
    *yields.RULES,
    *stock.RULES,
    *content.RULES,
    *substances.RULES,
    *aggregation.RULES,
    *geography.RULES,
    *gap.RULES,
)
