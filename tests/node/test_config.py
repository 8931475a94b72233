"""node.config: settings from file and environment, checked together."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.config import build_settings, data_folder, load_settings, settings_file, settings_reference
from node.errors import SettingsProblem
from tests.shared import ROOT

LEAST = {"name": "Farm", "public_url": "https://farm.test"}


def test_the_least_settings_are_a_name_and_an_address(tmp_path: Path) -> None:
    settings = build_settings(LEAST, data=tmp_path)

    assert settings.did == "did:web:farm.test"
    assert settings.production
    assert settings.forms == ("vc+jwt", "vc")


def test_the_port_of_the_address_is_part_of_the_did(tmp_path: Path) -> None:
    settings = build_settings({**LEAST, "public_url": "https://farm.test:8443/"}, data=tmp_path)

    assert (settings.did, settings.host) == ("did:web:farm.test%3A8443", "farm.test")


def test_the_environment_goes_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('name = "Farm"\npublic_url = "https://farm.test"\nstatus_ttl = 60\n')
    environment = {"TRACENODE_STATUS_TTL": "90", "TRACENODE_DATA": str(tmp_path), "HOME": "/nowhere"}

    settings = load_settings(environment=environment)

    assert (settings.name, settings.status_ttl, settings.data) == ("Farm", 90, tmp_path)


def test_what_settings_file_writes_is_read_back(tmp_path: Path) -> None:
    stated = {
        **LEAST,
        "name": 'Fa"rm\\ näïve',
        "production": "false",
        "dev_hosts": "farm.test=127.0.0.1:9443,mill.test=127.0.0.1:9444",
        "forms": "vc",
        "statuses": "revocation, message: made | shipped",
        "max_body": "2048",
    }
    (tmp_path / "settings.toml").write_text(settings_file(stated, data=tmp_path), "utf-8")

    settings = load_settings(tmp_path, environment={})

    assert settings == build_settings(stated, data=tmp_path)
    assert settings.dev_hosts == {"farm.test": "127.0.0.1:9443", "mill.test": "127.0.0.1:9444"}
    assert settings.name == stated["name"]
    assert settings.statuses == ("revocation", "message: made | shipped")


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"public_url": "http://farm.test"}, "/public_url"),
        ({"public_url": "https://farm.test/path"}, "/public_url"),
        ({"public_url": "https://user@farm.test"}, "/public_url"),
        ({"public_url": "https://Farm_1.test"}, "/public_url"),
        ({"did": "farm.test"}, "/did"),
        ({"listen": "farm.test:443"}, "/listen"),
        ({"listen": "127.0.0.1:70000"}, "/listen"),
        ({"plain_listen": "0.0.0.0:8080"}, "/plain_listen"),
        ({"tls_certificate": "chain.pem"}, "/tls_key"),
        ({"key_file": "a", "passphrase_file": "b"}, "/passphrase_file"),
        ({"dev_hosts": {"farm.test": "127.0.0.1:1"}}, "/dev_hosts"),
        ({"dev_ca": "ca.pem"}, "/dev_ca"),
        ({"production": False, "dev_hosts": '{"farm.test": "127.0.0.1:1"}'}, "/dev_hosts"),
        ({"production": False, "dev_hosts": {"farm test": "127.0.0.1:1"}}, "/dev_hosts"),
        ({"production": False, "dev_hosts": {"farm.test": "farm.test:1"}}, "/dev_hosts"),
        ({"production": "perhaps"}, "/production"),
        ({"statuses": []}, "/statuses"),
        ({"statuses": ["revocation", "mood"]}, "/statuses"),
        ({"statuses": ["suspension", "suspension"]}, "/statuses"),
        ({"statuses": ["message"]}, "/statuses"),
        ({"statuses": ["message: made | shipped | lost"]}, "/statuses"),
        ({"statuses": ["message: made |"]}, "/statuses"),
        ({"statuses": ["revocation: yes | no"]}, "/statuses"),
        ({"forms": "jwt"}, "/forms"),
        ({"status_ttl": "0"}, "/status_ttl"),
        ({"status_ttl": True}, "/status_ttl"),
        ({"name": 7}, "/name"),
        ({"colour": "green"}, "/colour"),
        ({"database": "sqlite:///node.db"}, "/database"),
        ({"database": "postgresql://db.test"}, "/database"),
        ({"database": "postgresql://[db.test/node"}, "/database"),
        ({"database": "postgresql://node:horse@db.test/node"}, "/database"),
        ({"database": "postgresql://node@db.test/node?password=horse"}, "/database"),
        ({"database_password_file": "password"}, "/database_password_file"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_name(
    tmp_path: Path, changed: dict[str, object], pointer: str
) -> None:
    with pytest.raises(SettingsProblem) as refusal:
        build_settings({**LEAST, **changed}, data=tmp_path)

    assert refusal.value.problem.pointer == pointer
    assert refusal.value.problem.fix


def test_a_secret_in_the_environment_is_refused_without_repeating_it(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('name = "Farm"\npublic_url = "https://farm.test"\n')

    with pytest.raises(SettingsProblem) as refusal:
        load_settings(tmp_path, environment={"TRACENODE_KEY_PASSPHRASE": "correct horse"})

    assert "horse" not in str(refusal.value)


def test_a_password_in_the_address_of_the_database_is_refused_without_repeating_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem) as refusal:
        build_settings({**LEAST, "database": "postgresql://node:horse@db.test/node"}, data=tmp_path)

    assert "horse" not in str(refusal.value) + refusal.value.problem.fix


def test_a_server_may_hold_the_database_and_a_private_file_its_password(tmp_path: Path) -> None:
    stated = {**LEAST, "database": "postgresql://node@db.test:5432/node?sslmode=require"}

    settings = build_settings({**stated, "database_password_file": "db-password"}, data=tmp_path)

    assert settings.database == stated["database"]
    assert settings.file("database_password_file") == tmp_path / "db-password"
    assert build_settings(LEAST, data=tmp_path).database == ""


def test_a_folder_without_settings_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match=r"no settings\.toml"):
        load_settings(tmp_path, environment={})


def test_settings_that_are_not_toml_are_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("name = Farm")

    with pytest.raises(SettingsProblem, match="cannot be read"):
        load_settings(tmp_path, environment={})


def test_no_data_folder_at_all_is_refused() -> None:
    with pytest.raises(SettingsProblem, match="No data folder"):
        data_folder(environment={})


def test_the_settings_page_is_the_class() -> None:
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == settings_reference()
