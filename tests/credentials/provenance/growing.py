"""A case that grows: what is in hand arrives in portions, and the same case is asked for in between."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from credentials.evidence import Absent, Evidence, Found, Need
from credentials.provenance import Case, Holdings, Question, judge, needs, to_json
from credentials.provenance.statements.extraction import read
from credentials.provenance.statements.known_lots import KnownLots
from credentials.provenance.statements.statement import Statement
from credentials.verdict import Unusable, VerifiedCredential


@dataclass
class Counted:
    """The lenses' door: how often each credential was read, by the digest of its bytes."""

    times: dict[str, int] = field(default_factory=dict)

    def __call__(self, credential: VerifiedCredential, known: KnownLots) -> tuple[Statement, ...]:
        self.times[credential.object_digest] = self.times.get(credential.object_digest, 0) + 1
        return read(credential, known)


def grown(
    question: Question, held: Holdings, chance: random.Random, *, reader: Counted | None = None
) -> Iterator[tuple[Holdings, Case]]:
    """What has arrived by now and the case of it, again and again, until all of ``held`` has arrived."""
    credentials, answers = list(held.credentials), list(held.evidence.answers.items())
    chance.shuffle(credentials)
    chance.shuffle(answers)
    start = Case.growing(question, held.trust, reader=reader or Counted())
    come: list[VerifiedCredential | Unusable] = []
    known: dict[Need, Found | Absent] = {}
    while credentials or answers or not come:
        portion = [credentials.pop() for _ in range(min(chance.randint(0, 9), len(credentials)))]
        come += portion
        known |= dict(answers.pop() for _ in range(min(chance.randint(0, 9), len(answers))))
        start.graph.add(portion)
        start.evidence.now(Evidence(dict(known)))
        yield Holdings(credentials=tuple(come), evidence=Evidence(dict(known)), trust=held.trust), start.now()
        if not credentials and not answers:
            return


def report_bytes(case: Case) -> bytes:
    """A report as it would travel."""
    return json.dumps(to_json(judge(case))).encode()


def assert_grows(question: Question, held: Holdings, chance: random.Random, *, every: int = 1) -> None:
    """The frontier is the same all the way, the report every so often and at the end.

    What the case is compared with is built the other way round, so that whatever replaces something comes first there.
    """
    for step, (come, case) in enumerate(grown(question, held, chance)):
        at_once = Case.of(question, replace(come, credentials=come.credentials[::-1]))
        assert needs(case) == needs(at_once)
        whole = len(come.credentials) == len(held.credentials) and len(come.evidence.answers) == len(
            held.evidence.answers
        )
        if whole or step % every == 0:
            assert report_bytes(case) == report_bytes(at_once)
