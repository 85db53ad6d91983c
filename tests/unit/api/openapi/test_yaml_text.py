from __future__ import annotations

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from footlight.api.openapi.yaml_text import yaml_text

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_a_reader_finds_what_was_written(value: object) -> None:
    assert yaml.safe_load(yaml_text(value)) == value


def test_words_that_yaml_reads_otherwise() -> None:
    value = {"no": "yes", "200": "2026-11-22", "on": ["null", "~", "- a", "a: b", ""], "x": {}}
    assert yaml.safe_load(yaml_text(value)) == value


def test_blocks_are_for_people() -> None:
    assert yaml_text({"paths": {"/a": ["x"]}}) == 'paths:\n  /a:\n    - "x"\n'
