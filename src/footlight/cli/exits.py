"""Exit codes, and which failure gives which."""

from __future__ import annotations

from enum import IntEnum

from footlight import errors
from footlight.sdk import errors as sdk


class ExitCode(IntEnum):
    """What a command says by ending."""

    DONE = 0  # done, or whole
    FAILED = 1  # failed, or not whole
    USAGE = 2
    REFUSED = 3  # not found, or no right
    UNREACHABLE = 4  # no site, or it does not answer


class UsageProblem(Exception):
    """The command line makes no sense for this site; the message says what to give instead."""


class NoSite(Exception):
    """No site is known or running where one was looked for."""


class NoRight(Exception):
    """There is nothing to sign in with, or it no longer holds."""


class Failed(Exception):
    """The command did not do what was asked; the message is the reason."""


EXPECTED = (sdk.SdkError, errors.FootlightError, UsageProblem, NoSite, NoRight, Failed, OSError)

_CODES: tuple[tuple[tuple[type[Exception], ...], ExitCode], ...] = (
    ((UsageProblem, errors.Invalid, sdk.BadRequest), ExitCode.USAGE),
    (
        (NoRight, sdk.Unauthorized, sdk.Forbidden, sdk.NotFound),
        ExitCode.REFUSED,
    ),
    ((errors.NotFound, errors.Forbidden, errors.Unauthenticated), ExitCode.REFUSED),
    ((NoSite, sdk.ConnectionFailed), ExitCode.UNREACHABLE),
)


def exit_code(error: Exception) -> ExitCode:
    """The code for one of EXPECTED."""
    for kinds, code in _CODES:
        if isinstance(error, kinds):
            return code
    return ExitCode.FAILED


def one_line(error: Exception) -> str:
    """The reason in one line, with the id of the transaction where the site gave one."""
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, sdk.StatusError) and error.transaction_id:
        return f"{text} (transaction {error.transaction_id})"
    return text
