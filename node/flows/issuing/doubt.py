"""Doubt: may this database be one of two of the same node? Then it changes nothing that others rely on."""

from __future__ import annotations

from typing import Final

from credentials.encoding.moments import format_moment
from node.errors import ReadOnly
from node.store import Transaction
from node.store.own_evidence import EvidenceKind, ShownEvidence

_DETAILS: Final = {
    EvidenceKind.PARKED: "Peers know more of this node than it does, again and again today.",
    EvidenceKind.CONTRADICTION: "Another copy of this node signs beside it.",
    EvidenceKind.INSTANCE: "Another copy of this node answers under its name.",
}
_CURE: Final = "Stop the other copy, then run tracenode takeover on the one that stays. Nothing was signed."


async def refuse_in_doubt(tx: Transaction) -> None:
    """Refuse to go on when something holds that stops the present life. Raises ReadOnly."""
    shown = await tx.evidence.stopping()
    if shown is not None:
        raise doubt_of(shown)


def doubt_of(shown: ShownEvidence) -> ReadOnly:
    """What was shown, as the problem that it is."""
    seen = f"{shown.shown_by} showed it at {format_moment(shown.noted)}: {shown.epoch}, place {shown.seq}."
    detail = f"{_DETAILS[shown.kind]} {seen}"
    if shown.kind is EvidenceKind.PARKED:
        return ReadOnly(detail, code="LIFE_IN_DOUBT", fix=_CURE)
    return ReadOnly(detail, code="TWO_COPIES", fix=_CURE)
