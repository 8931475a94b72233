"""The container files are linted, keep the walls they promise, and set up a world that the program itself accepts."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from credentials.encoding.document import parse_document
from node.app import machine_clock
from node.config import load_settings
from node.demo import compose
from node.demo.network import free_ports
from node.errors import SettingsProblem
from tests.shared import ROOT

DOCKER = ROOT / "docker"
COMPOSE_FILES = ("compose.yaml", "compose.production.yaml")


def lint(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a linter of the dev extra; without it the test is skipped, but never in CI."""
    beside = Path(sys.executable).with_name(name)
    command = str(beside) if beside.exists() else shutil.which(name)
    if command is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed; it is in the dev extra")
        pytest.skip(f"{name} is not installed here: it comes with .ci/requirements.lock")
    return subprocess.run([command, *arguments], capture_output=True, text=True, check=False)


def services(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((DOCKER / name).read_text("utf-8"))["services"])


def modes_below(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_dockerfile_passes_its_linter() -> None:
    done = lint("hadolint", "--no-color", DOCKER / "Dockerfile")

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPOSE_FILES)
def test_a_compose_file_follows_the_compose_specification(name: str) -> None:
    done = lint("check-jsonschema", "--builtin-schema", "vendor.compose-spec", DOCKER / name)

    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_a_compose_file_with_a_misspelt_word_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "compose.yaml"
    wrong.write_text((DOCKER / "compose.yaml").read_text("utf-8").replace("  cap_drop:", "  cap_dropped:"), "utf-8")

    assert lint("check-jsonschema", "--builtin-schema", "vendor.compose-spec", wrong).returncode == 1


@pytest.mark.parametrize("name", COMPOSE_FILES)
def test_every_service_gives_up_what_it_does_not_need(name: str) -> None:
    for service in services(name).values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["read_only"] is True
        assert service["pids_limit"] <= 256
        assert service["mem_limit"]
        assert not {"privileged", "cap_add", "devices", "pid", "userns_mode"} & set(service)
        assert service.get("network_mode", "none") == "none"


@pytest.mark.parametrize("name", COMPOSE_FILES)
def test_no_secret_travels_in_the_environment(name: str) -> None:
    assert all("environment" not in service and "env_file" not in service for service in services(name).values())


def test_the_image_runs_as_a_number_and_never_as_root() -> None:
    users = [line.split()[1] for line in (DOCKER / "Dockerfile").read_text("utf-8").splitlines() if "USER " in line]

    assert users == ["10001"]


def test_the_three_companies_have_the_addresses_that_their_settings_name() -> None:
    placed = {
        name: service["networks"]["trade"]["ipv4_address"]
        for name, service in services("compose.yaml").items()
        if "networks" in service
    }
    aliases = [
        service["networks"]["trade"]["aliases"] for name, service in services("compose.yaml").items() if name in placed
    ]

    assert placed == {company.key: address for company, address in compose.ADDRESSES.items()}
    assert aliases == [[company.host] for company in compose.ADDRESSES]


def test_nothing_is_published_from_the_trial_network() -> None:
    whole = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))

    assert whole["networks"]["trade"]["internal"] is True
    assert not any("ports" in service for service in whole["services"].values())


async def test_setup_makes_a_whole_private_folder_for_each_company(tmp_path: Path) -> None:
    at = machine_clock()
    await compose.set_up(tmp_path, at=at)

    for company in compose.ADDRESSES:
        settings = load_settings(tmp_path / company.key, environment={})
        assert settings.did == company.did
        assert all((settings.file(name) or Path()).is_file() for name in ("tls_certificate", "tls_key", "dev_ca"))
    assert modes_below(tmp_path) == {0o600}
    assert parse_document((tmp_path / "farm" / "draft.json").read_bytes()).value["issuer"]["id"] == "did:web:farm.test"


async def test_a_second_setup_keeps_everything_and_renews_only_what_ends(tmp_path: Path) -> None:
    at = machine_clock()
    await compose.set_up(tmp_path, at=at)
    keys, certificate = tmp_path / "farm" / "keys" / "cred-1.json", tmp_path / "farm" / "tls.pem"
    first = keys.read_bytes(), certificate.read_bytes()

    assert await compose.set_up(tmp_path, at=at) == ()
    assert (keys.read_bytes(), certificate.read_bytes()) == first
    assert len(await compose.set_up(tmp_path, at=at + timedelta(days=6, hours=1))) == 1
    assert keys.read_bytes() == first[0]
    assert certificate.read_bytes() != first[1]


async def test_the_trial_folders_are_no_use_in_production(tmp_path: Path) -> None:
    await compose.set_up(tmp_path, at=machine_clock())

    with pytest.raises(SettingsProblem, match="dev_hosts"):
        load_settings(tmp_path / "buyer", environment={"TRACENODE_PRODUCTION": "true"})


@pytest.mark.slow
async def test_the_readme_s_session_comes_out_as_it_says(tmp_path: Path) -> None:
    """The commands of docker/README.md, given to the same three nodes on loopback instead of in containers."""
    await compose.set_up(tmp_path, at=machine_clock())
    ports = free_ports(len(compose.ADDRESSES))
    hosts = ",".join(f"{one.host}=127.0.0.1:{port}" for one, port in zip(compose.ADDRESSES, ports, strict=True))
    environments = {
        one.key: {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TRACENODE_DATA": str(tmp_path / one.key),
            "TRACENODE_LISTEN": f"127.0.0.1:{port}",
            "TRACENODE_DEV_HOSTS": hosts,
        }
        for one, port in zip(compose.ADDRESSES, ports, strict=True)
    }
    with running(tmp_path, environments) as nodes:
        for key, node in zip(environments, nodes, strict=True):
            assert node.stdout is not None
            assert node.stdout.readline(), (tmp_path / key / "log").read_text("utf-8")  # it prints once it listens
        answers = [(words, tracenode(words, environments[key], tmp_path / key)) for key, words in session()]
        healthy = tracenode(["whoami", "--running"], environments["buyer"], tmp_path / "buyer")

    assert [(words[0], done.returncode, done.stderr) for words, done in answers if done.returncode not in (0, 3)] == []
    assert [done.stdout.splitlines()[0] for words, done in answers if words[0] == "trace"] == ["UNVERIFIABLE"] * 2
    assert all("https://farm.test/credentials/" in done.stdout for words, done in answers if words[0] == "issue")
    assert (healthy.returncode, healthy.stdout.strip()) == (0, "did:web:buyer.test")
    assert [node.returncode for node in nodes] == [0, 0, 0]


def session() -> list[tuple[str, list[str]]]:
    """Service and words of every command that docker/README.md gives to a company's container."""
    found = re.findall(r"compose\.yaml exec (\w+) tracenode (.+)", (DOCKER / "README.md").read_text("utf-8"))
    return [(service, shlex.split(words)) for service, words in found]


@contextmanager
def running(folder: Path, environments: dict[str, dict[str, str]]) -> Iterator[list[subprocess.Popen[str]]]:
    """The nodes as their containers would run them; told to stop and waited for at the end."""
    command = [sys.executable, "-m", "node", "run"]
    with ExitStack() as stack:
        nodes = []
        for key, environment in environments.items():
            log = stack.enter_context((folder / key / "log").open("w", encoding="utf-8"))
            node = subprocess.Popen(
                command, cwd=folder / key, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
            nodes.append(stack.enter_context(node))  # waits for it and closes its pipe
            stack.callback(node.terminate)
        yield nodes


def tracenode(words: list[str], environment: dict[str, str], data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "node", *words]
    return subprocess.run(command, cwd=data, env=environment, capture_output=True, text=True, check=False)
