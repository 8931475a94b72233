"""What nodes say to each other: CloudEvents in batches, and the receipts that answer them.

The rule: reading is strict and complete before anything is stored; one bad event refuses the whole envelope with
the pointer to it, so that sender and receiver agree on what happened. ``id`` names the fact for ever, ``seq`` its
place in the stream to one destination, ``digest`` the content. See docs/federation.md#events; CloudEvents 1.0 (JSON
batch).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from credentials.encoding.document import Json, JsonObject, Limits, Sha256, parse_json
from credentials.encoding.jcs import canonical_json
from credentials.encoding.moments import format_moment, parse_moment
from credentials.envelopes.jose import TOKEN_LIMIT
from credentials.errors import CredentialsError, MalformedInput
from node.store.lives import EPOCH_EVENT
from node.store.rolling import fact_digest

BATCH_MEDIA_TYPE: Final = "application/cloudevents-batch+json"
BATCH_EVENTS: Final = 50
#: What a batch is filled up to, and what one may have at most: a single event may hold the longest token there is.
BATCH_FILL: Final = 1 << 20
BATCH_BYTES: Final = TOKEN_LIMIT + 65_536
_LIMITS: Final = Limits(size=BATCH_BYTES, text=TOKEN_LIMIT)
_TOKEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


class EventType(StrEnum):
    """The facts peers are told of."""

    PUBLISHED = "tn.credential.published.v1"
    STATUS = "tn.credential.status.v1"
    EPOCH = EPOCH_EVENT  # the first event of a stream that follows another one of the same sender
    WAKE = "tn.peer.wake.v1"  # no fact, only a sign of life: it is answered, never kept


class EventStatus(StrEnum):
    """What became of one event at the receiver."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeEvent:
    """One fact from ``source`` (a DID) to ``dest`` (a DID).

    ``data`` of PUBLISHED: ``credential`` (URL), ``credentialDigest`` (digestMultibase), ``kind``, optional
    ``envelope`` (the compact JWS itself, for what is not public). ``data`` of STATUS: ``credential``,
    ``statusPurpose``, ``value``. ``data`` of EPOCH: ``previous`` (``epoch`` and ``seq``, its last place as far as the
    sender knows) and ``why``.
    """

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    dest: str
    epoch: str
    seq: int
    data: Mapping[str, Json] = field(default_factory=dict)

    @property
    def digest(self) -> Sha256:
        """SHA-256 of the fact: everything but its place in the stream. The same id with another digest is a lie."""
        return fact_digest(id=self.id, source=self.source, type=self.type, subject=self.subject, data=self.data)

    def to_json(self) -> dict[str, Json]:
        """The event as a CloudEvents 1.0 JSON object."""
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": format_moment(self.time),
            "datacontenttype": "application/json",
            "dest": self.dest,
            "epoch": self.epoch,
            "seq": self.seq,
            "digest": self.digest,
            "data": dict(self.data),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the receiver says of a batch: durably stored, nothing more; results by event id.

    ``ack_seq`` is the last place of the stream ``epoch`` before which the receiver misses none, ``head`` the newest
    head of the sender that it held before; "" for none.
    """

    sender: str
    to: str
    epoch: str
    ack_seq: int
    results: Mapping[str, Mapping[str, Any]]
    at: datetime
    head: str = ""

    def to_json(self) -> dict[str, Json]:
        """The receipt without its proof (Data Integrity eddsa-jcs-2022 is added by the receiver)."""
        return {
            "type": "DeliveryReceipt",
            "from": self.sender,
            "to": self.to,
            "epoch": self.epoch,
            "ackSeq": self.ack_seq,
            "at": format_moment(self.at),
            "results": {key: dict(value) for key, value in sorted(self.results.items())},
            **({"head": self.head} if self.head else {}),
        }


def encode_batch(events: Sequence[ExchangeEvent]) -> bytes:
    """The batch as bytes; the same events give the same bytes."""
    return canonical_json([event.to_json() for event in events])


def parse_batch(raw: bytes, *, source: str, dest: str) -> tuple[ExchangeEvent, ...]:
    """Read a batch that ``source`` sent to ``dest``.

    Raises:
        MalformedInput: with a pointer to the first event that is wrong; nothing of the batch may be kept then.
    """
    value = parse_json(raw, limits=_LIMITS)
    if not isinstance(value, list) or not 1 <= len(value) <= BATCH_EVENTS:
        raise MalformedInput(
            f"A batch is a JSON array of 1 to {BATCH_EVENTS} events.", code="BATCH_INVALID", fix="Split the batch."
        )
    return tuple(_event(item, f"/{index}", source, dest) for index, item in enumerate(value))


def _event(item: Json, pointer: str, source: str, dest: str) -> ExchangeEvent:
    if not isinstance(item, Mapping) or item.get("specversion") != "1.0":
        raise _wrong("An event is a CloudEvents 1.0 object.", f"{pointer}/specversion")
    if item.get("source") != source:
        raise _wrong("The source of an event is the DID that signed the request.", f"{pointer}/source")
    if item.get("dest") != dest:
        raise _wrong("The event is addressed to another node.", f"{pointer}/dest")
    seq = item.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 1:
        raise _wrong("seq is a whole number from 1.", f"{pointer}/seq")
    data = item.get("data")
    if not isinstance(data, Mapping):
        raise _wrong("data is a JSON object.", f"{pointer}/data")
    event = ExchangeEvent(
        id=_word(item, "id", pointer),
        source=source,
        type=_known_type(item, pointer),
        subject=_text(item, "subject", pointer),
        time=_moment(item, pointer),
        dest=dest,
        epoch=_word(item, "epoch", pointer),
        seq=seq,
        data=data,
    )
    if item.get("digest") != event.digest:
        raise _wrong("The digest does not name this event.", f"{pointer}/digest")
    _check_data(event, pointer)
    return event


def _check_data(event: ExchangeEvent, pointer: str) -> None:
    if event.type == EventType.WAKE:
        return
    if event.type == EventType.EPOCH:
        _check_previous(event, f"{pointer}/data/previous")
        return
    credential = event.data.get("credential")
    if not isinstance(credential, str) or not credential.startswith("https://") or len(credential) > 2048:
        raise _wrong("data.credential is the https URL of a credential.", f"{pointer}/data/credential")
    stated = event.data.get("credentialDigest")
    if event.type == EventType.PUBLISHED and not (isinstance(stated, str) and stated[:1] in "zu"):
        raise _wrong("data.credentialDigest is a digestMultibase.", f"{pointer}/data/credentialDigest")
    envelope = event.data.get("envelope")
    if envelope is not None and not isinstance(envelope, str):
        raise _wrong("data.envelope is a compact JWS.", f"{pointer}/data/envelope")


def _check_previous(event: ExchangeEvent, pointer: str) -> None:
    previous = event.data.get("previous")
    if not isinstance(previous, Mapping) or _word(previous, "epoch", pointer) == event.epoch:
        raise _wrong("data.previous names the stream before this one.", pointer)
    seq = previous.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 0:
        raise _wrong("seq is the last place of that stream, a whole number from 0.", f"{pointer}/seq")


def _word(item: JsonObject, name: str, pointer: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        raise _wrong(f"{name} is 1 to 128 letters, digits and . _ : -", f"{pointer}/{name}")
    return value


def _text(item: JsonObject, name: str, pointer: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 2048:
        raise _wrong(f"{name} is a text of at most 2048 characters.", f"{pointer}/{name}")
    return value


def _known_type(item: JsonObject, pointer: str) -> str:
    try:
        return EventType(str(item.get("type")))
    except ValueError as error:
        known = ", ".join(EventType)
        raise _wrong(f"The event type is not one of {known}.", f"{pointer}/type") from error


def _moment(item: JsonObject, pointer: str) -> datetime:
    try:
        return parse_moment(item.get("time"), pointer=f"{pointer}/time")
    except CredentialsError as error:
        raise _wrong(error.problem.detail, f"{pointer}/time") from error


def _wrong(detail: str, pointer: str) -> MalformedInput:
    return MalformedInput(detail, code="EVENT_INVALID", pointer=pointer, fix="Correct the event and send it again.")
