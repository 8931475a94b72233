"""docs/federation.md speaks of the protocol that the program speaks: no word more, none less."""

from __future__ import annotations

import re

from node.federation.client import INBOX
from node.federation.message_signatures import COVERED_WITH_BODY, LABEL, TAG
from node.federation.messages import BATCH_EVENTS, BATCH_MEDIA_TYPE, EventStatus, EventType, Receipt, parse_batch
from node.federation.settlement import PAUSES
from node.flows.exchange.sharing import DEFAULT_SHARE, SHARES
from tests.docs.pages import DOCS, blocks, table_rows
from tests.docs.test_limits import number

PAGE = DOCS / "federation.md"
TEXT = PAGE.read_text("utf-8")


def first_column(heading: str) -> list[str]:
    return [row[0].partition(" (")[0].strip("`") for row in table_rows(PAGE, heading)]


def test_the_example_batch_is_one_that_the_receiver_takes() -> None:
    (example,) = (block for block in blocks(PAGE, "json") if block.words == ("batch",))

    (event,) = parse_batch(example.text.encode("utf-8"), source="did:web:farm.example", dest="did:web:mill.example")

    assert event.type == EventType.PUBLISHED


def test_the_table_of_events_has_every_type_and_no_other() -> None:
    assert re.findall(r"^\| `(tn\.[a-z.0-9]+)` \|", TEXT, re.MULTILINE) == list(EventType)


def test_the_signature_covers_what_the_page_says() -> None:
    row = next(
        row
        for row in table_rows(
            PAGE,
            "Signed when they leave, not when they are queued (`node.federation.message_signatures:sign_request`).",
        )
        if row[0] == "covered"
    )
    example = re.search(r'Signature-Input: (\w+)=\(([^)]*)\).*tag="([^"]+)"', TEXT)

    assert re.findall(r"`([^`]+)`", row[1]) == list(COVERED_WITH_BODY)
    assert example is not None
    assert (example[1], example[2].replace('"', "").split(), example[3]) == (LABEL, list(COVERED_WITH_BODY), TAG)


def test_the_receipt_has_the_members_that_the_page_lists() -> None:
    members = [name for cell in first_column("## Receipts") for name in re.findall(r"\w+", cell)]
    fields = {
        "sender": "from",
        "to": "to",
        "epoch": "epoch",
        "ack_seq": "ackSeq",
        "at": "at",
        "results": "results",
        "head": "head",
    }

    assert set(members) == {"type", *fields.values()}
    assert set(Receipt.__dataclass_fields__) == set(fields)
    assert all(f"`{status}`" in TEXT for status in EventStatus)


def test_a_peer_s_policy_is_one_of_the_words_in_the_table() -> None:
    assert set(first_column("## Peers and what they hear")) == set(SHARES)
    assert f"`{DEFAULT_SHARE}` (default)" in TEXT


def test_the_pauses_are_those_of_the_outbox() -> None:
    stated = re.search(r"Pauses grow: ([^;]+), then an hour", TEXT)
    assert stated is not None
    seconds = [number(text.replace(" min", " s")) * (60 if "min" in text else 1) for text in stated[1].split(", ")]

    assert (*seconds, 3600) == PAUSES


def test_the_addresses_and_bounds_are_the_program_s() -> None:
    assert f"`POST {INBOX}`" in TEXT
    assert f"`{BATCH_MEDIA_TYPE}`" in TEXT
    assert f"1 to {BATCH_EVENTS} CloudEvents" in TEXT
