from __future__ import annotations

import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column
from sqlalchemy.dialects import postgresql

from footlight.sessions import wildcards
from footlight.store.text import after_backslash, class_match, folded

TEXT = st.text(alphabet="ab]-^[*?%_\\.z", max_size=5)


@given(pattern=TEXT, text=TEXT)
def test_glob_and_regular_expression_say_the_same(pattern: str, text: str) -> None:
    parsed = wildcards.parse(pattern)
    connection = sqlite3.connect(":memory:")
    (by_glob,) = connection.execute("SELECT ? GLOB ?", (text, wildcards.glob(parsed))).fetchone()
    assert bool(by_glob) == bool(re.search(wildcards.regex(parsed), text))
    if not wildcards.has_classes(parsed):
        query = "SELECT ? LIKE ? ESCAPE '\\'"
        (by_like,) = connection.execute(query, (text, wildcards.like(parsed))).fetchone()
        assert by_like == by_glob
    connection.close()


@pytest.mark.parametrize(
    ("pattern", "glob", "regex"),
    [
        ("a*?", "a*?", "^a.*.$"), ("**a", "*a", "^.*a$"), ("[a]", "a", "^a$"),
        ("[*]", "[*]", r"^\*$"), ("[ab", "[[]ab", r"^\[ab$"), ("[]x]", "[]x]", r"^[\]x]$"),
        ("[z-a]", "[a-z]", "^[a-z]$"), ("[^x]", "[x^]", r"^[\^x]$"), ("[-^]", "[-^]", r"^[\-\^]$"),
    ],
)  # fmt: skip
def test_patterns(pattern: str, glob: str, regex: str) -> None:
    parsed = wildcards.parse(pattern)
    assert (wildcards.glob(parsed), wildcards.regex(parsed)) == (glob, regex)


def test_postgresql_is_asked_in_its_own_words() -> None:
    def sql(expression: object) -> str:
        return str(expression.compile(dialect=postgresql.dialect()))  # type: ignore[attr-defined]

    name = column("name")
    assert sql(folded(name)) == 'lower(name) COLLATE "C"'
    assert sql(after_backslash(name)) == "split_part(name, chr(92), 2)"
    assert sql(class_match(folded(name), "g", "r")) == (
        '(lower(name) COLLATE "C" ~ %(class_match_1)s::VARCHAR)'
    )
