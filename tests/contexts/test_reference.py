"""The reference page says what the tables say, the same way every time."""

from __future__ import annotations

import pytest

from contexts.__main__ import main
from contexts.library import manifest
from contexts.notation import vocabulary
from contexts.reference import reference_page

TABLES = list(dict.fromkeys(row["table"] for row in manifest()))


@pytest.mark.parametrize("table", TABLES)
def test_building_a_page_twice_gives_the_same_text(table: str) -> None:
    first = reference_page(vocabulary(table))
    vocabulary.cache_clear()

    assert reference_page(vocabulary(table)) == first


@pytest.mark.parametrize("table", TABLES)
def test_every_class_and_member_is_on_the_page(table: str) -> None:
    stated = vocabulary(table)
    page = reference_page(stated)

    for term_class in stated.classes.values():
        assert f"## {term_class.name}\n" in page
        assert all(f"| `{member.name}` | {member.cardinality} |" in page for member in term_class.members)


def test_every_link_on_the_page_leads_somewhere() -> None:
    page = reference_page(vocabulary("untp-0.7.0"))
    headings = {line[3:].lower() for line in page.splitlines() if line.startswith("## ")}

    targets = {part.partition(")")[0] for part in page.split("](#")[1:]}
    assert targets <= headings


def test_the_command_prints_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["untp-0.7.0"]) == 0

    assert capsys.readouterr().out == reference_page(vocabulary("untp-0.7.0"))


def test_the_command_lists_table_and_url_of_everything_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0

    rows = [tuple(line.split("\t")) for line in capsys.readouterr().out.splitlines()]
    assert rows == [(row["table"], row["url"]) for row in manifest()]


@pytest.mark.parametrize("name", ["nothing", "../manifest", "manifest"])
def test_the_command_refuses_a_name_that_no_table_has(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name]) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert "There is no table" in err
