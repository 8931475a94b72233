"""How units are written for people: the symbol of a Rec 20 code where it has a usual one, else its name.

A code that is not known here is shown as it is, in quotes: it is somebody else's text. Source: SI brochure, 9th
edition; names from :mod:`contexts.codes.units`. See docs/requirements.md T9.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from contexts.codes.units import unit

_TABLE: Final = """
P1 %; 60 % by weight; VP % by volume; NX ‰; 59 ppm; 61 ppb; Q26 of one;
KGM kg; GRM g; MGM mg; MC µg; TNE t; KTN kt; DTN dt; CTM ct; LBR lb; ONZ oz; MTR m; CMT cm; MMT mm; KMT km;
MTK m²; CMK cm²; KMK km²; HAR ha; MTQ m³; LTR l; MLT ml; CLT cl; JOU J; KJO kJ; 3B MJ; GV GJ; KWH kWh; MWH MWh; GWH GWh;
WTT W; KWT kW; MAW MW; SEC s; MIN min; HUR h; DAY days; ANN years; MON months; C62 pieces; H87 pieces; EA pieces;
GM g/m²; 28 kg/m²; KMQ kg/m³; GL g/l; M1 mg/l; NA mg/kg; MK mg/kg; GK g/kg; CEL °C; KEL K; 2N dB; AMP A; VLT V; AMH Ah;
HTZ Hz; PAL Pa; KPA kPa; BAR bar; TKM t·km; D34 tex; A47 dtex; Q30 pH
"""

#: code → symbol.
SYMBOLS: Final[Mapping[str, str]] = MappingProxyType(
    {code: symbol for code, _, symbol in (row.strip().partition(" ") for row in _TABLE.split(";"))}
)


def symbol(code: str) -> str:
    """The unit for people; its code in quotes when nobody here knows it."""
    known = unit(code)
    return SYMBOLS.get(code) or (known.name if known else f"“{code[:12]}”")
