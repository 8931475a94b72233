"""A lower floor never mentions a higher one, not even in a comment: whoever reads it needs to know nothing above it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.shared import ROOT

FLOORS = ("contexts", "credentials", "node")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
#: Room → on which floor it lies, and how many floors are above it.
PLACES = {
    f"{container}.{room}".lstrip("."): (container, above)
    for contract in CONTRACTS
    if contract["type"] == "layers"
    for container in contract.get("containers", [""])
    for above, layer in enumerate(contract["layers"])
    for room in re.findall(r"\w+", layer)
}
_ROOMS = {f"{path.parent.name}.{path.stem}" for floor in FLOORS for path in (ROOT / floor).iterdir()}
_NAME = re.compile(rf"(?<![\w./])(?:{'|'.join(FLOORS)})(?:[./]\w+)+")


def floors_of(name: str) -> dict[str, int]:
    """The house and floor of every room that ``name`` stands in."""
    parts = name.split(".")
    rooms = (".".join(parts[:length]) for length in range(1, len(parts) + 1))
    return dict(PLACES[room] for room in rooms if room in PLACES)


def upward(module: str, text: str) -> Iterator[str]:
    """What ``text`` of ``module`` names that stands above it."""
    own = floors_of(module)
    for name in _NAME.findall(text):
        dotted = name.replace("/", ".")
        if ".".join(dotted.split(".")[:2]) not in _ROOMS:
            continue  # the specifications call other things credentials and node too
        floors = floors_of(dotted)
        if any(floors[house] < above for house, above in own.items() if house in floors):
            yield name


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_no_module_mentions_what_stands_above_it() -> None:
    modules = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]

    found = {module_of(path): [*upward(module_of(path), path.read_text("utf-8"))] for path in modules}

    assert {module: names for module, names in found.items() if names} == {}


def test_a_mention_of_a_room_above_would_be_seen() -> None:
    assert [*upward("credentials.evidence", "# asked by node.wire.gather")] == ["node.wire.gather"]
    assert [*upward("credentials.provenance.mass.shares", '"""See credentials/provenance/claims."""')] == [
        "credentials/provenance/claims"
    ]
    assert [*upward("node.wire.gather", "from credentials.evidence import Need")] == []
