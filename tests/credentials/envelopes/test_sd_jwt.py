"""SD-JWT: what is shown is what the issuer signed, what is hidden leaves no trace, and nothing else gets in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from credentials.encoding.multibase import decode_base64url, encode_base64url
from credentials.envelopes.key_binding import BoundToken, check_key_binding
from credentials.envelopes.sd_jwt import read_sd_jwt
from credentials.envelopes.sd_jwt_writing import write_sd_jwt
from credentials.errors import CredentialsError, ProofProblem
from credentials.evidence import Evidence
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import from_jwk, to_jwk
from credentials.verdict import Outcome, Verdict
from credentials.verify import judge, read
from tests.corpus.envelopes import bind, in_json, in_sd_jwt, show
from tests.corpus.making import AT, HEADER, KEY, METHOD, OTHER_KEY, compact, credential, to_bytes
from tests.shared import needs_shared, shared_json, shared_path

HOLDER = SigningKey.generate(KeyKind.P256)
AUDIENCE, NONCE = "https://buyer.test", "n-1"
SUBJECT = {"id": "https://id.farm.test/lot/1", "name": "Cotton lot 1", "description": "Hand picked"}
SELECTIVE = ("/credentialSubject/name", "/credentialSubject/description")


def _issued(selective: tuple[str, ...] = SELECTIVE, **changes: Any) -> bytes:
    draft = credential(credentialSubject=SUBJECT, **changes)
    return in_sd_jwt(draft, signer=KEY, verification_method=METHOD, selective=selective)


def _judged(raw: bytes, media_type: str | None = "application/vc+sd-jwt") -> Verdict:
    return judge(read(raw, media_type), Evidence(), at=AT)


def _by_hand(payload: dict[str, Any], *disclosures: Any, header: dict[str, Any] | None = None) -> bytes:
    """An SD-JWT over ``payload`` whose digests are what the test wrote, with these disclosures."""
    token = compact({**HEADER, "typ": "vc+sd-jwt", **(header or {})}, to_bytes(payload))
    return b"~".join([token, *(_encoded(item) for item in disclosures), b""])


def _encoded(disclosure: Any) -> bytes:
    return encode_base64url(to_bytes(disclosure)).encode()


def _digest(disclosure: Any) -> str:
    import hashlib

    return encode_base64url(hashlib.sha256(_encoded(disclosure)).digest())


@pytest.mark.w3c("A4.1")
@pytest.mark.parametrize("media_type", [None, "application/vc+sd-jwt"])
def test_a_credential_that_is_shown_whole_passes_raw_and_in_its_envelope(media_type: str | None) -> None:
    raw = _issued()

    verdict = _judged(raw, media_type)

    assert (verdict.outcome, verdict.form) == (Outcome.PASSED, "vc+sd-jwt")
    assert verdict.document is not None
    assert verdict.document.value == credential(credentialSubject=SUBJECT)
    assert judge(read(to_bytes(in_json(raw)), "application/vc"), Evidence(), at=AT).outcome is Outcome.PASSED


@pytest.mark.w3c("A4.6")
def test_what_its_holder_leaves_out_is_not_there_and_the_rest_still_holds() -> None:
    verdict = _judged(show(_issued(), [0]))

    assert verdict.outcome is Outcome.PASSED
    assert verdict.document is not None
    assert len(verdict.document.value["credentialSubject"]) == len(SUBJECT) - 1
    assert b"_sd" not in to_bytes(verdict.document.value)


def test_nested_claims_and_elements_are_held_back_one_by_one() -> None:
    payload = {"a": {"b": 1, "c": [1, {"d": "x"}]}, "iss": "https://i.test"}
    raw = write_sd_jwt({}, payload, ["/a/c", "/a/c/1/d", "/a/c/0", "/a/b"], signer=KEY)

    assert read_sd_jwt(raw).claims == payload
    assert read_sd_jwt(show(raw, [])).claims == {"a": {}, "iss": "https://i.test"}


def test_a_claim_whose_parent_is_held_back_cannot_be_shown_alone() -> None:
    raw = write_sd_jwt({}, {"a": {"b": 1}}, ["/a", "/a/b"], signer=KEY)

    assert read_sd_jwt(show(raw, [0])).claims == {"a": {}}
    assert read_sd_jwt(show(raw, [0, 1])).claims == {"a": {"b": 1}}
    with pytest.raises(ProofProblem):
        read_sd_jwt(show(raw, [1]))


ONE, TWO = ["salt-1", "one", 1], ["salt-2", "two", 2]
ELEMENT = ["salt-3", 3]
REFUSED: dict[str, Callable[[], bytes]] = {
    "a disclosure that nothing names": lambda: _by_hand({}, ONE),
    "a disclosure twice": lambda: _by_hand({"_sd": [_digest(ONE)]}, ONE, ONE),
    "a digest twice": lambda: _by_hand({"_sd": [_digest(ONE), _digest(ONE)]}, ONE),
    "a digest in two places": lambda: _by_hand({"_sd": [_digest(ONE)], "a": {"_sd": [_digest(ONE)]}}, ONE),
    "an undisclosed digest in two places": lambda: _by_hand({"_sd": ["x"], "a": {"_sd": ["x"]}}),
    "a claim that is there already": lambda: _by_hand({"one": 0, "_sd": [_digest(ONE)]}, ONE),
    "two claims of one name": lambda: _by_hand(
        {"_sd": [_digest(ONE), _digest(["other", "one", 2])]}, ONE, ["other", "one", 2]
    ),
    "a claim called _sd": lambda: _by_hand({"_sd": [_digest(["s", "_sd", []])]}, ["s", "_sd", []]),
    "a claim called ...": lambda: _by_hand({"_sd": [_digest(["s", "...", 1])]}, ["s", "...", 1]),
    "... as a claim": lambda: _by_hand({"...": "x"}),
    "... beside another": lambda: _by_hand({"list": [{"...": "x", "y": 1}]}),
    "an element as a claim": lambda: _by_hand({"_sd": [_digest(ELEMENT)]}, ELEMENT),
    "a claim as an element": lambda: _by_hand({"list": [{"...": _digest(ONE)}]}, ONE),
    "digests that are no list": lambda: _by_hand({"_sd": "x"}),
    "a digest that is no text": lambda: _by_hand({"_sd": [1]}),
    "another hash": lambda: _by_hand({"_sd_alg": "md5", "_sd": []}),
    "a disclosure of four": lambda: _by_hand({"_sd": [_digest([*ONE, 4])]}, [*ONE, 4]),
    "a disclosure that is no list": lambda: _by_hand({"_sd": [_digest({"a": 1})]}, {"a": 1}),
    "a salt that is no text": lambda: _by_hand({"_sd": [_digest([1, "one", 1])]}, [1, "one", 1]),
    "a disclosure with a name twice in it": lambda: _by_hand({}) + b"W10=~",
    "no tilde at all": lambda: _by_hand({})[:-1],
    "a tail without a tilde": lambda: _by_hand({}) + b"x",
}


@pytest.mark.w3c("A4.6")
@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_presentation_of_the_token_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(CredentialsError):
        read_sd_jwt(make())


def test_the_same_by_hand_with_nothing_wrong_is_read() -> None:
    payload = {"_sd": [_digest(ONE), "decoy"], "list": [{"...": _digest(ELEMENT)}, {"...": "decoy-2"}]}

    assert read_sd_jwt(_by_hand(payload, ONE, ELEMENT)).claims == {"list": [3], "one": 1}


@pytest.mark.w3c("A4.6")
@pytest.mark.parametrize("name", ["iss", "nbf", "exp", "cnf", "vct", "status", "credentialStatus", "validUntil"])
def test_what_nobody_may_hold_back_is_neither_issued_nor_read_as_selective(name: str) -> None:
    disclosure = ["salt", name, "x"]
    with pytest.raises(ProofProblem):
        read_sd_jwt(_by_hand({"_sd": [_digest(disclosure)]}, disclosure))
    with pytest.raises(ProofProblem):
        write_sd_jwt({}, {name: "x"}, [f"/{name}"], signer=KEY)


def test_disclosures_that_nest_without_end_are_refused() -> None:
    inner: Any = {"deep": 1}
    disclosures: list[Any] = []
    for number in range(200):
        disclosure = [str(number), "in", inner]
        disclosures.append(disclosure)
        inner = {"_sd": [_digest(disclosure)]}
    with pytest.raises(CredentialsError) as refused:
        read_sd_jwt(_by_hand(inner, *disclosures))
    assert refused.value.problem.code == "JSON_TOO_DEEP"


@pytest.mark.parametrize(
    "pointer", ["/nothing", "/credentialSubject/age", "name", "/@context/9", "/credentialSubject/_sd"]
)
def test_a_pointer_to_nothing_makes_no_token(pointer: str) -> None:
    with pytest.raises(ProofProblem) as refused:
        _issued((pointer,))
    assert refused.value.problem.code == "PROOF_GENERATION_ERROR"


@pytest.mark.parametrize(
    ("typ", "outcome"),
    [
        ("vc+jwt", Outcome.FAILED),
        ("vp+sd-jwt", Outcome.FAILED),
        ("dc+sd-jwt", Outcome.UNDETERMINED),  # of another specification, which is not read here
        ("bad+typ", Outcome.FAILED),
    ],
)
def test_another_kind_in_the_header_is_not_accepted(typ: str, outcome: Outcome) -> None:
    raw = _by_hand(credential(), header={"typ": typ})

    assert _judged(raw).outcome is outcome
    assert _judged(_by_hand(credential())).outcome is Outcome.PASSED


def _bound(key: SigningKey = HOLDER) -> bytes:
    raw = _issued(cnf={"jwk": to_jwk(HOLDER.public_key)})
    return bind(show(raw, [0]), signer=key, audience=AUDIENCE, nonce=NONCE, at=AT)


@pytest.mark.w3c("A4.6")
def test_a_holder_who_has_the_key_shows_that_it_has_it() -> None:
    raw = _bound()

    check_key_binding(read_sd_jwt(raw))
    assert _judged(raw).outcome is Outcome.PASSED


@pytest.mark.w3c("A4.6")
@pytest.mark.parametrize("key", [OTHER_KEY, SigningKey.generate(KeyKind.P256)], ids=["another kind", "another key"])
def test_a_holders_token_by_another_key_is_refused(key: SigningKey) -> None:
    with pytest.raises(ProofProblem):
        check_key_binding(read_sd_jwt(_bound(key)))
    assert _judged(_bound(key)).outcome is Outcome.FAILED


@pytest.mark.w3c("A4.6")
@pytest.mark.parametrize("stated", [{"iat": None}, {"iat": True}, {"iat": -1}, {"aud": None}, {"nonce": 5}], ids=str)
def test_a_holders_token_that_does_not_say_when_and_for_whom_is_refused(stated: dict[str, Any]) -> None:
    shown, _, token = _bound().rpartition(b"~")
    claims = {**json.loads(decode_base64url(token.split(b".")[1].decode())), **stated}
    raw = shown + b"~" + compact({"alg": "ES256", "typ": "kb+jwt"}, to_bytes(claims), key=HOLDER)

    with pytest.raises(ProofProblem, match=r"does not say when|names no verifier"):
        check_key_binding(read_sd_jwt(raw))


@pytest.mark.w3c("A4.6")
def test_a_holders_token_is_good_for_what_it_was_made_for_and_for_nothing_else() -> None:
    shown, _, binding = _bound().rpartition(b"~")
    token, _, end = shown.partition(b"~")
    less = token + b"~" + binding  # the one disclosure taken away, the holder's token kept

    assert end
    with pytest.raises(ProofProblem, match="another presentation"):
        check_key_binding(read_sd_jwt(less))
    assert _judged(less).outcome is Outcome.FAILED


def test_a_holders_token_without_a_named_key_is_refused() -> None:
    with pytest.raises(ProofProblem, match="no key of the holder"):
        check_key_binding(read_sd_jwt(bind(_issued(), signer=HOLDER, audience=AUDIENCE, nonce=NONCE, at=AT)))


def test_a_token_of_another_type_is_no_holders_token() -> None:
    presented = _issued(cnf={"jwk": to_jwk(HOLDER.public_key)})
    claims = json.loads(decode_base64url(_bound().rpartition(b"~")[2].split(b".")[1].decode()))
    raw = presented + compact({"alg": "ES256", "typ": "JWT"}, to_bytes(claims), key=HOLDER)

    with pytest.raises(ProofProblem, match="not the holder's"):
        check_key_binding(read_sd_jwt(raw))


@needs_shared
@pytest.mark.w3c("A4.1")
def test_the_published_token_verifies_with_its_key_and_shows_its_claims() -> None:
    raw = shared_path("vectors", "vc-jose-cose", "credential-sdjwt-selective.txt").read_bytes().strip()
    jwk = shared_json("vectors", "vc-jose-cose", "vm-p384.json")["publicKeyJwk"]
    shown = read_sd_jwt(raw)

    BoundToken(shown).verify(from_jwk(jwk))

    assert shown.claims["credentialSubject"]["firstName"] == "Jane"


def test_a_type_that_could_be_held_back_and_is_shown_is_one() -> None:
    stated = ["salt-t", "type", ["VerifiableCredential"]]
    payload = {**credential(type=None), "_sd": [_digest(stated)]}

    assert _judged(_by_hand(payload, stated)).outcome is Outcome.PASSED
    hidden = _judged(_by_hand(payload))
    assert hidden.check("model").outcome is Outcome.FAILED
