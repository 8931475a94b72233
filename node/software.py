"""What judges: the name and version that reports, and whoever asks, are told. The same as in pyproject.toml."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
SOFTWARE: Final = f"tracenode {VERSION}"
