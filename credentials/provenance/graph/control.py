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


class Control:
    """Answers that are good until more is filed; without ``registers`` no register and no assessor is believed."""

    def __init__(self, filed: Filing, registers: Registers | None) -> None:
        self._filed = filed
        self._registers = registers
        self._controls: dict[tuple[str, str], bool] = {}
        self._numbers: dict[str, frozenset[tuple[str, str]]] = {}

    def forget(self) -> None:
        """More is filed now."""
        self._controls.clear()
        self._numbers.clear()

    def controls(self, did: str, id: str) -> bool:
        """Does the canonical ``id`` belong to ``did``?"""
        known = self._controls.get((did, id))
        if known is None:
            known = self._controls[did, id] = is_own(did, id) or self._is_given(did, id)
        return known

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

    def registrations(self, did: str) -> frozenset[tuple[str, str]]:
        """The (scheme, registered id) pairs that listed registers give ``did``."""
        if self._registers is None:
            return frozenset()
        if did not in self._numbers:
            self._numbers[did] = self._registers.numbers(self._filed.anchors.get(did))
        return self._numbers[did]
