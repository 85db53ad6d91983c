"""What sessions can be searched and sorted by beyond CVAD's properties: whether they are recorded, and how that goes.

As far as the caller may know: a recording without notice is not told to who may not record the session.
"""

from __future__ import annotations

from typing import Any, get_args

from sqlalchemy import ColumnElement, and_, case, or_

from footlight.caller import Caller, Permission
from footlight.sessions import queries
from footlight.sessions.properties import Kind, Property
from footlight.store import schema, sight
from footlight.wire.policies import Health

_s = schema.sessions
_m = schema.machines
_k = schema.session_keys


def _is_recorded(caller: Caller) -> ColumnElement[bool]:
    """As queries.recording_shown says it of a row."""
    heard = _s.c.machine_id.in_(queries.machine_ids(_m.c.registered))
    return and_(_k.c.recording_live, heard, *_told(caller))


def _health(caller: Caller) -> ColumnElement[Any]:
    health = _k.c.recording_health
    return case((and_(*told), health)) if (told := _told(caller)) else health


def _told(caller: Caller) -> list[ColumnElement[bool]]:
    """What must hold for a session's recording to be told; nothing for who may record all."""
    if caller.everywhere(Permission.RECORD):
        return []
    if not caller.may(Permission.RECORD):
        return [_k.c.recording_told]
    machines = queries.machine_ids(sight.machines(caller, Permission.RECORD))
    return [or_(_k.c.recording_told, _s.c.machine_id.in_(machines))]


OWN = {
    one.name.lower(): one
    for one in (
        Property("Recording", Kind.BOOL, _is_recorded),
        # Sorted by how much is wrong.
        Property("RecordingHealth", Kind.ENUM, _health, get_args(Health)),
    )
}
