"""Retention classes: how long recordings are kept after their end. One of them is the default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from footlight.audit.log import Act, differing, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.store import schema
from footlight.store.schema_keeping import retention_classes as _c
from footlight.store.store import Tx
from footlight.store.text import fold

_r = schema.recordings

MAX_NAME_CHARACTERS = 64
MAX_DESCRIPTION_CHARACTERS = 1000
MAX_KEEP_DAYS = 36_500
MAX_CLASSES = 200


@dataclass(frozen=True)
class RetentionClass:
    """`keep_days`: whole days after the end of a recording, 1 and more; None: for ever."""

    name: str
    description: str
    keep_days: int | None
    is_default: bool


def every(connection: Connection) -> list[RetentionClass]:
    """All classes, by name."""
    return [_made(row) for row in connection.execute(select(_c).order_by(_c.c.name_key))]


def find(connection: Connection, name: str) -> RetentionClass:
    """The class of that name, in any case. Raises NotFound."""
    row = connection.execute(select(_c).where(_c.c.name_key == fold(name))).first()
    if row is None:
        raise NotFound(
            "There is no such retention class.", entityType="RetentionClass", id=name[:256]
        )
    return _made(row)


def class_of() -> ColumnElement[bool]:
    """Joins recordings with their classes."""
    unnamed = and_(_r.c.retention_class.is_(None), _c.c.is_default)
    return or_(_r.c.retention_class == _c.c.name, unnamed)


def default_name(connection: Connection) -> str:
    """The name of the default class."""
    return str(connection.execute(select(_c.c.name).where(_c.c.is_default)).scalar_one())


def named(connection: Connection, name: str | None) -> str:
    """The class of that name as it is spelled; the default one for None, and for one that is there no more."""
    known = select(_c.c.name).where(_c.c.name_key == fold(name))
    found = None if name is None else connection.execute(known).scalar()
    return default_name(connection) if found is None else str(found)


def create(tx: Tx, caller: Caller, wanted: RetentionClass) -> RetentionClass:
    """A new class. Raises Forbidden, Invalid, Conflict."""
    caller.require_everywhere(Permission.RECORDING_POLICY)
    _check(wanted)
    known = tx.connection.execute(select(_c.c.name).where(_c.c.name_key == fold(wanted.name)))
    if known.first() is not None:
        raise Conflict(f"There is a retention class {wanted.name!r} already.", id=wanted.name)
    count = tx.connection.execute(select(func.count()).select_from(_c)).scalar_one()
    if count >= MAX_CLASSES:
        raise Conflict(f"There are {MAX_CLASSES} retention classes already.")
    values = {**vars(wanted), "name_key": fold(wanted.name), "created_at_ms": tx.now_ms}
    if wanted.is_default:
        _no_default(tx)
    tx.connection.execute(_c.insert().values(**values))
    after = {name: (None, value) for name, value in vars(wanted).items() if name != "name"}
    _record(tx, caller, f"Create retention class {wanted.name!r}", wanted.name, after)
    return wanted


def change(tx: Tx, caller: Caller, name: str, wanted: RetentionClass) -> RetentionClass:
    """Another time to keep, description or default; its name stays, since policies have it.
    Raises Forbidden, NotFound, Invalid, Conflict."""
    caller.require_everywhere(Permission.RECORDING_POLICY)
    before = find(tx.connection, name)
    _check(wanted)
    if before.is_default and not wanted.is_default:
        raise Conflict("Make another class the default instead.", id=before.name)
    changes = differing(before, wanted)
    if not changes:
        return wanted
    if wanted.is_default:
        _no_default(tx)
    values = {key: value for key, value in vars(wanted).items() if key != "name"}
    tx.connection.execute(update(_c).where(_c.c.name == before.name).values(**values))
    _record(tx, caller, f"Edit retention class {before.name!r}", before.name, changes)
    return wanted


def delete(tx: Tx, caller: Caller, name: str) -> None:
    """No such class any more. Raises Forbidden, NotFound, Conflict while recordings have it."""
    caller.require_everywhere(Permission.RECORDING_POLICY)
    known = find(tx.connection, name)
    if known.is_default:
        raise Conflict("The default class cannot be deleted.", id=known.name)
    used = select(_r.c.uid).where(_r.c.retention_class == known.name).limit(1)
    if tx.connection.execute(used).first() is not None:
        raise Conflict("Recordings have this class.", code="RetentionClassInUse", id=known.name)
    tx.connection.execute(_c.delete().where(_c.c.name == known.name))
    _record(tx, caller, f"Delete retention class {known.name!r}", known.name, {})


def require_reader(caller: Caller) -> None:
    """Raises Forbidden unless the caller has to do with recordings."""
    if not any(map(caller.may, (Permission.RECORDING_POLICY, Permission.VIEW_RECORDINGS))):
        raise Forbidden(f"This needs the permission {Permission.RECORDING_POLICY}.")


def _made(row: Row[Any]) -> RetentionClass:
    return RetentionClass(row.name, row.description, row.keep_days, row.is_default)


def _no_default(tx: Tx) -> None:
    tx.connection.execute(update(_c).where(_c.c.is_default).values(is_default=False))


def _check(wanted: RetentionClass) -> None:
    name = wanted.name
    if not name.strip() or len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
        raise Invalid(
            f"A name of 1 to {MAX_NAME_CHARACTERS} characters is wanted.",
            name="name",
            problem="invalidString",
        )
    if "/" in name:
        raise Invalid("A name has no slash.", name="name", problem="invalidString")
    if len(wanted.description) > MAX_DESCRIPTION_CHARACTERS or "\0" in wanted.description:
        raise Invalid("The description is too long.", name="description", problem="tooLong")
    if wanted.keep_days is not None and not 1 <= wanted.keep_days <= MAX_KEEP_DAYS:
        raise Invalid(
            f"keepDays is 1 to {MAX_KEEP_DAYS}, or null.", name="keepDays", problem="outOfRange"
        )


def _record(
    tx: Tx, caller: Caller, text: str, name: str, changes: dict[str, tuple[Any, Any]]
) -> None:
    act = Act(text=text, target_type="RetentionClass", object_name=name, changes=changes)
    record(tx, caller, act)
