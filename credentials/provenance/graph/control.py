"""Control: whose an identifier is, and which ids are one company, by what is in hand and whom the asker believes.

The rule: an address belongs to who has its host; a GS1 key, and an identifier in a listed register's name space, to
whom a listed register gives it or a recognised assessor certified after checking it. For this nothing is merged by
host: only one registered identity is one company.
See docs/decisions/0024-who-has-a-say.md.
"""

from __future__ import annotations

from credentials.provenance.graph.assessors import is_recognised, verifies
from credentials.provenance.graph.filing import Filing
from credentials.provenance.graph.registers import Registers
from credentials.provenance.statements.authority import is_licensed_number, is_own
from credentials.provenance.statements.kept import Kept, keeping


class Control:
    """Answers that are good until more is filed; without ``registers`` no register and no assessor is believed."""

    def __init__(self, filed: Filing, registers: Registers | None, kept: Kept) -> None:
        self._filed = filed
        self._registers = registers
        self.kept = kept

    @keeping
    def controls(self, did: str, id: str) -> bool:
        """Does the canonical ``id`` belong to ``did``?"""
        return is_own(did, id) or self._is_given(did, id)

    def one_company(self, one: str, other: str) -> bool:
        """Are two ids one party: the same id, or one registration by listed registers?"""
        return one == other or bool(self.registrations(one) & self.registrations(other))

    def _is_given(self, did: str, id: str) -> bool:
        registers = self._registers
        if registers is None:
            return False
        if did in registers.trust.holders_of(id):
            return True
        if not (is_licensed_number(id) or registers.keeps(id)):
            return False
        anchors = self._filed.anchors.get
        return registers.license(anchors(did), id) or any(
            attestation.issued_to == did
            and attestation.issuer != did
            and verifies(assessment, id)
            and is_recognised(registers, attestation, assessment, anchors(attestation.issuer))
            for attestation, assessment in self._filed.assessments.get(id)
        )

    @keeping
    def registrations(self, did: str) -> frozenset[tuple[str, str]]:
        """The (scheme, registered id) pairs that listed registers give ``did``."""
        registers = self._registers
        return registers.numbers(self._filed.anchors.get(did)) if registers is not None else frozenset()
