from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import typer

from footlight.cli.main import app

CONTRACT = """
up demo launch token site-id login
sessions:list sessions:show sessions:logoff sessions:disconnect
record:start record:stop record:status
recordings:list recordings:show recordings:verify recordings:export recordings:frame
resources:list accounts:list accounts:add accounts:prune admin:reset-password samples
"""


def commands(group: Any, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    """(name, command) of every command; those of groups with the group's name before a colon."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{name}:")
        else:
            yield prefix + name, command


def test_the_commands_of_the_contract_are_there_with_help_and_json() -> None:
    found = dict(commands(typer.main.get_command(app)))
    assert set(CONTRACT.split()) <= set(found)
    assert [name for name, command in found.items() if not command.help] == []
    without_json = {
        name
        for name, command in found.items()
        if not any("--json" in parameter.opts for parameter in command.params)
    }
    assert without_json <= {"up", "serve", "bus", "samples"}


def test_every_option_says_what_it_is() -> None:
    silent = [
        f"{name} {parameter.opts[-1]}"
        for name, command in commands(typer.main.get_command(app))
        for parameter in command.params
        if parameter.param_type_name == "option" and not getattr(parameter, "help", None)
    ]
    assert silent == []


def test_version_and_usage(run: Any) -> None:
    assert run("--version").out == f"{version('footlight')}\n"
    nothing = run()
    assert nothing.code == 2
    assert "sessions" in nothing.out + nothing.err
    assert re.search(r"No such (command|option)", run("--nonsense").err)


def test_the_console_script_is_this_one() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert project["scripts"] == {"footlight": "footlight.cli.main:main"}
