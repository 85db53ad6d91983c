"""Passwords and client secrets: argon2id hashes, made and checked off the event loop."""

from __future__ import annotations

import asyncio
import functools
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MAX_PASSWORD_BYTES = 1024

_hasher = PasswordHasher()
# Two at once: each hash takes 64 MiB and tens of milliseconds, and sign-ins must not starve the rest.
_slots = asyncio.Semaphore(2)


@functools.cache
def _decoy() -> str:
    """Checked when there is no such account, so that an absent name costs what a wrong password does."""
    return _hasher.hash(secrets.token_urlsafe(16))


def new_secret() -> str:
    """A random secret of 32 URL-safe characters (192 bits)."""
    return secrets.token_urlsafe(24)


async def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    async with _slots:
        return await asyncio.to_thread(_hasher.hash, password)


async def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password fits; a missing hash takes the same time and never fits."""
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        return False
    async with _slots:
        fits = await asyncio.to_thread(_fits, stored, password)
    return fits and stored is not None


def _fits(stored: str | None, password: str) -> bool:
    decoy = _decoy()  # by whoever comes first, known or not
    try:
        return _hasher.verify(stored or decoy, password)
    except (VerificationError, InvalidHashError):
        return False
