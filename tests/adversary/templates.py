"""The kinds of world there are; a new kind is a new line in ``TEMPLATES``."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Final

from tests.adversary.chain import Raw, Stage, Template, grow
from tests.adversary.matters import FOOTPRINT, ORGANIC, RECYCLED
from tests.adversary.world import World
from tests.adversary.writing import write

_NONE, _ALL = Fraction(0), Fraction(1)

COTTON: Final = Template(
    name="cotton",
    matter=ORGANIC,
    raws=(Raw(kind=("01921", "Cotton, whether or not ginned")),),
    stages=(
        Stage(kind=("26360", "Cotton yarn")),
        Stage(kind=("28190", "Other knitted or crocheted fabrics")),
        Stage(kind=("28223", "T-shirts, singlets and other vests, knitted"), piece=Fraction(2, 5)),
    ),
)
COFFEE: Final = Template(
    name="coffee",
    matter=ORGANIC,
    raws=(Raw(kind=("01611", "Coffee cherries")),),
    stages=(
        Stage(kind=("01612", "Parchment coffee"), keeps=Fraction(1, 5), waste=("39120", "Coffee pulp")),
        Stage(kind=("01613", "Green coffee"), keeps=Fraction(4, 5), waste=("39121", "Coffee husks")),
        Stage(kind=("23911", "Coffee, roasted"), keeps=Fraction(21, 25), piece=Fraction(1, 4)),
    ),
    gtin="09506000134352",
)
BOTTLES: Final = Template(
    name="bottles",
    matter=RECYCLED,
    raws=(
        Raw(kind=("39150", "Pressed used bottles"), share=_ALL, made_of=("36492", "PET bottles, filled line")),
        Raw(kind=("12010", "Petroleum oils, crude"), share=_NONE),
    ),
    stages=(
        Stage(kind=("34740", "PET pellets"), keeps=Fraction(19, 20)),
        Stage(kind=("36491", "PET preforms")),
        Stage(kind=("36492", "PET bottles, filled line"), keeps=_ALL, piece=Fraction(27, 1000)),
    ),
)
BATTERY: Final = Template(
    name="battery",
    matter=RECYCLED,
    raws=(
        Raw(kind=("39362", "Copper scrap"), share=_ALL),
        Raw(kind=("14110", "Copper ores and concentrates"), share=_NONE),
        Raw(kind=("16390", "Natural graphite and other minerals"), share=_NONE),
    ),
    stages=(
        Stage(kind=("41413", "Refined copper, unwrought"), keeps=Fraction(3, 5)),
        Stage(kind=("46420", "Electric accumulators"), keeps=Fraction(19, 20), piece=Fraction(100)),
    ),
    direct=(FOOTPRINT,),
)
THREAD: Final = Template(
    name="thread",
    matter=ORGANIC,
    raws=(Raw(kind=("01921", "Cotton, whether or not ginned")),),
    stages=(
        Stage(kind=("26360", "Cotton yarn")),
        Stage(kind=("28223", "T-shirts, singlets and other vests, knitted"), piece=Fraction(2, 5)),
    ),
    unweighed=("26350", "Sewing thread on bobbins"),
)
TEMPLATES: Final[Mapping[str, Template]] = {
    template.name: template for template in (COTTON, COFFEE, BOTTLES, BATTERY, THREAD)
}
#: Those whose worlds are complete: nothing in them is unweighed.
COMPLETE: Final = tuple(name for name, template in TEMPLATES.items() if template.unweighed is None)


@lru_cache(maxsize=256)
def honest(template: str, *, lots: int = 5, seed: int = 1) -> World:
    """The honest world of this kind and size; the same for the same seed."""
    return write(grow(TEMPLATES[template], lots=lots, seed=seed))
