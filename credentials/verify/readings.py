"""Readings, kept from one judgement to the next, so that the same bytes are not read again.

The rule: a reading is found under all that it depends on: the bytes, the media type, the role, the contexts and the
schemas. It answers for no other key, moment, status or policy: these are asked of the evidence of the moment, every
time (:mod:`credentials.verify.checking`).
"""

from __future__ import annotations

from typing import TypeAlias

from contexts.library import ContextLibrary, standard_library
from credentials.encoding.document import Sha256, sha256_hex
from credentials.schemas import NO_SCHEMAS, SchemaLibrary
from credentials.verify.reading import Reading
from credentials.verify.roles import CREDENTIAL, Role

_Key: TypeAlias = tuple[Sha256, str | None, Role, str, SchemaLibrary]


class Readings:
    """What somebody read last: at most ``most`` readings that hold, of at most ``size`` bytes in all.

    A quarter as many that do not, or whose keys are not known yet, are kept apart: bad input displaces nothing good.
    """

    def __init__(self, *, most: int = 64, size: int = 8 * 2**20) -> None:
        self._good, self._other = _Bounded(most, size), _Bounded(most // 4, size // 4)

    def __len__(self) -> int:
        return len(self._good.kept) + len(self._other.kept)

    def find(
        self,
        raw: bytes,
        media_type: str | None,
        *,
        role: Role = CREDENTIAL,
        contexts: ContextLibrary | None = None,
        schemas: SchemaLibrary = NO_SCHEMAS,
    ) -> Reading | None:
        """The reading of ``raw`` with its newest marks; None where none is kept."""
        fingerprint = (contexts or standard_library()).fingerprint
        key = (sha256_hex(raw), media_type, role, fingerprint, schemas)
        return self._good.kept.get(key) or self._other.kept.get(key)

    def keep(self, reading: Reading) -> None:
        """Keep ``reading`` as what was used last, instead of an earlier one of the same."""
        key = (reading.digest, reading.media_type, reading.role, reading.contexts, reading.schemas)
        for place in (self._good, self._other):
            place.drop(key)
        (self._good if reading.holds else self._other).add(key, reading)


class _Bounded:
    """So many readings of so many bytes, the one used last at the end."""

    def __init__(self, most: int, size: int) -> None:
        self._most, self._size, self._bytes = most, size, 0
        self.kept: dict[_Key, Reading] = {}

    def add(self, key: _Key, reading: Reading) -> None:
        self.kept[key] = reading
        self._bytes += _size(reading)
        while len(self.kept) > self._most or self._bytes > self._size:
            self.drop(next(iter(self.kept)))

    def drop(self, key: _Key) -> None:
        dropped = self.kept.pop(key, None)
        self._bytes -= _size(dropped) if dropped is not None else 0


def _size(reading: Reading) -> int:
    return len(reading.raw) + (len(reading.bits) if isinstance(reading.bits, bytes) else 0)
