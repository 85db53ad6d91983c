"""What is printed."""

from __future__ import annotations

import json

import pytest

from footlight.cli.output import print_json, print_members, print_table, printable, say


def test_json_is_one_ascii_line(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"b": "zoë\n", "a": [1, None, True, 0.5]}
    print_json(value)
    out = capsys.readouterr().out
    assert out.isascii()
    assert out.endswith("\n")
    assert out.count("\n") == 1
    assert json.loads(out) == value
    assert list(json.loads(out)) == ["b", "a"]


def test_nothing_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    bad = "a\x1b]0;title\x07\x9bb\u202e"
    print_table(("NAME",), [(bad,)])
    print_members({"name": bad, "list": [bad]})
    say(bad)
    seen = capsys.readouterr()
    for text in (seen.out, seen.err):
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)


def test_markup_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("NAME",), [("[red]x[/red]",), (None,), (True,)])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines == ["NAME", "[red]x[/red]", "-", "yes"]


def test_long_cells_are_not_folded_in_pipes(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("A", "B"), [("x" * 150, "y" * 150)])
    assert f"{'x' * 150}  {'y' * 150}" in capsys.readouterr().out


def test_letters_of_all_scripts_are_printable() -> None:
    assert printable("zoë 東京\t") == "zoë 東京\t"
