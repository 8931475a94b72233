"""Private keys at rest, and a signer by name or by purpose."""

from node.keyring.published import PUBLISHED, refuse_published
from node.keyring.ring import FOLDER, PURPOSES, Keyring
from node.keyring.sealing import KeyEntry, Unlocking, new_key_file
from node.keyring.speaking import PeerKey

__all__ = [
    "FOLDER",
    "PUBLISHED",
    "PURPOSES",
    "KeyEntry",
    "Keyring",
    "PeerKey",
    "Unlocking",
    "new_key_file",
    "refuse_published",
]
