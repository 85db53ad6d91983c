from __future__ import annotations

import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.sessions import wildcards

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
        ("[z-a]", "[a-z]", "^[a-z]$"), ("[aa]", "[a]", "^[a]$"), ("[^^]", "^", r"^[\^]$"),
        ("[^x]", "[x^]", r"^[\^x]$"), ("[-^]", "[-^]", r"^[\-\^]$"),
    ],
)  # fmt: skip
def test_patterns(pattern: str, glob: str, regex: str) -> None:
    parsed = wildcards.parse(pattern)
    assert (wildcards.glob(parsed), wildcards.regex(parsed)) == (glob, regex)
