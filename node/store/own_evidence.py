"""Questions about what others showed us of ourselves: are we the only one, and the newest?

The rule: what is shown counts only with our own signature on it, and once. Whatever casts doubt on the present life
ends with it. See docs/federation.md#heads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from node.store.evidence_tables import OwnEvidenceRow
from node.store.life_tables import LifeRow
from node.store.tables import MetaRow

_ADDRESS: Final = "own-address"


class EvidenceKind(StrEnum):
    """What was shown."""

    BEYOND = "beyond"  # a place that we do not know of: this database is an older copy
    PARKED = "parked"  # the same, but too many lives began for that reason today
    CONTRADICTION = "contradiction"  # two things at one place, both signed by us: another copy works
    INSTANCE = "instance"  # our public address is answered by another database


#: What keeps a node from issuing for as long as its life goes on.
STOPS = (EvidenceKind.PARKED, EvidenceKind.CONTRADICTION, EvidenceKind.INSTANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEvidence:
    """What was shown, by whom (a DID, or our own address), and of which epoch and place of ours."""

    kind: EvidenceKind
    epoch: str
    shown_by: str
    noted: datetime
    seq: int = 0
    raw: str = ""


class OwnEvidence:
    """What was shown to us of ourselves, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def note(self, evidence: ShownEvidence, *, life: str) -> bool:
        """Keep what was shown in ``life``; False when the same was there already, and held."""
        query = select(OwnEvidenceRow).where(
            col(OwnEvidenceRow.kind) == evidence.kind,
            col(OwnEvidenceRow.life) == life,
            col(OwnEvidenceRow.epoch) == evidence.epoch,
        )
        there = (await self._session.exec(query)).first()
        row = there or OwnEvidenceRow(
            kind=evidence.kind, life=life, epoch=evidence.epoch, shown_by="", noted=evidence.noted
        )
        fresh = there is None or row.cleared is not None
        row.seq, row.cleared = max(row.seq, evidence.seq), None
        if fresh:
            row.shown_by, row.raw, row.noted = evidence.shown_by, evidence.raw, evidence.noted
        self._session.add(row)
        await self._session.flush()
        return fresh

    async def clear(self, kind: EvidenceKind, *, life: str, at: datetime) -> bool:
        """What was shown of this kind holds no more; False when nothing of it held."""
        query = select(OwnEvidenceRow).where(col(OwnEvidenceRow.kind) == kind, col(OwnEvidenceRow.life) == life)
        rows = list(await self._session.exec(query.where(col(OwnEvidenceRow.cleared).is_(None))))
        for row in rows:
            row.cleared = at
            self._session.add(row)
        await self._session.flush()
        return bool(rows)

    async def furthest(self, epoch: str) -> int | None:
        """The furthest place that was ever shown of the epoch; None when it was never shown."""
        query = select(func.max(col(OwnEvidenceRow.seq))).where(col(OwnEvidenceRow.epoch) == epoch)
        found: int | None = await self._session.scalar(query)
        return found

    async def of_life(self, life: str) -> tuple[ShownEvidence, ...]:
        """What holds of everything that was shown in this life."""
        query = select(OwnEvidenceRow).where(col(OwnEvidenceRow.life) == life, col(OwnEvidenceRow.cleared).is_(None))
        return tuple(_value(row) for row in await self._session.exec(query.order_by(col(OwnEvidenceRow.number))))

    async def stopping(self) -> ShownEvidence | None:
        """What keeps the present life from issuing; None when nothing does."""
        present = select(LifeRow.id).order_by(col(LifeRow.number).desc()).limit(1).scalar_subquery()
        query = select(OwnEvidenceRow).where(
            col(OwnEvidenceRow.life) == present,
            col(OwnEvidenceRow.kind).in_(STOPS),
            col(OwnEvidenceRow.cleared).is_(None),
        )
        row = (await self._session.exec(query.order_by(col(OwnEvidenceRow.number)).limit(1))).first()
        return _value(row) if row else None

    async def answers_as(self, who: str) -> None:
        """Note who answers at our own address; "" where that is not known, which is no note of its own."""
        row = await self._session.get(MetaRow, _ADDRESS)
        if (row.value if row is not None else "") == who:
            return
        await self._session.merge(MetaRow(name=_ADDRESS, value=who))
        await self._session.flush()

    async def answering(self) -> str:
        """Who answered at our own address the last time; "" where that is not known."""
        row = await self._session.get(MetaRow, _ADDRESS)
        return row.value if row else ""

    async def lives_since(self, why: str, moment: datetime) -> int:
        """How many lives began for this reason after ``moment``."""
        query = select(func.count()).select_from(LifeRow).where(col(LifeRow.why) == why, col(LifeRow.began) > moment)
        return int(await self._session.scalar(query) or 0)

    async def all(self, *, limit: int = 100) -> tuple[ShownEvidence, ...]:
        """Everything that was shown, the last first."""
        query = select(OwnEvidenceRow).order_by(col(OwnEvidenceRow.number).desc()).limit(limit)
        return tuple(_value(row) for row in await self._session.exec(query))


#: How long lives that began for evidence are counted, and how many of them there may be.
DAY = timedelta(days=1)
MOST_A_DAY = 3


def _value(row: OwnEvidenceRow) -> ShownEvidence:
    return ShownEvidence(
        kind=EvidenceKind(row.kind),
        epoch=row.epoch,
        shown_by=row.shown_by,
        noted=row.noted,
        seq=row.seq,
        raw=row.raw,
    )
