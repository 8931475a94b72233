"""``python -m contexts [TABLE]``: the reference page of a vocabulary on standard output, or the list of tables."""

from __future__ import annotations

import argparse
import sys

from contexts.library import manifest
from contexts.notation import vocabulary
from contexts.reference import reference_page


def main(arguments: list[str] | None = None) -> int:
    """Print the page of one table, or one line per published URL; 2 for a name that no table has."""
    parser = argparse.ArgumentParser(prog="python -m contexts", description="Reference pages of our vocabularies.")
    parser.add_argument("table", nargs="?", help="for example untp-0.7.0; without it, the tables are listed")
    chosen = parser.parse_args(arguments).table
    tables = dict.fromkeys(row["table"] for row in manifest())
    if chosen is None:
        sys.stdout.writelines(f"{row['table']}\t{row['url']}\n" for row in manifest())
        return 0
    if chosen not in tables:
        sys.stderr.write(f"There is no table {chosen!r}. There are: {', '.join(tables)}.\n")
        return 2
    sys.stdout.write(reference_page(vocabulary(chosen)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
