from __future__ import annotations

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from footlight.errors import Invalid, Unavailable
from footlight.store.faults import fault_of, is_lost, reason


def wrapped(cause: Exception, *, lost: bool = False) -> DBAPIError:
    class Driver(Exception):
        sqlstate = getattr(cause, "sqlstate", None)

    error = DBAPIError("SELECT secret", {}, Driver(str(cause)), connection_invalidated=lost)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("no"),
        TimeoutError(),
        PoolTimeout(),
        wrapped(asyncpg.InterfaceError("connection is closed"), lost=True),
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.InvalidPasswordError("password authentication failed"),
        asyncpg.InvalidCatalogNameError("no such database"),
        wrapped(asyncpg.AdminShutdownError("terminating connection")),
        wrapped(asyncpg.QueryCanceledError("statement timeout")),
        wrapped(asyncpg.LockNotAvailableError("lock timeout")),
        wrapped(asyncpg.TooManyConnectionsError("sorry")),
        wrapped(asyncpg.DeadlockDetectedError("deadlock")),
        wrapped(asyncpg.DiskFullError("no space left")),
    ],
)
def test_what_may_pass_later_is_unavailable(error: Exception) -> None:
    assert isinstance(fault_of(error), Unavailable)


@pytest.mark.parametrize(
    "error",
    [
        wrapped(asyncpg.StringDataRightTruncationError("value too long")),
        wrapped(asyncpg.CharacterNotInRepertoireError("0x00")),
        wrapped(asyncpg.NumericValueOutOfRangeError("out of range")),
        wrapped(asyncpg.ProgramLimitExceededError("index row size")),
        wrapped(OverflowError("value out of int32 range")),
        wrapped(UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates")),
    ],
)
def test_a_value_that_does_not_fit_is_invalid(error: Exception) -> None:
    assert isinstance(fault_of(error), Invalid)


@pytest.mark.parametrize(
    "error",
    [
        wrapped(asyncpg.UndefinedTableError("no such table")),
        wrapped(asyncpg.UniqueViolationError("duplicate key")),
        asyncpg.InterfaceError("wrong use"),
    ],
)
def test_a_fault_of_the_program_stays_one(error: Exception) -> None:
    assert fault_of(error) is None


def test_a_lost_connection_is_told_from_other_failures() -> None:
    assert is_lost(wrapped(asyncpg.InterfaceError("x"), lost=True))
    assert not is_lost(wrapped(asyncpg.UndefinedTableError("x")))
    assert not is_lost(OSError("x"))


def test_the_reason_is_one_line_without_the_statement() -> None:
    error = wrapped(asyncpg.UndefinedTableError("no table\nDETAIL: more"))
    assert reason(error) == "no table (42P01)"
    assert reason(TimeoutError()) == "TimeoutError"
