"""Control: whose an identifier is, and which ids are one company, by what is in hand and whom the asker believes.

The rule: an address belongs to who has its host; a GS1 key, and an identifier in a listed register's name space, to
whom a listed register gives it or a recognised assessor certified after checking it. For this nothing is merged by
host: only one registered identity is one company.
See docs/decisions/0024-who-has-a-say.md.
"""

from __future__ import annotations

from credentials.provenance.graph.assessors import accreditations_for, verifies
from credentials.provenance.graph.filing import Filing
from credentials.provenance.graph.registers import Registers
from credentials.provenance.statements.authority import is_licensed_number, is_own
from credentials.provenance.statements.kept import Kept, keeping
from credentials.provenance.statements.statement import Statement


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
        if self._registers is None:
            return False
        return did in self._registers.trust.holders_of(id) or bool(self.grants(did, id))

    @keeping
    def grants(self, did: str, id: str) -> tuple[tuple[Statement, ...], ...]:
        """By which statements the canonical ``id`` is given to ``did``, each enough alone; the trust list's aside.

        The anchor of a listed register, or the attestation of an assessor with what accredits it.
        """
        registers = self._registers
        if registers is None or not (is_licensed_number(id) or registers.keeps(id)):
            return ()
        anchors = self._filed.anchors.get
        found: list[tuple[Statement, ...]] = [(one,) for one in anchors(did) if registers.license([one], id)]
        for attestation, assessment in self._filed.assessments.get(id):
            if attestation.issued_to == did and attestation.issuer != did and verifies(assessment, id):
                by = accreditations_for(registers, attestation, assessment, anchors(attestation.issuer))
                found += [(attestation, *vouched) for vouched in by]
        return tuple(found)

    @keeping
    def registrations(self, did: str) -> frozenset[tuple[str, str]]:
        """The (scheme, registered id) pairs that listed registers give ``did``."""
        registers = self._registers
        return registers.numbers(self._filed.anchors.get(did)) if registers is not None else frozenset()
