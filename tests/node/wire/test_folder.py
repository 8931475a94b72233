"""A folder instead of a network: found by content, whatever a file is called."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from credentials.evidence import Absent, Found, Need, NeedKind
from credentials.untp.linkset import read_linkset
from node.demo.companies import SPINNER
from node.wire.folder import Folder
from tests.corpus.making import credential, embedded, enveloped, to_bytes, token
from tests.credentials.verify.world import LIST_URL, status_list
from tests.node.issuer import AT
from tests.node.season import season_folder, season_ids


async def ask(folder: Path, kind: NeedKind, id_: str) -> Found | Absent:
    need = Need(kind, id_)
    return (await Folder(folder).answer(frozenset({need}), at=AT))[need]


async def links_of(folder: Path, identifier: str) -> set[tuple[str, str]]:
    answer = await ask(folder, NeedKind.LINKSET, identifier)
    assert isinstance(answer, Found), answer
    return {(target.relation, target.href) for target in read_linkset(json.loads(answer.body)).targets()}


async def test_a_credential_is_found_by_its_id_under_any_file_name(tmp_path: Path) -> None:
    (tmp_path / "nonsense.txt").write_bytes(token())
    answer = await ask(tmp_path, NeedKind.CREDENTIAL, credential()["id"])
    assert isinstance(answer, Found)
    assert (answer.body, answer.media_type, answer.at) == (token(), "application/vc+jwt", AT)


@pytest.mark.parametrize("make", [lambda: embedded(), lambda: enveloped(token())], ids=["embedded", "enveloped"])
async def test_json_forms_are_found_by_what_is_in_them(tmp_path: Path, make: object) -> None:
    (tmp_path / "a").write_bytes(to_bytes(make()))  # type: ignore[operator]
    answer = await ask(tmp_path, NeedKind.CREDENTIAL, credential()["id"])
    assert isinstance(answer, Found)
    assert answer.media_type == "application/vc"


async def test_of_two_forms_the_envelope_answers(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(to_bytes(embedded()))
    (tmp_path / "b.jwt").write_bytes(token() + b"\n")
    answer = await ask(tmp_path, NeedKind.CREDENTIAL, credential()["id"])
    assert isinstance(answer, Found)
    assert answer.body == token()
    assert Folder(tmp_path).problems == ()


async def test_did_documents_and_status_lists_are_found_by_id() -> None:
    folder = season_folder()
    assert isinstance(await ask(folder, NeedKind.DID_DOCUMENT, SPINNER.did), Found)
    assert isinstance(await ask(folder, NeedKind.STATUS_LIST, SPINNER.url("status/1")), Found)


async def test_an_identifier_leads_to_every_credential_that_names_it() -> None:
    yarn = SPINNER.url("lots/yarn-2026-y")
    found = await links_of(season_folder(), yarn)
    assert ("dpp", season_ids()["yarn-passport"]) in found
    assert {relation for relation, _ in found} >= {"dpp", "dte"}


async def test_another_spelling_of_an_identifier_leads_to_the_same() -> None:
    folder = season_folder()
    assert await links_of(folder, SPINNER.url("lots/yarn-2026-y")) == await links_of(
        folder, "HTTPS://SPINNER.TEST:443/lots/yarn-2026-y/"
    )


@pytest.mark.parametrize("kind", list(NeedKind))
async def test_what_the_folder_does_not_hold_is_absent(tmp_path: Path, kind: NeedKind) -> None:
    assert isinstance(await ask(tmp_path, kind, "https://nobody.test/x"), Absent)


BAD = {
    "not JSON": b"{",
    "not a token": b"a.b.c",
    "a picture": b"\x89PNG\r\n",
    "nothing": b"",
    "other JSON": b'{"hello": 1}',
    "no id": to_bytes(credential(id=None)),
    "an array": b"[1]",
}


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD.keys())
async def test_a_bad_file_is_a_problem_and_its_bytes_are_kept_for_the_trace(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "bad").write_bytes(raw)
    folder = Folder(tmp_path)
    assert [problem.file for problem in folder.problems] == ["bad"]
    assert all((problem.problem.code, problem.problem.detail, problem.problem.fix) for problem in folder.problems)
    assert [stray.source for stray in folder.strays(at=AT)] == ["bad"]


@pytest.mark.parametrize("names", [("a", "b", "c"), ("c", "a", "b")])
async def test_under_one_id_all_documents_are_found_whatever_their_files_are_called(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    bodies = (token(), token(name="Another"), to_bytes(embedded()))
    for name, body in zip(names, bodies, strict=True):
        (tmp_path / name).write_bytes(body)

    answer = await ask(tmp_path, NeedKind.CREDENTIAL, credential()["id"])

    assert isinstance(answer, Found)
    found = [one.body for one in (answer, *answer.also)]
    assert found == [*sorted(bodies[:2], key=lambda raw: sha256(raw).hexdigest()), bodies[2]]
    assert Folder(tmp_path).problems == ()


async def test_a_trust_list_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "trust.json").write_text('{"entries": []}')
    (tmp_path / ".DS_Store").write_bytes(b"\x00")
    assert Folder(tmp_path).problems == ()


async def test_a_linkset_in_the_folder_adds_to_what_is_known(tmp_path: Path) -> None:
    yarn = SPINNER.url("lots/yarn-2026-y")
    shutil.copytree(season_folder(), tmp_path / "season")
    link = {"href": "https://certifier.test/extra", "title": "Extra"}
    (tmp_path / "links.json").write_text(json.dumps({"linkset": [{"anchor": yarn, "dcc": [link]}]}))
    assert ("dcc", "https://certifier.test/extra") in await links_of(tmp_path, yarn)


@pytest.mark.parametrize(
    "around", ["[%s]", '{"verifiableCredential": %s}', '{"credential": %s, "storedAt": "2026-01-01"}']
)
async def test_what_a_list_or_wrapper_holds_is_found_one_level_down(tmp_path: Path, around: str) -> None:
    (tmp_path / "answer.json").write_text(around % to_bytes(embedded()).decode())

    answer = await ask(tmp_path, NeedKind.CREDENTIAL, credential()["id"])

    assert isinstance(answer, Found)
    assert json.loads(answer.body) == embedded()
    assert Folder(tmp_path).problems == ()


async def test_the_did_document_of_a_resolution_result_is_found(tmp_path: Path) -> None:
    did = "did:web:farm.test"
    result = {"@context": "https://w3id.org/did-resolution/v1", "didDocument": {"id": did}, "didDocumentMetadata": {}}
    (tmp_path / "result.json").write_text(json.dumps(result))

    answer = await ask(tmp_path, NeedKind.DID_DOCUMENT, did)

    assert isinstance(answer, Found)
    assert json.loads(answer.body) == {"id": did}


async def test_what_was_opened_is_handed_over_once_and_only_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(token())
    folder = Folder(tmp_path)

    assert folder.opened(token(), "application/vc") is None
    assert folder.opened(token(name="Another"), "application/vc+jwt") is None
    assert folder.opened(token(), "application/vc+jwt") is not None
    assert folder.opened(token(), "application/vc+jwt") is None


async def test_links_are_found_when_what_was_opened_was_handed_over_before(tmp_path: Path) -> None:
    yarn = SPINNER.url("lots/yarn-2026-y")
    folder, need = Folder(season_folder()), Need(NeedKind.CREDENTIAL, season_ids()["yarn-passport"])
    found = (await folder.answer(frozenset({need}), at=AT))[need]
    assert isinstance(found, Found)
    assert folder.opened(found.body, found.media_type) is not None

    answer = (await folder.answer(frozenset({Need(NeedKind.LINKSET, yarn)}), at=AT)).popitem()[1]

    assert isinstance(answer, Found)
    assert need.id in {target.href for target in read_linkset(json.loads(answer.body)).targets()}


@pytest.mark.parametrize("name", ["a", "z"])
async def test_of_several_status_lists_none_hides_another(tmp_path: Path, name: str) -> None:
    old, new = (status_list(validFrom=day) for day in ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"))
    (tmp_path / name).write_bytes(old)
    (tmp_path / "m").write_bytes(new)

    answer = await ask(tmp_path, NeedKind.STATUS_LIST, LIST_URL)

    assert isinstance(answer, Found)
    assert {one.body for one in (answer, *answer.also)} == {old, new}


async def test_a_folder_serves_no_scheme_s_catalogue(tmp_path: Path) -> None:
    scheme = "https://scheme.test/fair"
    (tmp_path / "catalogue.json").write_text(json.dumps({"id": scheme, "criterion": [{"id": "https://c.test/1"}]}))
    need = Need(NeedKind.CATALOGUE, scheme)
    assert isinstance((await Folder(tmp_path).answer(frozenset({need}), at=AT))[need], Absent)
