"""Wildcard patterns: `*` any run, `?` any one, `[a-z_]` one of a class; written for the databases. Pure.

A pattern without classes becomes LIKE. One with classes becomes GLOB on SQLite and a regular expression on
PostgreSQL, both exact, so that the database decides and nothing is filtered afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

ESCAPE = "\\"


class Wild(Enum):
    """The wildcards without a body."""

    RUN = "*"
    ONE = "?"


@dataclass(frozen=True)
class Class:
    """One of these characters: single ones, and ranges (first, last)."""

    singles: frozenset[str]
    ranges: tuple[tuple[str, str], ...]


Token = str | Wild | Class
Pattern = tuple[Token, ...]


def parse(text: str) -> Pattern:
    """The pattern of a text; `[*]` is a star itself, an unclosed or empty class stands for its own text."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        end = text.find("]", at + 2) if text[at] == "[" else -1
        if end > 0:
            tokens.append(_class(text[at + 1 : end]))
            at = end + 1
            continue
        wild = {"*": Wild.RUN, "?": Wild.ONE}.get(text[at])
        if wild is not Wild.RUN or tokens[-1:] != [Wild.RUN]:  # a run of runs is one
            tokens.append(wild or text[at])
        at += 1
    return tuple(tokens)


def _class(body: str) -> Token:
    singles: set[str] = set()
    ranges: list[tuple[str, str]] = []
    at = 0
    while at < len(body):
        if body[at + 1 : at + 2] == "-" and at + 2 < len(body):
            first, last = sorted((body[at], body[at + 2]))
            ranges.append((first, last))
            at += 3
        else:
            singles.add(body[at])
            at += 1
    if len(body) == 1:  # that character itself: what is quoted so is no wildcard
        return body
    return Class(frozenset(singles), tuple(ranges))


def is_plain(pattern: Pattern) -> bool:
    """Whether it stands for nothing but its own text."""
    return all(isinstance(token, str) for token in pattern)


def plain_text(pattern: Pattern) -> str:
    """The text of a plain pattern."""
    return "".join(token for token in pattern if isinstance(token, str))


def has_classes(pattern: Pattern) -> bool:
    """Whether LIKE can't say it."""
    return any(isinstance(token, Class) for token in pattern)


def within(pattern: Pattern) -> Pattern:
    """The pattern anywhere in a text."""
    return parse_joined((Wild.RUN, *pattern, Wild.RUN))


def parse_joined(tokens: Pattern) -> Pattern:
    """The tokens with runs of runs made one."""
    return tuple(
        token
        for before, token in zip((None, *tokens), tokens, strict=False)
        if not (token is Wild.RUN and before is Wild.RUN)
    )


def like(pattern: Pattern) -> str:
    """The operand of `LIKE ... ESCAPE '\\'`, for a pattern without classes."""
    return "".join(_like(token) for token in pattern)


def _like(token: Token) -> str:
    if isinstance(token, Class):
        raise TypeError("LIKE knows no classes")
    if isinstance(token, Wild):
        return "%" if token is Wild.RUN else "_"
    return ESCAPE + token if token in (ESCAPE, "%", "_") else token


def glob(pattern: Pattern) -> str:
    """The operand of SQLite's GLOB."""
    return "".join(_glob(token) for token in pattern)


def _glob(token: Token) -> str:
    if isinstance(token, Wild):
        return token.value
    if isinstance(token, str):
        return f"[{token}]" if token in "*?[" else token
    # `]` must stand first, `^` must not, and `-` stands alone only at an end.
    ranges = "".join(f"{first}-{last}" for first, last in token.ranges)
    body = "".join(sorted(token.singles - {"]", "^", "-"}))
    head = ("]" if "]" in token.singles else "") + ranges + body
    caret = "^" if "^" in token.singles else ""
    dash = "-" if "-" in token.singles else ""
    if not head and not dash:
        return caret
    return f"[{head}{caret}{dash}]" if head else f"[{dash}{caret}]"


def regex(pattern: Pattern) -> str:
    """A regular expression for the whole text, as PostgreSQL and Python both read it."""
    return "^" + "".join(_regex(token) for token in pattern) + "$"


def _regex(token: Token) -> str:
    if isinstance(token, Wild):
        return ".*" if token is Wild.RUN else "."
    if isinstance(token, str):
        return _escaped(token)
    ranges = "".join(f"{_escaped(first)}-{_escaped(last)}" for first, last in token.ranges)
    return f"[{ranges}{''.join(_escaped(one) for one in sorted(token.singles))}]"


def _escaped(character: str) -> str:
    return character if re.fullmatch(r"[^\W_]", character) else "\\" + character
