"""Text in conditions, the same on both databases: letters of any case, character classes, ordinal order.

SQLite's own lower() knows ASCII letters only, PostgreSQL lowers and compares by the locale of the database; what
is made here folds every letter (SQLite is given `fold` by sqlite.py, PostgreSQL does it by ICU's root locale, which
follows the same tables of Unicode as Python) and compares by code point.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, LargeBinary, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class folded(FunctionElement[str]):
    """`folded(text)`: in lower case, every letter of Unicode; ordered by code point."""

    name = "folded"
    type = String()
    inherit_cache = True


class ascii_folded(FunctionElement[str]):
    """`ascii_folded(text)`: as folded, but only sure for A to Z. Much cheaper on SQLite, and enough to be
    compared with text that is ASCII."""

    name = "ascii_folded"
    type = String()
    inherit_cache = True


class class_match(FunctionElement[bool]):
    """`class_match(text, glob, regex)`: whether the whole text matches; both patterns say the same, one
    for each database (sessions/wildcards.py writes them)."""

    name = "class_match"
    type = Boolean()
    inherit_cache = True


class holds(FunctionElement[bool]):
    """`holds(text, part)`: whether the part stands somewhere in the text. Several times cheaper than LIKE."""

    name = "holds"
    type = Boolean()
    inherit_cache = True


class json_member(FunctionElement[str]):
    """`json_member(text, "$.name", "name")`: a member of a JSON object as text, null when it is not there; true is
    `true` or `1`. The member is named twice, once for each database."""

    name = "json_member"
    type = String()
    inherit_cache = True


class after_backslash(FunctionElement[str]):
    """`after_backslash(text)`: what follows the first backslash, NAME of DOMAIN\\NAME; all without one."""

    name = "after_backslash"
    type = String()
    inherit_cache = True


class byte_slice(FunctionElement[bytes]):
    """`byte_slice(table, place, width)`: so many bytes of a table of bytes, entry `place` from 0. A table by
    machine's uid is looked into for each session at a third of what a join costs."""

    name = "byte_slice"
    type = LargeBinary()
    inherit_cache = True


def fold(text: str | None) -> str | None:
    """What `folded` means, for SQLite and for values."""
    return None if text is None else text.lower()


@compiles(folded)
def _folded(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f'(lower(({text}) COLLATE "und-x-icu") COLLATE "C")'


@compiles(ascii_folded)
def _ascii_folded(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return f'(lower(({compiler.process(element.clauses, **options)}) COLLATE "C") COLLATE "C")'


@compiles(folded, "sqlite")
def _folded_sqlite(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return f"fold({compiler.process(element.clauses, **options)})"


@compiles(ascii_folded, "sqlite")
def _ascii_sqlite(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(byte_slice)
def _byte_slice(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    table, place, width = (compiler.process(one, **options) for one in element.clauses)
    start = f"CAST({place} AS INTEGER) * CAST({width} AS INTEGER) + 1"
    return f"substr(CAST({table} AS BYTEA), {start}, CAST({width} AS INTEGER))"


@compiles(byte_slice, "sqlite")
def _byte_slice_sqlite(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    table, place, width = (compiler.process(one, **options) for one in element.clauses)
    return f"substr({table}, ({place}) * {width} + 1, {width})"


@compiles(class_match)
def _class_match(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    text, _, regex = element.clauses
    return f"({compiler.process(text, **options)} ~ {compiler.process(regex, **options)})"


@compiles(class_match, "sqlite")
def _class_match_sqlite(
    element: FunctionElement[Any], compiler: SQLCompiler, **options: Any
) -> str:
    text, glob, _ = element.clauses
    return f"({compiler.process(text, **options)} GLOB {compiler.process(glob, **options)})"


@compiles(holds)
def _holds(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return f"(strpos({compiler.process(element.clauses, **options)}) > 0)"


@compiles(holds, "sqlite")
def _holds_sqlite(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **options)}) > 0)"


@compiles(after_backslash)
def _after_backslash(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f"substr({text}, strpos({text}, chr(92)) + 1)"


@compiles(after_backslash, "sqlite")
def _after_backslash_sqlite(
    element: FunctionElement[Any], compiler: SQLCompiler, **options: Any
) -> str:
    text = compiler.process(element.clauses, **options)
    return f"substr({text}, instr({text}, char(92)) + 1)"


@compiles(json_member)
def _json_member(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    text, _, name = element.clauses
    return f"({compiler.process(text, **options)}::json ->> {compiler.process(name, **options)})"


@compiles(json_member, "sqlite")
def _json_member_sqlite(
    element: FunctionElement[Any], compiler: SQLCompiler, **options: Any
) -> str:
    text, path, _ = element.clauses
    return f"json_extract({compiler.process(text, **options)}, {compiler.process(path, **options)})"
