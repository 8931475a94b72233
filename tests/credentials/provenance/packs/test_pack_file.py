"""A rule pack is read whole or refused with the place and the cure; the core pack has a source for each row."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from contexts.codes.metrics import MetricKind
from credentials.errors import MalformedInput
from credentials.provenance import Case, judge, to_json
from credentials.provenance.packs.pack_file import core_pack, parse_pack
from credentials.provenance.packs.rule_pack import RulePack
from tests.credentials.provenance import twin

HEAD = 'name = "own"\nversion = "1"\n'
BAND = '[[yields]]\nname = "drying"\nfrom = ["0165"]\nto = ["2392"]\nleast = 0.2\nmost = 0.4\nsource = "us"\n'
SAME = '[[crosswalks]]\nsame = ["https://a.example/1", "https://b.example/1"]\nsource = "us"\n'
WITHIN = '[[crosswalks]]\ncriteria = ["https://b.example/1"]\nwithin = "https://a.example"\nsource = "us"\n'
METRIC = '[[metrics]]\nid = "https://a.example/m"\nkind = "share-of-mass"\nsource = "us"\n'


def own(text: str = "", *, head: str = HEAD) -> RulePack:
    return parse_pack((head + text).encode("utf-8"))


def test_every_row_of_the_core_pack_names_its_source() -> None:
    pack = core_pack()
    rows = [*pack.primary, *pack.gains, *pack.yields, *pack.crosswalks, *pack.metrics]
    assert rows
    assert all(row.source.strip() for row in rows)


def test_no_goods_of_the_core_pack_are_primary_and_take_up_water() -> None:
    pack = core_pack()
    assert not [code for one in pack.gains for code in one.classes if pack.is_primary(code)]


def test_a_code_stands_for_all_that_begin_with_it() -> None:
    band = own(BAND).band(["01651"], ["23921"])
    assert band is not None
    assert (band.least, band.most) == (Fraction(1, 5), Fraction(2, 5))
    assert own(BAND).band(["0161"], ["23921"]) is None


def test_the_rows_of_an_own_pack_come_before_those_that_it_extends() -> None:
    roasting = BAND.replace('"0165"', '"0161"').replace('"2392"', '"23911"')
    pack = own(roasting, head=f'{HEAD}extends = "core"\n')
    band = pack.band(["01610"], ["23911"])
    assert band is not None
    assert band.name == "drying"
    assert pack.is_primary("0161")
    assert not own(roasting).is_primary("0161")


def test_criteria_are_the_same_in_any_spelling_and_only_where_it_is_said() -> None:
    pack = own(SAME)
    assert pack.same_as("https://a.example/1") == {"https://a.example/1", "https://b.example/1"}
    assert pack.same_as("https://c.example/1") == {"https://c.example/1"}
    assert own(WITHIN).same_as("https://b.example/1") == {"https://b.example/1"}
    assert own(WITHIN).within("https://b.example/1") == {"https://a.example"}


def test_an_activity_brings_about_goods_of_its_own_row_only() -> None:
    farming, scheme = ["0161"], "http://unstats.un.org/unsd/classifications/Econ/ISIC/"
    assert core_pack().is_primary_activity(farming, scheme, "0127")
    assert not core_pack().is_primary_activity(farming, scheme, "0510")
    assert not core_pack().is_primary_activity(farming, "https://own.example/steps", "0127")


def test_what_a_pack_says_of_a_metric_is_found_by_its_id() -> None:
    assert own(METRIC).kind_of("https://a.example/m") is MetricKind.SHARE_OF_MASS
    assert own(METRIC).kind_of("https://a.example/n") is None


def test_the_digest_changes_with_every_figure_and_not_with_comments() -> None:
    assert own(BAND).digest == own(f"# a word\n{BAND}").digest
    assert own(BAND).digest != own(BAND.replace("0.4", "0.41")).digest


def test_a_pack_as_json_is_what_its_file_says() -> None:
    said = own(BAND + SAME + WITHIN + METRIC).to_json()
    assert said["yields"] == [
        {"name": "drying", "from": ["0165"], "to": ["2392"], "least": 0.2, "most": 0.4, "source": "us"}
    ]
    assert json.loads(json.dumps(said)) == said


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("name = ", ""),
        ('name = "own"\n', "/version"),
        (HEAD + 'extends = "theirs"\n', "/extends"),
        (HEAD + "bands = 1\n", "/bands"),
        (HEAD + "yields = 1\n", "/yields"),
        (HEAD + "yields = [1]\n", "/yields/0"),
        (HEAD + BAND.replace('source = "us"', 'source = ""'), "/yields/0/source"),
        (HEAD + BAND.replace('["0165"]', '"0165"'), "/yields/0/from"),
        (HEAD + BAND.replace('"0165"', '"pepper"'), "/yields/0/from"),
        (HEAD + BAND.replace("0.4", "0.1"), "/yields/0/least"),
        (HEAD + BAND.replace("0.4", '"0.4"'), "/yields/0/most"),
        (HEAD + BAND.replace("0.4", "-1"), "/yields/0/most"),
        (HEAD + BAND.replace("0.4", "nan"), "/yields/0/most"),
        (HEAD + BAND.replace("0.4", "true"), "/yields/0/most"),
        (HEAD + BAND.replace("least = 0.2\nmost = 0.4\n", ""), "/yields/0"),
        (HEAD + SAME.replace(', "https://b.example/1"', ""), "/crosswalks/0/same"),
        (HEAD + WITHIN.replace("criteria", "same"), "/crosswalks/0"),
        (HEAD + METRIC.replace("share-of-mass", "share"), "/metrics/0/kind"),
        (HEAD + '[[primary]]\nclasses = ["0"]\nactivities = 1\nsource = "us"\n', "/primary/0/activities"),
    ],
)
def test_a_pack_that_is_not_understood_whole_is_refused_with_the_place_and_the_cure(text: str, pointer: str) -> None:
    with pytest.raises(MalformedInput) as refusal:
        parse_pack(text.encode("utf-8"))
    assert refusal.value.problem.pointer == pointer
    assert refusal.value.problem.fix


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(MalformedInput, match="UTF-8"):
        parse_pack(b"\xff\xfe")


def test_the_report_names_the_pack_it_was_made_with() -> None:
    pack = own(BAND)
    said = to_json(judge(Case.of(twin.question(pack=pack), twin.holdings())))["policy"]
    assert isinstance(said, dict)
    assert said["rulePack"] == {"name": "own", "version": "1", "digest": pack.digest}
