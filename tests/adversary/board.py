"""The scoreboard as a page: what was run, what broke, and how often each move was noticed."""

from __future__ import annotations

from collections.abc import Iterator

from tests.adversary.moves import MOVES
from tests.adversary.scoreboard import HEADS, LIES, Scoreboard
from tests.adversary.tally import Tally


def page(tally: Tally) -> str:
    """The page in Markdown."""
    return "\n".join([*_told(tally), ""])


def _told(tally: Tally) -> Iterator[str]:
    board = tally.board
    seeds = ", ".join(f"{seed}" for seed in sorted(tally.batches))
    yield "# Scoreboard"
    yield ""
    yield (
        "What the attacks of [testing-the-verdict.md](testing-the-verdict.md) came to. "
        ""
        "Written by `python -m tests.adversary --tally FILE --board docs/scoreboard.md`; every row is counted."
    )
    yield ""
    yield f"{board.run:,} programs of {board.moves:,} moves, by the seeds {seeds}."
    yield ""
    yield "| what must not be | programs |"
    yield "|---|---|"
    for property, head in HEADS.items():
        yield f"| {head} | {board.programs[property]:,} |"
    yield f"| hidden by its only holder, as [threat-model.md](threat-model.md) says | {board.known:,} |"
    yield f"| silent lies (each move alone) | {board.silent.total():,} |"
    yield ""
    yield from _moves(board)
    if board.news:
        yield ""
        yield "What broke:"
        yield ""
        yield "```"
        yield from dict.fromkeys(board.news)
        yield "```"


def _moves(board: Scoreboard) -> Iterator[str]:
    yield (
        "*Drawn* and *applied* count moves in programs; *alone* are worlds on which the move was made and "
        "nothing else, *noticed* the share of these in which the answer is another one. "
        "A stranger's move never is. *Under control* counts the rules without which the move changes a verdict."
    )
    yield ""
    yield "| move | by | drawn | applied | alone | noticed | under control |"
    yield "|---|---|---|---|---|---|---|"
    for name, move in MOVES.items():
        alone = board.alone[name]
        noticed = f"{board.noticed[name] / alone:.0%}" if alone and name in LIES else str(board.noticed[name])
        counts = f"{board.drawn[name]:,} | {board.applied[name]:,} | {alone} | {noticed} | {board.changed[name]}"
        yield f"| {name} | {move.by} | {counts} |"
