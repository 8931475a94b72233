"""What facts and licences stand on: each in the document it names, by whom it says, as that document has it.

The rule: a step is refused when its document does not say what the step says it does. Which documents are genuine is
not asked here; who verified them says. What no document shows is told by the one who asks: whom the trust list names,
and whose keys are known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from credentials.encoding.document import Sha256
from credentials.encoding.timespan import Timespan
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.lots import LotKey
from credentials.provenance.packs.rule_pack import RulePack
from credentials.provenance.replaying.number_holders import ROOTS, NumberHolders
from credentials.provenance.replaying.stated_figures import guaranteed_share, in_base, is_counted, mass_of, metric_of
from credentials.provenance.replaying.written_steps import FACTS, Place, WrittenStep, refused
from credentials.provenance.statements.authority import MAKING, is_licensed_number, is_own, parties_in
from credentials.provenance.statements.extraction import read
from credentials.provenance.statements.known_lots import KnownLots
from credentials.provenance.statements.statement import (
    AnchorStatement,
    AssessmentStatement,
    AttestationStatement,
    ClaimStatement,
    EventKind,
    EventStatement,
    FacilityStatement,
    PassportStatement,
    PortionStatement,
    Statement,
)
from credentials.trust.trust_lists import TrustList
from credentials.untp.claim import Performance
from credentials.verdict import VerifiedCredential


class Grounds:
    """The statements of the documents in hand, by document and pointer."""

    def __init__(
        self,
        steps: tuple[WrittenStep, ...],
        held: Mapping[Sha256, VerifiedCredential],
        trust: TrustList | None,
        pack: RulePack,
        at: datetime,
    ) -> None:
        self.steps = steps
        self._at_moment = at
        self._pack = pack
        self.holders = NumberHolders(trust)
        self.known = KnownLots()
        self.speaking = {step.party for step in steps if step.rule in FACTS}
        self._at: dict[Place, Any] = {}
        self.claims: list[ClaimStatement] = []
        self.makings: list[EventStatement] = []
        for digest, credential in sorted(held.items()):
            for statement in read(credential, self.known):
                self._file(digest, statement, counted=statement.issuer in self.speaking)
        missing = next((place for step in steps for place in step.places if place[0] not in held), None)
        if missing is not None:
            raise refused(f"The document {missing[0]} is not in hand.", "/derivation/documents")

    def _file(self, digest: str, statement: Statement, *, counted: bool) -> None:
        self._at[digest, statement.pointer] = statement
        self.holders.add(statement)
        match statement:
            case PassportStatement():
                self._name(statement.issuer, statement.named, counted=counted)
                self._claims(digest, statement.claims)
            case FacilityStatement():
                self._claims(digest, statement.claims)
            case EventStatement():
                self.makings += [statement] * (statement.kind is EventKind.MAKE)
                for portion in statement.portions:
                    self._name(statement.issuer, portion.named, counted=counted)
                    self._at[digest, portion.pointer] = (statement, portion)
            case AttestationStatement():
                for assessment in statement.assessments:
                    self._at[digest, assessment.pointer] = (statement, assessment)
                    for place, figure in enumerate(assessment.said.performance):
                        self._at[digest, f"{assessment.pointer}/assessedPerformance/{place}"] = (
                            statement,
                            assessment,
                            figure,
                        )

    def _claims(self, digest: str, claims: Collection[ClaimStatement]) -> None:
        self.claims += claims
        self._at.update({(digest, one.pointer): one for one in claims})

    def _name(self, by: str, key: LotKey, *, counted: bool) -> None:
        if is_own(by, key.id) or (counted and is_licensed_number(key.id)):
            self.known.add(key)

    # ---- what stands at a place

    def at(self, step: WrittenStep, place: int, *kinds: type) -> Any:
        """What the step names, one of ``kinds``, said by its party. Raises DerivationRefused."""
        found = self._at.get(step.places[place])
        parts = found if isinstance(found, tuple) else (found,)
        if not isinstance(parts[-1], kinds):
            raise step.refused(f"no such statement stands at {step.places[place][1]}.")
        if place == 0 and parts[0].issuer != step.party:
            raise step.refused(f"{parts[0].issuer} says it, not {step.party}.")
        return found

    def check(self, step: WrittenStep) -> None:
        """Does the step's document say what the step says? Raises DerivationRefused."""
        check = getattr(self, f"_{step.rule}", None)
        if check is not None:
            check(step)

    def step_of(self, step: WrittenStep, rule: str) -> WrittenStep | None:
        """The first step of a rule that ``step`` follows from."""
        return next((self.steps[one] for one in step.after if self.steps[one].rule == rule), None)

    def is_heard(self, told: Statement) -> bool:
        """Is it said by who has a say: of a lot or place whose it is, of a making who may tell of it?"""
        if isinstance(told, EventStatement):
            return any(self.may_tell(told.issuer, one.lot) for one in told.outputs)
        if isinstance(told, FacilityStatement):
            return self.holders.controls(told.issuer, told.facility)
        if isinstance(told, ClaimStatement):
            about = told.lot.id if told.lot is not None else told.facility
            return self.holders.controls(told.issuer, about)
        return isinstance(told, PassportStatement) and self.holders.controls(told.issuer, told.lot.id)

    def _owns(self, step: WrittenStep, told: Statement) -> None:
        if not self.is_heard(told):
            raise step.refused(f"it is not {told.issuer}'s to say.")

    def _signed(self, step: WrittenStep) -> None:
        key = self.step_of(step, "key")
        if key is None or key.party != step.party:
            raise step.refused(f"it names no key of {step.party}.")

    # ---- facts

    def _figure(self, step: WrittenStep) -> None:
        attestation, assessment, figure = self.at(step, 0, Performance)
        self._expects(step, guaranteed_share(figure))
        self._says(step, f"attesting {metric_of(figure)}")
        self._attests(step, attestation, assessment)

    def _assessed(self, step: WrittenStep) -> None:
        attestation, assessment = self.at(step, 0, AssessmentStatement)
        self._expects(step, Fraction(1))
        self._attests(step, attestation, assessment)

    def _attests(self, step: WrittenStep, attestation: AttestationStatement, assessment: AssessmentStatement) -> None:
        """Third party, conformity stated, a day, and an assessor whom somebody on the list stands behind for it."""
        claim = self.at(step, 1, ClaimStatement)
        day = assessment.said.assessment_date
        if assessment.said.conformance is not True or day is None:
            raise step.refused("the assessment states no conformity, or no day.")
        if not self.holders.are_apart(attestation.issuer, claim.issuer) or attestation.said.assessor_level == "self":
            raise step.refused("who claims it, or may be the same, assessed it.")
        self._in_time(step, attestation, claim, day)
        self._signed(step)
        above = self.step_of(step, "accredited") or self.step_of(step, "listed")
        if above is None or attestation.issuer != (above.value if above.rule == "accredited" else above.party):
            raise step.refused(f"nobody accredits {attestation.issuer}.")
        self._in_scope(step, above, attestation, claim, day)

    def _in_time(
        self, step: WrittenStep, attestation: AttestationStatement, claim: ClaimStatement, day: datetime
    ) -> None:
        """Assessed by the moment asked about, and in force when it was relied on: at the claim's date, else then."""
        used = Timespan.exactly(self._at_moment)
        claimed = claim.said.claim_date
        relied = Timespan.of(claimed) if claimed is not None else used
        if used.certainly_before(Timespan.of(day)) or used.certainly_before(relied):
            raise step.refused("it is of a time after the question.")
        life = attestation.credential.verdict.life
        if life.is_ahead(used.latest) or life.is_over(relied.earliest):
            raise step.refused(f"{attestation.source} was not in force when it was relied on.")

    def _in_scope(
        self,
        step: WrittenStep,
        above: WrittenStep,
        attestation: AttestationStatement,
        claim: ClaimStatement,
        day: datetime,
    ) -> None:
        """Each accreditation up to the list holds on that day and contains each criterion that is claimed."""
        wanted = {given_or_canonical(one.id) for one in claim.said.criteria if one.id}
        scheme = attestation.said.scheme
        wanted = wanted or ({given_or_canonical(scheme.id)} if scheme is not None and scheme.id else set())
        while above.rule == "accredited":
            anchor: AnchorStatement = self.at(above, 0, AnchorStatement)
            scopes = {given_or_canonical(uri) for uri in anchor.said.scopes}
            if not wanted or not all(self._covers(scopes, criterion) for criterion in wanted):
                raise step.refused(f"{anchor.source} accredits {above.value} for something else.")
            if not _stands_on(anchor, day):
                raise step.refused(f"{anchor.source} did not stand on the day of the assessment.")
            upper = self.step_of(above, "accredited") or self.step_of(above, "listed")
            if upper is None or above.party != (upper.value if upper.rule == "accredited" else upper.party):
                raise above.refused("nothing says who stands behind its party.")
            above = upper

    def _covers(self, scopes: Collection[str], criterion: str) -> bool:
        ids = {criterion, *self._pack.same_as(criterion), *self._pack.within(criterion)}
        return any(
            id == scope or id.startswith((f"{scope.rstrip('/')}/", f"{scope}#")) for scope in scopes for id in ids
        )

    def _stated(self, step: WrittenStep) -> None:
        told = self.at(step, 0, PassportStatement, ClaimStatement, EventStatement, FacilityStatement)
        self._expects(step, Fraction(1))
        self._owns(step, told)
        self._says(step, *(("place",) if isinstance(told, FacilityStatement) else ("making", "product")))
        self._signed(step)

    def _made(self, step: WrittenStep) -> None:
        event, say = self.at(step, 0, EventStatement), self.step_of(step, "say")
        self._expects(step, Fraction(1))
        self._says(step, "making")
        self._signed(step)
        if event.kind is not EventKind.MAKE or say is None or say.party != step.party:
            raise step.refused("it is no making, or nothing says that its party may tell of it.")
        if not any(say.say == f"making {id}" for portion in event.outputs for id in (portion.lot.id, portion.named.id)):
            raise step.refused("the lot did not come out of it.")

    def _amount(self, step: WrittenStep) -> None:
        _, portion = self.at(step, 0, PortionStatement)
        self._says(step, "making")
        self._signed(step)
        weight, ever = self.step_of(step, "weight"), self.step_of(step, "ever")
        if weight is not None:
            passport = self.at(weight, 0, PassportStatement)
            if not is_counted(portion) or not _meet(passport.lot, portion.lot):
                raise step.refused("the weight is another lot's, or the portion is weighed itself.")
        if ever is not None and not all(_meet(made, portion.lot) for made in self.lots_of_outputs(ever)):
            raise step.refused("its bound is of another lot.")
        self._expects(step, mass_of(portion, weight.value if weight is not None else None))

    def _weight(self, step: WrittenStep) -> None:
        passport = self.at(step, 0, PassportStatement)
        self._signed(step)
        self._owns(step, passport)
        self._says(step, f"product {passport.id}")
        weight = in_base(passport.said.dimensions.weight, "mass") if passport.said.dimensions is not None else None
        self._expects(step, weight)

    def _fraction(self, step: WrittenStep) -> None:
        """The mass fractions of the materials that have a class of the input, up to one more of their last digit."""
        passport = self.at(step, 0, PassportStatement)
        self._signed(step)
        self._owns(step, passport)
        inputs = [self.at(self.steps[one], 0, PassportStatement) for one in step.after[1:]]
        if any(step.say != f"product {one.lot}" for one in inputs):
            raise step.refused("the class is another lot's.")
        classes = {(code.scheme_id, code.code) for one in inputs for code in one.said.categories if code.code}
        found = [
            Fraction(one.mass_fraction) + Fraction(10) ** min(int(one.mass_fraction.as_tuple().exponent), 0)
            for one in passport.said.materials
            if one.mass_fraction is not None and one.mass_fraction >= 0
            if one.type is not None and (one.type.scheme_id, one.type.code) in classes
        ]
        self._expects(step, sum(found, Fraction(0)) if found else None)

    # ---- licences

    def _key(self, step: WrittenStep) -> None:
        self._says(step, "")
        if step.value not in ("known", "supplied"):
            raise step.refused("a key is known, or was supplied.")
        if step.value == "supplied" and step.party.startswith(("did:key:", "did:jwk:")):
            raise step.refused("the DID is its own key.")

    def _listed(self, step: WrittenStep) -> None:
        self._says(step, "")
        if step.value != "trust list":
            raise step.refused("a party is listed in the trust list.")
        if not self.holders.is_listed(step.party, ROOTS):
            raise step.refused(f"the trust list does not name {step.party} as one who accredits.")

    def _accredited(self, step: WrittenStep) -> None:
        anchor = self.at(step, 0, AnchorStatement)
        self._says(step, "accrediting")
        self._signed(step)
        if anchor.said.register_type != "accreditation" or anchor.subject != step.value:
            raise step.refused(f"it accredits {anchor.subject}.")

    def _say(self, step: WrittenStep) -> None:
        matter, _, lot = step.say.partition(" ")
        if matter != "making" or not lot:
            raise step.refused("nobody needs a say in that.")
        if step.value == "address" and is_own(step.party, lot) and not step.places:
            return
        given = [self._at.get(place) for place in step.places]
        if step.value == "register" and self.holders.are_grounds(given, step.party, lot):
            return
        if step.value == "named" and step.places and all(self._names_maker(step, place, lot) for place in step.places):
            return
        raise step.refused(f"nothing shows that {step.party} may tell of the making of {lot}.")

    def _names_maker(self, step: WrittenStep, place: Place, lot: str) -> bool:
        """Does the passport, by whose lot it is, name the party among its makers?"""
        passport = self._at.get(place)
        return (
            isinstance(passport, PassportStatement)
            and passport.lot.id == lot
            and self.holders.controls(passport.issuer, lot)
            and given_or_canonical(step.party) in parties_in(passport.said.related_parties, MAKING)
        )

    def may_tell(self, did: str, lot: LotKey) -> bool:
        """May ``did`` tell of the making of ``lot``: is it its own, or named as its maker by whose it is?"""
        return self.holders.controls(did, lot.id) or any(
            _meet(one.lot, lot)
            and self.holders.controls(one.issuer, lot.id)
            and given_or_canonical(did) in parties_in(one.said.related_parties, MAKING)
            for one in self._at.values()
            if isinstance(one, PassportStatement)
        )

    # ---- amounts of a making

    def lots_of_outputs(self, step: WrittenStep) -> list[LotKey]:
        """The lots of the amounts that a step sums up, all of which came out of makings.

        Raises:
            DerivationRefused: one did not.
        """
        found = []
        for one in step.after:
            told, portion = self.at(self.steps[one], 0, PortionStatement)
            heard = self.may_tell(told.issuer, portion.lot)
            if self.steps[one].rule != "amount" or portion not in told.outputs or not heard:
                raise step.refused("it is no sum of what came out of makings.")
            found.append(portion.lot)
        return found

    def _yield(self, step: WrittenStep) -> None:
        """As much as can have been used, by the bands of the rule pack."""
        amounts = [self.steps[one] for one in step.after if self.steps[one].rule == "amount"]
        classed = [
            self.at(self.steps[one], 0, PassportStatement) for one in step.after if self.steps[one].rule == "stated"
        ]
        of = {code for one in classed if str(one.lot) == step.say for code in _classes(one)}
        most = Fraction(0)
        for amount in amounts:
            _, portion = self.at(amount, 0, PortionStatement)
            to = [code for one in classed if _meet(one.lot, portion.lot) for code in _classes(one)]
            if any(code.startswith("39") for code in to):
                continue
            band = self._pack.band(of, to)
            if band is None or not band.least or amount.value[1] is None:
                raise step.refused("no band of the rule pack bounds it.")
            most += amount.value[1] / band.least
        self._expects(step, (Fraction(0), most))

    @staticmethod
    def _expects(step: WrittenStep, value: Any) -> None:
        if value is None or step.value != value:
            raise step.refused("the document states another figure.")

    @staticmethod
    def _says(step: WrittenStep, *says: str) -> None:
        if step.say not in says:
            raise step.refused(f"its party does not speak by {step.say!r}.")


def _meet(one: LotKey, other: LotKey) -> bool:
    return one.covers(other) or other.covers(one)


def _classes(passport: PassportStatement) -> list[str]:
    """Codes of the Central Product Classification."""
    return [one.code for one in passport.said.categories if one.code]


def _stands_on(anchor: AnchorStatement, day: datetime) -> bool:
    """Can the credential have been in force on that day, by its own dates?"""
    when, life = Timespan.of(day), anchor.credential.verdict.life
    return not life.is_ahead(when.latest) and not life.is_over(when.earliest)
