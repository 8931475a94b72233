"""Logs: one JSON object a line on stderr, with secrets taken out and long values cut.

The rule: what is logged may be read by anyone who operates the machine, so no token, key, signature or credential body
ever gets in (docs/requirements.md I12), by its name or inside a text; a value is at most 2 KiB, of an exception the
end. See docs/requirements.md I12.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

_SECRET: Final = ("authorization", "cookie", "signature", "key", "token", "passphrase", "proofvalue", "secret")
_HARMLESS: Final = frozenset({"key_id", "keyid", "token_label"})
#: Secrets inside texts: what follows such a header, our own tokens, and compact JWS.
_IN_TEXT: Final = re.compile(
    r"(?i)((?:authorization|cookie)['\"]?\s*[:=]\s*|\bbearer\s+)[^\r\n]*"
    r"|\btn_[\w-]{8,}|\beyJ[\w-]{8,}\.[\w.~-]*"
)
_LONGEST: Final = 2048


def start_logging(*, level: str = "INFO") -> None:
    """Send our logs and those of the libraries to stderr."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redacted,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the stderr of the moment, not of the start
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Forward()]
    root.setLevel(logging.WARNING)


def redacted(logger: object, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The event without what is secret by name or inside a text, and with long texts cut."""
    for key, value in event.items():
        plain = key.lower().replace("-", "_")
        if plain not in _HARMLESS and any(word in plain.replace("_", "") for word in _SECRET):
            event[key] = "(redacted)"
        elif isinstance(value, str):
            event[key] = _short(_IN_TEXT.sub(r"\1(redacted)", value), from_its_end=key == "exception")
    return event


def _short(text: str, *, from_its_end: bool) -> str:
    """An exception says at its end what happened; every other text at its beginning."""
    if len(text) <= _LONGEST:
        return text
    return "…" + text[-_LONGEST:] if from_its_end else text[:_LONGEST] + "…"


class _Forward(logging.Handler):
    """Hands the libraries' log records to ours."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        log.log(record.levelno, record.getMessage(), exc_info=record.exc_info or None)
