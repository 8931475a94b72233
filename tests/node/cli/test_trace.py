"""``tracenode trace --from DIR``: a verdict offline, with the exit codes that scripts rely on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from credentials.provenance import REPORT_SCHEMA
from node.cli.report_text import lines_of
from node.cli.trace import exit_code
from node.demo.offline import pinned_trust_list
from node.demo.season import target
from tests.credentials.provenance import twin
from tests.credentials.provenance.report.sentences import faults, sentences
from tests.credentials.provenance.signing import sign_all
from tests.node.cli.terminal import Terminal
from tests.node.season import season_folder

MOMENT = ("--at", "2026-06-01T12:00:00Z")


@pytest.fixture
def trust(tmp_path: Path) -> str:
    path = tmp_path / "trust.json"
    path.write_text(json.dumps(pinned_trust_list()))
    return str(path)


def test_a_folder_is_traced_and_stdout_is_the_report_alone(terminal: Terminal, trust: str) -> None:
    said = terminal("trace", "--from", str(season_folder()), "--trust", trust, *MOMENT, "--json", target())
    report = json.loads(said.out)
    assert list(jsonschema_rs.validator_for(REPORT_SCHEMA).iter_errors(report)) == []
    assert (said.code, report["target"]) == (exit_code(report), target())
    assert "wave 1" in said.err


def test_the_text_says_word_claims_findings_and_whom_to_ask(terminal: Terminal, trust: str) -> None:
    said = terminal("trace", "--from", str(season_folder()), "--trust", trust, *MOMENT, target())
    word, sentence = said.out.splitlines()[:2]
    assert sentence.startswith(f"{word}: ")
    for words in ("Claims", "Findings", "PV-QTY-5", "Gaps", "ask did:web:smallholder.test"):
        assert words in said.out


def test_the_text_of_the_season_has_names_and_units(terminal: Terminal, trust: str) -> None:
    said = terminal("trace", "--from", str(season_folder()), "--trust", trust, *MOMENT, "--json", target())
    report = json.loads(said.out)
    spoken = [*sentences(report), *(line for line in lines_of(report) if not line.startswith("  PV-"))]
    known = {id: name for id, name in report["names"].items() if id.startswith("did:")}
    assert report["names"]["did:web:certifier.test"] == "Fibre Assurance"
    assert [(one, bad) for one in spoken if (bad := faults(one, known))] == []
    assert [(one, bad) for one in sentences(report) if (bad := faults(one, report["names"]))] == []


def test_what_is_wrong_stands_before_the_claims_and_says_what_would_close_it(terminal: Terminal, trust: str) -> None:
    text = terminal("trace", "--from", str(season_folder()), "--trust", trust, *MOMENT, target()).out
    assert text.index("Findings") < text.index("Claims")
    assert "what would close it: " in text
    assert "Ask Deccan Spinning Mill (did:web:spinner.test)." in text


def test_what_was_attested_heads_a_claim_and_its_claimants_words_stand_in_quotes(
    terminal: Terminal, trust: str
) -> None:
    text = terminal("trace", "--from", str(season_folder()), "--trust", trust, *MOMENT, target()).out
    assert "80 % “Organic content”, under “Organic content”" in text
    assert "“Living wages where it was sewn”, says Plain Shirt Company (did:web:brand.test)" in text
    assert "not attested: 100 % living wage coverage" in text


def test_all_that_a_claim_says_is_listed_worst_first_with_who_bears_it_out(terminal: Terminal, trust: str) -> None:
    said = terminal("trace", "--from", str(season_folder()), "--trust", trust, *MOMENT, "--json", target())
    report = json.loads(said.out)
    claim = next(one for one in report["claims"] if one["verdict"] == "VERIFIED")
    claim["atoms"][0] |= {"statement": "“Free of child labour”", "grade": 1, "attestedBy": []}
    claim["atoms"][-1]["attested"] = "80 % of it"
    lines = [" ".join(line.split()) for line in lines_of(report | {"claims": [claim]})]

    last = claim["atoms"][-1]["statement"]
    worst = lines.index("criterion grade 1 “Free of child labour” borne out by nobody whose word counts")
    assert worst < lines.index(f"metric grade 4 {last} borne out by Fibre Assurance: 80 % of it")


def test_a_budget_that_is_spent_is_said_and_is_no_success(terminal: Terminal, trust: str) -> None:
    said = terminal(
        "trace", "--from", str(season_folder(frozenset())), "--trust", trust, *MOMENT, "--budget", "30", target()
    )
    assert said.code == 3
    assert "PV-GAP-2" in said.out


def test_an_unknown_identifier_cannot_be_told(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    assert terminal("trace", "--from", str(folder), *MOMENT, "https://nobody.test/x").code == 3


def test_a_bad_file_is_named_on_stderr(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "broken.jwt").write_bytes(b"a.b.c")
    said = terminal("trace", "--from", str(folder), *MOMENT, "https://nobody.test/x")
    assert "broken.jwt: " in said.err


@pytest.mark.parametrize("options", [("--at", "yesterday"), ("--from", "/nowhere"), ("--trust", "/nowhere")])
def test_an_option_that_cannot_be_used_is_refused(terminal: Terminal, options: tuple[str, str]) -> None:
    folder = ("--from", str(season_folder()))
    said = terminal("trace", *folder, *options, target())
    assert said.code in (1, 2)
    assert said.out == ""


@pytest.mark.parametrize(
    ("word", "claims", "code"),
    [
        ("VERIFIED", ["VERIFIED"], 0),
        ("PARTIALLY VERIFIED", ["VERIFIED", "UNVERIFIABLE"], 3),
        ("CONTRADICTED", ["VERIFIED", "CONTRADICTED"], 1),
        ("REFUTED", ["REFUTED"], 1),
        ("UNVERIFIABLE", ["INVALID"], 1),
        ("UNVERIFIABLE", [], 3),
        ("VERIFIED", [], 3),
    ],
)
def test_the_exit_code_follows_the_words(word: str, claims: list[str], code: int) -> None:
    assert exit_code(answered(word, claims)) == code


def answered(word: str, claims: list[str], **members: Any) -> dict[str, Any]:
    stated = {"word": word, "claims": [{"verdict": claim} for claim in claims], "findings": []}
    return stated | {"coverage": [0.93, 1.0], "policy": {"coverage": 0.0}} | members


@pytest.mark.parametrize(
    ("outcome", "severity", "code"),
    [("fail", "block", 1), ("unknown", "block", 3), ("fail", "warn", 0), ("unknown", "warn", 0)],
)
def test_a_finding_that_blocks_does_not_leave_the_exit_code_alone(outcome: str, severity: str, code: int) -> None:
    finding = {"outcome": outcome, "severity": severity}
    assert exit_code(answered("VERIFIED", ["VERIFIED"], findings=[finding])) == code


@pytest.mark.parametrize(("asked", "code"), [(0.0, 0), (0.93, 0), (0.94, 3), (1.0, 3)])
def test_an_answer_about_less_of_the_mass_than_asked_for_is_not_the_answer(asked: float, code: int) -> None:
    assert exit_code(answered("VERIFIED", ["VERIFIED"], policy={"coverage": asked})) == code


def test_the_coverage_that_was_asked_for_is_in_the_report(terminal: Terminal) -> None:
    folder = ("--from", str(season_folder()), "--json")
    report = json.loads(terminal("trace", *folder, *MOMENT, "--coverage", "0.95", target()).out)
    assert report["policy"]["coverage"] == 0.95


def test_a_report_without_anything_is_still_a_sentence() -> None:
    empty = {"claims": [], "findings": [], "gaps": [], "inputs": [], "at": "now", "software": "x", "names": {}}
    derivation = {"documents": [], "steps": []}
    lines = list(lines_of({"word": "UNVERIFIABLE", "summary": "Nothing.", "derivation": derivation, **empty}))
    assert lines[:2] == ["UNVERIFIABLE", "Nothing."]


GTIN = "09506000134352"
ITEM = f"https://id.gs1.org/01/{GTIN}/10/AB-1/21/55"
#: How the thing of ``ITEM`` is asked for → the claims of the same thing are found.
SPELLINGS = {
    "the text on its label": f"(01){GTIN}(10)AB-1(21)55",
    "label text without the lot": f"(01){GTIN}(21)55",
    "what a scanner reads": f"]d201{GTIN}10AB-1\x1d2155",
    "an EPC of the item": "urn:epc:id:sgtin:9506000.013435.55",
    "a Digital Link on any host": f"https://shop.test/01/{GTIN}/10/AB-1/21/55",
    "a Digital Link in capitals, with a query": f"HTTPS://ID.GS1.ORG/01/{GTIN}/10/AB-1/21/55?17=270101",
}


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the passport of one item that is named by its GTIN, lot and serial number."""
    folder, drafts = tmp_path_factory.mktemp("labelled"), twin.drafts()
    product = drafts["battery-passport"]["credentialSubject"]
    product |= {"id": ITEM, "batchNumber": "AB-1", "itemNumber": "55", "idGranularity": "item"}
    (folder / "passport").write_bytes(sign_all(drafts)["battery-passport"])
    for did, document in twin.did_documents().items():
        (folder / did.rpartition(":")[2]).write_text(json.dumps(document))
    (folder / "trust.json").write_text(json.dumps({"entries": [], "identifiers": {twin.MAKER: [GTIN]}}))
    return folder


def traced(folder: Path) -> tuple[str, ...]:
    """Asking ``folder`` by the trust list that lies in it, which says whose number the item's is."""
    return ("trace", "--from", str(folder), "--trust", str(folder / "trust.json"), *MOMENT)


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_thing_is_asked_for_by_any_spelling_of_its_number(terminal: Terminal, labelled: Path, spelling: str) -> None:
    asked, told = (json.loads(terminal(*traced(labelled), "--json", name).out) for name in (spelling, ITEM))
    assert told["claims"]
    assert asked["claims"] == told["claims"]


@pytest.mark.parametrize("number", [f"(01){GTIN[:-1]}3(10)AB-1", f"{GTIN[:-1]}3", f"https://x.test/01/{GTIN[:-1]}3"])
def test_a_broken_check_digit_is_told_before_anything_else(terminal: Terminal, tmp_path: Path, number: str) -> None:
    (tmp_path / "broken.jwt").write_bytes(b"a.b.c")
    said = terminal("trace", "--from", str(tmp_path), *MOMENT, number)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("ID_CHECK_DIGIT at /identifier: ")


def test_a_mistyped_claim_is_an_error_that_names_the_claims_there_are(terminal: Terminal, labelled: Path) -> None:
    told = json.loads(terminal(*traced(labelled), "--json", ITEM).out)["claims"][0]["id"]
    said = terminal(*traced(labelled), "--claims", f"{told},{told}s", ITEM)
    assert (said.code, said.out) == (2, "")
    assert f"CLAIM_UNKNOWN at /claims: Nothing that was found claims '{told}s'." in said.err
    assert f"The claims there are: {told}" in said.err


def test_a_claim_of_a_thing_that_nobody_speaks_for_is_no_error(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal("trace", "--from", str(tmp_path), *MOMENT, "--claims", "https://x.test/c", "https://x.test/1")
    assert said.code == 3


def test_a_rule_pack_of_one_s_own_is_judged_by_and_named(terminal: Terminal, trust: str, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('name = "nothing is an origin"\nversion = "1"\n')
    asked = ("--from", str(season_folder()), "--trust", trust, *MOMENT, "--json", target())
    usual, other = (json.loads(terminal("trace", *more, *asked).out) for more in ((), ("--pack", str(own))))
    assert [one["policy"]["rulePack"]["name"] for one in (usual, other)] == ["core", "nothing is an origin"]
    assert other["coverage"][0] < usual["coverage"][0]


def test_a_rule_pack_that_is_not_understood_is_refused_with_the_place(terminal: Terminal, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('name = "own"\nversion = "1"\nband = 1\n')
    said = terminal("trace", "--from", str(tmp_path), "--pack", str(own), "https://a.test/lots/1")
    assert (said.code, said.out) == (1, "")
    assert "/band" in said.err
