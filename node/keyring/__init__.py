"""Private keys at rest, and a signer by name or by purpose."""

from node.keyring.key_files import KeyEntry, Unlocking, new_key_file
from node.keyring.keyring import FOLDER, PURPOSES, Keyring
from node.keyring.peer_key import PeerKey
from node.keyring.published import PUBLISHED, refuse_published

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
