"""Settings: what an operator may decide, read once from a file and the environment, checked together.

Three steps: read strings (``settings.toml`` in the data folder, then ``TRACENODE_*`` over it), build one frozen
:class:`Settings`, cross-check it. This is the only module that reads the environment. Secrets are never settings: a
setting names the file that holds one. docs/settings.md is :func:`settings_reference`, compared by a test.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlsplit

from credentials.status.status_lists import StatusOffer
from node.errors import SettingsProblem
from node.faults import KILL_POINTS

SETTINGS_FILE: Final = "settings.toml"
MOST_WORKERS: Final = 64
PREFIX: Final = "TRACENODE_"
_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_SHARE: Final = re.compile(r"0|1|[01]\.0+|0\.[0-9]{1,9}")
_SECRET_NAMES: Final = ("PASSPHRASE", "PASSWORD", "SECRET", "TOKEN", "PRIVATE_KEY")


def setting(text: str, default: Any = MISSING) -> Any:
    """A member of :class:`Settings` with the sentence that documents it."""
    if default is MISSING:
        return field(metadata={"doc": text})
    if isinstance(default, dict):
        return field(metadata={"doc": text}, default_factory=dict)
    return field(metadata={"doc": text}, default=default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator may decide about one node."""

    data: Path = field(metadata={"doc": "The data folder: database, keys, this file. `--data` names it."})
    name: str = setting("The organisation's name as credentials and pages show it.")
    public_url: str = setting("The address under which the world reaches this node: https, a host, no path.")
    did: str = setting("The organisation's DID. Left out: did:web of the host of `public_url`.", "")
    listen: str = setting("Address and port of the public listener. Port 0 takes a free one.", "0.0.0.0:8443")
    tls_certificate: str = setting(
        "PEM file with the certificate chain of the public listener. Left out: plain HTTP.", ""
    )
    tls_key: str = setting("PEM file with the private key of that certificate, mode 0600.", "")
    plain_listen: str = setting(
        "Loopback listener for people and the command, without TLS. Empty: none.", "127.0.0.1:0"
    )
    trusted_proxies: tuple[str, ...] = setting(
        "Addresses and networks (`10.0.0.0/8`) of the proxies in front, whose forwarding headers say who asks.", ()
    )
    production: bool = setting(
        "Refuse everything that is meant for trying out: dev_* settings, published test keys.", True
    )
    dev_hosts: Mapping[str, str] = setting("Host names that resolve to an address and port of this machine.", {})
    dev_ca: str = setting("PEM file with the throw-away authority that the dev_hosts' certificates come from.", "")
    dev_kill_at: str = setting("A named point at which the node ends itself once, to try out what survives it.", "")
    key_file: str = setting("File with the key-encryption key, mode 0600. Left out: `key-encryption.key`.", "")
    passphrase_file: str = setting("File with a passphrase instead of a key-encryption key, mode 0600.", "")
    database: str = setting(
        "Where everything is kept. Empty: SQLite in the data folder. Else `postgresql://user@host:port/name`, without "
        "a password; any number of nodes with the same keys and settings may work on one.",
        "",
    )
    database_password_file: str = setting(
        "File with the password for `database`, mode 0600. Left out: none, or that of `.pgpass`.", ""
    )
    trust_list: str = setting("A local trust list (JSON); may be unsigned because the file is yours.", "")
    rule_pack: str = setting("A rule pack (TOML) of your own to judge chains by. Left out: the core one.", "")
    contexts: Mapping[str, str] = setting(
        "JSON-LD contexts of others that credentials may use: URL to the file's path and its SHA-256, "
        "`wool.jsonld 3f5c…`. They add words; one that would change a known word stops the start.",
        {},
    )
    schemas: Mapping[str, str] = setting(
        "JSON Schemas that a credential may name: URL to the file's path and its SHA-256, `lot.json 3f5c…`.", {}
    )
    forms: tuple[str, ...] = setting("Securing forms of what is issued: vc+jwt, vc, or both.", ("vc+jwt", "vc"))
    status_ttl: int = setting("Seconds for which a verifier may keep a status list.", 300)
    statuses: tuple[str, ...] = setting(
        "Statuses that a credential can have, each with a list of its own: `revocation`, `suspension`, `refresh`, or "
        "`message: made \\| shipped` with 2, 4, 8 … messages. A UNTP credential gets the first without messages.",
        ("revocation",),
    )
    jsonld_engine: str = setting(
        "Which JSON-LD engine works: compiled (fast; PyLD where it leaves a document to it) or pyld.", "compiled"
    )
    shadow_share: float = setting(
        "Share of the documents (0 to 1) on which both JSON-LD engines are compared; a difference is an alarm.", 0.01
    )
    max_body: int = setting("Largest request body in bytes.", 1 << 20)
    workers: int = setting(
        "Processes that answer requests, on the same ports and over the same database; as many as there are cores.", 1
    )
    public_per_minute: int = setting("Public verify and trace requests a minute from one address.", 10)
    peer_per_minute: int = setting("Requests a minute from one peer.", 60)

    @property
    def host(self) -> str:
        """The host name of ``public_url``."""
        return urlsplit(self.public_url).hostname or ""

    def file(self, name: str) -> Path | None:
        """The file that setting ``name`` names, relative names below the data folder; None when it is empty."""
        value = str(getattr(self, name))
        return self.data / value if value else None


def load_settings(data: Path | None = None, *, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of the data folder ``data`` (or ``TRACENODE_DATA``), environment over file.

    Raises:
        SettingsProblem: SETTING_INVALID, with the setting as pointer.
    """
    outside = os.environ if environment is None else environment
    folder = data_folder(data, environment=outside)
    try:
        return settings_of((folder / SETTINGS_FILE).read_text("utf-8"), data=folder, environment=outside)
    except FileNotFoundError as error:
        raise SettingsProblem(
            "The data folder holds no settings.toml.",
            pointer="/data",
            fix="Run tracenode init, or name another --data.",
        ) from error
    except (OSError, ValueError) as error:
        raise SettingsProblem(f"settings.toml cannot be read: {error}.", fix="It must be UTF-8 TOML.") from error


def settings_of(text: str, *, data: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings that ``text``, a settings.toml, makes for the data folder ``data``, environment over it.

    Raises:
        SettingsProblem: SETTING_INVALID. ValueError: it is no TOML.
    """
    outside = os.environ if environment is None else environment
    return build_settings({**tomllib.loads(text), **_from_environment(outside)}, data=data)


def data_folder(data: Path | None = None, *, environment: Mapping[str, str] | None = None) -> Path:
    """The data folder: ``data``, else ``TRACENODE_DATA``. Raises SettingsProblem when neither is given."""
    stated = data or (os.environ if environment is None else environment).get(f"{PREFIX}DATA")
    if not stated:
        raise SettingsProblem("No data folder is named.", pointer="/data", fix="Give --data DIR or set TRACENODE_DATA.")
    return Path(stated).expanduser().absolute()


def build_settings(stated: Mapping[str, Any], *, data: Path) -> Settings:
    """Typed and cross-checked settings from what was ``stated``. Raises SettingsProblem."""
    known = {item.name: item for item in fields(Settings) if item.name != "data"}
    for name in stated:
        if name not in known:
            raise SettingsProblem(f"{name!r} is no setting.", pointer=f"/{name}", fix="See docs/settings.md.")
    for name, item in known.items():
        if item.default is MISSING and item.default_factory is MISSING and not stated.get(name):
            raise SettingsProblem(f"{name} is not set.", pointer=f"/{name}", fix=str(item.metadata["doc"]))
    values: dict[str, Any] = {name: _typed(name, value, str(known[name].type)) for name, value in stated.items()}
    public_url = str(values["public_url"]).rstrip("/")
    did = values.get("did") or _did_web(public_url)
    settings = Settings(**{**values, "data": data, "public_url": public_url, "did": did})
    _cross_check(settings)
    return settings


def settings_file(stated: Mapping[str, Any], *, data: Path) -> str:
    """The text of settings.toml for what was ``stated``, as texts or as read, checked first. Raises SettingsProblem."""
    settings = build_settings(stated, data=data)
    values = {name: getattr(settings, name) for name in stated}
    lines = [f"{name} = {_toml(value)}" for name, value in values.items()]
    return "\n".join(["# See docs/settings.md; TRACENODE_* variables override these lines.", *lines]) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + " }"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def listen_address(text: str, name: str = "listen") -> tuple[str, int]:
    """``address:port`` as its parts. Raises SettingsProblem."""
    address, _, port = text.rpartition(":")
    try:
        ipaddress.ip_address(address.strip("[]"))
        if 0 <= int(port) <= 65535:
            return address.strip("[]"), int(port)
    except ValueError:
        pass
    raise SettingsProblem(f"{text!r} is no address and port.", pointer=f"/{name}", fix="Write it like 127.0.0.1:8443.")


def settings_reference() -> str:
    """docs/settings.md: every setting with its default and meaning, as Markdown."""
    lines = [
        "# Settings",
        "",
        "Written from the class `node.config.Settings`; a test compares the two.",
        "A setting is a line of `settings.toml` in the data folder; the variable in the second column overrides it.",
        "",
        "| setting | variable | default | meaning |",
        "|---|---|---|---|",
    ]
    for item in fields(Settings):
        default = "required" if item.default is MISSING and item.default_factory is MISSING else _shown(item.default)
        lines.append(f"| `{item.name}` | `{PREFIX}{item.name.upper()}` | {default} | {item.metadata['doc']} |")
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    if default is MISSING or default in ("", ()):
        return "empty"
    if isinstance(default, tuple):
        return f"`{','.join(default)}`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _from_environment(outside: Mapping[str, str]) -> dict[str, Any]:
    stated: dict[str, Any] = {}
    names = {item.name for item in fields(Settings)} - {"data"}
    for variable, value in outside.items():
        name = variable.removeprefix(PREFIX).lower()
        if not variable.startswith(PREFIX) or name == "data" or name.startswith("test_"):
            continue
        if name not in names and any(word in variable for word in _SECRET_NAMES):
            raise SettingsProblem(
                f"{variable} carries a secret in the environment, where other programs can read it.",
                pointer=f"/{name}",
                fix="Put it in a file with mode 0600 and name that file.",
            )
        stated[name] = value
    return stated


def _typed(name: str, value: object, kind: str) -> object:
    """``value`` (TOML value or text of a variable) as the type of setting ``name``."""
    if kind == "str" and isinstance(value, str):
        return value
    if kind == "int" and not isinstance(value, bool) and str(value).isdecimal() and int(str(value)) > 0:
        return int(str(value))
    if kind == "float" and not isinstance(value, bool) and _SHARE.fullmatch(str(value)):
        return float(str(value))
    if kind == "bool" and str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    if kind.startswith("tuple") and isinstance(value, str | list):
        items = (value.split(",") if value else ()) if isinstance(value, str) else value
        return tuple(str(item).strip() for item in items)
    if kind.startswith("Mapping") and isinstance(value, str | dict):
        pairs = _pairs(name, value) if isinstance(value, str) else value
        stated = {str(key).strip(): str(item).strip() for key, item in pairs.items()}
        return {key.lower(): item for key, item in stated.items()} if name == "dev_hosts" else stated
    raise SettingsProblem(f"{value!r} does not fit {name}.", pointer=f"/{name}", fix=f"It must be of type {kind}.")


def _pairs(name: str, text: str) -> dict[str, str]:
    """``NAME=VALUE,NAME=VALUE`` as pairs; what is none is refused, because a setting left out unseen misleads."""
    pairs = [pair for pair in text.split(",") if pair.strip()]
    wrong = next((pair for pair in pairs if "=" not in pair), None)
    if wrong is not None:
        raise SettingsProblem(
            f"{name} has {wrong.strip()[:60]!r}, which is no NAME=VALUE.",
            pointer=f"/{name}",
            fix="Write NAME=VALUE,NAME=VALUE, as a table [section] in settings.toml; not as JSON.",
        )
    return dict(pair.split("=", 1) for pair in pairs)


def _did_web(public_url: str) -> str:
    """did:web of a URL's host and port (did:web method section 3.1: the port's colon is percent-encoded)."""
    return "did:web:" + quote(urlsplit(public_url).netloc.lower(), safe="")


def _check_database(url: str) -> None:
    """Nothing, or a PostgreSQL address that holds no secret; a wrong one is not repeated. Raises SettingsProblem."""
    try:
        parts = urlsplit(url)
        secret = parts.password or "password" in dict(parse_qsl(parts.query, keep_blank_values=True))
        holds = not url or (parts.scheme == "postgresql" and len(parts.path) > 1 and not secret)
    except ValueError:
        holds = False
    if not holds:
        raise SettingsProblem(
            "database is no PostgreSQL address without a password.",
            pointer="/database",
            fix="Write postgresql://user@host:port/name, and name a database_password_file.",
        )


def _is_network(text: str) -> bool:
    try:
        return bool(ipaddress.ip_network(text))
    except ValueError:
        return False


def _are_statuses(texts: tuple[str, ...]) -> bool:
    try:
        purposes = [StatusOffer.of_text(text).purpose for text in texts]
    except ValueError:
        return False
    return 0 < len(purposes) == len(set(purposes))


def _cross_check(settings: Settings) -> None:
    parts = urlsplit(settings.public_url)
    checks = (
        ("public_url", parts.scheme == "https" and bool(_HOST.fullmatch(parts.hostname or "")), "Write https://host."),
        (
            "public_url",
            parts.path + parts.query + parts.fragment == "" and "@" not in parts.netloc,
            "Write https://host.",
        ),
        ("did", settings.did.startswith("did:"), "Leave it out, or write a DID."),
        ("tls_key", bool(settings.tls_certificate) == bool(settings.tls_key), "Set both or neither."),
        ("passphrase_file", not (settings.key_file and settings.passphrase_file), "Set key_file or passphrase_file."),
        ("database_password_file", bool(settings.database) or not settings.database_password_file, "Set database."),
        ("dev_hosts", not (settings.production and settings.dev_hosts), "Set production = false to try things out."),
        ("dev_ca", not (settings.production and settings.dev_ca), "Set production = false to try things out."),
        (
            "dev_kill_at",
            not (settings.production and settings.dev_kill_at),
            "Set production = false to try things out.",
        ),
        ("dev_kill_at", settings.dev_kill_at in ("", *KILL_POINTS), f"Use one of {', '.join(KILL_POINTS)}."),
        ("jsonld_engine", settings.jsonld_engine in ("compiled", "pyld"), "Use compiled or pyld."),
        (
            "statuses",
            _are_statuses(settings.statuses),
            "Use revocation, suspension, refresh or message: A | B, each once.",
        ),
        ("workers", settings.workers <= MOST_WORKERS, f"Use at most {MOST_WORKERS}."),
        (
            "trusted_proxies",
            all(map(_is_network, settings.trusted_proxies)),
            "Write addresses or networks, like 10.0.0.0/8.",
        ),
        ("forms", bool(settings.forms) and set(settings.forms) <= {"vc+jwt", "vc"}, "Use vc+jwt, vc or both."),
    )
    for name, holds, fix in checks:
        if not holds:
            value = getattr(settings, name)
            raise SettingsProblem(f"{name} = {value!r} cannot be used with the rest.", pointer=f"/{name}", fix=fix)
    _check_database(settings.database)
    listen_address(settings.listen)
    for host, address in settings.dev_hosts.items():
        if not _HOST.fullmatch(host):
            raise SettingsProblem(f"{host!r} is no host name.", pointer="/dev_hosts", fix="Write it like farm.test.")
        listen_address(address, "dev_hosts")
    if (
        settings.plain_listen
        and not ipaddress.ip_address(listen_address(settings.plain_listen, "plain_listen")[0]).is_loopback
    ):
        raise SettingsProblem(
            "plain_listen is not a loopback address.", pointer="/plain_listen", fix="Use 127.0.0.1:PORT."
        )
