"""Proof configuration for the suites that sign statements: the canonical statements of a proof's options.

The rule: :func:`as_statements` decides. The options of nearly all proofs differ in two members only, when and with
which key, so its answer is kept as a form with these two left open; the options of a small credential would else cost
as much as the credential. Both are checked before they are filled in, stand once, and stand behind a predicate of
their own, so that they cannot change the order of the lines.
Specifications: EdDSA Cryptosuites 3.2.5; ECDSA Cryptosuites 3.2.5.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import JsonObject
from credentials.encoding.iri import is_iri
from credentials.encoding.moments import is_moment
from credentials.errors import CredentialsError
from credentials.proofs.transforms import as_statements

_USUAL: Final = frozenset({"@context", "type", "cryptosuite", "created", "verificationMethod", "proofPurpose"})
_KEPT, _LONGEST = 16, 64  # contexts in a list, and characters of a name, for which a form is kept
_MOMENT: Final = "2000-01-01T00:00:00Z"
_KEY: Final = "did:example:form#key"


def options_as_statements(options: JsonObject, contexts: ContextLibrary, algorithm: str) -> bytes:
    """The same bytes as :func:`as_statements` for ``options``, and the same problems."""
    form = _form_for(options, contexts)
    if form is None:
        return as_statements(options, contexts, algorithm)
    before, between, behind = form
    return f"{before}{options['created']}{between}{options['verificationMethod']}{behind}".encode()


def _form_for(options: JsonObject, contexts: ContextLibrary) -> tuple[str, str, str] | None:
    if options.keys() != _USUAL or type(options["@context"]) is not list:
        return None
    made, method = options["created"], options["verificationMethod"]
    if not (is_moment(made) and type(method) is str and method.startswith("did:") and is_iri(method)):
        return None
    kind = (options["type"], options["cryptosuite"], options["proofPurpose"])
    urls = options["@context"]
    if len(urls) > _KEPT or not all(type(url) is str and contexts.knows(url) for url in urls):
        return None
    if not all(type(text) is str and len(text) <= _LONGEST for text in kind):
        return None
    return _form(contexts, tuple(urls), kind)


@lru_cache(maxsize=64)  # of a few hundred bytes each: pinned URLs and short names
def _form(contexts: ContextLibrary, urls: tuple[str, ...], kind: tuple[str, str, str]) -> tuple[str, str, str] | None:
    """What stands before, between and behind moment and key; None where they have no such places."""
    named = dict(zip(("type", "cryptosuite", "proofPurpose"), kind, strict=True))
    sample = {"@context": [*urls], **named, "created": _MOMENT, "verificationMethod": _KEY}
    try:
        text = as_statements(sample, contexts, "sha256").decode("utf-8")
    except CredentialsError:
        return None  # the caller's own attempt says what is wrong
    predicates = [line.split(" ", 2)[1] for line in text.splitlines()]
    before, moment, rest = text.partition(_MOMENT)
    between, key, behind = rest.partition(_KEY)
    fits = moment and key and _MOMENT not in rest and _KEY not in before + behind
    return (before, between, behind) if fits and len(set(predicates)) == len(predicates) else None
