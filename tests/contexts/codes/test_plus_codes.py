"""Plus codes: rows of the published test vectors (github.com/google/open-location-code, test_data, Apache-2.0)."""

from __future__ import annotations

import pytest

from contexts.codes.plus_codes import cell_of, code_in, is_short

#: Code → south, west, north, east, of decoding.csv.
DECODED = {
    "7FG49Q00+": (20.35, 2.75, 20.4, 2.8),
    "7FG49QCJ+2V": (20.37, 2.782125, 20.370125, 2.78225),
    "7FG49QCJ+2VX": (20.3701, 2.78221875, 20.370125, 2.78225),
    "7FG49QCJ+2VXGJ": (20.370113, 2.782234375, 20.370114, 2.78223632813),
    "8FVC2222+22": (47.0, 8.0, 47.000125, 8.000125),
    "4VCPPQGP+Q9": (-41.273125, 174.785875, -41.273, 174.786),
    "62G20000+": (0.0, -180.0, 1.0, -179.0),
    "22222222+22": (-90.0, -180.0, -89.999875, -179.999875),
    "6VGX0000+": (0.0, 179.0, 1.0, 180.0),
    "CFX3X2X2+X2": (89.999875, 1.0, 90.0, 1.000125),
    "84000000+": (30.0, -140.0, 50.0, -120.0),
    "849VGJQF+VX7QR3J7QR3J": (37.53966912, -122.3750698242, 37.53966916, -122.3750697021),
}
#: Of validityTests.csv.
SHORT = ("WC2345+G6G", "2345+G6", "45+G6", "+G6")
NONE = (
    *("G+", "+", "8FWC2345+G", "8FWC2_45+G6", "8FWC2η45+G6", "8FWC2345+G6+", "8FWC2345G6+"),
    *("8FWC2300+G6", "WC2300+G6G", "WC2345+G", "WC2300+", "849VGJQF+VX7QR3U", "849VGJQF+VX7QR3JU"),
)


@pytest.mark.parametrize("code", DECODED)
def test_a_full_code_names_the_published_cell(code: str) -> None:
    cell = cell_of(code)

    assert cell is not None
    assert (cell.south, cell.west, cell.north, cell.east) == pytest.approx(DECODED[code], abs=1e-9)


@pytest.mark.parametrize("code", SHORT)
def test_a_short_code_names_no_place_alone(code: str) -> None:
    assert is_short(code)
    assert cell_of(code) is None


@pytest.mark.parametrize("code", NONE)
def test_what_is_no_code_names_nothing(code: str) -> None:
    assert not is_short(code)
    assert cell_of(code) is None


@pytest.mark.parametrize("code", ["X2222222+22", "2X222222+22"])
def test_no_cell_lies_beyond_the_pole_or_the_antimeridian(code: str) -> None:
    assert cell_of(code) is None


@pytest.mark.parametrize(
    "uri",
    [
        "https://plus.codes/8FVC2222+22",
        "https://plus.codes/8fvc2222%2B22/",
        "8FVC2222+22",
        "https://p.test/a/8FVC2222+22?x=1",
    ],
)
def test_the_code_is_found_in_its_uri(uri: str) -> None:
    assert code_in(uri) == "8FVC2222+22"
