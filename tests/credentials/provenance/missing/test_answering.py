"""Which of several documents answers a need: nobody's file stands in for what another party's address names."""

from __future__ import annotations

from itertools import permutations

import pytest

from credentials.evidence import Absent, AbsentReason, Found, Need, NeedKind
from credentials.provenance.graph.graph import Graph
from credentials.provenance.missing.answering import Arrival, answering, named_by_digest
from credentials.verdict import VerifiedCredential
from tests.credentials.provenance import twin
from tests.credentials.provenance.signing import MEDIA_TYPE, hold, sign_all

NAME = "footprint-attestation"
ADDRESS = twin.drafts()[NAME]["id"]
STRANGER = "did:web:stranger.test"


def arrival(issuer: str = twin.CERTIFIER, *, broken: bool = False, known: bool = True) -> Arrival:
    """The certificate signed by ``issuer``, under the certifier's address, from a folder."""
    draft = twin.drafts()[NAME]
    draft["issuer"]["id"] = issuer
    spoiled = frozenset({NAME} if broken else ())
    silence = {} if known else {Need(NeedKind.DID_DOCUMENT, issuer): Absent(reason=AbsentReason.OFFLINE)}
    holdings = hold({NAME: draft}, at=twin.AT, trust=twin.trust(), broken=spoiled, answers=silence)
    body = sign_all({NAME: draft}, broken=spoiled)[NAME]
    found = Found(body=body, media_type=MEDIA_TYPE, source="file", at=twin.AT, served=False)
    return Arrival(ADDRESS, found, holdings.credentials[0])


UNTOLD_DECOY = arrival(STRANGER, known=False)
OWN, BROKEN, UNTOLD = arrival(), arrival(broken=True), arrival(known=False)
DECOY, OTHER = arrival(STRANGER), arrival("did:web:another.test")


@pytest.mark.parametrize(
    ("those", "expected"),
    [
        pytest.param((OWN, DECOY, BROKEN, UNTOLD), [OWN, DECOY], id="whatever is intact is in hand"),
        pytest.param((DECOY, OTHER, BROKEN, UNTOLD), [DECOY, OTHER, UNTOLD], id="what could not be told of an owner"),
        pytest.param((UNTOLD_DECOY, BROKEN), [], id="nor of a stranger"),
        pytest.param((BROKEN,), [], id="never what is broken"),
    ],
)
def test_what_answers_does_not_depend_on_the_order(those: tuple[Arrival, ...], expected: list[Arrival]) -> None:
    for order in permutations(those):
        assert [one for one in those if one in answering(order)] == expected


def test_what_its_own_place_served_answers_broken_or_not() -> None:
    found = Found(body=b"x", media_type=MEDIA_TYPE, source=ADDRESS, at=twin.AT)

    assert answering([Arrival(ADDRESS, found, BROKEN.judged)])


def test_beside_what_is_served_only_another_sound_word_of_its_owner_answers() -> None:
    served = Arrival(ADDRESS, Found(body=b"x", media_type=MEDIA_TYPE, source=ADDRESS, at=twin.AT), OWN.judged)

    assert answering([DECOY, OWN, BROKEN, UNTOLD, served]) == (served, OWN)


def test_what_nobody_asked_for_answers_nothing() -> None:
    assert answering([Arrival("", OWN.found, OWN.judged)]) == ()


def test_bytes_that_a_link_names_answer_whoever_signed_them_and_broken_or_not() -> None:
    drafts = twin.drafts()
    drafts[NAME]["issuer"]["id"] = STRANGER
    signed = sign_all(drafts, broken=frozenset({NAME}))
    named = Arrival(ADDRESS, Found(body=signed[NAME], media_type=MEDIA_TYPE, source="", at=twin.AT), BROKEN.judged)
    holdings = hold(drafts, at=twin.AT, trust=twin.trust(), broken=frozenset({NAME}))
    graph = Graph(one for one in holdings.credentials if isinstance(one, VerifiedCredential))

    assert named_by_digest([OWN, DECOY, named], graph) == (named,)
    assert named_by_digest([OWN, DECOY], graph) == ()
    assert named_by_digest([], graph) == ()
