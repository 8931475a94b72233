"""docs/problems.md has a heading for every problem code of the program, and none for a code that does not exist."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import pytest

from credentials import errors as judged
from credentials.errors import PROBLEM_TYPES, CredentialsError, Problem
from credentials.evidence import AbsentReason
from node import errors as ours
from node.api import problems
from node.errors import NodeError
from tests.docs.pages import DOCS, anchors, headings
from tests.shared import ROOT

PAGE: Final = DOCS / "problems.md"
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_IN_BRACKETS: Final = re.compile(r"\(([A-Z]+(?:_[A-Z]+)+)\)")
_DIRECT: Final = {"_Unusable"}  # exceptions that take a code as their first argument


def codes_in(source: str) -> set[str]:
    """Every problem code that a module can give: arguments, defaults and members called ``code``, class defaults."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    stated = [value for node in ast.walk(tree) for value in _stated(node)]
    found = {text for value in stated for text in _texts(value, constants)}
    return {code for code in found if _CODE.fullmatch(code)} | _mentioned(tree)


def _stated(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.keyword(arg="code", value=value):
            yield value
        case ast.AnnAssign(target=ast.Name(id="default_code"), value=ast.expr() as value):
            yield value
        case ast.Assign(targets=[ast.Name(id="default_code")], value=value):
            yield value
        case ast.Dict(keys=keys, values=values):
            yield from (
                value
                for key, value in zip(keys, values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "code"
            )
        case ast.FunctionDef(args=arguments):
            named = [*arguments.posonlyargs, *arguments.args][::-1]
            pairs = [*zip(named, arguments.defaults[::-1], strict=False)]
            pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            yield from (default for argument, default in pairs if argument.arg == "code" and default is not None)
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _DIRECT:
            yield first


def _texts(value: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    """The texts an expression can be, as far as the module itself says."""
    match value:
        case ast.Constant(value=str() as text):
            yield text
        case ast.Name(id=name) if name in constants:
            yield from _texts(constants[name], {})
        case ast.Subscript(value=ast.Name(id=name)) if isinstance(constants.get(name), ast.Dict):
            table = constants[name]
            assert isinstance(table, ast.Dict)
            for item in table.values:
                yield from _texts(item, {})
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body, constants)
            yield from _texts(other, constants)
        case ast.BoolOp(values=values):
            for item in values:
                yield from _texts(item, constants)


def _mentioned(tree: ast.AST) -> set[str]:
    """Codes that stand in brackets in a sentence, as in "did not answer in time (FETCH_TIMEOUT)"."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {code for text in texts if len(text) < 200 for code in _IN_BRACKETS.findall(text)}


@cache
def every_code() -> dict[str, list[str]]:
    """Code → the modules that give it."""
    found: dict[str, list[str]] = {}
    for path in sorted([*(ROOT / "credentials").rglob("*.py"), *(ROOT / "node").rglob("*.py")]):
        for code in codes_in(path.read_text("utf-8")):
            found.setdefault(code, []).append(path.relative_to(ROOT).as_posix())
    return found


def documented() -> list[str]:
    return [heading for heading in headings(PAGE) if _CODE.fullmatch(heading)]


@cache
def sections() -> dict[str, str]:
    parts = re.split(r"^### `(.+)`$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return {code: text.split("\n## ")[0] for code, text in zip(parts[1::2], parts[2::2], strict=True)}


def test_every_code_has_a_heading_and_every_heading_a_code() -> None:
    assert set(documented()) == set(every_code())


def test_no_code_is_explained_twice() -> None:
    assert len(documented()) == len(set(documented()))


@pytest.mark.parametrize("code", sorted(sections()))
def test_a_problem_has_cause_cure_and_place(code: str) -> None:
    text = sections()[code]

    assert all(f"**{word}.** " in text for word in ("Cause", "Cure", "Where"))


def test_a_problem_that_can_end_a_request_states_its_status() -> None:
    for code, status in statuses().items():
        assert f"HTTP {status}" in sections()[code], code


def statuses() -> dict[str, int]:
    """Code → HTTP status, for every class with a code of its own and every code with a status of its own."""
    classes = [
        kind
        for module in (judged, ours, problems)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, CredentialsError | NodeError) and "default_code" in vars(kind)
    ]
    of_class = {kind.default_code: problems.status_of(_made(kind)) for kind in classes}
    own = {code: status for code, status in vars(problems)["_STATUS_OF_CODE"].items() if code in every_code()}
    return {**of_class, "MALFORMED_VALUE_ERROR": 400, **own}


def _made(kind: type[CredentialsError | NodeError]) -> CredentialsError | NodeError:
    if issubclass(kind, ours.DraftNotIssuable):
        return kind([Problem(code=kind.default_code, detail="")])
    return kind("")


def test_the_type_of_a_problem_of_ours_leads_to_its_heading() -> None:
    own = sorted(set(every_code()) - set(PROBLEM_TYPES))
    ends = {Problem(code=code, detail="").type.partition("#")[2].lower() for code in own}

    assert ends <= anchors(PAGE)


def test_every_gap_class_is_explained_where_reports_are() -> None:
    text = (DOCS / "reading-a-report.md").read_text("utf-8")

    assert [name for name in sorted(gap_classes()) if f"| `{name}` |" not in text] == []


def gap_classes() -> set[str]:
    """What a gap can be called: why nobody answered, and what the rules of provenance add."""
    found = {reason.value for reason in AbsentReason}
    for path in (ROOT / "credentials" / "provenance").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        values = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "gap_class"]
        found |= {text for value in values for text in _texts(value, {}) if text}
    return found | {"no-producer", "revoked", "declared-origin"}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('raise ProofProblem("…", code="MADE_UP")', "MADE_UP"),
        ('raise ProofProblem("…", code="MADE_UP" if late else None)', "MADE_UP"),
        ('NAME: Final = "MADE_UP"\nraise ProofProblem("…", code=NAME)', "MADE_UP"),
        ('WORDS = {1: "MADE_UP"}\nraise ProofProblem("…", code=WORDS[1])', "MADE_UP"),
        ('class Late(NodeError):\n    default_code = "MADE_UP"', "MADE_UP"),
        ('def late(code: str = "MADE_UP") -> None: ...', "MADE_UP"),
        ('problem = {"code": "MADE_UP"}', "MADE_UP"),
        ('raise _Unusable("MADE_UP", "…")', "MADE_UP"),
        ('detail = f"{host} is late (MADE_UP)."', "MADE_UP"),
    ],
)
def test_a_new_code_is_seen_wherever_it_may_be_written(source: str, code: str) -> None:
    assert codes_in(source) == {code}


def test_other_words_in_capitals_are_no_codes() -> None:
    assert codes_in('__all__ = ["INTEGRITY_CHECKS"]\ncode = here.text("code")') == set()
