from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from footlight.cli.call import Call, command, end
from footlight.cli.exits import ExitCode, Failed
from footlight.cli.place import Selection


def run(function: Any, *arguments: str) -> Any:
    app = typer.Typer()
    app.callback()(lambda: None)
    command(app, "act")(function)
    return CliRunner().invoke(app, ["act", *arguments])


def test_every_command_has_the_shared_options_beside_its_own() -> None:
    seen: list[tuple[Call, str, int]] = []

    def act(call: Call, thing: str, count: Annotated[int, typer.Option("--count")] = 1) -> None:
        """Act upon THING."""
        seen.append((call, thing, count))

    ended = run(
        act, "x", "--count", "3", "--json", "--url", "https://a", "--ca-file", "ca.pem",
        "--user", "zoe", "--password-file", "pw", "--data-dir", "d",
    )  # fmt: skip
    assert ended.exit_code == 0, ended.stderr
    ((call, thing, count),) = seen
    assert (thing, count, call.as_json) == ("x", 3, True)
    assert call.selection == Selection(
        url="https://a", ca_file=Path("ca.pem"), user="zoe", password_file=Path("pw"),
        data_dir=Path("d"),
    )  # fmt: skip
    assert "Act upon THING." in run(act, "--help").stdout
    run(act, "y")
    assert (seen[-1][0].as_json, seen[-1][0].selection) == (False, Selection())


def test_what_a_command_returns_is_its_exit_code() -> None:
    def act(call: Call) -> ExitCode | None:
        return ExitCode.FAILED if call.as_json else None

    assert run(act).exit_code == 0
    assert run(act, "--json").exit_code == 1


def test_a_failure_is_one_line_and_a_code() -> None:
    def act(call: Call) -> None:
        raise Failed("two\nlines")

    ended = run(act)
    assert (ended.exit_code, ended.stdout, ended.stderr) == (1, "", "footlight: two lines\n")


def test_a_fault_of_ours_is_not_dressed_up() -> None:
    def act(call: Call) -> None:
        raise KeyError("bug")

    assert isinstance(run(act).exception, KeyError)


def test_a_closed_pipe_is_left_to_typer() -> None:
    def work() -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        end(work)


@pytest.mark.parametrize("error", [None, Failed("x"), KeyError("x")])
def test_what_was_opened_is_closed_however_it_ends(error: Exception | None) -> None:
    closed: list[bool] = []

    def work() -> None:
        if error is not None:
            raise error

    if error is None:
        end(work, lambda: closed.append(True))
    else:
        with pytest.raises((typer.Exit, KeyError)):
            end(work, lambda: closed.append(True))
    assert closed == [True]


def test_no_site_is_asked_for_before_it_is_needed() -> None:
    Call(selection=Selection(data_dir=Path("/nowhere"))).close()
