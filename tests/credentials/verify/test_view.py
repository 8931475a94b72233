"""The JSON view of a verdict."""

from __future__ import annotations

import json

from credentials.verify import all_checks, to_json
from tests.credentials.verify.world import FARM, evidence, judged, signed, status_list, with_status


def test_the_view_has_exactly_the_settled_members() -> None:
    verdict = judged(signed())

    view = to_json(verdict, anchored=True, path=["did:web:register.test"])

    assert list(view) == ["outcome", "id", "issuer", "digest", "checks", "lint", "trust"]
    assert list(view["checks"][0]) == ["name", "outcome", "code", "pointer", "detail", "fix"]
    assert view["trust"] == {"anchored": True, "path": ["did:web:register.test"]}
    assert (view["outcome"], view["issuer"], view["digest"]) == ("PASSED", FARM, verdict.object_digest)


def test_a_revoked_credential_is_intact_but_its_view_says_failed() -> None:
    verdict = judged(with_status(5), evidence(status_list(revoked=(5,))))

    view = to_json(verdict)

    assert verdict.intact
    assert view["outcome"] == "FAILED"
    told = next(check for check in view["checks"] if check["name"] == "status:revocation")
    assert (told["code"], told["pointer"]) == ("REVOKED", "/credentialStatus")


def test_every_check_that_did_not_pass_says_why_and_what_helps() -> None:
    view = to_json(judged(b"{}"))

    assert json.loads(json.dumps(view)) == view
    for check in view["checks"]:
        if check["outcome"] != "PASSED":
            assert check["code"], check
            assert check["detail"], check


def test_checks_come_in_the_order_of_the_screens() -> None:
    verdict = judged(with_status(), evidence(status_list()))

    names = [check.name for check in all_checks(verdict)]

    assert names == [
        "parse", "contexts", "model", "issuer", "key", "proof", "validity", "status:revocation", "schema",
    ]  # fmt: skip
