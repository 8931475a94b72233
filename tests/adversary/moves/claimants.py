"""Moves of claimants: who makes the claims stretches them, dates them, or borrows what others earned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial
from random import Random
from typing import Final

from credentials.encoding.moments import format_moment
from tests.adversary import documents
from tests.adversary.chain import AT, Lot
from tests.adversary.goods import product, reference
from tests.adversary.matters import CHILD_LABOUR, CUSTODY, FOOTPRINT, METRICS, TRAINING, WAGES, Matter
from tests.adversary.moves.move import By, Move
from tests.adversary.parties import IMPOSTOR, REGISTER, Json
from tests.adversary.world import World
from tests.adversary.writing import DIRECT_FIGURE

_DAY: Final = timedelta(days=1)
PASSPORT: Final = "passport:target"
#: The name of a claim that says more than anybody assessed.
BOAST: Final = "Wholly organic, carbon neutral and free of child labour"


def claim_on(world: World, matter: Matter) -> Callable[[Callable[[Json], None]], World]:
    """Changes the target's claim on ``matter``."""

    def edited(change: Callable[[Json], None]) -> World:
        def in_passport(passport: Json) -> None:
            for claim in passport["credentialSubject"]["performanceClaim"]:
                if claim["id"].endswith(f"/{matter.key}"):
                    change(claim)

        return world.edited(PASSPORT, in_passport)

    return edited


def dated(world: World, on: datetime, *matters: Matter) -> World:
    """The target's claims on ``matters`` with another date."""

    def change(claim: Json) -> None:
        claim["claimDate"] = on.date().isoformat()

    for matter in matters:
        world = claim_on(world, matter)(change)
    return world


def without_truth(world: World) -> World:
    """The target's works and maker no longer deserve what was certified."""
    target = world.chain.target.id
    return world.with_truth(target, WAGES.criterion, None).with_truth(target, TRAINING.criterion, None)


def _adds(member: str, value: Json) -> Callable[[World, Random], World | None]:
    """The claim on the share says one thing more, which nobody assessed."""

    def change(world: World, chance: Random) -> World | None:
        matter = world.chain.template.matter

        def add(claim: Json) -> None:
            claim[member] = [*claim[member], value]

        added = claim_on(world, matter)(add)
        claims = world.draft(PASSPORT)["credentialSubject"]["performanceClaim"]
        return None if any(value in claim[member] for claim in claims) else added

    return change


def _adds_topic_and_criterion(world: World, chance: Random) -> World | None:
    with_topic = _adds("conformityTopic", documents.topic(CHILD_LABOUR))(world, chance)
    if with_topic is None:
        return None
    return _adds("referenceCriteria", documents.criterion(CHILD_LABOUR))(with_topic, chance)


def _adds_score(world: World, chance: Random) -> World | None:
    """The figure of the claim on the share is given a score as well."""

    def score(claim: Json) -> None:
        claim["claimedPerformance"][0]["score"] = {"code": "AAA", "rank": 1, "definition": "The best there is."}

    changed = claim_on(world, world.chain.template.matter)(score)
    return None if changed.documents == world.documents else changed


def _other_metric(world: World, chance: Random) -> World | None:
    """The figure of the claim on the share is called one of due diligence."""

    def rename(claim: Json) -> None:
        claim["claimedPerformance"][0]["metric"] |= {"id": CUSTODY.metric, "name": CUSTODY.name}

    changed = claim_on(world, world.chain.template.matter)(rename)
    return None if changed.documents == world.documents else changed


def _no_figure(world: World, chance: Random) -> World | None:
    """The claim on the share names its metric and leaves out how much it is."""

    def drop(claim: Json) -> None:
        for one in claim["claimedPerformance"]:
            one.pop("measure", None)

    changed = claim_on(world, world.chain.template.matter)(drop)
    return None if changed.documents == world.documents else changed


def _better_figure(world: World, chance: Random) -> World | None:
    """The claimed footprint is a tenth of the assessed one."""
    if "certificate:footprint" not in world.documents:
        return None

    def lighter(claim: Json) -> None:
        claim["claimedPerformance"] = [documents.performance(FOOTPRINT, DIRECT_FIGURE / 10)]

    return claim_on(world, FOOTPRINT)(lighter)


def _figure_of_another(world: World, chance: Random) -> World | None:
    """The footprint that was assessed is that of a sister lot, and half of the target's."""
    if "certificate:footprint" not in world.documents:
        return None
    target = world.chain.target
    on = target.made - 10 * _DAY

    def of_sister(certificate: Json) -> None:
        certificate["validFrom"] = format_moment(on)
        for found in certificate["credentialSubject"]["conformityAssessment"]:
            found["assessmentDate"] = on.date().isoformat()
            found |= documents.of_product(reference(replace(target, key="sister", gtin="")))

    changed = world.edited("certificate:footprint", of_sister)
    return changed.with_truth(target.id, FOOTPRINT.criterion, 2 * DIRECT_FIGURE)


def _impostors_lot(world: World, matter: Matter, role: str, *, at_place_of: Lot | None) -> World | None:
    """A lot of the impostor's, a registered company; it claims what another company was certified for."""
    if "impostor:lot" in world.documents:
        return None
    theirs = world.chain.target
    lot = Lot(
        key="counterfeit",
        kind=theirs.kind,
        owner=IMPOSTOR,
        kilograms=Fraction(100),
        share=Fraction(0),
        made=theirs.made,
    )
    evidence = [documents.link(world.id_of("certificate:works"), "certificate:works", "dcc")]
    on = theirs.made + 3 * _DAY
    claims = [documents.claim(IMPOSTOR, matter, Fraction(100), of=lot.key, on=on, evidence=evidence)]
    materials = [documents.material(theirs.kind, Fraction(1), Fraction(0))]
    subject = product(lot, materials=materials, claims=claims)
    subject["relatedParty"] = [documents.role(role, theirs.owner)]
    if at_place_of is not None:
        subject["producedAtFacility"] = documents.facility(at_place_of.owner)
    passport = documents.credential("DigitalProductPassport", IMPOSTOR, "lot", subject, begins=on)
    return _registered(world).with_document("impostor:lot", passport).asked(lot.id)


def _registered(world: World) -> World:
    """The world in which a register knows the impostor."""
    draft = documents.anchor(REGISTER, IMPOSTOR, "business", [documents.REGISTER_SCHEME], begins=AT - 400 * _DAY)
    known = world.with_party(IMPOSTOR, anchors=[draft["id"]]).with_document("impostor:anchored", draft)
    record = documents.facility_record(IMPOSTOR, begins=AT - 400 * _DAY)
    return known.with_document("impostor:record", record)


def _borrows_place(world: World, chance: Random) -> World | None:
    return _impostors_lot(world, WAGES, "manufacturer", at_place_of=world.chain.target)


def _borrows_company(world: World, chance: Random) -> World | None:
    return _impostors_lot(world, TRAINING, "manufacturer", at_place_of=None)


def _dates_back(world: World, chance: Random) -> World | None:
    """The certificate of the works ran out before the lot was made there; the claim is dated before both."""
    made = world.chain.target.made

    def ran_out(certificate: Json) -> None:
        certificate["validUntil"] = format_moment(made - 10 * _DAY)

    return without_truth(dated(world.edited("certificate:works", ran_out), made - 20 * _DAY, WAGES, TRAINING))


def _assessed_unborn(world: World, chance: Random) -> World | None:
    """The lot was assessed ten weeks before it was made: something else was, which was twice as good."""
    if "certificate:footprint" not in world.documents:
        return None
    early = world.chain.target.made - 70 * _DAY

    def assessed_early(certificate: Json) -> None:
        certificate["validFrom"] = format_moment(early)
        for found in certificate["credentialSubject"]["conformityAssessment"]:
            found["assessmentDate"] = early.date().isoformat()

    changed = dated(world.edited("certificate:footprint", assessed_early), early + _DAY, FOOTPRINT)
    return changed.with_truth(world.chain.target.id, FOOTPRINT.criterion, Fraction(1800))


def _both(world: World, change: Callable[[Json], None]) -> World:
    """The certificate of the works changed, and with it the other one where the auditor is in two minds.

    One that stays in force would be a plain word of the auditor's.
    """
    names = ("certificate:works", "certificate:works-again")
    for name in (one for one in names if one in world.documents):
        world = world.edited(name, change)
    return world


def _dates_ahead(world: World, chance: Random) -> World | None:
    """The certificate of the works is valid from next year, the claim dated the year after."""

    def next_year(certificate: Json) -> None:
        certificate["validFrom"] = format_moment(AT + 200 * _DAY)

    return without_truth(dated(_both(world, next_year), AT + 400 * _DAY, WAGES, TRAINING))


def _after_the_question(world: World, chance: Random) -> World | None:
    """The certificate of the works ended on the day of the making, and was renewed for the time after the question."""

    def renewed(certificate: Json) -> None:
        certificate["validFrom"] = format_moment(AT + 10 * _DAY)
        for found in certificate["credentialSubject"]["conformityAssessment"]:
            found["assessmentDate"] = (AT + 10 * _DAY).date().isoformat()

    return without_truth(dated(_both(world, renewed), AT + 20 * _DAY, WAGES, TRAINING))


def _claims_twice(world: World, chance: Random) -> World | None:
    """Two passports with one id: one claims what was assessed, the other that all of it is so."""
    matter, name = world.chain.template.matter, f"{PASSPORT}-again"

    def all_of_it(claim: Json) -> None:
        claim["claimedPerformance"] = [documents.performance(matter, Fraction(100))]

    if name in world.documents:
        return None
    other = claim_on(world, matter)(all_of_it).draft(PASSPORT)
    return world.with_document(name, other)


def _in_free_text(world: World, chance: Random) -> World | None:
    """The claim on the share calls itself by a name that says more than anybody assessed."""

    def boast(claim: Json) -> None:
        claim["name"] = BOAST

    changed = claim_on(world, world.chain.template.matter)(boast)
    return None if changed.documents == world.documents else changed


def _says_what_its_metric_is(world: World, chance: Random) -> World | None:
    """No assessor says that the figure is a share by mass, and it is none; whoever claims says that it is."""
    matter = world.chain.template.matter
    if matter.metric.startswith(METRICS) or world.is_true(world.target, matter.criterion) == 0:
        return None

    def says_nothing(certificate: Json) -> None:
        for found in certificate["credentialSubject"]["conformityAssessment"]:
            for figure in found["assessedPerformance"]:
                figure["metric"].pop("aggregationMethod", None)

    changed = world.without("certificate:target")
    for name in [name for name in changed.documents if name.startswith("certificate:")]:
        changed = changed.edited(name, says_nothing)
    return changed.with_truth(world.target, matter.criterion, Fraction(0))


_move = partial(Move, by=By.CLAIMANT)
MOVES: Final = (
    _move(
        name="extra-criterion",
        story="A claim adds a criterion and its topic, which nobody assessed.",
        change=_adds_topic_and_criterion,
    ),
    _move(
        name="extra-topic",
        story="A claim adds a topic of its own.",
        change=_adds("conformityTopic", documents.topic(CHILD_LABOUR)),
    ),
    _move(name="extra-score", story="A claim adds a score AAA.", change=_adds_score),
    _move(name="other-metric", story="A claim gives its figure another metric.", change=_other_metric),
    _move(name="no-figure", story="A claim on a share leaves out how much it is.", change=_no_figure),
    _move(name="better-figure", story="A claim is better than what was assessed.", change=_better_figure),
    _move(name="figure-of-another", story="A claim leans on a sister lot's certificate.", change=_figure_of_another),
    _move(name="two-passports", story="Two passports with one id claim different shares.", change=_claims_twice),
    _move(name="borrowed-place", story="An impostor's lot names certified works of others.", change=_borrows_place),
    _move(name="borrowed-company", story="An impostor's lot names a trained company.", change=_borrows_company),
    _move(name="free-claim-date", story="A claim is dated before its lot was made.", change=_dates_back),
    _move(name="back-dating", story="A lot was assessed before it was made.", change=_assessed_unborn),
    _move(name="far-future", story="Certificate and claim are dated in the years to come.", change=_dates_ahead),
    _move(name="after-the-question", story="The assessment comes after the question.", change=_after_the_question),
    _move(name="free-text", story="A claim calls itself more than it is.", change=_in_free_text),
    _move(name="own-metric", story="A claimant says what its metric means.", change=_says_what_its_metric_is),
)
