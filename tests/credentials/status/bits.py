"""Packed lists with single bits set, made without the packing that the node uses."""

from __future__ import annotations

from credentials.status.bitstring import MINIMUM_BITS, value_at


def empty_list() -> bytes:
    """A list of zeros of the smallest size."""
    return bytes(MINIMUM_BITS // 8)


def bit_at(bits: bytes, index: int) -> int:
    """The bit at ``index``."""
    return value_at(bits, index, 1)


def with_bit(bits: bytes, index: int, value: int) -> bytes:
    """A copy of ``bits`` in which entry ``index`` is ``value`` (0 or 1); index 0 is the leftmost."""
    changed, mask = bytearray(bits), 0x80 >> index % 8
    changed[index // 8] = changed[index // 8] | mask if value else changed[index // 8] & ~mask & 0xFF
    return bytes(changed)
