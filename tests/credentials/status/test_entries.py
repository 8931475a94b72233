"""Status entries, and what a list may answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials.errors import CredentialsError, MalformedInput, StatusProblem
from credentials.status.bitstring import encode_list
from credentials.status.entries import StatusEntry, entries_of, parse_entry, read_status
from credentials.status.status_lists import status_entry, status_list_draft
from tests.corpus.making import AT
from tests.credentials.status.bits import empty_list, with_bit

URL, ISSUER = "https://farm.test/status/1", "did:web:farm.test"


def entry(**changes: Any) -> dict[str, Any]:
    return {**status_entry(list_url=URL, index=5, purpose="revocation"), **changes}


def listed(**changes: Any) -> dict[str, Any]:
    draft = status_list_draft(
        url=URL,
        issuer=ISSUER,
        purpose="revocation",
        bits=with_bit(empty_list(), 5, 1),
        valid_from=AT,
        valid_for=timedelta(days=1),
        ttl=timedelta(days=2),
    )
    draft["credentialSubject"] |= changes
    return draft


def test_our_own_entry_and_list_understand_each_other() -> None:
    answer = read_status(parse_entry(entry()), listed(), issuer=ISSUER, at=AT)

    assert (answer.value, answer.as_of) == (1, AT)


def test_a_list_is_never_fresher_than_it_is_valid() -> None:
    assert listed()["credentialSubject"]["ttl"] == 86_400_000


def test_integers_and_digits_are_the_same_index() -> None:
    assert parse_entry(entry(statusListIndex="94567")) == parse_entry(entry(statusListIndex=94567))


@pytest.mark.parametrize(
    "changes",
    [
        {"statusPurpose": "other"},
        {"statusPurpose": ["revocation"]},
        {"statusPurpose": None},
        {"statusListCredential": "ftp://farm.test/1"},
        {"statusListCredential": "https://farm.test/a b"},
        {"statusListCredential": "/status/1"},
        {"statusListCredential": None},
        {"id": URL},
        {"statusSize": 0},
        {"statusSize": True},
        {"statusSize": "1"},
        {"statusSize": 64},
        {"statusSize": 2},
        {"statusSize": 2, "statusMessage": [{"status": "0x0", "message": "a"}]},
        {"statusSize": 1, "statusMessage": [{"status": "0", "message": "a"}] * 2},
        {"statusMessage": "x"},
    ],
)
@pytest.mark.w3c("A5.1", "A5.2")
def test_a_malformed_member_is_refused_by_name(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedInput) as caught:
        parse_entry(entry(**changes))

    assert caught.value.problem.pointer.startswith("/credentialStatus")


@pytest.mark.parametrize("value", [None, "x", 5, []])
def test_an_entry_that_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(CredentialsError):
        parse_entry(value)


@pytest.mark.w3c("A5.2")
def test_a_message_is_told_with_its_value() -> None:
    messages = [{"status": hex(n), "message": f"message {n}"} for n in range(4)]
    parsed = parse_entry(entry(statusPurpose="message", statusSize=2, statusMessage=messages, statusListIndex=2))

    answer = read_status(parsed, listed(statusPurpose="message"), issuer=ISSUER, at=AT)

    assert (answer.value, answer.message) == (1, "message 1")


@pytest.mark.w3c("A5.3")
def test_a_list_with_several_purposes_answers_for_each_of_them() -> None:
    both = listed(statusPurpose=["suspension", "revocation"])

    for purpose in ("suspension", "revocation"):
        assert read_status(parse_entry(entry(statusPurpose=purpose)), both, issuer=ISSUER, at=AT).value == 1
    with pytest.raises(StatusProblem):
        read_status(parse_entry(entry(statusPurpose="refresh")), both, issuer=ISSUER, at=AT)


@pytest.mark.parametrize("issuer", [None, "did:web:mill.test", "did:web:farm.test#1"])
@pytest.mark.w3c("A5.6")
def test_a_list_answers_for_its_own_issuer_only(issuer: str | None) -> None:
    with pytest.raises(StatusProblem):
        read_status(parse_entry(entry()), listed(), issuer=issuer, at=AT)


@pytest.mark.parametrize("seconds", [-61, 86_400 + 61])
def test_a_list_answers_only_while_it_is_valid(seconds: int) -> None:
    with pytest.raises(StatusProblem):
        read_status(parse_entry(entry()), listed(), issuer=ISSUER, at=AT + timedelta(seconds=seconds))


def test_an_issuer_object_is_the_same_issuer() -> None:
    value = {**listed(), "issuer": {"id": ISSUER, "name": "Farm"}}

    assert read_status(parse_entry(entry()), value, issuer=ISSUER, at=AT).value == 1


@pytest.mark.parametrize("field", ["type", "id", "issuer", "credentialSubject", "validFrom", "validUntil"])
@pytest.mark.parametrize("junk", [None, 5, [], {}, "x", [5], {"type": []}])
def test_a_list_with_junk_in_a_member_answers_or_refuses_by_name(field: str, junk: object) -> None:
    value = {**listed(), field: junk}

    try:
        answer = read_status(parse_entry(entry()), value, issuer=ISSUER, at=AT)
    except CredentialsError:
        return
    assert (field, junk, answer.value) == ("id", None, 1)


def test_entries_come_with_their_pointers() -> None:
    assert entries_of({}) == ()
    assert entries_of({"credentialStatus": 5}) == (("/credentialStatus", 5),)
    assert entries_of({"credentialStatus": [5, 6]}) == (("/credentialStatus/0", 5), ("/credentialStatus/1", 6))


def test_the_size_of_an_entry_decides_where_it_is_read() -> None:
    assert StatusEntry(purpose="revocation", index=0, list_url=URL).size == 1
    assert encode_list(empty_list()).startswith("uH4sIA")
