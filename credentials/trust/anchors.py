"""Walking from a party to someone we believe, along the identity anchors that others issued about it.

The rule: a path ends in an entry of the trust list or it does not count. Every step must be reliable at the time it
is used for; a DID never appears twice (PV-ID-8) and a path is never longer than the policy allows (PV-ACC-6). Between
a party and a root stand only as many others as the root's entry lets vouch in its name (``delegates``).
When there is no path, the reason names what came closest.
See docs/rules.md PV-ID-2, PV-ID-3, PV-ID-8, PV-ACC-2 and PV-ACC-6.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from credentials.encoding.timespan import Timespan
from credentials.trust.trust_lists import TrustList, TrustRole


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Vouch:
    """An identity anchor as a step: ``issuer`` vouches for ``subject``; ``reliable`` at the time it is used for."""

    credential: str
    issuer: str
    subject: str
    register_type: str
    scheme: str = ""
    scope: tuple[str, ...] = ()
    reliable: bool = True


class Reason(StrEnum):
    """Why a walk ended as it did; the later ones came closer."""

    NO_ANCHOR = "nobody vouches for it"
    UNRELIABLE = "its anchor was not valid at the time, or is revoked"
    UNTRUSTED = "its anchor comes from a party outside the trust list"
    CYCLE = "the parties vouch for each other and for nobody's root"
    TOO_LONG = "its chain is longer than the policy allows"
    NOT_DELEGATED = "the trust list does not let its root have others vouch so far"
    ANCHORED = "anchored"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorPath:
    """The steps from ``did`` towards a root, and how the walk ended; no steps and ANCHORED: it is a root itself."""

    did: str
    steps: tuple[Vouch, ...]
    reason: Reason

    @property
    def anchored(self) -> bool:
        """Does the path end in the trust list?"""
        return self.reason is Reason.ANCHORED

    @property
    def root(self) -> str:
        """The DID the path ends in."""
        return self.steps[-1].issuer if self.steps else self.did


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What one walk looks for: which vouches count, and who is a root for them at ``when``."""

    vouches: Callable[[str], Iterable[Vouch]]  # everybody who vouches for a DID
    trust: TrustList
    when: Timespan
    roles: frozenset[TrustRole]
    register_types: frozenset[str]
    schemes: tuple[str, ...] = ()  # a root must be believed for one of these; empty: for the step's own scheme
    max_length: int = 4

    def about(self, did: str) -> tuple[Vouch, ...]:
        """The vouches for ``did`` that this walk counts, sorted."""
        return tuple(sorted(one for one in self.vouches(did) if one.register_type in self.register_types))

    def delegates(self, did: str, schemes: Iterable[str], register_type: str = "") -> int | None:
        """How many others may vouch in the name of ``did`` for any of ``schemes`` (or anything); None: no root."""
        entries = (
            entry
            for scheme in (tuple(schemes) or ("",))
            for entry in self.trust.entries_for(
                did, roles=self.roles, when=self.when, scheme=scheme, register_type=register_type
            )
        )
        return max((entry.delegates for entry in entries), default=None)


def anchor_path(did: str, walk: Walk) -> AnchorPath:
    """The shortest path from ``did`` to a root, or the attempt that came closest; linear in the number of vouches."""
    if walk.delegates(did, walk.schemes) is not None:
        return AnchorPath(did=did, steps=(), reason=Reason.ANCHORED)
    attempts: list[AnchorPath] = []
    ends: deque[tuple[Vouch, ...]] = deque([()])
    expanded: set[str] = set()
    while ends:
        steps = ends.popleft()
        current = steps[-1].issuer if steps else did
        if current in expanded:
            continue
        expanded.add(current)
        for vouch in walk.about(current):
            path = (*steps, vouch)
            reason = _judge(did, path, walk)
            if reason is None:
                ends.append(path)
            else:
                attempts.append(AnchorPath(did=did, steps=path, reason=reason))
    return min(attempts, key=_rank) if attempts else AnchorPath(did=did, steps=(), reason=Reason.NO_ANCHOR)


def _judge(did: str, path: tuple[Vouch, ...], walk: Walk) -> Reason | None:
    """How ``path`` ends with its last step; None when the walk goes on from there."""
    last = path[-1]
    if not last.reliable:
        return Reason.UNRELIABLE
    delegates = walk.delegates(last.issuer, walk.schemes or (last.scheme,), last.register_type)
    if delegates is not None:
        return Reason.ANCHORED if len(path) - 1 <= delegates else Reason.NOT_DELEGATED
    if last.issuer in (did, *(step.issuer for step in path[:-1])):
        return Reason.CYCLE
    if not walk.about(last.issuer):
        return Reason.UNTRUSTED
    return Reason.TOO_LONG if len(path) >= walk.max_length else None


def _rank(attempt: AnchorPath) -> tuple[int, int, tuple[Vouch, ...]]:
    return (-list(Reason).index(attempt.reason), len(attempt.steps), attempt.steps)
