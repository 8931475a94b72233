"""The peer in JavaScript: Digital Bazaar's packages, pinned, installed once outside this checkout."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.credential import DID, METHOD
from benchmarks.row import NotHere
from contexts.library import standard_library
from credentials.did.methods import local_document

_HERE = Path(__file__).parent / "npm"
SECONDS = 2


def milliseconds(raw: bytes) -> float:
    """CPU milliseconds of one verification of ``raw``, the median of some seconds in a warm process.

    Raises:
        NotHere: there is no Node, its packages cannot be had, or they refuse the credential.
    """
    return float(_answer("verify.mjs", {"credential": json.loads(raw), "documents": documents(DID, METHOD)})["ms"])


def disclosing(draft: Mapping[str, Any], shown: Mapping[str, Any], pointers: Sequence[str]) -> tuple[float, float]:
    """CPU milliseconds of one ecdsa-sd-2023 base proof of ``draft``, and of one verification of ``shown``.

    Raises:
        NotHere: as :func:`milliseconds`.
    """
    method = shown["proof"]["verificationMethod"]
    known = documents(method.partition("#")[0], method)
    told = {"draft": draft, "credential": shown, "pointers": list(pointers), "documents": known}
    answer = _answer("disclose.mjs", told)
    return float(answer["sign"]), float(answer["verify"])


def _answer(script: str, told: Mapping[str, Any]) -> dict[str, Any]:
    node = [_program("node"), str(_folder() / script)]
    given = json.dumps({**told, "seconds": SECONDS})
    done = subprocess.run(node, input=given, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise NotHere(f"the npm packages failed: {done.stderr.strip()[-120:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    if not answer["verified"]:
        raise NotHere(f"the npm packages refuse it: {answer['error'][:120]}")
    return answer


@cache
def _folder() -> Path:
    npm = _program("npm")
    folder = Path(tempfile.gettempdir()) / "tracenode-benchmarks-npm"
    folder.mkdir(exist_ok=True)
    for name in ("package.json", "verify.mjs", "disclose.mjs"):
        shutil.copy(_HERE / name, folder / name)
    install = [npm, "install", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise NotHere(f"npm could not install the packages: {done.stderr.strip()[-120:]}")
    return folder


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NotHere(f"{name} is not on this machine")
    return found


def documents(did: str, method: str) -> dict[str, Any]:
    """Every document the packages may ask for: our pinned contexts, and the key ``method`` of the did:key ``did``."""
    library = standard_library()
    controller = local_document(did)
    assert controller is not None
    key = {**controller["verificationMethod"][0], "@context": "https://w3id.org/security/multikey/v1"}
    return {**{url: library.document(url) for url in sorted(library.urls)}, did: controller, method: key}
