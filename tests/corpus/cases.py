"""The corpus of bad input, run against the verifier and against every door of a node that takes a credential."""

from __future__ import annotations

from tests.corpus.case import Case
from tests.corpus.identifiers import IDENTIFIERS
from tests.corpus.meaning import MEANING
from tests.corpus.pinning import CONTEXTS
from tests.corpus.proofs import BINDING
from tests.corpus.text import TEXT
from tests.corpus.times import TIMES
from tests.corpus.tokens import TOKENS

CASES: tuple[Case, ...] = (*TEXT, *CONTEXTS, *BINDING, *TOKENS, *TIMES, *IDENTIFIERS, *MEANING)

__all__ = ["CASES", "Case"]
