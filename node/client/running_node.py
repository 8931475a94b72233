"""The node that runs on a data folder, reached over its loopback listener with the token of its run.

A running node leaves a note in its folder, readable by its owner only. For the command and the demo.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from credentials.errors import Problem
from node.disk import LOCK, FolderLock, RunNote
from node.errors import FolderProblem, NodeError


class Refused(NodeError):
    """The running node refused: its problem, as it said it."""

    default_code = "REFUSED"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(first.detail, code=first.code, pointer=first.pointer, fix=first.fix)
        self._problems = problems

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem in the answer."""
        return self._problems


@dataclass(frozen=True, slots=True)
class RunningApi:
    """The API of the node that runs on a data folder."""

    note: RunNote

    def ask(self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None) -> Any:
        """One request; the JSON of the answer, the bytes of a zip. Raises Refused."""
        address = urlsplit(self.note.plain)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        try:
            sent = json.dumps(body).encode("utf-8") if body is not None else None
            stated = {"Authorization": f"Bearer {self.note.token}", "Accept": "application/json"}
            if sent is not None:
                stated["Content-Type"] = "application/json"
            connection.request(method, path, sent, {**stated, **(headers or {})})
            response = connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException) as error:  # also an answer that breaks off
            raise FolderProblem(
                f"The running node does not answer: {error}.",
                code="FOLDER_IN_USE",
                fix="Look at its log, or restart it.",
            ) from error
        finally:
            connection.close()
        if response.getheader("Content-Type") == "application/zip":
            return raw
        value = json.loads(raw) if raw else None
        if response.status >= 400:
            raise Refused(_problems(value, response.status))
        return value


def running_api(data: Path) -> RunningApi | None:
    """The API of the node that runs on ``data``; None when none does.

    Raises:
        FolderProblem: FOLDER_IN_USE when one runs that cannot be asked.
    """
    if not data.is_dir():
        return None
    lock = FolderLock(data / LOCK)
    try:
        lock.acquire().release()
    except FolderProblem:
        note = RunNote.read(data)
        if note is None or not note.plain:
            raise
        return RunningApi(note)
    return None


def _problems(value: Any, status: int) -> tuple[Problem, ...]:
    """The problem details of an answer (RFC 9457), or the bare status when there are none."""
    members = value if isinstance(value, dict) else {}
    listed = members.get("problems") or members.get("errors") or [members]
    return tuple(
        Problem(
            code=str(item.get("code") or members.get("code") or f"STATUS_{status}"),
            detail=str(item.get("detail") or members.get("title") or f"The node answered {status}."),
            pointer=str(item.get("pointer") or ""),
            fix=str(item.get("fix") or ""),
        )
        for item in listed
        if isinstance(item, dict)
    )
