"""``python -m benchmarks.worlds --credentials 100000 --trace``: make a world, trace it once, say what that took.

Without ``--trace`` the world is made and stays in ``--folder``. Peak memory is that of the one process that traces.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.worlds.tracing import tell
from benchmarks.worlds.world import make_world


def main() -> int:
    """Do what the command line says."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="tracenode-world-") as passing:
        folder = options.folder or Path(passing)
        start = time.process_time()
        world = make_world(
            folder, options.credentials, companies=options.companies, inputs=options.inputs, seed=options.seed
        )
        made = time.process_time() - start
        print(f"{world.credentials} credentials and {world.lists} status lists, made in {made:.1f} s CPU: {folder}")
        print(f"target {world.target}, trust list {world.trust}", flush=True)
        if not options.trace:
            return 0
        apart = multiprocessing.get_context("spawn").Process(target=tell, args=(world,))
        apart.start()
        apart.join()
        return apart.exitcode or 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worlds", description=__doc__)
    parser.add_argument("--credentials", type=int, default=1000, help="how many are signed, status lists besides")
    parser.add_argument("--companies", type=int, default=36, help="who make something")
    parser.add_argument("--inputs", type=int, default=4, help="lots that go into one other")
    parser.add_argument("--seed", type=int, default=1, help="another world of the same size")
    parser.add_argument("--folder", type=Path, help="where to leave the world; else it goes with the command")
    parser.add_argument("--trace", action="store_true", help="trace it, and verify its credentials alone")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
