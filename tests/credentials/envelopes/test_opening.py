"""Which securing form arrived, and what it covers."""

from __future__ import annotations

import json

import pytest

from credentials.envelopes.opening import EmbeddedProofs, EnvelopedToken, Unsecured, open_secured
from credentials.errors import CredentialsError, MalformedInput, ProofProblem, Unsupported
from credentials.evidence import Evidence
from credentials.verdict import Outcome
from credentials.verify import judge, read
from tests.corpus.making import AT, METHOD, V2, credential, embedded, enveloped, to_bytes, token
from tests.shared import shared_path

UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"


@pytest.mark.parametrize("media_type", [None, "application/vc+jwt", "Application/VC+JWT; charset=utf-8"])
def test_a_raw_token_opens_to_its_payload(media_type: str | None) -> None:
    secured = open_secured(token(), media_type)

    assert isinstance(secured, EnvelopedToken)
    assert (secured.kid, secured.kind) == (METHOD, "vc")
    assert secured.document.value == credential()
    assert secured.document.raw == to_bytes(credential())


@pytest.mark.parametrize("media_type", [None, "application/vc", "application/json", "application/ld+json"])
def test_an_enveloped_object_opens_to_the_same(media_type: str | None) -> None:
    outer = enveloped(token())

    assert open_secured(to_bytes(outer), media_type) == open_secured(token(), None)
    assert (
        open_secured(to_bytes({**outer, "type": ["EnvelopedVerifiableCredential"]}), None).document.value
        == credential()
    )


@pytest.mark.parametrize(
    "listed",
    [V2, [V2], [V2, UNTP], [V2, UNTP, "https://trade.test/extension/v3"], [V2, "urn:context:of:somebody"]],
)
def test_an_envelope_may_list_any_contexts_behind_that_of_the_data_model(listed: object) -> None:
    secured = open_secured(to_bytes({**enveloped(token()), "@context": listed}), None)

    assert secured == open_secured(token(), None)


@pytest.mark.parametrize(
    "listed", [None, [], UNTP, [UNTP, V2], [V2, V2], [V2, {"id": "urn:x:y"}], [V2, None], {"@vocab": "urn:x:"}]
)
def test_an_envelope_that_does_not_begin_with_that_of_the_data_model_is_refused(listed: object) -> None:
    with pytest.raises(MalformedInput) as caught:
        open_secured(to_bytes({**enveloped(token()), "@context": listed}), None)

    assert (caught.value.problem.code, caught.value.problem.pointer) == ("CONTEXT_NOT_ALLOWED", "/@context")


def test_a_document_with_proofs_opens_as_received() -> None:
    value = embedded(("eddsa-jcs-2022", "eddsa-rdfc-2022"))

    secured = open_secured(to_bytes(value), None)

    assert isinstance(secured, EmbeddedProofs)
    assert secured.document.value == value


def test_a_document_without_proof_opens_as_unsecured() -> None:
    assert isinstance(open_secured(to_bytes(credential()), None), Unsecured)


@pytest.mark.parametrize("proof", [None, 5, "x", [], [5], [{}] * 9])
def test_a_proof_that_is_no_proof_is_refused(proof: object) -> None:
    verdict = judge(read(to_bytes({**credential(), "proof": proof}), None), Evidence(), at=AT)

    (problem,) = (check.problem for check in verdict.checks if check.name == "proof")
    assert (verdict.outcome, problem and problem.pointer) == (Outcome.FAILED, "/proof")


@pytest.mark.parametrize("media_type", ["application/vc", "application/json"])
def test_a_token_announced_as_json_is_refused(media_type: str) -> None:
    with pytest.raises(MalformedInput):
        open_secured(token(), media_type)


def test_json_announced_as_a_token_is_refused() -> None:
    with pytest.raises(MalformedInput):
        open_secured(to_bytes(credential()), "application/vc+jwt")


def test_a_vc_token_announced_as_presentation_is_refused() -> None:
    with pytest.raises(ProofProblem):
        open_secured(token(), "application/vp+jwt")


@pytest.mark.parametrize(
    ("typ", "cty"),
    [
        ("vc+jwt", "vc"),
        ("vc+jwt", None),
        ("application/vc+jwt", "application/vc"),
        ("vp+jwt", "vp"),
        ("VC+JWT", "vc"),
        ("Application/vc+JWT", "VC"),
    ],
)
def test_type_headers_that_agree_are_accepted(typ: str, cty: str | None) -> None:
    secured = open_secured(token(header={"typ": typ, "cty": cty}), None)

    assert isinstance(secured, EnvelopedToken)


@pytest.mark.parametrize(
    ("typ", "cty"),
    [("vc+jwt", "vp"), ("vp+jwt", "vc"), ("vc+sd-jwt", "vc"), ("", None), (5, None), (None, "vc"), ("JWT", "vc")],
)
@pytest.mark.w3c("A4.1")
def test_type_headers_that_disagree_are_refused(typ: object, cty: object) -> None:
    with pytest.raises(ProofProblem):
        open_secured(token(header={"typ": typ, "cty": cty}), None)


@pytest.mark.parametrize("kind", ["vc", "vp"])
@pytest.mark.w3c("A4.1")
def test_a_token_without_type_is_what_the_media_type_around_it_says(kind: str) -> None:
    secured = open_secured(token(header={"typ": None, "cty": None}), f"application/{kind}+jwt")

    assert isinstance(secured, EnvelopedToken)
    assert secured.form == f"{kind}+jwt"


def test_a_token_without_type_in_a_data_url_is_what_that_says() -> None:
    bare = token(header={"typ": None, "cty": None})

    for prefix in ("data:application/vc+jwt,", "DATA:Application/VC+JWT,"):
        secured = open_secured(to_bytes({**enveloped(bare), "id": prefix + bare.decode()}), None)
        assert isinstance(secured, EnvelopedToken)
        assert secured.form == "vc+jwt"


def test_a_token_without_type_whose_content_is_stated_otherwise_is_refused() -> None:
    with pytest.raises(ProofProblem):
        open_secured(token(header={"typ": None, "cty": "vp"}), "application/vc+jwt")


@pytest.mark.parametrize(
    ("typ", "payload", "named"),
    [
        ("vc+ld+jwt", {}, "earlier draft"),
        ("vp+ld+jwt", {}, "earlier draft"),
        ("application/vc+ld+json+jwt", {}, "earlier draft"),
        ("VC-LD+JWT", {}, "earlier draft"),
        ("JWT", {"vc": {"type": ["VerifiableCredential"]}}, "1.1"),
        (None, {"vp": {"type": ["VerifiablePresentation"]}}, "1.1"),
        ("dc+sd-jwt", {"vct": "urn:x:y"}, "IETF"),
    ],
)
def test_headers_of_other_times_and_specifications_are_named(
    typ: str | None, payload: dict[str, object], named: str
) -> None:
    with pytest.raises(Unsupported) as caught:
        open_secured(token(payload, header={"typ": typ, "cty": None}), None)

    assert caught.value.problem.code == "UNSUPPORTED_FORM"
    assert named in caught.value.problem.detail


def test_a_token_with_an_embedded_proof_is_refused() -> None:
    with pytest.raises(ProofProblem):
        open_secured(token(embedded()), None)


def test_a_payload_is_read_as_strictly_as_a_document() -> None:
    for payload in (b"[]", b"{", b'{"a":1,"a":2}', b"[" * 99, b"\xff", b'{"a":NaN}'):
        with pytest.raises(MalformedInput):
            open_secured(token(payload), None)


def test_a_picture_may_be_most_of_a_credential_in_every_form() -> None:
    picture = "data:image/png;base64," + "A" * 700_000
    subject = {"id": "urn:x:lot", "renderTemplate": picture}

    for raw in (
        token(credentialSubject=subject),
        to_bytes(enveloped(token(credentialSubject=subject))),
        to_bytes(embedded(credentialSubject={"id": "urn:x:lot", "name": picture})),
    ):
        assert picture in open_secured(raw, None).document.value["credentialSubject"].values()


def test_a_document_over_the_size_of_a_document_is_refused_in_an_envelope_too() -> None:
    with pytest.raises(MalformedInput) as caught:
        open_secured(to_bytes(enveloped(token(credentialSubject={"name": "x" * (1 << 20)}))), None)

    assert caught.value.problem.code == "TOO_LARGE"


def test_naming_the_envelope_type_in_passing_does_not_lift_the_limits() -> None:
    value = credential(name="EnvelopedVerifiableCredential", description="x" * (1 << 20))

    with pytest.raises(MalformedInput) as caught:
        open_secured(to_bytes(value), None)

    assert caught.value.problem.code == "TOO_LARGE"


@pytest.mark.parametrize("name", ["credential-jose-vc-vp-claims", "credential-sdjwt-bad-media-type"])
@pytest.mark.w3c("A4.1")
def test_official_bad_tokens_are_refused(name: str) -> None:
    raw = shared_path("vectors", "vc-jose-cose", f"{name}.txt").read_bytes().strip()

    with pytest.raises(CredentialsError):
        open_secured(raw, None)


@pytest.mark.w3c("A1.13")
def test_a_data_url_with_parameters_or_base64_is_refused() -> None:
    for prefix in ("data:application/vc+jwt;base64,", "data:application/jwt,", "data:,", "DATE:application/vc+jwt,"):
        outer = {**enveloped(token()), "id": prefix + token().decode()}
        with pytest.raises(MalformedInput):
            open_secured(json.dumps(outer).encode(), None)
