"""What every command that speaks to a site shares: its options, its client, its way of failing."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from footlight.cli.exits import EXPECTED, ExitCode, exit_code, one_line
from footlight.cli.output import print_json, say
from footlight.cli.place import Place, Selection, find_place, open_client
from footlight.sdk import Footlight

Json = Annotated[bool, typer.Option("--json", help="The API's own objects, on one line.")]
Url = Annotated[str | None, typer.Option("--url", help="Address of another site.")]
CaFile = Annotated[Path | None, typer.Option("--ca-file", help="Certificate that signs for it.")]
User = Annotated[str | None, typer.Option("--user", help="Sign in as this account.")]
PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="File that holds its password.")
]
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Data folder of a site of this machine.")
]
_OPTIONS: dict[str, tuple[Any, Any]] = {
    "as_json": (Json, False),
    "url": (Url, None),
    "ca_file": (CaFile, None),
    "user": (User, None),
    "password_file": (PasswordFile, None),
    "data_dir": (DataDir, None),
}


@dataclass
class Call:
    """One run of a command."""

    as_json: bool = False
    selection: Selection = field(default_factory=Selection)
    _place: Place | None = None
    _client: Footlight | None = None

    @property
    def place(self) -> Place:
        """The site that is meant, found at first use. Raises NoSite."""
        if self._place is None:
            self._place = find_place(self.selection, os.environ)
        return self._place

    @property
    def client(self) -> Footlight:
        """A signed-in client, opened at first use. Raises NoSite, NoRight."""
        if self._client is None:
            self._client = open_client(self.place, self.selection, os.environ)
        return self._client

    def show(self, value: Any, for_people: Callable[[], None]) -> None:
        """Print the object as JSON or have it printed for people, as was asked."""
        if self.as_json:
            print_json(value)
        else:
            for_people()

    def close(self) -> None:
        """Close what was opened."""
        if self._client is not None:
            self._client.close()


Command = Callable[..., ExitCode | None]


def command(app: typer.Typer, name: str) -> Callable[[Command], Command]:
    """Register a function whose first parameter is a Call; the options of a Call are added to its own.
    What it returns is the exit code (None: done)."""

    def register(function: Command) -> Command:
        _, *own = inspect.signature(function, eval_str=True).parameters.values()

        def run(**values: Any) -> None:
            options = {option: values.pop(option) for option in _OPTIONS}
            call = Call(as_json=options.pop("as_json"), selection=Selection(**options))
            end(lambda: function(call, **values), call.close)

        run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                *(p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own),
                *(
                    inspect.Parameter(
                        option, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind
                    )
                    for option, (kind, default) in _OPTIONS.items()
                ),
            ]
        )
        run.__annotations__ = {}
        app.command(name, help=inspect.getdoc(function))(run)
        return function

    return register


def end(work: Callable[[], ExitCode | None], close: Callable[[], None] = lambda: None) -> None:
    """Run a command's work; its failure becomes one line and an exit code, never a trace."""
    try:
        code = work()
    except EXPECTED as error:
        if isinstance(error, BrokenPipeError):
            raise  # the reader of our output has gone; Typer ends quietly
        say(f"footlight: {one_line(error)}")
        code = exit_code(error)
    finally:
        close()
    if code:
        raise typer.Exit(code)
