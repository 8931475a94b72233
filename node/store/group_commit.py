"""One commit for what several ask for at the same time: a commit is most of what a small change costs.

The rule: whoever asked is answered after the commit that holds what he asked for, never before. Nobody waits for
others to come: the first one begins at once, and what comes while a commit is under way is the next one together. What
one of them did wrong undoes all, and then each is done alone, so that it is his problem and nobody else's.
See docs/decisions/0014-commit-together.md.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from node.errors import StoreProblem
from node.faults import Faults
from node.store.transaction import Transaction

T = TypeVar("T")
MOST: Final = 100  # changes in one transaction

Work = Callable[[Transaction], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class _Asked:
    work: Work
    answer: asyncio.Future[Any]


class GroupCommit:
    """Does works together; ``write`` does one work in a transaction of its own, beginning again where it must."""

    def __init__(self, write: Callable[[Work], Awaitable[Any]], *, faults: Faults) -> None:
        self._write, self._faults = write, faults
        self._waiting: deque[_Asked] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def do(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """What ``work`` returns, once it is committed. It may be begun again, and changes nothing outside.

        Raises:
            StoreProblem: nothing is known to have happened. Whatever ``work`` raises: nothing happened.
        """
        asked = _Asked(work, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all())
        result: T = await asked.answer
        return result

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        if self._writer is not None:
            await self._writer

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                await self._write_some([self._waiting.popleft() for _ in range(min(len(self._waiting), MOST))])
        finally:
            self._writer = None

    async def _write_some(self, together: Sequence[_Asked]) -> None:
        async def all_of_them(tx: Transaction) -> list[Any]:
            done = [await asked.work(tx) for asked in together]
            self._faults.reach("gathered.before-commit")
            return done

        try:
            results = await self._write(all_of_them)
        except Exception as error:
            if len(together) == 1 or isinstance(error, StoreProblem):  # the database's fault is everybody's
                _answer(together, error)
                return
            for asked in together:
                await self._write_some([asked])
        else:
            self._faults.reach("gathered.after-commit")
            for asked, result in zip(together, results, strict=True):
                if not asked.answer.done():  # he may have gone away
                    asked.answer.set_result(result)


def _answer(together: Sequence[_Asked], error: Exception) -> None:
    for asked in together:
        if not asked.answer.done():
            asked.answer.set_exception(error)
