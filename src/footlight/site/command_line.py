"""What a published application runs: an executable and its arguments, never seen by a shell."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from footlight.errors import Invalid
from footlight.wire.target import target_of

MAX_EXECUTABLE_CHARACTERS = 1024
MAX_ARGUMENTS_CHARACTERS = 8192
MAX_ARGUMENTS = 256
_MEMBER = "InstalledAppProperties."


def command_of(executable: str | None, arguments: str | None) -> list[str]:
    """Executable and arguments, split by the quoting rules of a shell; nothing is expanded. Quotes around the
    whole executable are dropped. Instead of an executable there may be an address (wire/target.py). Raises Invalid
    naming the member."""
    program = (executable or "").strip()
    if len(program) > 1 and program[0] == program[-1] == '"':
        program = program[1:-1].strip()
    if not program:
        raise Invalid(
            "CommandLineExecutable is missing.",
            name=f"{_MEMBER}CommandLineExecutable",
            problem="missing",
        )
    _check(program, "CommandLineExecutable", MAX_EXECUTABLE_CHARACTERS)
    text = arguments or ""
    _check(text, "CommandLineArguments", MAX_ARGUMENTS_CHARACTERS)
    try:
        split = shlex.split(text)
    except ValueError as error:
        raise Invalid(
            f"CommandLineArguments: {error}.", name=f"{_MEMBER}CommandLineArguments"
        ) from None
    if len(split) > MAX_ARGUMENTS:
        raise Invalid(
            f"There are at most {MAX_ARGUMENTS} arguments.",
            name=f"{_MEMBER}CommandLineArguments",
            problem="outOfRange",
        )
    try:
        target_of([program, *split])
    except ValueError as error:
        raise Invalid(str(error), name=f"{_MEMBER}CommandLineExecutable") from None
    return [program, *split]


def checked_folder(text: str | None) -> str | None:
    """A working folder; None for none. Raises Invalid."""
    folder = (text or "").strip()
    _check(folder, "WorkingDirectory", MAX_EXECUTABLE_CHARACTERS)
    return folder or None


def shown(command: Sequence[str]) -> tuple[str, str]:
    """(executable, arguments) of a command that was not given as such."""
    executable, *arguments = command or [""]
    return executable, shlex.join(arguments)


def _check(text: str, member: str, longest: int) -> None:
    if len(text) > longest:
        raise Invalid(
            f"{member} has at most {longest} characters.", name=_MEMBER + member, problem="tooLong"
        )
    if "\0" in text or "\n" in text:
        raise Invalid(f"{member} holds a line break or a NUL.", name=_MEMBER + member)
