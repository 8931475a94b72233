"""Anchoring: does somebody we believe vouch for this issuer? Walked along identity anchors found by DID service.

The rule: an unknown issuer is genuine and unanchored, never an error; what could not be fetched anchors nothing.
See docs/requirements.md DIA-10 and D11; docs/rules.md PV-ID-2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from credentials.encoding.document import Sha256, parse_document
from credentials.encoding.timespan import Timespan
from credentials.errors import CredentialsError, NotAccepted
from credentials.evidence import Evidence, Found, Need, NeedKind
from credentials.provenance import Holdings, Question
from credentials.provenance.case.case import Case
from credentials.provenance.case.parties import identity_path
from credentials.trust.anchors import AnchorPath
from credentials.trust.policy import Policy
from credentials.trust.trust_lists import TrustList
from credentials.untp.linkset import read_linkset
from credentials.verdict import VerifiedCredential
from node.flows.verifying.judging import Judging
from node.flows.verifying.verifying import Verifying
from node.wire.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchoring:
    """Walks from issuers to the trust list with what ``source`` finds."""

    source: Source
    trust: TrustList
    policy: Policy = field(default_factory=Policy)
    judging: Judging = field(default_factory=Judging)

    async def path(self, did: str, *, at: datetime) -> AnchorPath:
        """The path from ``did`` to an entry of the trust list, or how close it came."""
        held: dict[Sha256, VerifiedCredential] = {}
        evidence, asked, next_up = Evidence(), set[str](), {did}
        for _ in range(self.policy.max_chain):
            path = identity_path(self._case(did, held, evidence, at), did, Timespan.exactly(at))
            if path.anchored or not next_up:
                return path
            asked |= next_up
            anchors, evidence = await self._anchors_of(next_up, evidence, at)
            held |= {anchor.object_digest: anchor for anchor in anchors}
            next_up = {anchor.issuer for anchor in anchors} - asked
        return identity_path(self._case(did, held, evidence, at), did, Timespan.exactly(at))

    def _case(self, did: str, held: dict[Sha256, VerifiedCredential], evidence: Evidence, at: datetime) -> Case:
        credentials = tuple(held[digest] for digest in sorted(held))
        holdings = Holdings(credentials=credentials, evidence=evidence, trust=self.trust)
        return Case.of(Question(target=did, at=at, policy=self.policy), holdings)

    async def _anchors_of(
        self, dids: set[str], evidence: Evidence, at: datetime
    ) -> tuple[tuple[VerifiedCredential, ...], Evidence]:
        linksets = await self.source.answer(frozenset(Need(NeedKind.LINKSET, did) for did in dids), at=at)
        links = {href for answer in linksets.values() if isinstance(answer, Found) for href in _anchor_links(answer)}
        answers = await self.source.answer(frozenset(Need(NeedKind.CREDENTIAL, href) for href in links), at=at)
        found = [answer for _, answer in sorted(answers.items()) if isinstance(answer, Found)]
        verifying = Verifying(source=self.source, judging=self.judging)
        verdicts, evidence = await verifying.verify_all(
            [(one.body, one.media_type) for one in found], at=at, evidence=evidence
        )
        usable = []
        for verdict in verdicts:
            try:
                usable.append(verdict.require())
            except NotAccepted:
                continue  # an anchor that does not hold anchors nothing; the path then says what is missing
        return tuple(usable), evidence


def _anchor_links(answer: Found) -> tuple[str, ...]:
    try:
        targets = read_linkset(parse_document(answer.body).value).targets("dia")
    except CredentialsError:
        return ()
    return tuple(target.href for target in targets)
