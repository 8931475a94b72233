"""node.keyring: keys sealed at rest, opened whole or refused by name."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from credentials.encoding.document import walk
from credentials.keys.algorithms import KeyKind, PublicKey, SigningKey
from node.errors import Conflict, FolderProblem, KeyringProblem
from node.keyring import PUBLISHED, PURPOSES, Keyring, Unlocking, new_key_file, refuse_published
from tests.node.folders import AT
from tests.shared import shared_json

FARM = "did:web:farm.test"
MILL = "did:web:mill.test"
KEY = Unlocking(key=bytes(32))


def _open(folder: Path, *, did: str = FARM, unlocking: Unlocking = KEY) -> Keyring:
    return Keyring.open(folder, did=did, unlocking=unlocking, production=True)


def test_a_keyring_signs_the_same_after_it_is_opened_again(tmp_path: Path) -> None:
    made = Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    opened = _open(tmp_path)

    assert opened.entries == made.entries
    signature = opened.signer("cred-1").sign(b"data")
    made.signer("cred-1").public_key.verify(signature, b"data")


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    assert {entry.name: entry.purpose for entry in keyring.entries} == PURPOSES
    assert len({entry.public_key for entry in keyring.entries}) == len(PURPOSES)


def test_a_passphrase_opens_what_it_locked_and_another_does_not(tmp_path: Path) -> None:
    (tmp_path / "pass").write_bytes(b"correct horse battery staple\n")
    (tmp_path / "pass").chmod(0o600)
    passphrase = Unlocking.from_files(key_file=None, passphrase_file=tmp_path / "pass")
    made = Keyring.create(tmp_path, did=FARM, unlocking=passphrase)

    assert _open(tmp_path, unlocking=passphrase).entries == made.entries
    with pytest.raises(KeyringProblem) as refusal:
        _open(tmp_path, unlocking=Unlocking(passphrase=b"incorrect horse battery"))
    assert refusal.value.problem.code == "KEYRING_LOCKED"


def test_another_key_file_does_not_open_it(tmp_path: Path) -> None:
    Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    with pytest.raises(KeyringProblem) as refusal:
        _open(tmp_path, unlocking=Unlocking(key=bytes(31) + b"\1"))

    assert refusal.value.problem.code == "KEYRING_LOCKED"


def test_a_passphrase_does_not_open_what_a_key_file_locked(tmp_path: Path) -> None:
    Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    with pytest.raises(KeyringProblem, match="locked by key-file"):
        _open(tmp_path, unlocking=Unlocking(passphrase=b"correct horse battery staple"))


def test_the_keyring_of_another_issuer_is_refused(tmp_path: Path) -> None:
    Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    with pytest.raises(KeyringProblem, match=r"belongs to did:web:farm\.test"):
        _open(tmp_path, did=MILL)


def test_a_key_file_moved_to_another_purpose_does_not_open(tmp_path: Path) -> None:
    Keyring.create(tmp_path, did=FARM, unlocking=KEY)
    keys = tmp_path / "keys"
    (keys / "auth-1.json").write_bytes((keys / "cred-1.json").read_bytes())

    with pytest.raises(KeyringProblem, match="auth-1 does not open"):
        _open(tmp_path)


def test_a_key_file_of_another_issuer_does_not_open_under_the_same_lock(tmp_path: Path) -> None:
    for did in (FARM, MILL):
        (tmp_path / did).mkdir(mode=0o700)
        Keyring.create(tmp_path / did, did=did, unlocking=KEY)
    stolen = (tmp_path / MILL / "keys" / "cred-1.json").read_bytes()
    (tmp_path / FARM / "keys" / "cred-1.json").write_bytes(stolen)

    with pytest.raises(KeyringProblem, match="cred-1 does not open"):
        _open(tmp_path / FARM)


@pytest.mark.parametrize("name", ["cred-1.json", "auth-1.json", "keyring.json"])
def test_a_file_written_by_half_is_named(tmp_path: Path, name: str) -> None:
    Keyring.create(tmp_path, did=FARM, unlocking=KEY)
    path = tmp_path / "keys" / name
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(KeyringProblem, match=name):
        _open(tmp_path)


@pytest.mark.parametrize("member", ["sealed", "public", "kind"])
def test_a_changed_member_of_a_key_file_does_not_pass(tmp_path: Path, member: str) -> None:
    Keyring.create(tmp_path, did=FARM, unlocking=KEY)
    path = tmp_path / "keys" / "cred-1.json"
    value = json.loads(path.read_bytes())
    value[member] = ("A" if value[member][0] != "A" else "B") + value[member][1:]
    path.write_text(json.dumps(value))

    with pytest.raises(KeyringProblem):
        _open(tmp_path)


def test_a_keyring_that_asks_for_other_work_is_refused_before_the_work(tmp_path: Path) -> None:
    passphrase = Unlocking(passphrase=b"correct horse battery staple")
    Keyring.create(tmp_path, did=FARM, unlocking=passphrase)
    path = tmp_path / "keys" / "keyring.json"
    value = json.loads(path.read_bytes())
    value["derivation"]["memory_cost"] = 1 << 30
    path.write_text(json.dumps(value))

    with pytest.raises(KeyringProblem, match="other work"):
        _open(tmp_path, unlocking=passphrase)


@pytest.mark.parametrize("name", ["cred-1.json", "keyring.json"])
def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path, name: str) -> None:
    Keyring.create(tmp_path, did=FARM, unlocking=KEY)
    (tmp_path / "keys" / name).chmod(0o644)

    with pytest.raises(FolderProblem) as refusal:
        _open(tmp_path)

    assert refusal.value.problem.code == "FILE_MODE"


def test_a_keyring_is_not_made_over_another(tmp_path: Path) -> None:
    Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    with pytest.raises(FolderProblem) as refusal:
        Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    assert refusal.value.problem.code == "FOLDER_EXISTS"


def test_no_private_key_is_on_disk_in_clear(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path, did=FARM, unlocking=KEY)
    secrets = [keyring.signer(name) for name in PURPOSES]

    written = b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())

    for signer in secrets:
        assert isinstance(signer, SigningKey)
        assert signer.secret not in written
        assert signer.secret.hex().encode() not in written


def test_what_prints_a_keyring_shows_no_secret(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    assert repr(keyring) == "Keyring(did:web:farm.test, ['auth-1', 'cred-1'])"
    assert "00" not in repr(KEY)


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    with pytest.raises(KeyringProblem) as refusal:
        keyring.signer("cred-9")

    assert refusal.value.problem.code == "KEY_UNKNOWN"


def test_a_key_printed_in_a_specification_is_refused() -> None:
    printed = PublicKey(
        KeyKind.ED25519, bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    )

    with pytest.raises(KeyringProblem) as refusal:
        refuse_published(printed, "cred-1")

    assert refusal.value.problem.code == "KEY_PUBLISHED"
    refuse_published(SigningKey.generate().public_key, "cred-1")


@pytest.mark.parametrize(
    "path",
    [
        ("eddsa-rdfc-2022", "keyPair.json"),
        ("ecdsa-rdfc-2019-p256", "p256KeyPair.json"),
        ("proof-set-chain", "multiKeyPairs.json"),
        ("ecdsa-sd-2023", "SDKeyMaterial.json"),
    ],
)
def test_every_key_pair_of_the_published_vectors_is_refused(path: tuple[str, str]) -> None:
    pairs = [
        value["publicKeyMultibase"]
        for _, value in walk(shared_json("vectors", *path))
        if isinstance(value, dict) and "publicKeyMultibase" in value
    ]

    assert pairs
    assert set(pairs) <= PUBLISHED


@pytest.mark.parametrize(
    "content", [b"", b"short", b"!" * 43, new_key_file()[:-5]], ids=["empty", "short", "no base64", "cut off"]
)
def test_a_key_file_with_other_content_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kek").write_bytes(content)
    (tmp_path / "kek").chmod(0o600)

    with pytest.raises(KeyringProblem):
        Unlocking.from_files(key_file=tmp_path / "kek", passphrase_file=None)


def test_a_short_passphrase_and_no_file_at_all_are_refused(tmp_path: Path) -> None:
    (tmp_path / "pass").write_bytes(b"short")
    (tmp_path / "pass").chmod(0o600)

    with pytest.raises(KeyringProblem, match="12 characters"):
        Unlocking.from_files(key_file=None, passphrase_file=tmp_path / "pass")
    with pytest.raises(KeyringProblem, match="No key file"):
        Unlocking.from_files(key_file=None, passphrase_file=None)


LATER = AT + timedelta(minutes=5)


def test_a_rotation_publishes_the_new_key_and_ends_the_old_one_when_the_new_begins(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    before, new = keyring.rotate("cred", at=AT, wait=timedelta(minutes=5))

    assert (before.name, before.expires) == ("cred-1", LATER)
    assert (new.name, new.since, new.purpose) == ("cred-2", LATER, "assertionMethod")
    assert keyring.current("cred", at=LATER - timedelta(seconds=1)).name == "cred-1"
    assert keyring.current("cred", at=LATER).name == "cred-2"
    assert keyring.current("auth", at=LATER).name == "auth-1"
    assert [entry.name for entry in _open(tmp_path).entries] == ["cred-1", "cred-2", "auth-1"]


def test_what_a_keyring_knows_of_its_keys_survives_a_start(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path, did=FARM, unlocking=KEY)
    keyring.rotate("cred", at=AT, wait=timedelta(0))
    keyring.compromised("auth-1", since=AT - timedelta(hours=1), at=AT)

    assert _open(tmp_path).entries == keyring.entries


def test_the_moment_of_change_is_a_whole_second_and_never_early(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    before, new = keyring.rotate("cred", at=AT.replace(microsecond=1), wait=timedelta(0))

    assert before.expires == new.since == AT + timedelta(seconds=1)


def test_a_key_that_has_not_begun_is_not_replaced(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path, did=FARM, unlocking=KEY)
    keyring.rotate("cred", at=AT, wait=timedelta(minutes=5))

    with pytest.raises(Conflict):
        keyring.rotate("cred", at=AT + timedelta(minutes=4), wait=timedelta(minutes=5))

    assert keyring.rotate("cred", at=LATER, wait=timedelta(0))[1].name == "cred-3"


def test_the_next_rotation_destroys_private_halves_whose_time_is_over(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path, did=FARM, unlocking=KEY)
    secret = keyring.signer("cred-1")
    assert isinstance(secret, SigningKey)
    keyring.rotate("cred", at=AT, wait=timedelta(minutes=5))
    keyring.rotate("auth", at=LATER, wait=timedelta(0))

    with pytest.raises(KeyringProblem):
        keyring.signer("cred-1")
    assert "sealed" not in json.loads((tmp_path / "keys" / "cred-1.json").read_bytes())
    (entry,) = [entry for entry in _open(tmp_path).entries if entry.name == "cred-1"]
    assert (entry.public_key, entry.kept) == (secret.public_key, False)


def test_a_compromised_key_is_destroyed_and_replaced_at_once(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    marked, new = keyring.compromised("cred-1", since=AT - timedelta(days=1), at=AT)

    assert (marked.revoked, marked.kept) == (AT - timedelta(days=1), False)
    assert new is not None
    assert keyring.current("cred", at=AT).name == new.name == "cred-2"
    with pytest.raises(KeyringProblem):
        _open(tmp_path).signer("cred-1")


def test_a_compromise_can_only_be_moved_to_an_earlier_moment(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path, did=FARM, unlocking=KEY)
    keyring.compromised("cred-1", since=AT - timedelta(days=2), at=AT)

    later, none = keyring.compromised("cred-1", since=AT - timedelta(days=1), at=AT)
    earlier, _ = keyring.compromised("cred-1", since=AT - timedelta(days=3), at=AT)

    assert none is None
    assert later.revoked == AT - timedelta(days=2)
    assert earlier.revoked == AT - timedelta(days=3)


def test_a_compromise_does_not_lie_in_the_future_and_needs_a_key(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path, did=FARM, unlocking=KEY)

    with pytest.raises(Conflict):
        keyring.compromised("cred-1", since=AT + timedelta(seconds=1), at=AT)
    with pytest.raises(KeyringProblem):
        keyring.compromised("cred-7", since=AT, at=AT)
    with pytest.raises(KeyringProblem):
        keyring.rotate("log", at=AT, wait=timedelta(0))


@pytest.mark.parametrize("change", [{"life": {}}, {"life": {"revoked": "2030-01-01T00:00:00Z"}}, {"life": None}])
def test_a_life_that_was_edited_does_not_open(tmp_path: Path, change: dict[str, object]) -> None:
    Keyring.create(tmp_path, did=FARM, unlocking=KEY).compromised("cred-1", since=AT, at=AT)
    path = tmp_path / "keys" / "cred-1.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **change}))

    with pytest.raises(KeyringProblem):
        _open(tmp_path)


def test_a_revoked_key_whose_life_was_cut_out_does_not_open(tmp_path: Path) -> None:
    Keyring.create(tmp_path, did=FARM, unlocking=KEY).compromised("cred-1", since=AT, at=AT)
    path = tmp_path / "keys" / "cred-1.json"
    value = json.loads(path.read_bytes())
    path.write_text(json.dumps({name: item for name, item in value.items() if not name.startswith("life")}))

    with pytest.raises(KeyringProblem, match="holds no key"):
        _open(tmp_path)


def test_keys_in_memory_cannot_be_changed() -> None:
    keyring = Keyring(FARM, {"cred-1": SigningKey.generate()})

    with pytest.raises(KeyringProblem):
        keyring.rotate("cred", at=AT, wait=timedelta(0))
