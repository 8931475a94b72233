"""Country codes are complete, and boxes say only what a box can say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.codes.bounding_boxes import BOXES, MARGIN, may_lie_in
from contexts.codes.countries import COUNTRIES, is_country


def test_every_iso_code_is_there() -> None:
    assert len(COUNTRIES) == 249
    assert all(len(code) == 2 and code.isupper() and name.strip() == name for code, name in COUNTRIES.items())


@pytest.mark.parametrize("code", ["ZM", "JP", "DE", "AQ", "TR"])
def test_real_codes_are_countries(code: str) -> None:
    assert is_country(code)


@pytest.mark.parametrize("code", ["ZZZ", "zm", "XX", "UK", "", "Zambia"])
def test_other_texts_are_not(code: str) -> None:
    assert not is_country(code)


def test_every_box_belongs_to_a_country_and_is_a_box_on_this_earth() -> None:
    assert set(BOXES) <= set(COUNTRIES)
    assert len(BOXES) >= 60
    for boxes in BOXES.values():
        for box in boxes:
            assert -90 <= box.south < box.north <= 90
            assert -180 <= box.west < box.east <= 180


#: One city each, well inside.
CITIES = [
    ("ZM", -12.97, 28.63),
    ("JP", 35.68, 139.69),
    ("DE", 52.15, 10.33),
    ("IN", 21.15, 79.09),
    ("TR", 40.19, 29.06),
    ("BD", 23.81, 90.41),
    ("PT", 40.21, -8.42),
    ("PT", 37.74, -25.67),
    ("ES", 40.42, -3.7),
    ("ES", 28.29, -16.63),
    ("IT", 41.9, 12.5),
    ("FR", 46.6, 2.2),
    ("CN", 34.26, 108.94),
    ("US", 39.74, -104.99),
    ("US", 64.84, -147.72),
    ("US", 21.31, -157.86),
    ("AU", -23.7, 133.88),
    ("ZA", -29.09, 26.16),
    ("CL", -33.45, -70.67),
    ("ID", -6.2, 106.8),
    ("CD", -4.33, 15.31),
    ("MZ", -15.12, 39.27),
    ("VN", 16.05, 108.2),
    ("BR", -15.79, -47.88),
    ("EG", 27.18, 31.18),
    ("RU", 66.0, -175.0),
    ("FJ", -16.6, 179.4),
    ("NZ", -43.95, -176.55),
]


@pytest.mark.parametrize(("code", "latitude", "longitude"), CITIES)
def test_a_city_may_lie_in_its_country(code: str, latitude: float, longitude: float) -> None:
    assert may_lie_in(code, latitude, longitude) is True


@pytest.mark.parametrize(
    ("code", "latitude", "longitude"),
    [("ZM", 52.15, 10.33), ("DE", -12.97, 28.63), ("JP", 28.29, -16.63), ("US", 46.6, 2.2), ("TR", 21.15, 79.09)],
)
def test_a_city_elsewhere_does_not(code: str, latitude: float, longitude: float) -> None:
    assert may_lie_in(code, latitude, longitude) is False


def test_near_an_edge_we_cannot_tell() -> None:
    box = BOXES["ZM"][0]

    assert may_lie_in("ZM", box.south - MARGIN / 2, 28.0) is None
    assert may_lie_in("ZM", box.south + MARGIN / 2, 28.0) is None
    assert may_lie_in("ZM", box.south - MARGIN * 2, 28.0) is False


@given(latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))
def test_a_country_without_a_box_is_never_judged(latitude: float, longitude: float) -> None:
    assert may_lie_in("AQ", latitude, longitude) is None
    assert may_lie_in("??", latitude, longitude) is None
