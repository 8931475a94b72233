"""node.logs: one JSON object a line, and no secret in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from node.logs import redacted, start_logging


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Logging is the process's own: give it back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "Cookie",
        "Set-Cookie",
        "Signature",
        "signature_input",
        "key",
        "private_key",
        "token",
        "bearer_token",
        "passphrase",
        "proofValue",
        "decryptionKey",
        "secret",
    ],
)
def test_what_is_secret_by_name_is_taken_out(name: str) -> None:
    assert redacted(None, "info", {"event": "x", name: "canary"}) == {"event": "x", name: "(redacted)"}


def test_what_is_not_secret_stays_and_is_cut_when_long() -> None:
    event = redacted(None, "info", {"event": "x", "key_id": "did:web:a.test#auth-1", "detail": "a" * 5000, "n": 3})

    assert event["key_id"] == "did:web:a.test#auth-1"
    assert len(event["detail"]) == 2049
    assert event["n"] == 3


@pytest.mark.parametrize(
    "text",
    [
        "400, message: Invalid header value char: b'Authorization: Bearer tn canary \\x00 canary'",
        "authorization=Basic canary:canary",
        "GET /x with Bearer canary",
        "Set-Cookie: session=canary; path=/",
        "the token tn_canarycanary was used",
        "the body eyJhbGciOiJFZERTQSJ9.eyJjYW5hcnkiOjF9.canary~canary",
    ],
)
def test_what_is_secret_inside_a_text_is_taken_out(text: str) -> None:
    said = redacted(None, "error", {"event": text, "exception": f"Traceback\n{text}\n"})

    assert "canary" not in json.dumps(said)
    assert "(redacted)" in said["event"]


@pytest.mark.parametrize(
    "text", ["a cookie was set", "the bearer", "authorized", "did:web:a.test#key-1", "eyJ is short"]
)
def test_what_only_speaks_of_secrets_stays(text: str) -> None:
    assert redacted(None, "info", {"event": text})["event"] == text


def test_of_a_long_exception_the_end_stays_where_it_says_what_happened() -> None:
    said = redacted(None, "error", {"event": "incident", "exception": "a frame\n" * 900 + "KeyError: 'why'"})

    assert said["exception"].endswith("KeyError: 'why'")
    assert len(said["exception"]) == 2049


def test_each_log_is_one_line_of_json_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging()

    structlog.get_logger("node").info("listening\nforged line", token="tn_canary")
    logging.getLogger("library").warning("odd: %s", "value")

    said = capsys.readouterr()
    first, second = (json.loads(line) for line in said.err.splitlines())
    assert said.out == ""
    assert (first["event"], first["token"]) == ("listening\nforged line", "(redacted)")
    assert (second["event"], second["level"]) == ("odd: value", "warning")


def test_a_fault_is_logged_with_its_trace_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging()

    try:
        _ = 1 / 0
    except ZeroDivisionError:
        structlog.get_logger("node").exception("fault")

    (line,) = capsys.readouterr().err.splitlines()
    assert "ZeroDivisionError" in json.loads(line)["exception"]
