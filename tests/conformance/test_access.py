"""The profile is for this machine alone, keeps nothing, and knows test contexts only where they are given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from node.api.problems import RequestProblem
from node.conformance.profile import VOCABULARIES, contexts_of
from node.conformance.serving import application, loopback_middleware, serving
from node.errors import SettingsProblem
from tests.conformance.suite import AT, Suite
from tests.shared import needs_shared, shared_json

pytestmark = pytest.mark.asyncio(loop_scope="module")


class _Transport:
    def __init__(self, peer: str) -> None:
        self.peer = peer

    def get_extra_info(self, name: str, default: object = None) -> object:
        return (self.peer, 4000) if name == "peername" else default


async def _answered(_: web.Request) -> web.Response:
    return web.Response()


@pytest.mark.parametrize(("peer", "host"), [("192.0.2.7", "127.0.0.1"), ("127.0.0.1", "rebound.example")])
async def test_who_is_not_on_this_machine_is_not_answered(peer: str, host: str) -> None:
    request = make_mocked_request("GET", "/instances", headers={"Host": host}, transport=_Transport(peer))
    with pytest.raises(RequestProblem) as refused:
        await loopback_middleware(request, _answered)
    assert refused.value.problem.code == "WRONG_HOST"


async def test_who_is_on_this_machine_is_answered_without_a_token() -> None:
    request = make_mocked_request("GET", "/instances", headers={"Host": "localhost:1"}, transport=_Transport("::1"))
    assert (await loopback_middleware(request, _answered)).status == 200


async def test_another_host_name_is_421_over_http(at_work: Suite) -> None:
    assert (await at_work.call("GET", "/instances", headers={"Host": "rebound.example"})).status == 421


async def test_it_listens_on_loopback_only(at_work: Suite) -> None:
    assert at_work.served.addresses.plain.startswith("http://127.0.0.1:")
    assert at_work.served.addresses.secure.startswith("https://127.0.0.1:")


async def test_nothing_of_an_ordinary_node_is_served_beside_it(at_work: Suite) -> None:
    routes = application(at_work.served.node, ()).router.routes()
    paths = {route.resource.canonical for route in routes if route.resource}
    assert all(path.startswith(("/instances", "/status/", "/1.0/identifiers", "/health")) for path in paths)
    assert (await at_work.call("POST", "/credentials/issue", json={"credential": {}})).status == 404
    assert (await at_work.call("POST", "/fed/v1/inbox", json={})).status == 404


async def test_a_taken_port_is_a_named_problem(at_work: Suite) -> None:
    port = int(at_work.served.addresses.plain.rsplit(":", 1)[1])
    with pytest.raises(SettingsProblem) as refused:
        async with serving(port=port, tls_port=None, contexts=contexts_of(None), clock=lambda: AT):
            pass
    assert refused.value.problem.pointer == "/port"


async def test_the_contexts_of_a_folder_are_known_and_no_others(tmp_path: Path) -> None:
    url = "https://contexts.example/v1"
    (tmp_path / "one.json").write_text(json.dumps({"@context": {"word": "https://words.example/word"}}))
    (tmp_path / "manifest.json").write_text(json.dumps({"contexts": [{"url": url, "file": "one.json"}]}))
    assert contexts_of(tmp_path).knows(url)
    assert contexts_of(tmp_path).urls > contexts_of(None).urls
    assert not contexts_of(None).knows(url)


@pytest.mark.parametrize("manifest", [None, "[]", "{", '{"contexts": [{"url": "https://contexts.example/v1"}]}'])
async def test_a_folder_without_a_manifest_that_can_be_read_is_refused(tmp_path: Path, manifest: str | None) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(SettingsProblem):
        contexts_of(tmp_path)


@needs_shared
@pytest.mark.parametrize("url", VOCABULARIES)
async def test_the_suites_vocabularies_mean_what_was_published(url: str) -> None:
    rows = shared_json("contexts", "manifest.json")["contexts"]
    (file,) = (row["file"] for row in rows if row["url"] == url)
    assert contexts_of(None).document(url) == shared_json("contexts", file)
