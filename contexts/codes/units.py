"""Units of measure: UN/ECE Recommendation 20 codes with dimension and exact factor.

Values of one dimension convert; across dimensions nothing does. Factors are exact fractions to the dimension's base
unit (mass: kilogram; energy: joule; time: second; ratio: one; …). ``MK`` is withdrawn in Rec 20; UNTP's metric list
writes it where it means milligram per kilogram, and so do we read it. Source: Rec 20 revision 17 code list; figures
of the inch, pound and gallon units from their legal definitions. See docs/rules.md CLM-04 and PV-QTY-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit: ``value * factor + offset`` is in the base unit of ``dimension``."""

    code: str
    name: str
    dimension: str
    factor: Fraction
    offset: Fraction = Fraction(0)


def unit(code: str) -> Unit | None:
    """The unit of a Rec 20 code; None when we do not know it."""
    return UNITS.get(code)


def to_base(value: Decimal | Fraction, code: str) -> Fraction | None:
    """``value`` in the base unit of its dimension, exactly; None for an unknown code."""
    known = UNITS.get(code)
    if known is None:
        return None
    base = Fraction(value)
    if known.factor != 1:
        base *= known.factor
    return base + known.offset if known.offset else base


def convert(value: Decimal | Fraction, source: str, target: str) -> Fraction | None:
    """``value`` from one unit to another, exactly; None when they do not convert."""
    if source == target:
        return Fraction(value) if source in UNITS else None
    base, wanted = to_base(value, source), UNITS.get(target)
    if base is None or wanted is None or not convertible(source, target):
        return None
    return (base - wanted.offset) / wanted.factor


def convertible(source: str, target: str) -> bool:
    """Do both codes measure one dimension? Every code, known or not, converts to itself."""
    one, other = UNITS.get(source), UNITS.get(target)
    return source == target or (one is not None and other is not None and one.dimension == other.dimension)


#: One paragraph a dimension, its base unit first: "code factor name" of each unit.
_TABLE: Final = """
mass: KGM 1 kilogram; GRM 1e-3 gram; MGM 1e-6 milligram; MC 1e-9 microgram; CGM 1e-5 centigram;
  DG 1e-4 decigram; DJ 1e-2 decagram; HGM 1e-1 hectogram; DTN 1e2 decitonne; TNE 1e3 tonne; 2U 1e3 megagram;
  KTN 1e6 kilotonne; 58 1 net kilogram; E4 1 gross kilogram; MND 1 kilogram dry weight; LBR 0.45359237 pound;
  ONZ 0.028349523125 ounce; APZ 0.0311034768 troy ounce; LBT 0.3732417216 troy pound; GRN 0.00006479891 grain;
  STI 6.35029318 stone (UK); CWA 45.359237 hundredweight (US); CWI 50.80234544 hundredweight (UK);
  STN 907.18474 ton (US); LTN 1016.0469088 ton (UK); CTM 2e-4 metric carat
length: MTR 1 metre; MMT 1e-3 millimetre; CMT 1e-2 centimetre; DMT 1e-1 decimetre; A45 1e1 decametre;
  HMT 1e2 hectometre; KMT 1e3 kilometre; MAM 1e6 megametre; 4H 1e-6 micrometre; C45 1e-9 nanometre;
  INH 0.0254 inch; FOT 0.3048 foot; YRD 0.9144 yard; SMI 1609.344 mile; NMI 1852 nautical mile; 77 0.0000254 mil
area: MTK 1 square metre; MMK 1e-6 square millimetre; CMK 1e-4 square centimetre; DMK 1e-2 square decimetre;
  KMK 1e6 square kilometre; H16 1e2 square decametre; H18 1e4 square hectometre; HAR 1e4 hectare; ARE 1e2 are;
  DAA 1e3 decare; ACR 4046.8564224 acre; INK 0.00064516 square inch; FTK 0.09290304 square foot;
  YDK 0.83612736 square yard; MIK 2589988.110336 square mile
volume: MTQ 1 cubic metre; MMQ 1e-9 cubic millimetre; CMQ 1e-6 cubic centimetre; DMQ 1e-3 cubic decimetre;
  DMA 1e3 cubic decametre; H19 1e6 cubic hectometre; H20 1e9 cubic kilometre; LTR 1e-3 litre;
  MLT 1e-6 millilitre; CLT 1e-5 centilitre; DLT 1e-4 decilitre; A44 1e-2 decalitre; HLT 1e-1 hectolitre;
  K6 1 kilolitre; MAL 1e3 megalitre; 4G 1e-9 microlitre; HMQ 1e6 million cubic metre;
  R9 1e3 thousand cubic metre; INQ 0.000016387064 cubic inch; FTQ 0.028316846592 cubic foot;
  YDQ 0.764554857984 cubic yard; GLL 0.003785411784 gallon (US); GLI 0.00454609 gallon (UK);
  PTL 0.000473176473 liquid pint (US); QTL 0.000946352946 liquid quart (US); PTI 0.00056826125 pint (UK);
  OZA 0.0000295735295625 fluid ounce (US); OZI 0.0000284130625 fluid ounce (UK); BLL 0.158987294928 barrel (US);
  BUA 0.03523907016688 bushel (US)
energy: JOU 1 joule; C15 1e-3 millijoule; KJO 1e3 kilojoule; 3B 1e6 megajoule; GV 1e9 gigajoule;
  D30 1e12 terajoule; C68 1e15 petajoule; A68 1e18 exajoule; WHR 3600 watt hour; KWH 3.6e6 kilowatt hour;
  MWH 3.6e9 megawatt hour; GWH 3.6e12 gigawatt hour; D32 3.6e15 terawatt hour; J55 1 watt second;
  BTU 1055.05585262 British thermal unit; D70 4.1868 calorie; E14 4186.8 kilocalorie;
  N71 105505585.262 therm (EC); N72 105480400 therm (US)
power: WTT 1 watt; C31 1e-3 milliwatt; D80 1e-6 microwatt; KWT 1e3 kilowatt; MAW 1e6 megawatt; A90 1e9 gigawatt;
  D31 1e12 terawatt; HJ 735.49875 metric horse power; BHP 745.7 brake horse power; K43 746 horsepower (electric)
time: SEC 1 second; C26 1e-3 millisecond; B98 1e-6 microsecond; C47 1e-9 nanosecond; MIN 60 minute;
  HUR 3600 hour; DAY 86400 day; WEE 604800 week; DAD 864000 ten day; MON 2629800 month;
  QAN 7889400 quarter year; SAN 15778800 half year; ANN 31557600 year; L95 31536000 common year
labour: LH 1 labour hour; OT 1 overtime hour
count: C62 1 one; H87 1 piece; EA 1 each; NAR 1 number of articles; NPT 1 number of parts;
  NCL 1 number of cells; IE 1 person; HEA 1 head; PR 2 pair; NPR 2 number of pairs; TPR 20 ten pair;
  DPR 24 dozen pair; DZN 12 dozen; DPC 12 dozen piece; SCO 20 score; CEN 100 hundred; HC 100 hundred count;
  GRO 144 gross; MIL 1e3 thousand; T3 1e3 thousand piece; MIO 1e6 million; MLD 1e9 milliard;
  BIL 1e12 billion (EUR)
sets: SET 1 set; TST 10 ten set
packs: NMP 1 number of packs; DZP 12 dozen pack
batches: 5B 1 batch
kits: KT 1 kit
ratio: Q26 1 one per one; P1 1e-2 percent; 60 1e-2 percent weight; NX 1e-3 part per thousand;
  E40 1e-5 part per hundred thousand; 59 1e-6 part per million; 61 1e-9 part per billion;
  M29 1 kilogram per kilogram; GK 1e-3 gram per kilogram; H64 1e-3 milligram per gram;
  NA 1e-6 milligram per kilogram; MK 1e-6 milligram per kilogram (UNTP metrics);
  J33 1e-9 microgram per kilogram; L32 1e-12 nanogram per kilogram
volume ratio: H60 1 cubic metre per cubic metre; VP 1e-2 percent volume; L19 1e-3 millilitre per litre
pressure: PAL 1 pascal; 74 1e-3 millipascal; A97 1e2 hectopascal; KPA 1e3 kilopascal; MPA 1e6 megapascal;
  A89 1e9 gigapascal; BAR 1e5 bar; MBR 1e2 millibar; ATM 101325 standard atmosphere;
  C56 1e6 newton per square millimetre; PS 6894.757293168 pound-force per square inch
force: NEW 1 newton; C20 1e-3 millinewton; B47 1e3 kilonewton; B73 1e6 meganewton
torque: NU 1 newton metre; B48 1e3 kilonewton metre
electric current: AMP 1 ampere; 4K 1e-3 milliampere; B84 1e-6 microampere; B22 1e3 kiloampere
electric charge: COU 1 coulomb; AMH 3600 ampere hour; E09 3.6 milliampere hour; TAH 3.6e6 kiloampere hour;
  B26 1e3 kilocoulomb
electric potential: VLT 1 volt; 2Z 1e-3 millivolt; D82 1e-6 microvolt; KVT 1e3 kilovolt; B78 1e6 megavolt
electric resistance: OHM 1 ohm; E45 1e-3 milliohm; B94 1e-6 microohm; B49 1e3 kiloohm; B75 1e6 megaohm
apparent power: D46 1 volt-ampere; KVA 1e3 kilovolt-ampere; MVA 1e6 megavolt-ampere
frequency: HTZ 1 hertz; KHZ 1e3 kilohertz; MHZ 1e6 megahertz; A86 1e9 gigahertz; RPM 1/60 revolutions per minute
density: KMQ 1 kilogram per cubic metre; 23 1e3 gram per cubic centimetre; GL 1 gram per litre;
  A93 1e-3 gram per cubic metre; M1 1e-3 milligram per litre; H29 1e-6 microgram per litre;
  B34 1e3 kilogram per cubic decimetre; B35 1e3 kilogram per litre; D41 1e3 tonne per cubic metre
mass per area: 28 1 kilogram per square metre; GM 1e-3 gram per square metre; 25 10 gram per square centimetre
mass per length: KL 1 kilogram per metre; M31 1e-3 kilogram per kilometre; D34 1e-6 tex; A47 1e-7 decitex;
  A49 1/9000000 denier; M83 1/9000000 denier
mass flow: KGS 1 kilogram per second; E93 1/3600 kilogram per hour; E18 1000/3600 tonne per hour;
  L71 1000/86400 tonne per day; M89 1000/31536000 tonne per year
volume flow: MQS 1 cubic metre per second; MQH 1/3600 cubic metre per hour; L2 1/60000 litre per minute;
  E32 1/3600000 litre per hour; LD 1/86400000 litre per day
speed: MTS 1 metre per second; 2X 1/60 metre per minute; KMH 1000/3600 kilometre per hour;
  HM 0.44704 mile per hour; KNT 1852/3600 knot
energy per mass: J2 1 joule per kilogram; B42 1e3 kilojoule per kilogram; JK 1e6 megajoule per kilogram;
  D95 1e3 joule per gram; Q31 1e6 kilojoule per gram
energy per volume: B8 1 joule per cubic metre; JM 1e6 megajoule per cubic metre;
  E46 3.6e6 kilowatt hour per cubic metre
thermal conductivity: D53 1 watt per metre kelvin
thermal resistance: D19 1 square metre kelvin per watt
amount of substance: C34 1 mole; C18 1e-3 millimole; B45 1e3 kilomole
amount per volume: C36 1 mole per cubic metre; C38 1e3 mole per litre; M33 1 millimole per litre
luminous intensity: CDL 1 candela
luminous flux: LUM 1 lumen
luminous efficacy: B61 1 lumen per watt
illuminance: LUX 1 lux; KLX 1e3 kilolux
sound level: 2N 1 decibel; M72 10 bel
information: AD 1 byte; 2P 1e3 kilobyte; 4L 1e6 megabyte; E34 1e9 gigabyte; E35 1e12 terabyte
transport: TKM 1 tonne kilometre
radioactivity: BQL 1 becquerel; 2Q 1e3 kilobecquerel; 4N 1e6 megabecquerel
acidity: Q30 1 pH
"""

#: code → factor and offset to kelvin.
_TEMPERATURES: Final = (
    Unit(code="KEL", name="kelvin", dimension="temperature", factor=Fraction(1)),
    Unit(code="CEL", name="degree Celsius", dimension="temperature", factor=Fraction(1), offset=Fraction("273.15")),
    Unit(
        code="FAH",
        name="degree Fahrenheit",
        dimension="temperature",
        factor=Fraction(5, 9),
        offset=Fraction("459.67") * Fraction(5, 9),
    ),
    Unit(code="A48", name="degree Rankine", dimension="temperature", factor=Fraction(5, 9)),
)


def _rows() -> dict[str, Unit]:
    rows = {known.code: known for known in _TEMPERATURES}
    for paragraph in _TABLE.strip().replace("\n  ", " ").splitlines():
        dimension, _, table = paragraph.partition(": ")
        for row in table.split(";"):
            code, factor, name = row.split(maxsplit=2)
            rows[code] = Unit(code=code, name=name, dimension=dimension, factor=_fraction(factor))
    return rows


def _fraction(text: str) -> Fraction:
    above, slash, below = text.partition("/")
    return Fraction(above) / Fraction(below) if slash else Fraction(above)


#: Every unit by its Rec 20 code.
UNITS: Final[Mapping[str, Unit]] = MappingProxyType(_rows())
