"""Keys that anyone can sign with, because their private halves are printed in specifications and their test vectors."""

from __future__ import annotations

from typing import Final

from credentials.keys.algorithms import PublicKey
from credentials.keys.codecs import to_multikey
from node.errors import KeyringProblem

#: Multikeys whose private halves are printed in specifications and their test vectors.
PUBLISHED: Final = frozenset(
    {
        "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",  # RFC 8032 section 7.1, tests 1 to 3
        "z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT",
        "z6MkwSD8dBdqcXQzKJZQFPy2hh2izzxskndKCjdmC2dBpfME",
        "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",  # Data Integrity EdDSA, appendix
        "z6MktgKTsu1QhX6QPbyqG6geXdw6FQCZBPq7uQpieWbiQiG7",  # proof sets and chains
        "z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E",
        "z6MkmEq87wkHCYnWnNZkigeDMGTN7oUw1upkhzd77KuXERS1",
        "z6Mkm1S51iPHJvDEkJ9MRtxJmT8Pqo6wHipAFwBAjN83vntT",
        "z6MkwYMhwTvsq376YBAcJHy3vyRWzBgn5vKfVqqDCgm7XVKU",  # did:key method
        "z6Mki9nreZk8rBG3GmpoNv1c235EATnNRQJ71nBuYZ8e1khf",  # VC-JOSE-COSE examples
        "zDnaeoiSHF2r8fVaUotggkLw78cxuvEYztmKyYS5rzW5x28dR",
        "z82Lkx7boSqAirsUQukqSTiMvvjKv4bGv3USEZGjMmDWkQb6yqY74RJxYhQZJFb8gywBZUy",
        "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",  # Data Integrity ECDSA, appendix
        "zDnaeTHfhmSaQKBc7CmdL3K7oYg3D6SC7yowe2eBeVd2DH32r",
    }
)


def refuse_published(key: PublicKey, name: str) -> None:
    """Refuse a key whose private half anyone can read in a document. Raises KeyringProblem (KEY_PUBLISHED)."""
    if to_multikey(key) in PUBLISHED:
        raise KeyringProblem(
            f"The key {name} is a published test key: anyone can sign with it.",
            code="KEY_PUBLISHED",
            fix="Make a fresh keyring with init.",
        )
