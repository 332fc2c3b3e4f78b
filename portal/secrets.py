"""Encryption of stored secrets (A3), and the key that it and the login cookie are made with."""

import fcntl
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app

from portal.config import Settings
from portal.errors import PortalError

UNREADABLE = (
    "The stored API secret cannot be read with this installation’s keys. "
    "Enter the API key and secret again under Settings → Integrations."
)


def load_keys(settings: Settings) -> list[str]:
    """The Fernet keys, newest first: from PORTAL_SECRET_KEYS, else from the instance folder.

    Where neither has one, a key is made in the instance folder, readable by its owner alone.
    Raises PortalError when a key is ill-formed.
    """
    if not settings.secret_keys:
        return [_kept_key(settings.instance_dir / "secret.key")]
    keys = [key.strip() for key in settings.secret_keys.split(",") if key.strip()]
    if not keys or not all(map(_is_key, keys)):
        raise PortalError(
            "A key of PORTAL_SECRET_KEYS is not of the right form: 32 random bytes in URL-safe Base64. "
            "Make one with: portal new-key"
        )
    return keys


def _is_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


def _kept_key(path: Path) -> str:
    if not path.exists():
        _make_key(path)
    key = path.read_text(errors="replace").strip()
    if not _is_key(key):
        raise PortalError(f"{path} holds no key. Restore it from a backup, or delete it to make a new one.")
    return key


def _make_key(path: Path) -> None:
    """Make the key, unless another process has made it in the same moment; it is whole as soon as it is there."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not path.exists():
            descriptor, made = tempfile.mkstemp(prefix=path.name, dir=path.parent)  # for its owner alone
            with os.fdopen(descriptor, "w") as file:
                file.write(Fernet.generate_key().decode() + "\n")
            Path(made).rename(path)
    finally:
        os.close(folder)


def new_token() -> str:
    """A secret for a link or a cookie; it is kept nowhere, only its `token_hash` is."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What a token is known by; one that came in may hold anything, even half a character."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def cookie_keys(keys: list[str]) -> list[str]:
    """Keys for signing cookies, derived from the encryption keys so that there is one thing to keep."""
    return [hashlib.sha256(b"portal cookie " + key.encode()).hexdigest() for key in keys]


class Vault:
    """Encrypts with the newest key, decrypts with any."""

    def __init__(self, keys: list[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, secret: str) -> bytes:
        return self._fernet.encrypt(secret.encode())

    def decrypt(self, token: bytes) -> str:
        """Raises PortalError when no key fits, as after the loss of the instance folder's key."""
        try:
            return self._fernet.decrypt(token).decode()
        except InvalidToken:
            raise PortalError(UNREADABLE) from None

    def rotate(self, token: bytes) -> bytes:
        """What the token holds, encrypted under the newest key. Raises PortalError when no key fits."""
        try:
            return self._fernet.rotate(token)
        except InvalidToken:
            raise PortalError(UNREADABLE) from None


def current_vault() -> Vault:
    """Encrypts and decrypts for the application in whose context the caller runs."""
    found: Vault = current_app.extensions["portal_vault"]
    return found
