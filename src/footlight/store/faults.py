"""What PostgreSQL and its driver raise, as failures of ours."""

from __future__ import annotations

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from footlight.errors import FootlightError, Invalid, Unavailable

# All that may come out of work on a connection; time-outs are among the OSErrors.
FAULTS = (DBAPIError, PoolTimeout, OSError, asyncpg.PostgresError, asyncpg.InterfaceError)

# Classes of SQLSTATE, and single states, in which the same call may pass later: connection lost, resources,
# authorization, conflicts between transactions; server shut down or starting; time-outs of statement, lock and
# idle transaction; a standby; no such database.
_LATER = ("08", "53", "28", "40", "57P", "57014", "55P03", "25P03", "25006", "3D000")
_DATA = ("22", "54")  # a value does not fit its column


def fault_of(error: BaseException) -> FootlightError | None:
    """The failure of ours that it is; None when it is a fault of the program."""
    if isinstance(error, PoolTimeout):
        return Unavailable("The database is busy.")
    state = str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")
    if is_lost(error) or isinstance(error, OSError) or state.startswith(_LATER):
        return Unavailable("The database does not answer.")
    if state.startswith(_DATA) or isinstance(_first_cause(error), OverflowError | UnicodeError):
        return Invalid("A value is too long, too large, or holds characters that cannot be kept.")
    return None


def is_lost(error: BaseException) -> bool:
    """Whether the connection is gone."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def reason(error: BaseException) -> str:
    """What happened, in one line for log and operator, without statement and parameters."""
    inner = getattr(error, "orig", None) or error
    first = (str(inner) or type(inner).__name__).splitlines()[0]
    state = getattr(inner, "sqlstate", None)
    return f"{first} ({state})" if state else first


def _first_cause(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error
