"""Roughly where countries lie: our own coarse boxes of latitude and longitude, for one question only.

"Can this point be in that country?" A box is larger than its country, so inside means *possible*, outside means
*wrong*, and near an edge means we cannot tell (docs/requirements.md D14; PV-FAC-4). Boxes never cross the
antimeridian: a country that does has one on each side. Drawn by us from general knowledge to half a degree or so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

#: Degrees on either side of a box's edge in which we do not decide.
MARGIN: Final = 0.25


@dataclass(frozen=True, slots=True)
class Box:
    """Decimal degrees, north and east positive; ``south <= north`` and ``west <= east``."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, latitude: float, longitude: float, *, margin: float = 0.0) -> bool:
        """Is the point inside, the box being wider by ``margin`` (smaller if it is negative)?"""
        return (
            self.south - margin <= latitude <= self.north + margin
            and self.west - margin <= longitude <= self.east + margin
        )


def may_lie_in(code: str, latitude: float, longitude: float) -> bool | None:
    """Can the point be in the country? None when it is near an edge or we have no box for the code."""
    boxes = BOXES.get(code)
    if not boxes:
        return None
    if any(box.holds(latitude, longitude, margin=-MARGIN) for box in boxes):
        return True
    return None if any(box.holds(latitude, longitude, margin=MARGIN) for box in boxes) else False


#: code, then one or more boxes "south west north east", separated by commas.
_TABLE: Final = """
AE 22.5 51.4 26.2 56.5
AF 29.3 60.4 38.6 75.0
AL 39.6 19.1 42.7 21.1
AM 38.8 43.4 41.4 46.7
AO -18.1 11.6 -4.3 24.2
AR -55.2 -73.7 -21.7 -53.5
AT 46.3 9.4 49.1 17.2
AU -43.8 112.8 -9.1 153.8
AZ 38.3 44.7 42.0 50.7
BA 42.5 15.7 45.4 19.7
BD 20.5 88.0 26.7 92.8
BE 49.4 2.4 51.6 6.5
BF 9.3 -5.6 15.1 2.5
BG 41.2 22.3 44.3 28.7
BH 25.5 50.3 26.4 50.9
BI -4.6 28.9 -2.2 30.9
BJ 6.1 0.7 12.5 3.9
BO -23.0 -69.7 -9.6 -57.4
BR -33.8 -74.1 5.4 -34.7
BW -27.0 19.9 -17.7 29.4
BY 51.2 23.1 56.3 32.8
CA 41.6 -141.1 83.2 -52.5
CD -13.5 12.1 5.5 31.4
CF 2.2 14.4 11.1 27.5
CG -5.1 11.0 3.8 18.7
CH 45.8 5.9 47.9 10.6
CI 4.2 -8.7 10.8 -2.4
CL -56.0 -75.8 -17.4 -66.3, -27.3 -109.6 -27.0 -109.1
CM 1.6 8.4 13.1 16.2
CN 18.1 73.4 53.7 135.2
CO -4.3 -79.1 12.6 -66.8
CR 8.0 -86.0 11.3 -82.5
CU 19.8 -85.0 23.3 -74.1
CY 34.5 32.2 35.8 34.7
CZ 48.5 12.0 51.1 18.9
DE 47.2 5.8 55.1 15.1
DK 54.5 8.0 57.8 15.3
DO 17.4 -72.1 20.0 -68.2
DZ 18.9 -8.7 37.2 12.0
EC -5.1 -81.2 1.5 -75.1, -1.5 -92.1 1.8 -89.2
EE 57.5 21.7 59.8 28.3
EG 21.9 24.6 31.8 37.0
ES 35.9 -9.4 43.9 4.4, 27.6 -18.3 29.5 -13.3
ET 3.3 32.9 15.0 48.1
FI 59.7 19.1 70.2 31.7
FJ -21.1 176.8 -12.4 180.0, -21.1 -180.0 -12.4 -178.2
FR 41.3 -5.3 51.2 9.7
GA -4.0 8.6 2.4 14.6
GB 49.8 -8.7 60.9 1.9
GE 41.0 39.9 43.7 46.8
GH 4.6 -3.4 11.3 1.3
GN 7.1 -15.2 12.8 -7.6
GR 34.7 19.3 41.8 29.7
GT 13.6 -92.4 17.9 -88.1
GY 1.1 -61.5 8.6 -56.4
HK 22.1 113.8 22.6 114.5
HN 12.9 -89.5 17.5 -82.4
HR 42.3 13.4 46.6 19.5
HT 17.9 -74.6 20.2 -71.6
HU 45.7 16.0 48.6 23.0
ID -11.1 94.9 6.1 141.1
IE 51.3 -10.7 55.5 -5.9
IL 29.4 34.2 33.4 35.9
IN 6.7 68.0 35.6 97.5
IQ 29.0 38.7 37.5 48.6
IR 25.0 44.0 39.8 63.4
IS 63.2 -24.6 66.6 -13.4
IT 35.4 6.6 47.1 18.6
JM 17.6 -78.5 18.6 -76.1
JO 29.1 34.9 33.4 39.4
JP 24.0 122.9 45.6 146.0, 24.2 141.2 27.8 142.3
KE -4.8 33.8 5.1 42.0
KG 39.1 69.2 43.3 80.3
KH 10.3 102.3 14.7 107.7
KP 37.6 124.1 43.1 130.8
KR 33.0 124.5 38.7 131.0
KW 28.5 46.5 30.2 48.5
KZ 40.5 46.4 55.5 87.4
LA 13.9 100.0 22.6 107.8
LB 33.0 35.1 34.7 36.7
LK 5.8 79.5 9.9 82.0
LR 4.3 -11.6 8.6 -7.3
LS -30.7 27.0 -28.5 29.5
LT 53.8 20.9 56.5 26.9
LU 49.4 5.7 50.2 6.6
LV 55.6 20.9 58.1 28.3
LY 19.5 9.3 33.2 25.2
MA 27.6 -13.3 36.0 -0.9
MD 45.4 26.6 48.5 30.2
ME 41.8 18.4 43.6 20.4
MG -25.7 43.1 -11.9 50.6
MK 40.8 20.4 42.4 23.1
ML 10.1 -12.3 25.1 4.3
MM 9.7 92.1 28.6 101.2
MN 41.5 87.7 52.2 120.0
MR 14.7 -17.1 27.3 -4.8
MT 35.7 14.1 36.1 14.6
MU -20.6 57.2 -19.9 57.9
MW -17.2 32.6 -9.3 36.0
MX 14.5 -118.5 32.8 -86.7
MY 0.8 99.5 7.4 119.4
MZ -26.9 30.2 -10.4 40.9
NA -29.0 11.7 -16.9 25.3
NE 11.6 0.1 23.6 16.0
NG 4.2 2.6 13.9 14.7
NI 10.7 -87.8 15.1 -82.6
NL 50.7 3.3 53.7 7.3
NO 57.9 4.4 71.3 31.2
NP 26.3 80.0 30.5 88.3
NZ -47.4 166.3 -34.3 178.7, -44.5 -177.0 -43.6 -175.9
OM 16.6 51.9 26.5 59.9
PA 7.1 -83.1 9.7 -77.1
PE -18.4 -81.4 0.0 -68.6
PG -11.7 140.8 -1.2 156.0
PH 4.5 116.8 21.2 126.7
PK 23.6 60.8 37.1 77.9
PL 48.9 14.1 54.9 24.2
PR 17.8 -67.4 18.6 -65.2
PT 36.9 -9.6 42.2 -6.1, 36.8 -31.4 39.8 -24.9, 32.3 -17.4 33.2 -16.2
PY -27.7 -62.7 -19.2 -54.2
QA 24.4 50.7 26.3 51.7
RO 43.6 20.2 48.3 29.8
RS 42.2 18.8 46.2 23.1
RU 41.1 19.6 81.9 180.0, 60.0 -180.0 72.0 -169.0
RW -2.9 28.8 -1.0 30.9
SA 16.3 34.4 32.2 55.7
SD 8.6 21.8 22.3 38.7
SE 55.3 10.9 69.1 24.2
SG 1.1 103.5 1.5 104.1
SI 45.4 13.3 46.9 16.7
SK 47.7 16.8 49.7 22.6
SL 6.8 -13.4 10.0 -10.2
SN 12.2 -17.6 16.7 -11.3
SR 1.8 -58.1 6.1 -53.9
SV 13.1 -90.2 14.5 -87.6
SY 32.3 35.6 37.4 42.4
SZ -27.4 30.7 -25.7 32.2
TD 7.4 13.4 23.5 24.1
TG 6.0 -0.2 11.2 1.9
TH 5.6 97.3 20.5 105.7
TJ 36.6 67.3 41.1 75.2
TM 35.1 52.4 42.8 66.7
TN 30.2 7.5 37.6 11.7
TR 35.8 25.6 42.2 44.9
TT 10.0 -62.0 11.4 -60.5
TW 21.8 118.1 26.4 122.1
TZ -11.8 29.3 -0.9 40.5
UA 44.3 22.1 52.4 40.3
UG -1.5 29.5 4.3 35.1
US 24.4 -125.0 49.5 -66.8, 51.0 -180.0 71.5 -129.9, 51.0 172.3 53.1 180.0, 18.8 -178.4 28.5 -154.7
UY -35.1 -58.5 -30.0 -53.0
UZ 37.1 55.9 45.7 73.2
VE 0.6 -73.4 12.3 -59.7
VN 8.3 102.1 23.5 109.6
YE 12.0 42.5 19.0 54.6
ZA -34.9 16.4 -22.1 33.0
ZM -18.1 21.9 -8.1 33.8
ZW -22.5 25.2 -15.6 33.1
"""


def _boxes(text: str) -> tuple[Box, ...]:
    return tuple(Box(*(float(degrees) for degrees in part.split())) for part in text.split(","))


#: alpha-2 code → its boxes.
BOXES: Final[Mapping[str, tuple[Box, ...]]] = MappingProxyType(
    {line[:2]: _boxes(line[3:]) for line in _TABLE.strip().splitlines()}
)
