"""``python -m tests.adversary --moves N --seed S``: run programs until N moves were drawn, and print the scoreboard.

First each move is made alone on one world of each kind. Exit 1 if anything broke beyond what ``known.py`` lists.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from tests.adversary.incomplete import truths_left_out
from tests.adversary.moves import MOVES
from tests.adversary.programs import ALWAYS, Program, breaches, draw
from tests.adversary.scoreboard import Scoreboard
from tests.adversary.templates import COMPLETE, TEMPLATES


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the command line says."""
    options = _options(arguments)
    if options.incomplete:
        return _incomplete(options.incomplete, options.seed)
    if options.program:
        return _once(Program.parse(options.program))
    board, started = Scoreboard(), time.monotonic()
    for template in options.worlds:
        board.alone(template, options.lots, options.seed)
        _progress(f"each move alone: {template}")
    drawn, number = 0, 0
    while drawn < options.moves and time.monotonic() - started < options.seconds:
        seed = options.seed * 1_000_000 + number
        program = draw(seed, templates=options.worlds, moves=list(MOVES), sizes=(3, max(3, options.lots)))
        board.play(program)
        drawn, number = drawn + len(program.steps), number + 1
        if number % 20 == 0:
            _progress(f"{number} programs, {drawn} of {options.moves} moves, {len(board.news)} beyond what is known")
    print("\n".join(board.lines()))
    if drawn < options.moves:
        print(f"Stopped after {options.seconds} seconds with {drawn} of {options.moves} moves.")
    return 1 if board.news else 0


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


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.adversary", description=__doc__)
    parser.add_argument("--moves", type=int, default=1000, help="how many moves are drawn in all")
    parser.add_argument("--seed", type=int, default=1, help="other programs on other worlds")
    parser.add_argument("--worlds", nargs="+", choices=sorted(TEMPLATES), default=list(COMPLETE), help="kinds of world")
    parser.add_argument("--lots", type=int, default=12, help="the largest world, in lots")
    parser.add_argument("--seconds", type=float, default=600, help="when to stop drawing")
    parser.add_argument("--incomplete", type=int, help="judge so many honest worlds with things left out instead")
    parser.add_argument("--program", help="run this one program, as a failure names it")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
