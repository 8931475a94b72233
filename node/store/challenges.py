"""Questions about challenges: make one, and spend it once.

A challenge lives from its making to the one presentation that answers it; what is spent or expired is gone, so that a
challenge of ours which is not here is not good. In the database, so that neither a restart nor a second worker opens a
replay window. VCALM 0.9 section 3.3.3; VC Data Integrity section 2.1 (challenge); docs/conformance/w3c.md A7.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from node.store.tables import ChallengeRow

CHALLENGE_PREFIX: Final = "tnc_"  # tells ours from those that somebody else gave out
LIFE: Final = timedelta(minutes=10)


class Challenges:
    """The challenges given out, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def make(self, *, instance: str, at: datetime) -> str:
        """A challenge of 192 random bits for a presentation to this instance."""
        await self._session.exec(delete(ChallengeRow).where(col(ChallengeRow.expires) < at))
        challenge = CHALLENGE_PREFIX + secrets.token_urlsafe(24)
        self._session.add(ChallengeRow(challenge=challenge, instance=instance, expires=at + LIFE))
        await self._session.flush()
        return challenge

    async def spend(self, challenge: str, *, instance: str, at: datetime) -> bool:
        """Spend it; False when it was spent before, has expired, or was never given out by this instance."""
        taken = delete(ChallengeRow).where(
            col(ChallengeRow.challenge) == challenge,
            col(ChallengeRow.instance) == instance,
            col(ChallengeRow.expires) >= at,
        )
        return bool((await self._session.exec(taken)).rowcount)
