"""What a status list must not do: read, and write afterwards what follows from what was read.

A barrier stands between reading and writing, so that all have read before anyone writes: what is luck in a crowd is
certain here. Nothing else differs from the real thing: the same database, the same rows.
"""

from __future__ import annotations

from asyncio import Barrier

from sqlalchemy import text

from node.store import Store

_LIST = text("SELECT token, allocated FROM status_list")
_COUNT = text("UPDATE status_list SET allocated = :allocated")
_READ = text("SELECT value FROM meta WHERE name = 'naive-list'")
_WRITE = text("UPDATE meta SET value = :value WHERE name = 'naive-list'")
_SEED = text("INSERT INTO meta (name, value) VALUES ('naive-list', :value)")


async def reserve(store: Store, barrier: Barrier) -> tuple[str, int]:
    """An index of the one list there is: the counter is read, then written."""
    async with store.reading() as tx:
        token, allocated = (await (await tx.session.connection()).execute(_LIST)).one()
    await barrier.wait()
    async with store.writing() as tx:
        await (await tx.session.connection()).execute(_COUNT, {"allocated": allocated + 1})
    return token, allocated


async def seed(store: Store, length: int) -> None:
    """The list as a text in a row of its own, there before anybody comes: else the row itself is what they race for."""
    async with store.writing() as tx:
        await (await tx.session.connection()).execute(_SEED, {"value": bytes(length // 8).hex()})


async def revoke(store: Store, index: int, barrier: Barrier) -> None:
    """Set one bit: the whole list is read, changed and written."""
    bits = bytearray(await served(store))
    await barrier.wait()
    bits[index // 8] |= 0x80 >> index % 8
    async with store.writing() as tx:
        await (await tx.session.connection()).execute(_WRITE, {"value": bits.hex()})


async def served(store: Store) -> bytes:
    """The list as it would be served."""
    async with store.reading() as tx:
        return bytes.fromhex((await (await tx.session.connection()).execute(_READ)).scalar_one())
