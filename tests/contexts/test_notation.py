"""The notation of the tables is read exactly, and what does not follow it is found when a table is read."""

from __future__ import annotations

import pytest

from contexts.notation import TableProblem, bounds, read_vocabulary, vocabulary

HEAD = {"name": "t", "version": "1", "url": "https://t.example/", "base": "https://t.example/#", "aliases": "top"}


def table(**classes: dict[str, object]) -> dict[str, object]:
    return {"vocabulary": HEAD, "abbreviations": {"x": "https://x.example/"}, "entity": classes}


def test_a_line_states_cardinality_range_iri_and_options() -> None:
    read = read_vocabulary(table(Thing={"weight": "+ number x:mass set -1..2.5"}))

    (member,) = read.classes["Thing"].members
    assert (member.cardinality, member.range, member.iri) == ("+", "number", "https://x.example/mass")
    assert (member.container, member.least, member.most) == ("@set", -1.0, 2.5)
    assert member.many
    assert member.required


def test_a_reference_names_the_members_it_shows_and_which_must_be_there() -> None:
    read = read_vocabulary(table(Thing={"owner": "? Party(id! name)"}, Party={"id": "1 uri", "name": "1 text"}))

    assert read.classes["Thing"].members[0].view == (("id", True), ("name", False))


def test_id_is_a_keyword_alias_unless_a_line_gives_it_an_iri() -> None:
    read = read_vocabulary(table(Thing={"id": "1 uri"}, Other={"id": "1 uri x:id"}))

    assert read.classes["Thing"].members[0].iri is None
    assert read.classes["Other"].members[0].iri == "https://x.example/id"


def test_a_class_has_the_members_and_types_of_its_parents() -> None:
    events = vocabulary("untp-0.7.0").classes

    assert events["MakeEvent"].types == ("MakeEvent", "LifecycleEvent")
    assert {member.name for member in events["LifecycleEvent"].members} < {m.name for m in events["MakeEvent"].members}


def test_a_table_may_take_over_what_another_one_states() -> None:
    proofs, credentials = vocabulary("data-integrity-v2"), vocabulary("credentials-v2")

    assert credentials.classes["DataIntegrityProof"] == proofs.classes["DataIntegrityProof"]
    assert vocabulary("cid-v1").terms == vocabulary("did-v1").terms


@pytest.mark.parametrize(
    "line",
    ["", "text", "2 text", "1text", "1", "1 text nowhere:name", "1 Party(id! name", "1 text a..b", "1 nowhere:type"],
)
def test_a_line_that_does_not_follow_the_notation_is_a_problem(line: str) -> None:
    with pytest.raises(TableProblem):
        read_vocabulary(table(Thing={"name": line}))


@pytest.mark.parametrize(
    "line", ["1 Nobody", "1 texxt", "1 #NoList", "1 Thing(nothing!)", "1 text @Nobody", "1 text sett"]
)
def test_a_line_that_names_what_no_table_states_is_a_problem(line: str) -> None:
    with pytest.raises(TableProblem):
        read_vocabulary(table(Thing={"name": line}))


@pytest.mark.parametrize("text", ["1-2", "..x", "a..1"])
def test_bounds_are_two_numbers(text: str) -> None:
    with pytest.raises(TableProblem):
        bounds(text)
