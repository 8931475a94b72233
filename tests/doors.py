"""Counting at the doors of libraries: what was parsed as JSON, what was decoded, and which signatures were checked.

The counters stand around functions of ``orjson``, ``json``, ``binascii`` and ``cryptography``, so that what is counted
does not depend on how our own code is cut. Each counts by the bytes that came, so that twice the same is seen::

    doors = watch(monkeypatch)
    ...
    assert doors.twice() == {}
"""

from __future__ import annotations

import binascii
import functools
import json
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

_KEYS: Final = "credentials.keys"  # where loaded keys are memoized


@dataclass
class Doors:
    """What came through each door, by its bytes: JSON texts, base64url texts, and (key, signature, data)."""

    parsed: Counter[bytes] = field(default_factory=Counter)
    decoded: Counter[bytes] = field(default_factory=Counter)
    checked: Counter[tuple[bytes, bytes, bytes]] = field(default_factory=Counter)

    @property
    def checks(self) -> int:
        """Signatures that were checked, the same one as often as it was."""
        return self.checked.total()

    def parsings(self, *, least: int = 0) -> int:
        """JSON texts of at least so many bytes that were parsed, the same one as often as it was."""
        return sum(count for raw, count in self.parsed.items() if len(raw) >= least)

    def twice(self, *, least: int = 256) -> Mapping[object, int]:
        """What came more than once: signatures under one key, and JSON texts of at least so many bytes."""
        texts = {raw: count for raw, count in self.parsed.items() if len(raw) >= least and count > 1}
        return texts | {check: count for check, count in self.checked.items() if count > 1}

    def forget(self) -> None:
        """Begin to count anew."""
        for counter in (self.parsed, self.decoded, self.checked):
            counter.clear()


class _Key:
    """A key of the library that counts what it is asked to check."""

    def __init__(self, key: Any, doors: Doors) -> None:
        self._key, self._doors = key, doors

    def verify(self, signature: bytes, data: bytes, *algorithm: object) -> None:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        public = self._key.public_bytes(serialization.Encoding.DER, form)
        self._doors.checked[public, bytes(signature), bytes(data)] += 1
        self._key.verify(signature, data, *algorithm)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._key, name)


@ed25519.Ed25519PublicKey.register
class _EdKey(_Key):
    pass


@ec.EllipticCurvePublicKey.register
class _EcKey(_Key):
    pass


def watch(monkeypatch: pytest.MonkeyPatch) -> Doors:
    """Count from now on until the test ends, in this process."""
    doors = Doors()
    load, decode, unpack = orjson.loads, json.JSONDecoder.decode, binascii.a2b_base64

    def loads(raw: Any) -> Any:
        value = load(raw)
        doors.parsed[_bytes(raw)] += 1
        return value

    def decoded(self: json.JSONDecoder, text: str, *more: Any) -> Any:
        doors.parsed[_bytes(text)] += 1
        return decode(self, text, *more)

    def unpacked(text: Any, **more: Any) -> bytes:
        doors.decoded[_bytes(text)] += 1
        return unpack(text, **more)

    monkeypatch.setattr(orjson, "loads", loads)
    monkeypatch.setattr(json.JSONDecoder, "decode", decoded)
    monkeypatch.setattr(binascii, "a2b_base64", unpacked)
    _count_keys(monkeypatch, doors)
    return doors


def _count_keys(monkeypatch: pytest.MonkeyPatch, doors: Doors) -> None:
    raw, point = ed25519.Ed25519PublicKey.from_public_bytes, ec.EllipticCurvePublicKey.from_encoded_point
    monkeypatch.setattr(ed25519.Ed25519PublicKey, "from_public_bytes", lambda data: _EdKey(raw(data), doors))
    monkeypatch.setattr(
        ec.EllipticCurvePublicKey, "from_encoded_point", lambda curve, data: _EcKey(point(curve, data), doors)
    )
    _forget_loaded_keys()


def _forget_loaded_keys() -> None:
    """Keys that were loaded before would not count. What is loaded from now on counts, and afterwards nobody looks."""
    for name, module in list(sys.modules.items()):
        if name.startswith(_KEYS):
            for member in vars(module).values():
                if isinstance(member, functools._lru_cache_wrapper):
                    member.cache_clear()


def _bytes(text: Any) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)
