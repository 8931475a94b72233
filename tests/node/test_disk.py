"""node.disk: private files, whole or not at all, and one process at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from node.disk import FolderLock, RunNote, check_private, make_private_folder, read_private, write_private
from node.errors import FolderProblem


def test_a_private_file_is_for_its_owner_only(tmp_path: Path) -> None:
    write_private(tmp_path / "secret", b"one")

    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert read_private(tmp_path / "secret") == b"one"


def test_a_private_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_private(tmp_path / "secret", b"one")
    write_private(tmp_path / "secret", b"two")

    assert read_private(tmp_path / "secret") == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_file_that_must_be_new_is_not_overwritten(tmp_path: Path) -> None:
    write_private(tmp_path / "secret", b"one")

    with pytest.raises(FolderProblem) as refusal:
        write_private(tmp_path / "secret", b"two", replace=False)

    assert refusal.value.problem.code == "FOLDER_EXISTS"
    assert read_private(tmp_path / "secret") == b"one"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o666, 0o601])
def test_a_mode_that_lets_others_in_is_refused(tmp_path: Path, mode: int) -> None:
    write_private(tmp_path / "secret", b"one")
    (tmp_path / "secret").chmod(mode)

    with pytest.raises(FolderProblem) as refusal:
        read_private(tmp_path / "secret")

    assert refusal.value.problem.code == "FILE_MODE"
    assert "chmod 600" in refusal.value.problem.fix


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "open").chmod(0o755)

    with pytest.raises(FolderProblem, match="755"):
        make_private_folder(tmp_path / "open")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderProblem, match="nothing"):
        check_private(tmp_path / "nothing")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(FolderProblem, match="cannot be created"):
        make_private_folder(tmp_path / "file" / "below")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderProblem, match="cannot be written"):
        write_private(tmp_path / "nowhere" / "secret", b"one")


def test_a_second_lock_is_refused_and_names_the_holder(tmp_path: Path) -> None:
    with_lock = FolderLock(tmp_path / "lock").acquire()
    code = "import sys,pathlib; from node.disk import FolderLock; FolderLock(pathlib.Path(sys.argv[1])).acquire()"

    other = subprocess.run([sys.executable, "-c", code, str(tmp_path / "lock")], capture_output=True, text=True)

    assert "already works on this data folder" in other.stderr
    with_lock.release()
    with_lock.release()
    FolderLock(tmp_path / "lock").acquire().release()


def test_the_lock_of_a_dead_process_is_free(tmp_path: Path) -> None:
    code = (
        "import os,sys,pathlib; from node.disk import FolderLock;"
        "FolderLock(pathlib.Path(sys.argv[1])).acquire(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "lock")], check=False)

    FolderLock(tmp_path / "lock").acquire().release()


def test_the_note_of_a_running_node_is_private_and_shows_no_token(tmp_path: Path) -> None:
    note = RunNote(process=1, public="127.0.0.1:1", plain="http://127.0.0.1:2", token="tn_secret")

    note.write(tmp_path)

    assert RunNote.read(tmp_path) == note
    assert "tn_secret" not in repr(note)
    assert (tmp_path / "run.json").stat().st_mode & 0o777 == 0o600


def test_a_missing_or_damaged_note_is_no_note(tmp_path: Path) -> None:
    assert RunNote.read(tmp_path) is None
    write_private(tmp_path / "run.json", b'{"process": 1')
    assert RunNote.read(tmp_path) is None
