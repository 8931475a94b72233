"""``tracenode conformance`` and ``tracenode run --profile``: what suites call, in their own shapes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.node.cli.terminal import Terminal
from tests.shared import needs_shared, shared_path

TOKENS = ("vectors", "vc-jose-cose")
SCHEMAS = ("vectors", "vc-json-schema")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "result.json"


def _jose(
    terminal: Terminal, output: Path, verb: str, document: Path, key: str, feature: str, *more: str
) -> dict[str, Any]:
    keys = shared_path(*TOKENS, f"{key}.json")
    words = ("--input", str(document), "--key", str(keys), "--feature", feature, "--output", str(output))
    said = terminal("conformance", "jose", verb, *words, *more)
    assert (said.code, said.out) == (0, "")
    result: dict[str, Any] = json.loads(output.read_bytes())
    return result


@needs_shared
@pytest.mark.w3c("A4.1", "A4.2", "A4.3", "A4.4")
@pytest.mark.parametrize(
    ("file", "key", "feature", "result"),
    [
        ("credential-jose-minimal", "vm-p256", "credential_jose", "success"),
        ("presentation-jose-multiple", "vm-p384", "presentation_jose", "success"),
        ("credential-jose-minimal", "vm-ed25519", "credential_jose", "failure"),
        ("credential-jose-minimal", "vm-p256", "presentation_jose", "failure"),
        ("credential-jose-bad-signature", "vm-ed25519", "credential_jose", "failure"),
        ("credential-jose-vc-vp-claims", "vm-ed25519", "credential_jose", "failure"),
        ("credential-jose-minimal", "vm-p521", "credential_jose", "failure"),
        ("credential-cose-minimal", "vm-p256", "credential_cose", "success"),
        ("credential-cose-minimal", "vm-p384", "credential_cose", "failure"),
        ("credential-cose-minimal", "vm-p256", "presentation_cose", "failure"),
        ("credential-cose-bad-media-type", "vm-p384", "credential_cose", "failure"),
        ("credential-sdjwt-selective", "vm-p384", "credential_sdjwt", "success"),
        ("credential-sdjwt-selective", "vm-p384", "credential_jose", "failure"),
        ("credential-sdjwt-bad-media-type", "vm-ed25519", "credential_sdjwt", "failure"),
    ],
)
def test_a_token_of_the_suite_is_judged_as_it_expects(
    terminal: Terminal, output: Path, file: str, key: str, feature: str, result: str
) -> None:
    assert _jose(terminal, output, "verify", shared_path(*TOKENS, f"{file}.txt"), key, feature)["result"] == result


@needs_shared
@pytest.mark.w3c("A4.1", "A4.2", "A4.4")
@pytest.mark.parametrize("key", ["vm-p256", "vm-p384", "vm-p521", "vm-ed25519", "vm-did-ed25519"])
@pytest.mark.parametrize("how", ["jose", "sdjwt", "cose"])
@pytest.mark.parametrize(
    ("file", "what"), [("credential-minimal", "credential"), ("presentation-single", "presentation")]
)
def test_what_is_issued_verifies_with_the_same_key_only(
    terminal: Terminal, output: Path, tmp_path: Path, file: str, what: str, how: str, key: str
) -> None:
    feature = f"{what}_{how}"
    issued = _jose(terminal, output, "issue", shared_path(*TOKENS, f"{file}.json"), key, feature)
    (tmp_path / "token.txt").write_text(issued["data"] + "\n")
    other = "vm-p256" if key != "vm-p256" else "vm-p384"
    assert issued["result"] == "success"
    assert _jose(terminal, output, "verify", tmp_path / "token.txt", key, feature)["result"] == "success"
    assert _jose(terminal, output, "verify", tmp_path / "token.txt", other, feature)["result"] == "failure"


@needs_shared
@pytest.mark.parametrize(
    "paths",
    [
        ("--sd", "credentialSubject.firstName", "--sd", "credentialSubject.lastName"),
        ("--sd", '["credentialSubject.firstName", "credentialSubject.lastName"]'),
        ("--sd", '["credentialSubject.firstName"]', "--sd", "credentialSubject.lastName"),
    ],
    ids=["one by one", "the suites' list", "both"],
)
def test_what_the_suite_wants_selective_can_be_held_back_and_nothing_else(
    terminal: Terminal, output: Path, tmp_path: Path, paths: tuple[str, ...]
) -> None:
    document, key = shared_path(*TOKENS, "credential-selective.json"), "vm-p384"
    issued = _jose(terminal, output, "issue", document, key, "credential_sdjwt", *paths)["data"]
    token, *disclosures, end = issued.split("~")
    assert (len(disclosures), end) == (2, "")

    (tmp_path / "token.txt").write_text(f"{token}~{disclosures[0]}~")
    shown = _jose(terminal, output, "verify", tmp_path / "token.txt", key, "credential_sdjwt")
    assert shown["result"] == "success"
    assert len({"firstName", "lastName"} & json.loads(shown["data"])["credentialSubject"].keys()) == 1
    nothing = _jose(terminal, output, "issue", document, key, "credential_sdjwt", "--sd", "credentialSubject.age")
    assert nothing["result"] == "failure"


@needs_shared
@pytest.mark.parametrize("stated", ["[", "[1]", '["a"] b', "[[]]"])
def test_a_list_of_paths_that_is_none_is_a_question_of_usage(terminal: Terminal, output: Path, stated: str) -> None:
    document, key = shared_path(*TOKENS, "credential-selective.json"), shared_path(*TOKENS, "vm-p384.json")
    words = ("--input", str(document), "--key", str(key), "--feature", "credential_sdjwt", "--output", str(output))

    said = terminal("conformance", "jose", "issue", *words, "--sd", stated)

    assert (said.code, "--sd" in said.err) == (2, True)


@needs_shared
def test_a_kind_of_key_of_others_is_no_failure_of_the_token(terminal: Terminal, output: Path, tmp_path: Path) -> None:
    jwk = {"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"}
    (tmp_path / "key.json").write_text(json.dumps({"id": "urn:x:key", "type": "JsonWebKey", "publicKeyJwk": jwk}))
    token = shared_path(*TOKENS, "credential-jose-minimal.txt")
    words = ("--input", str(token), "--key", str(tmp_path / "key.json"), "--feature", "credential_jose")

    terminal("conformance", "jose", "verify", *words, "--output", str(output))

    assert json.loads(output.read_bytes())["result"] == "indeterminate"


@needs_shared
@pytest.mark.w3c("A4.5", "C1.10")
def test_a_member_that_the_base_context_does_not_know_is_a_failure(
    terminal: Terminal, output: Path, tmp_path: Path
) -> None:
    document = json.loads(shared_path(*TOKENS, "credential-minimal.json").read_bytes())
    (tmp_path / "unknown.json").write_text(json.dumps({**document, "unknownExtension": "word"}))
    result = _jose(terminal, output, "issue", tmp_path / "unknown.json", "vm-p256", "credential_jose")
    assert result["result"] == "failure"


@needs_shared
@pytest.mark.w3c("A4.3")
def test_a_presentation_of_an_unsecured_credential_is_a_failure(
    terminal: Terminal, output: Path, tmp_path: Path
) -> None:
    held = json.loads(shared_path(*TOKENS, "credential-minimal.json").read_bytes())
    outer = json.loads(shared_path(*TOKENS, "presentation-single.json").read_bytes())
    (tmp_path / "open.json").write_text(json.dumps({**outer, "verifiableCredential": [held]}))
    result = _jose(terminal, output, "issue", tmp_path / "open.json", "vm-p256", "presentation_jose")
    assert result["result"] == "failure"


@needs_shared
@pytest.mark.w3c("A1.10")
@pytest.mark.parametrize(
    ("credential", "schema", "result"),
    [
        (1, 1, "success"),
        (1, 2, "failure"),
        (2, 1, "failure"),
        (1, 3, "failure"),
        (1, 4, "failure"),
        (1, 5, "failure"),
        (1, 6, "failure"),
        (1, 7, "indeterminate"),
    ],
)
def test_a_schema_of_the_suite_is_judged_as_it_expects(
    terminal: Terminal, output: Path, credential: int, schema: int, result: str
) -> None:
    files = (f"{credential}-credential.json", f"{schema}-schema.json")
    document, file = (str(shared_path(*SCHEMAS, name)) for name in files)
    words = ("--format", "JsonSchema", "--schema", file, "--credential", document, "--output", str(output))
    said = terminal("conformance", "schema", "validate", *words)
    assert said.code == 0
    assert json.loads(output.read_bytes())["result"] == result


def test_a_schema_in_a_credential_is_told_from_one_that_stands_alone(
    terminal: Terminal, output: Path, tmp_path: Path
) -> None:
    url = "https://schemas.example/one"
    schema = {"$id": url, "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}
    (tmp_path / "schema.json").write_text(json.dumps(schema))
    document = {"credentialSchema": {"id": url, "type": "JsonSchemaCredential"}}
    (tmp_path / "credential.json").write_text(json.dumps(document))
    words = ("--schema", str(tmp_path / "schema.json"), "--credential", str(tmp_path / "credential.json"))
    terminal("conformance", "schema", "validate", "--format", "JsonSchemaCredential", *words, "--output", str(output))
    assert json.loads(output.read_bytes())["result"] == "failure"


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--profile", "conformance", "--data", "anywhere"),
        ("run", "--port", "8080"),
        ("run", "--profile", "production"),
        ("run", "--profile", "conformance", "--port", "70000"),
        ("conformance", "jose", "issue", "--feature", "credential_jose"),
        ("conformance", "jose", "verify", "--feature", "credential_jwt"),
    ],
)
def test_a_call_that_makes_no_sense_is_2(terminal: Terminal, words: tuple[str, ...]) -> None:
    assert terminal(*words).code == 2


def test_the_profile_with_contexts_that_cannot_be_read_is_2(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal("run", "--profile", "conformance", "--test-contexts", str(tmp_path))
    assert said.code == 2
    assert "manifest.json" in said.err
