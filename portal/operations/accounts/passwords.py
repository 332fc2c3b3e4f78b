"""Passwords: which are good enough, how they are stored, and whether one is somebody's."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from portal.errors import Refused

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000  # hashing takes time with length; nobody types more
# What is found among so many first guesses is common: the 30,000 most used passwords, words, names, keys side by
# side, and their variations in capitals, digits and repeats.
COMMON = 100_000
JUDGED = 24  # characters: how many variations there are grows with the length
TOO_COMMON = (
    "This password is one of the first that somebody would guess. Choose another, such as four words that have "
    "nothing to do with each other."
)

_hasher = PasswordHasher()


def hash_password(password: str, *own_words: str) -> str:
    """The password as it is stored; `own_words` are those that others know of its owner, as the e-mail.

    Raises Refused when it is too short, far too long, or too easy to guess.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"The password needs at least {SHORTEST_PASSWORD} characters.", field="password")
    if len(password) > LONGEST_PASSWORD:
        raise Refused(f"The password has more than {LONGEST_PASSWORD} characters.", field="password")
    known = [part for word in own_words for part in (word, *word.split("@"))]
    if zxcvbn(password[:JUDGED], user_inputs=known)["guesses"] < COMMON:
        raise Refused(TOO_COMMON, field="password")
    return _hasher.hash(password)


def fits(password_hash: str, password: str) -> bool:
    """Whether this is the password that was stored."""
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def renewed_hash(password_hash: str, password: str) -> str | None:
    """The hash by which a password that fits is stored from now on, where this one was made with older settings."""
    return _hasher.hash(password) if _hasher.check_needs_rehash(password_hash) else None


@cache
def nobodys_hash() -> str:
    """Compared with when the e-mail is unknown, so that the answer takes as long as for a wrong password."""
    return _hasher.hash("nobody has this password")
