"""A bundle's file can be written in one way only: every other byte is another file, and refused."""

from __future__ import annotations

import struct
import warnings
import zipfile
from io import BytesIO
from random import Random

import pytest

from credentials.encoding import bundle_file
from credentials.encoding.bundle_file import MOST_MEMBERS, read_bundle, write_bundle
from credentials.errors import MalformedInput

MEMBERS = {"report.json": b"{}\n", "documents/aa": b"one", "documents/bb": b"two", "pack.toml": b""}


def refused(raw: bytes) -> bool:
    try:
        read_bundle(raw)
    except MalformedInput as error:
        return error.problem.code in ("BUNDLE_DAMAGED", "TOO_LARGE")
    return False


def zipped(members: list[tuple[str, bytes]], *, method: int = zipfile.ZIP_STORED, comment: bytes = b"") -> bytes:
    buffer = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as archive:
        warnings.simplefilter("ignore")  # a name twice is what is asked for
        archive.comment = comment
        for name, part in members:
            archive.writestr(zipfile.ZipInfo(name), part, compress_type=method)
    return buffer.getvalue()


def test_what_was_packed_is_read_again_in_any_order_of_packing() -> None:
    raw = write_bundle(MEMBERS)
    assert read_bundle(raw) == MEMBERS
    assert write_bundle(dict(reversed(MEMBERS.items()))) == raw


def test_a_byte_changed_anywhere_is_another_file() -> None:
    raw, chance = write_bundle(MEMBERS), Random(1)
    for place in range(len(raw)):
        edited = bytearray(raw)
        edited[place] ^= chance.randrange(1, 256)
        assert refused(bytes(edited)), place


def test_a_byte_more_or_less_anywhere_is_another_file() -> None:
    raw = write_bundle(MEMBERS)
    assert all(refused(raw[:place] + raw[place + 1 :]) for place in range(0, len(raw), 7))
    assert all(refused(raw[:place] + b"\0" + raw[place:]) for place in range(0, len(raw) + 1, 7))


def test_a_member_of_another_bundle_is_not_one_of_this() -> None:
    held, other = dict(_all(write_bundle(MEMBERS))), dict(_all(write_bundle(MEMBERS | {"report.json": b"[]\n"})))
    assert not refused(zipped_as_we_do(held))
    assert refused(zipped_as_we_do(held | {"report.json": other["report.json"]}))
    assert refused(zipped_as_we_do({name: part for name, part in held.items() if name != "pack.toml"}))
    assert refused(zipped_as_we_do(held | {"documents/cc": b"three"}))


def _all(raw: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        return [(one.filename, archive.read(one)) for one in archive.infolist()]


def zipped_as_we_do(members: dict[str, bytes]) -> bytes:
    return bundle_file._zip(members)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK\x05\x06" + bytes(18),
        b"no zip at all",
        zipped([("manifest.json", b"{}")]),
        zipped([("manifest.json", b'{"type":"tracenode-bundle-1","members":{}}')], comment=b"hello"),
        zipped([("a", b"x"), ("a", b"y")]),
        zipped([("manifest.json", b"[" * 100_000)]),
        zipped([("manifest.json", bytes(50_000_000))], method=zipfile.ZIP_DEFLATED),
    ],
    ids=["empty", "end alone", "text", "no manifest", "comment", "twice", "deep", "bomb"],
)
def test_what_is_no_bundle_is_refused_by_name(raw: bytes) -> None:
    assert refused(raw)


def test_members_that_share_their_bytes_are_refused_before_they_are_read() -> None:
    one = zipped([("manifest.json", bytes(1_000))])
    central, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    entry, count = one[central:end], 2_000
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, central, 0)
    names = [entry[:46] + f"member{place:07}".encode() for place in range(count)]
    assert refused(one[:central] + b"".join(names) + tail)


@pytest.mark.parametrize(
    "name", ["", "../x", "/x", "a/b/c", "A", "a\\b", "a//b", ".", "a/", "manifest.json", "a b", "é"]
)
def test_a_name_that_could_be_a_path_is_never_written(name: str) -> None:
    with pytest.raises(MalformedInput):
        write_bundle({name: b""})


def test_what_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = write_bundle(MEMBERS)
    monkeypatch.setattr(bundle_file, "LARGEST", len(raw) - 1)
    with pytest.raises(MalformedInput) as refusal:
        read_bundle(raw)
    assert refusal.value.problem.code == "TOO_LARGE"


@pytest.mark.slow
def test_what_is_written_is_read_again_up_to_as_many_members_as_a_zip_has_records() -> None:
    members = {f"documents/{number}": b"" for number in range(MOST_MEMBERS)}
    raw = write_bundle(members)
    assert len(raw) > 10_000_000  # a manifest beyond what other JSON may have
    assert read_bundle(raw) == members
    with pytest.raises(MalformedInput) as refused:
        write_bundle({**members, "one-more": b""})
    assert refused.value.problem.code == "TOO_LARGE"


def test_a_file_is_never_larger_than_may_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    members = {"a": bytes(1_000)}
    size = len(write_bundle(members))
    monkeypatch.setattr(bundle_file, "LARGEST", size)
    assert read_bundle(write_bundle(members)) == members
    monkeypatch.setattr(bundle_file, "LARGEST", size - 1)
    with pytest.raises(MalformedInput) as refused:
        write_bundle(members)
    assert refused.value.problem.code == "TOO_LARGE"
