"""Bearer tokens as an administrator makes, lists and revokes them; the API and the command say the same.

The rule: a token is shown once, when it is made; afterwards only its number, label, role and times are known. Every
token ends, and the one who made or revoked it stands in the audit log (docs/requirements.md I12).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from credentials.encoding.moments import format_moment
from credentials.errors import MalformedInput
from node.store import AuditLine, KeptToken, Store


class TokenRole(StrEnum):
    """What a token is for; each may do what the one before it may, but for the certifier's narrower issuing.

    ``auditor`` reads what an operator reads; ``certifier`` issues conformity credentials and changes their status;
    ``issuer`` does so with any credential; ``operator`` runs the exchange; ``admin`` also keys, peers, trust, tokens.
    """

    AUDITOR = "auditor"
    CERTIFIER = "certifier"
    ISSUER = "issuer"
    OPERATOR = "operator"
    ADMIN = "admin"


DAYS: Final = 90
LONGEST_DAYS: Final = 3660
LONGEST_LABEL: Final = 80


async def made(store: Store, *, role: str, label: str, days: int, actor: str, at: datetime) -> dict[str, Any]:
    """Make a token for ``role`` that ends after ``days``; its line, and the token itself this once.

    Raises:
        MalformedInput: role, label or days are not usable.
    """
    if role not in set(TokenRole):
        raise MalformedInput("The role is not known.", pointer="/role", fix=f"Use {', '.join(TokenRole)}.")
    if not (label.strip() and len(label) <= LONGEST_LABEL and label.isprintable()):
        raise MalformedInput(
            f"The label is not a printable text of 1 to {LONGEST_LABEL} characters.",
            pointer="/label",
            fix="Say which program or account uses the token.",
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise MalformedInput(
            f"The days are not a number from 1 to {LONGEST_DAYS}.", pointer="/days", fix=f"Use {DAYS}."
        )
    async with store.writing() as tx:
        token = await tx.tokens.add_token(label=label, role=role, at=at, expires=at + timedelta(days=days))
        kept = (await tx.tokens.all())[0]
        await tx.audit.append(_audit_line("token.make", kept, actor), at=at)
    return {**_line(kept, at), "token": token}


async def listed(store: Store, *, at: datetime) -> list[dict[str, Any]]:
    """Every token that was made, the newest first: number, label, role, state and times."""
    async with store.reading() as tx:
        return [_line(kept, at) for kept in await tx.tokens.all()]


async def revoked(store: Store, number: int, *, actor: str, at: datetime) -> dict[str, Any]:
    """Revoke the token with this number; its line. Raises NotHeld where there is none."""
    async with store.writing() as tx:
        kept = await tx.tokens.revoke(number)
        await tx.audit.append(_audit_line("token.revoke", kept, actor), at=at)
    return _line(kept, at)


def _audit_line(action: str, kept: KeptToken, actor: str) -> AuditLine:
    return AuditLine(actor=actor, action=action, object=f"token:{kept.number}", outcome=kept.role)


def _line(kept: KeptToken, at: datetime) -> dict[str, Any]:
    state = "revoked" if kept.revoked else "expired" if kept.expires <= at else "good"
    return {
        "number": kept.number,
        "label": kept.label,
        "role": kept.role,
        "state": state,
        "created": format_moment(kept.created),
        "expires": format_moment(kept.expires),
    }
