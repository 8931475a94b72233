"""A bundle's file: named members in one zip, written in one way only, so that any other bytes are another file.

The rule: a bundle is read in memory and no name of it becomes a path. What is read is written again and has to be the
same bytes: so whatever a record of the zip can say besides (other names, times, lengths, comments, gaps, links,
encryption, compression, zip64) is refused without a rule for each.
Specification: docs/bundle.md; PKWARE APPNOTE 6.3.10.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Final

from credentials.encoding.document import sha256_hex
from credentials.encoding.jcs import canonical_json
from credentials.errors import CredentialsError, MalformedInput

MANIFEST: Final = "manifest.json"
TYPE: Final = "tracenode-bundle-1"
#: Bytes of a bundle, and members of it beside the manifest, at most: a zip counts its records in 16 bits.
LARGEST: Final = 200_000_000
MOST_MEMBERS: Final = 65_534
_NAME: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[a-z0-9]+(?:[.-][a-z0-9]+)*)?")
_BEGIN: Final = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a zip can say


def write_bundle(members: Mapping[str, bytes]) -> bytes:
    """The bytes of a bundle of ``members`` with their manifest, which must not be among them.

    Raises:
        MalformedInput: TOO_LARGE, or a name that no bundle has.
    """
    if any(not _NAME.fullmatch(name) or name == MANIFEST for name in members):
        raise MalformedInput("A member has a name that no bundle has.", fix="Use small letters, digits, dot and dash.")
    if len(members) > MOST_MEMBERS or sum(map(len, members.values())) > LARGEST:
        raise _too_large()
    raw = _zip({MANIFEST: _manifest(members), **{name: members[name] for name in sorted(members)}})
    if len(raw) > LARGEST:
        raise _too_large()
    return raw


def read_bundle(raw: bytes) -> dict[str, bytes]:
    """The members of a bundle by name, each as its manifest says.

    Raises:
        MalformedInput: BUNDLE_DAMAGED or TOO_LARGE.
    """
    if len(raw) > LARGEST:
        raise _too_large()
    try:
        held = _members(raw)
        if held.pop(MANIFEST) != _manifest(held):
            raise damaged("Its members are not as a manifest says.")
        if write_bundle(held) != raw:
            raise damaged("It is not written as a bundle is.")
    except (zipfile.BadZipFile, NotImplementedError, EOFError, KeyError, OSError, ValueError, RuntimeError) as error:
        raise damaged(f"It is no zip that can be read: {error}.") from error
    except CredentialsError as error:
        if error.problem.code == "BUNDLE_DAMAGED":
            raise
        raise damaged(error.problem.detail) from error
    return held


def _manifest(members: Mapping[str, bytes]) -> bytes:
    digests = {name: sha256_hex(part) for name, part in members.items()}
    return canonical_json({"type": TYPE, "members": digests})


def _too_large() -> MalformedInput:
    return MalformedInput(
        f"A bundle has at most {LARGEST} bytes and {MOST_MEMBERS} members.",
        code="TOO_LARGE",
        fix="Ask for fewer claims, or hand over the folder.",
    )


def damaged(why: str) -> MalformedInput:
    """The error of a bundle that is not what was packed."""
    return MalformedInput(
        f"The bundle is damaged, or was changed: {why}",
        code="BUNDLE_DAMAGED",
        fix="Get it again from whoever packed it.",
    )


def _zip(members: Mapping[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name, part in members.items():
            info = zipfile.ZipInfo(name, _BEGIN)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, part)
    return buffer.getvalue()


def _members(raw: bytes) -> dict[str, bytes]:
    """The members of a zip that is stored only, so that reading takes no more than it has."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        infos = archive.infolist()
        if len(infos) > MOST_MEMBERS + 1 or len({one.filename for one in infos}) != len(infos):
            raise damaged("It has too many members, or one twice.")
        if any(one.compress_type != zipfile.ZIP_STORED or one.file_size != one.compress_size for one in infos):
            raise damaged("A member is compressed.")
        if sum(one.file_size for one in infos) > len(raw):
            raise damaged("Members share their bytes.")
        return {one.filename: archive.read(one) for one in infos}
