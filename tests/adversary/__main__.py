"""``python -m tests.adversary``: programs in as many processes as are asked for, and the scoreboard.

First each rule is taken away alone, and each move is made alone on a world of each kind. With ``--tally FILE`` the
counts of earlier runs are read from there and added to, and a run goes on where the last one with its seed ended;
``--board FILE`` writes the page.
Exit 1 if anything broke beyond what ``known.py`` lists, or a move changed no verdict under any control.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from tests.adversary.board import page
from tests.adversary.incomplete import truths_left_out
from tests.adversary.programs import ALWAYS, BATCH, Program, breaches
from tests.adversary.replaying import refusals
from tests.adversary.running import Alone, Batch, UnderControl, run
from tests.adversary.tally import Tally
from tests.adversary.templates import COMPLETE, TEMPLATES
from tests.adversary.tightness import faults


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the command line says."""
    options = _options(arguments)
    if options.incomplete:
        return _incomplete(options.incomplete, options.seed)
    if options.tight:
        return _tight(options.tight, options.seed)
    if options.replayed:
        return _replayed(options.replayed, options.seed)
    if options.program:
        return _once(Program.parse(options.program))
    tally = Tally.read(options.tally)
    broken = _run(options, tally)
    print("\n".join(tally.board.lines()))
    if options.board:
        options.board.write_text(page(tally))
    return 1 if broken else 0


def _run(options: argparse.Namespace, tally: Tally) -> bool:
    """Runs what is asked for and adds it to ``tally``; did anything break?"""
    before = len(tally.board.news)
    worlds, sizes = tuple(options.worlds), (3, max(3, options.lots))
    controls = UnderControl.everything() if options.controls else []
    if controls:
        tally.board.changed.clear()
    for done, (_, board) in enumerate(run(controls, jobs=options.jobs, seconds=options.seconds), 1):
        tally.board.add(board)
        _progress(f"under control: {done} of {len(controls)} pieces")
    alone = [Alone(seed=options.seed, template=one, lots=options.lots) for one in worlds] if options.alone else []
    for done, (_, board) in enumerate(run(alone, jobs=options.jobs, seconds=options.seconds), 1):
        tally.board.add(board)
        _progress(f"each move alone: {done} of {len(alone)} worlds")
    programs, moves = 0, 0
    wanted = _batches(options, tally.next(options.seed), worlds, sizes)
    for batch, board in run(wanted, jobs=options.jobs, seconds=options.seconds):
        tally.add(batch, board)
        programs, moves = programs + board.run, moves + board.moves
        _progress(f"{programs} programs of {moves} moves, {len(tally.board.news) - before} beyond what is known")
        if options.tally:
            tally.write(options.tally)
        if options.programs is None and moves >= options.moves:
            break
    idle = tally.board.idle if options.controls else ()
    if idle:
        _progress(f"no control shows that these are looked for: {', '.join(idle)}")
    return len(tally.board.news) > before or bool(idle)


def _batches(
    options: argparse.Namespace, first: int, worlds: tuple[str, ...], sizes: tuple[int, int]
) -> Iterator[Batch]:
    left = options.programs
    for number in count(first):
        if left is not None and left <= 0:
            return
        programs = BATCH if left is None else min(BATCH, left)
        yield Batch(seed=options.seed, number=number, templates=worlds, sizes=sizes, programs=programs)
        left = None if left is None else left - BATCH


def _once(program: Program) -> int:
    """Runs one program and says what applied and what breaks."""
    print(f"applied: {' '.join(program.played[1])}")
    print(f"word: {program.answer.report['word']}, exit {program.answer.exit}")
    found = [f"{property}: {detail}" for property in ALWAYS for detail in breaches(program, property)]
    print("\n".join(found or ["Nothing breaks."]))
    return 1 if found else 0


def _incomplete(count: int, seed: int) -> int:
    """Judges so many honest worlds with things left out and says where the truth is outside an interval."""
    first = seed * 1_000_000
    found = list(truths_left_out(range(first, first + count)))
    print("\n".join([*found, f"{count} incomplete worlds: truth outside in {len(found)} claims"]))
    return 1 if found else 0


def _tight(count: int, seed: int) -> int:
    """Holds who would have to lie in so many honest worlds against every set of parties, and says where they differ."""
    first = seed * 1_000_000
    found = list(faults(range(first, first + count)))
    print("\n".join([*found, f"{count} worlds: {len(found)} times too much or too little is told"]))
    return 1 if found else 0


def _replayed(count: int, seed: int) -> int:
    """Lets the second program go through what the judge says of so many worlds, and says where it does not follow."""
    first, found = seed * 1_000_000, list[str]()
    for done in range(0, count, 100):
        found += refusals(range(first + done, first + min(done + 100, count)))
        _progress(f"{min(done + 100, count)} of {count} worlds, {len(found)} refused")
    print("\n".join([*found, f"{count} worlds: {len(found)} refused"]))
    return 1 if found else 0


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.adversary", description=__doc__)
    wanted = parser.add_mutually_exclusive_group()
    wanted.add_argument("--programs", type=int, help="how many programs are run")
    wanted.add_argument("--moves", type=int, default=1000, help="programs are run until so many moves were drawn")
    parser.add_argument("--seed", type=int, default=1, help="other programs on other worlds")
    parser.add_argument("--jobs", type=int, default=1, help="in how many processes")
    parser.add_argument("--worlds", nargs="+", choices=sorted(TEMPLATES), default=list(COMPLETE), help="kinds of world")
    parser.add_argument("--lots", type=int, default=12, help="the largest world, in lots")
    parser.add_argument("--seconds", type=float, default=600, help="when no further programs are begun")
    parser.add_argument("--no-alone", dest="alone", action="store_false", help="leave out each move alone")
    parser.add_argument("--no-controls", dest="controls", action="store_false", help="leave out the controls")
    parser.add_argument("--tally", type=Path, help="a file of counts to add to")
    parser.add_argument("--board", type=Path, help="where to write the scoreboard as a page")
    parser.add_argument("--incomplete", type=int, help="judge so many honest worlds with things left out instead")
    parser.add_argument("--tight", type=int, help="try every set of parties in so many honest worlds instead")
    parser.add_argument("--replayed", type=int, help="let the second program go through so many worlds instead")
    parser.add_argument("--program", help="run this one program, as a failure names it")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
