from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.errors import Invalid
from footlight.site import command_line


@pytest.mark.parametrize(
    ("executable", "arguments", "command"),
    [
        ("xterm", None, ["xterm"]),
        ('"/opt/My App/run"', "", ["/opt/My App/run"]),
        ("/opt/My App/run", "-a 'b c' \"d $HOME\"", ["/opt/My App/run", "-a", "b c", "d $HOME"]),
        ("x", "a;b|c `d` $(e) > f", ["x", "a;b|c", "`d`", "$(e)", ">", "f"]),
        ("ssh://host", "top -d 5", ["ssh://host", "top", "-d", "5"]),
    ],
)
def test_arguments_are_split_and_nothing_is_expanded(
    executable: str, arguments: str | None, command: list[str]
) -> None:
    assert command_line.command_of(executable, arguments) == command


@pytest.mark.parametrize(
    ("executable", "arguments", "member"),
    [
        ("", "", "CommandLineExecutable"),
        ('""', "", "CommandLineExecutable"),
        ("a\0b", "", "CommandLineExecutable"),
        ("x" * 2000, "", "CommandLineExecutable"),
        ("x", "'", "CommandLineArguments"),
        ("x", "a\nb", "CommandLineArguments"),
        ("x", "a " * 300, "CommandLineArguments"),
        ("x", "a" * 9000, "CommandLineArguments"),
        ("ftp://host", "", "CommandLineExecutable"),
        ("rdp://host", "/drive:all", "CommandLineExecutable"),
    ],
)
def test_what_is_no_command_line(executable: str, arguments: str, member: str) -> None:
    with pytest.raises(Invalid) as refused:
        command_line.command_of(executable, arguments)
    assert refused.value.facts["name"] == f"InstalledAppProperties.{member}"


@given(st.lists(st.text(st.characters(exclude_characters="\0\n", exclude_categories=["Cs"]))))
def test_what_is_shown_is_split_into_the_same(arguments: list[str]) -> None:
    executable, text = command_line.shown(["xterm", *arguments])
    assert command_line.command_of(executable, text) == ["xterm", *arguments]


def test_no_folder_is_none() -> None:
    assert command_line.checked_folder("  ") is None
    assert command_line.checked_folder("/srv") == "/srv"
