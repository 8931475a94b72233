"""The published data beside the checkout, for tests only; absent data skips with a plain reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the published data (../shared) is not beside this checkout"
)


def shared_path(*parts: str) -> Path:
    """A file or folder below ../shared; skips the test when it is not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"published data {'/'.join(parts)} is not beside this checkout")
    return path


def shared_json(*parts: str) -> Any:
    """A JSON file below ../shared."""
    return json.loads(shared_path(*parts).read_text("utf-8"))


def untp_samples(version: str = "v0.7.0") -> dict[str, Any]:
    """The official UNTP sample credentials by file name (DPP, DCC, DTE, DFR, DIA)."""
    folder = shared_path("untp", version, "artefacts", "samples")
    return {
        path.name: json.loads(path.read_text("utf-8"))
        for kind in ("dpp", "dcc", "dte", "dfr", "dia")
        for path in sorted((folder / kind).glob("*.json"))
    }
