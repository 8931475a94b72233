"""The shape of a made-up chain: lots, who made each of what, and how much of it, before anything is written down.

Lots are numbered from the target, which is 0: lot ``i`` is made of the lots ``i * inputs + 1 …``, as in a heap, so
that a chain of any size is as deep as its logarithm. Some lots are sold to two makers. Every kilogram is accounted for.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property

from node.demo.companies import Company, CompanySite

#: UN CPC 2.1: what is made on the last floor, the one below it, and so on; deeper floors make yarn of yarn.
STAGES = (
    ("28223", "T-shirts, singlets and other vests, knitted"),
    ("28190", "Other knitted or crocheted fabrics"),
    ("26360", "Cotton yarn"),
)
RAW = ("01921", "Cotton, whether or not ginned")
#: Kilograms of a lot that is not made of others: halved ten times, it is still a whole number.
RAW_MASS = 1024
_SPLIT = 8  # every so many lots one is sold to two makers


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """So many kilograms of the lot ``lot`` go into making ``maker``."""

    lot: int
    maker: int
    kilograms: float


@dataclass(frozen=True, kw_only=True)
class Chain:
    """``lots`` of them, each made of at most ``inputs`` others, by one of ``companies``, chosen by ``seed``."""

    lots: int
    companies: int = 36
    inputs: int = 4
    seed: int = 1

    def is_raw(self, lot: int) -> bool:
        """Is it made of no other lot?"""
        return lot * self.inputs + 1 >= self.lots

    def floor(self, lot: int) -> int:
        """How many makings lie between the lot and the target."""
        return self._floors[lot]

    def kind(self, lot: int) -> tuple[str, str]:
        """Code and name of what the lot is."""
        return RAW if self.is_raw(lot) else STAGES[min(self.floor(lot), len(STAGES) - 1)]

    def owner(self, lot: int) -> Company:
        """Who made it."""
        return self._owners[lot]

    def mass(self, lot: int) -> float:
        """Kilograms made."""
        return self._masses[lot]

    def inputs_of(self, lot: int) -> list[Use]:
        """What it is made of."""
        return self._inputs[lot]

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Everything that one lot gave to another."""
        return tuple(use for uses in self._inputs for use in uses)

    def makers_of(self, lot: int) -> tuple[int, ...]:
        """The lots it goes into: its place in the heap says one, and some go to the next maker as well."""
        if lot == 0:
            return ()
        maker = (lot - 1) // self.inputs
        other = maker + 1
        is_split = lot % _SPLIT == 0 and not self.is_raw(other) and self.floor(other) == self.floor(maker)
        return (maker, other) if is_split else (maker,)

    @cached_property
    def _floors(self) -> list[int]:
        floors = [0] * self.lots
        for lot in range(1, self.lots):
            floors[lot] = floors[(lot - 1) // self.inputs] + 1
        return floors

    @cached_property
    def _owners(self) -> list[Company]:
        chance = random.Random(self.seed)
        growers = [_company(number, RAW) for number in range(self.companies // 3)]
        makers: dict[tuple[str, str], list[Company]] = {kind: [] for kind in STAGES}
        for number in range(len(growers), self.companies):
            later = number - len(growers)
            kind = STAGES[later and 1 + later % (len(STAGES) - 1)]  # one company makes the target
            makers[kind].append(_company(number, kind))
        return [chance.choice(growers if self.is_raw(lot) else makers[self.kind(lot)]) for lot in range(self.lots)]

    @cached_property
    def _masses(self) -> list[float]:
        masses = [0.0] * self.lots
        for lot in reversed(range(self.lots)):  # whoever uses a lot has a smaller number
            masses[lot] = masses[lot] or RAW_MASS
            makers = self.makers_of(lot)
            for maker in makers:
                masses[maker] += masses[lot] / len(makers)
        return masses

    @cached_property
    def _inputs(self) -> list[list[Use]]:
        inputs: list[list[Use]] = [[] for _ in range(self.lots)]
        for lot in range(self.lots):
            makers = self.makers_of(lot)
            for maker in makers:
                inputs[maker].append(Use(lot=lot, maker=maker, kilograms=self.mass(lot) / len(makers)))
        return inputs


def _company(number: int, process: tuple[str, str]) -> Company:
    return Company(
        key=f"works-{number}",
        name=f"Works {number}",
        country="IN",
        role="maker",
        register_number=f"W-{number}",
        site=CompanySite(
            key=f"hall-{number}",
            name=f"Hall {number}",
            country="IN",
            latitude=20 + number % 10 / 2,
            longitude=75 + number % 7 / 2,
            city="Indore",
            process=process,
        ),
    )
