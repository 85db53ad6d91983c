"""Every spelling of the Authorization header that CVAD's clients send. Pure parsing."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

MAX_HEADER_CHARACTERS = 8192


@dataclass(frozen=True)
class Token:
    """`CWSAuth bearer=<token>` in any case, or `Bearer <token>`."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Basic:
    """`Basic base64(user:password)`; the user may be `DOMAIN\\user`."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Unreadable:
    """A header that is there but is none of ours; `scheme` is its first word, lower case."""

    scheme: str


Authorization = Token | Basic | Unreadable


def parse_authorization(header: str | None) -> Authorization | None:
    """What the header carries; None when it is missing or blank. Schemes and the name `bearer` are
    taken in any case, blanks around `=` and quotes around the token are dropped."""
    text = (header or "").strip()
    if not text:
        return None
    scheme, _, rest = text.partition(" ")
    scheme, rest = scheme.lower(), rest.strip()
    if len(text) > MAX_HEADER_CHARACTERS or not rest:
        return Unreadable(scheme[:32])
    if scheme == "bearer":
        return _token(scheme, rest)
    if scheme == "cwsauth":
        name, equals, value = rest.partition("=")
        if equals and name.strip().lower() == "bearer":
            return _token(scheme, value)
    if scheme == "basic":
        return _basic(rest)
    return Unreadable(scheme[:32])


def _token(scheme: str, value: str) -> Authorization:
    text = value.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    return Token(text) if text and text.isascii() else Unreadable(scheme)


def _basic(value: str) -> Authorization:
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return Unreadable("basic")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # what older Windows scripts encode with
    user, colon, password = text.partition(":")
    return Basic(user, password) if colon and user else Unreadable("basic")
