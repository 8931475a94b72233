"""The shape of an honest chain, before anything is written down: lots, who made each of what, and what is true of it.

Mixing is proportional: whatever is made of some inputs has their shares by mass. Every number is exact.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final

from tests.adversary.matters import Matter
from tests.adversary.parties import Party, Site

#: The moment every question is asked about.
AT: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
_LAST_MADE, _A_FLOOR = timedelta(days=60), timedelta(days=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A raw material: ``share`` is how much of it is what is claimed, None: each lot wholly or not at all.

    ``made_of``: recovered from goods of that kind, which count as all new before and as all recovered afterwards.
    """

    kind: tuple[str, str]
    share: Fraction | None = None
    made_of: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A step of making: what comes out of a kilogram, what is left over, the weight of a piece if it is counted."""

    kind: tuple[str, str]
    keeps: Fraction = Fraction(9, 10)
    waste: tuple[str, str] | None = None
    piece: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A kind of world: raw materials, stages up to the target's, and what is claimed of the share of mass.

    ``direct``: matters that are assessed of the target itself. ``unweighed``: a kind of thing that goes into the last
    stage by the piece, without any document that says what a piece weighs. ``gtin``: the GS1 number of the target.
    """

    name: str
    matter: Matter
    raws: tuple[Raw, ...]
    stages: tuple[Stage, ...]
    direct: tuple[Matter, ...] = ()
    unweighed: tuple[str, str] | None = None
    gtin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """So many kilograms of the lot called ``lot``; ``pieces`` of it are what the documents say, if not None."""

    lot: str
    kilograms: Fraction
    pieces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One lot: who made it when, its mass, the true share of the template's matter, and what it was made of."""

    key: str
    kind: tuple[str, str]
    owner: Party
    kilograms: Fraction
    share: Fraction
    made: datetime
    inputs: tuple[Use, ...] = ()
    waste: tuple[str, str, Fraction] | None = None  # code, name, kilograms of what is left over
    piece: Fraction | None = None
    attested: bool = True  # of a raw or recovered lot: its share is; else its place is certified
    gtin: str = ""

    @property
    def id(self) -> str:
        """Its identifier, on its maker's host: a GS1 Digital Link, or a number of the maker's own."""
        return self.owner.url(f"01/{self.gtin}/10/{self.batch}" if self.gtin else f"lots/{self.key}")

    @property
    def batch(self) -> str:
        """Its batch number."""
        return self.key.upper()

    @property
    def is_raw(self) -> bool:
        """Is it made of nothing?"""
        return not self.inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """All lots by key, inputs before what is made of them; the last one is the target."""

    template: Template
    lots: dict[str, Lot] = field(default_factory=dict)

    @property
    def target(self) -> Lot:
        """The lot that is asked about."""
        return next(reversed(self.lots.values()))

    @property
    def makers(self) -> tuple[Party, ...]:
        """Everybody who made something, by key."""
        return tuple(sorted({lot.owner for lot in self.lots.values()}, key=lambda party: party.key))


def grow(template: Template, *, lots: int, seed: int) -> Chain:
    """An honest chain of about ``lots`` lots (at least three), the same for the same seed."""
    return _Growth(template, lots, random.Random(f"{template.name} {lots} {seed}")).chain()


class _Growth:
    """One chain while it grows, from raw materials to the target."""

    def __init__(self, template: Template, lots: int, chance: random.Random) -> None:
        self._template = template
        self._chance = chance
        self._size = max(lots, 3)
        self._lots: dict[str, Lot] = {}
        self._companies = 1 + self._size // 6

    def chain(self) -> Chain:
        raw_lots, stages = self._floors()
        floor = [self._raw(number, len(stages)) for number in range(raw_lots)]
        for height, (stage, count) in enumerate(stages):
            made = AT - _LAST_MADE - _A_FLOOR * (len(stages) - 1 - height)
            floor = self._stage(stage, floor, count, made, last=height == len(stages) - 1)
        return Chain(template=self._template, lots=self._lots)

    def _floors(self) -> tuple[int, list[tuple[Stage, int]]]:
        """How many raw lots, and each stage with its number of lots; the last stage makes the one target."""
        all_stages = self._template.stages
        room = self._size - 1 - 2  # the target, and two raw lots at least
        kept = [*all_stages[:-1]][: max(0, min(len(all_stages) - 1, room))]
        counts = [1] * len(kept)
        left = room - len(kept)
        for number in reversed(range(len(kept))):
            counts[number] += left // 3
            left -= left // 3
        counts = sorted(counts, reverse=True)
        return 2 + left, [*zip(kept, counts, strict=True), (all_stages[-1], 1)]

    def _raw(self, number: int, height: int) -> Lot:
        raws = self._template.raws
        raw = raws[number % len(raws)]
        share = raw.share if raw.share is not None else self._wholly_or_not(number)
        made = AT - _LAST_MADE - _A_FLOOR * height
        key = f"raw-{number}"
        mass = Fraction(self._chance.randrange(2_000, 9_000, 100))
        lot = Lot(key=key, kind=raw.kind, owner=self._maker(raw.kind), kilograms=mass, share=share, made=made)
        if raw.made_of is not None:
            lot = self._recovered(lot, raw.made_of)
        return self._kept(lot)

    def _wholly_or_not(self, number: int) -> Fraction:
        """Of the first two raw lots one is what is claimed and one is not; of the others, some are."""
        return Fraction(number == 0 or (number > 1 and self._chance.random() < 0.6))

    def _recovered(self, lot: Lot, kind: tuple[str, str]) -> Lot:
        """The lot as one that is recovered from goods of an earlier season, which were made of something new."""
        new = next(raw for raw in self._template.raws if raw.made_of is None)
        mass = lot.kilograms * 2
        earliest = self._kept(
            Lot(
                key=f"{lot.key}-new",
                kind=new.kind,
                owner=self._maker(new.kind),
                kilograms=mass,
                share=Fraction(0),
                made=lot.made - 2 * _A_FLOOR,
                attested=False,
            )
        )
        goods = self._kept(
            replace(
                earliest,
                key=f"{lot.key}-goods",
                kind=kind,
                owner=self._maker(kind),
                kilograms=mass * Fraction(9, 10),
                made=lot.made - _A_FLOOR,
                inputs=(Use(lot=earliest.key, kilograms=mass),),
            )
        )
        return replace(lot, inputs=(Use(lot=goods.key, kilograms=lot.kilograms),))

    def _stage(self, stage: Stage, below: list[Lot], count: int, made: datetime, *, last: bool) -> list[Lot]:
        """``count`` lots of the stage; each lot below goes into one or two of them, and some of it may be kept."""
        inputs: list[list[Use]] = [[] for _ in range(count)]
        for number, lot in enumerate(below):
            into = {number % count, self._chance.randrange(count)} if self._chance.random() < 0.3 else {number % count}
            spent = lot.kilograms * self._chance.choice((1, 1, Fraction(9, 10)))
            for maker in sorted(into):
                inputs[maker].append(Use(lot=lot.key, kilograms=Fraction(int(spent / len(into)))))
        found = [self._made(stage, number, tuple(uses), made, last=last) for number, uses in enumerate(inputs) if uses]
        return [self._kept(lot) for lot in found]

    def _made(self, stage: Stage, number: int, uses: tuple[Use, ...], made: datetime, *, last: bool) -> Lot:
        if last and self._template.unweighed is not None:
            uses = (*uses, self._unweighed(self._template.unweighed, made, uses))
        used = sum((use.kilograms for use in uses), Fraction(0))
        share = sum((use.kilograms * self._lots[use.lot].share for use in uses), Fraction(0)) / used
        mass = Fraction(int(used * stage.keeps))
        if stage.piece is not None:
            mass = int(mass / stage.piece) * stage.piece
        waste = (*stage.waste, Fraction(int((used - mass) / 2))) if stage.waste else None
        return Lot(
            key="target" if last else f"{stage.kind[0]}-{number}",
            kind=stage.kind,
            owner=self._maker(stage.kind),
            kilograms=mass,
            share=share,
            made=made,
            inputs=uses,
            waste=waste,
            piece=stage.piece,
            gtin=self._template.gtin if last else "",
        )

    def _unweighed(self, kind: tuple[str, str], made: datetime, others: tuple[Use, ...]) -> Use:
        mass = Fraction(1 + int(sum(use.kilograms for use in others)) // 50)
        made = made - _A_FLOOR
        owner = self._maker(kind)
        self._kept(Lot(key="pieces", kind=kind, owner=owner, kilograms=mass, share=Fraction(0), made=made))
        return Use(lot="pieces", kilograms=mass, pieces=40)

    def _kept(self, lot: Lot) -> Lot:
        self._lots[lot.key] = lot
        return lot

    def _maker(self, kind: tuple[str, str]) -> Party:
        """One of a few companies that make this kind of thing, each with one site."""
        number = self._chance.randrange(self._companies)
        key = f"works-{kind[0]}-{number}"
        site = Site(
            key=f"hall-{number}", process=kind, latitude=51.0 + number % 5 / 10, longitude=10.0 + number % 7 / 10
        )
        return Party(key=key, name=f"Works {kind[0]} {number}", number=f"B-{kind[0]}-{number}", site=site)
