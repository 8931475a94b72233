"""``python -m tests.fuzz TARGET SECONDS``: look for bytes that make a target fail, from its corpus on.

What was found is printed, with the bytes in a file beside it; the exit code is then not 0.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


def main() -> None:
    """Fuzz one target for so many seconds."""
    import atheris

    with atheris.instrument_imports(include=["credentials"]):
        from tests.fuzz.targets import TARGETS

    if len(sys.argv) != 3 or sys.argv[1] not in TARGETS or not sys.argv[2].isdigit():
        sys.exit(f"python -m tests.fuzz {'|'.join(TARGETS)} SECONDS")
    name, seconds = sys.argv[1:]
    # In CI the same beginning every time, for the whole of the seconds: a failure there can be had again.
    repeatable = ["-seed=1"] if os.environ.get("CI") == "true" else []
    kept = Path(tempfile.mkdtemp(prefix=f"tracenode-fuzz-{name}-"))
    options = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=5", f"-artifact_prefix={kept}/failing-"]
    atheris.Setup(
        [sys.argv[0], *options, *repeatable, "-print_final_stats=1", str(kept), str(CORPUS / name)], TARGETS[name]
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
