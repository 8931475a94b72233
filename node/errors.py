"""What can go wrong in a running node, each with its code, pointer, cause and cure.

    NodeError
    ├── SettingsProblem     a setting that is missing, wrong, unsafe or contradicts another
    ├── FolderProblem       the data folder: not there, modes too wide, in use by another process
    ├── KeyringProblem      private keys that cannot be opened or must not be used
    ├── StoreProblem        the database cannot answer: damaged, from the future, full, busy
    ├── NotHeld             nothing under that name here
    ├── Gone                what was under that name was deleted
    ├── Conflict            the request contradicts what is already kept
    │   ├── StreamForked    a peer contradicts what it told before
    │   └── ReadOnly        this database may not be the only one of this node
    ├── DraftNotIssuable    a draft with named problems; nothing was signed or stored
    ├── SelfCheckFailed     what we signed does not verify against what we publish; nothing was released
    ├── Unauthenticated     nobody vouches for the caller
    ├── Forbidden           the caller is known and may not ask this
    ├── UnknownPeer         a node that is not in the peer book
    ├── TooMany             a budget of the caller is spent
    └── PeerUnreachable     another node did not answer

No word of HTTP here: the one table from these classes to status codes is the business of whoever speaks it. Problems
are ``credentials.errors.Problem`` values (RFC 9457), so a caller reads one shape whatever floor it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from credentials.errors import Problem


class NodeError(Exception):
    """Root of everything this floor raises on purpose; ``problem`` says what, where, why and how to mend it."""

    default_code: ClassVar[str] = "NODE_ERROR"

    def __init__(self, detail: str, *, code: str | None = None, pointer: str = "", fix: str = "") -> None:
        super().__init__(detail)
        self.problem = Problem(code=code or self.default_code, detail=detail, pointer=pointer, fix=fix)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem found, the first one first."""
        return (self.problem,)


class SettingsProblem(NodeError):
    """SETTING_INVALID: ``pointer`` names the setting, /like_this."""

    default_code = "SETTING_INVALID"


class FolderProblem(NodeError):
    """FOLDER_MISSING, FOLDER_EXISTS, FOLDER_IN_USE or FILE_MODE."""

    default_code = "FOLDER_MISSING"


class KeyringProblem(NodeError):
    """KEYRING_LOCKED (wrong passphrase or key file), KEYRING_DAMAGED, KEY_UNKNOWN or KEY_PUBLISHED."""

    default_code = "KEYRING_DAMAGED"


class StoreProblem(NodeError):
    """STORE_UNAVAILABLE, STORE_FULL, STORE_DAMAGED, SCHEMA_NEWER, BACKUP_DAMAGED or BACKUP_FOREIGN."""

    default_code = "STORE_UNAVAILABLE"


class NotHeld(NodeError):
    """NOT_HELD: nothing is kept under that name."""

    default_code = "NOT_HELD"


class Gone(NodeError):
    """GONE: what was kept under that name was deleted."""

    default_code = "GONE"


class Conflict(NodeError):
    """CONFLICT: the request contradicts what is kept (another body under one idempotency key, a final status)."""

    default_code = "CONFLICT"


class StreamForked(Conflict):
    """STREAM_FORKED: a peer contradicts what it told before; ``head`` is what it signed then, "" for nothing."""

    default_code = "STREAM_FORKED"

    def __init__(self, detail: str, *, head: str = "", fix: str = "") -> None:
        super().__init__(detail, fix=fix)
        self.head = head


class ReadOnly(Conflict):
    """LIFE_IN_DOUBT or TWO_COPIES: this database may not be the only one of this node, so it issues nothing."""

    default_code = "LIFE_IN_DOUBT"


class DraftNotIssuable(NodeError):
    """DRAFT_NOT_ISSUABLE, or the code of the first of its ``problems``; nothing was signed, nothing was stored."""

    default_code = "DRAFT_NOT_ISSUABLE"

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(first.detail, code=first.code, pointer=first.pointer, fix=first.fix)
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every reason why the draft was refused."""
        return self._problems


class SelfCheckFailed(NodeError):
    """SELF_CHECK_FAILED: a fault of ours (or of the signer); the credential was not released."""

    default_code = "SELF_CHECK_FAILED"


class Unauthenticated(NodeError):
    """NOT_AUTHENTICATED: no valid token or signature came with the request."""

    default_code = "NOT_AUTHENTICATED"


class Forbidden(NodeError):
    """NOT_ALLOWED: the caller's role may not ask this."""

    default_code = "NOT_ALLOWED"


class UnknownPeer(NodeError):
    """UNKNOWN_PEER: the sender is not in the peer book."""

    default_code = "UNKNOWN_PEER"


class TooMany(NodeError):
    """TOO_MANY: the caller's budget is spent; ``retry_after`` is in seconds."""

    default_code = "TOO_MANY"

    def __init__(self, detail: str, *, retry_after: int = 60, pointer: str = "", fix: str = "") -> None:
        super().__init__(detail, pointer=pointer, fix=fix or f"Ask again in {retry_after} seconds.")
        self.retry_after = retry_after


class PeerUnreachable(NodeError):
    """PEER_UNREACHABLE: another node did not answer in time."""

    default_code = "PEER_UNREACHABLE"
