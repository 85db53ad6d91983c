"""Webhooks as administrators keep them: made, changed, given other secrets, deleted.

Who may configure the site anywhere keeps webhooks, and sees its own; who may everywhere sees all. One made by an
account that has more rights can't be changed, for it would tell what that account sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select

from footlight.access import administrators
from footlight.access.changes import KINDS
from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Invalid, NotFound
from footlight.hooks.destination import Destinations
from footlight.hooks.signature import new_secret
from footlight.ids import new_guid
from footlight.store import outbox, schema
from footlight.store.store import Tx
from footlight.wire.own import NewWebhook, WebhookChange

_w = schema.webhooks
_d = schema.webhook_deliveries

MAX_WEBHOOKS = 50
MAX_DESCRIPTION_CHARACTERS = 200
MAX_OVERLAP_HOURS = 7 * 24
# Of a webhook that begins again: nothing has failed yet.
_AFRESH: dict[str, Any] = {"failures": 0, "failing_since_ms": None, "next_attempt_ms": None}


def every(connection: Connection, caller: Caller) -> Sequence[Row[Any]]:
    """Those that the caller sees, the oldest first. Raises Forbidden."""
    caller.require(Permission.SITE_CONFIGURE)
    query = select(_w).order_by(_w.c.uid)
    if not caller.everywhere(Permission.SITE_CONFIGURE):
        query = query.where(_w.c.account_id == caller.account_id)
    return connection.execute(query).all()


def get(connection: Connection, caller: Caller, webhook_id: str) -> Row[Any]:
    """One that the caller sees. Raises Forbidden, NotFound."""
    for row in every(connection, caller):
        if row.id == webhook_id.lower():
            return row
    raise NotFound("There is no such webhook.", entityType="Webhook", id=webhook_id[:64])


def deliveries(connection: Connection, webhook_id: str) -> Sequence[Row[Any]]:
    """What is known of its deliveries, the newest first."""
    return connection.execute(
        select(_d).where(_d.c.webhook_id == webhook_id).order_by(_d.c.uid.desc())
    ).all()


def create(tx: Tx, caller: Caller, wanted: NewWebhook, destinations: Destinations) -> Row[Any]:
    """A webhook that tells what changes from now on. Raises Forbidden, Invalid, Conflict."""
    caller.require(Permission.SITE_CONFIGURE)
    if (tx.connection.execute(select(func.count()).select_from(_w)).scalar() or 0) >= MAX_WEBHOOKS:
        raise Conflict(f"A site has at most {MAX_WEBHOOKS} webhooks.")
    values = {
        "id": new_guid(),
        "account_id": caller.account_id,
        "description": _description(wanted.description),
        "url": _url(wanted.url, destinations),
        "events": _events(wanted.events),
        "secret": new_secret(),
        "enabled": wanted.enabled,
        "created_at_ms": tx.now_ms,
        "position": outbox.newest(tx.connection),
    }
    tx.connection.execute(_w.insert().values(**values))
    row = get(tx.connection, caller, str(values["id"]))
    shown = {name: (None, getattr(row, name)) for name in ("url", "events", "enabled")}
    _tell(tx, caller, row, "Create", shown)
    return row


def change(
    tx: Tx, caller: Caller, row: Row[Any], wanted: WebhookChange, destinations: Destinations
) -> Row[Any]:
    """The webhook after the change of what `wanted` names. One that is enabled again goes on where it was. Raises
    Forbidden, Invalid."""
    administrators.require_covered(tx.connection, caller, row.account_id)
    values: dict[str, Any] = {}
    if wanted.description is not None:
        values["description"] = _description(wanted.description)
    if wanted.url is not None:
        values["url"] = _url(wanted.url, destinations)
    if wanted.events is not None:
        values["events"] = _events(wanted.events)
    if wanted.enabled is not None:
        values["enabled"] = wanted.enabled
    changed = {
        name: (getattr(row, name), value)
        for name, value in values.items()
        if getattr(row, name) != value
    }
    if not changed:
        return row
    if "url" in changed or changed.get("enabled", (True, False))[1]:
        values.update(_AFRESH)
    if values.get("enabled"):
        values["stopped_reason"] = None
    _update(tx, row.id, **values)
    _tell(tx, caller, row, "Edit", changed)
    return get(tx.connection, caller, row.id)


def rotate(tx: Tx, caller: Caller, row: Row[Any], overlap_hours: int) -> str:
    """Another secret; the one before signs too for so many hours. Raises Forbidden, Invalid."""
    administrators.require_covered(tx.connection, caller, row.account_id)
    if not 0 <= overlap_hours <= MAX_OVERLAP_HOURS:
        raise Invalid(f"overlapHours is 0 to {MAX_OVERLAP_HOURS}.", name="overlapHours")
    secret = new_secret()
    _update(
        tx,
        row.id,
        secret=secret,
        previous_secret=row.secret if overlap_hours else None,
        previous_until_ms=tx.now_ms + overlap_hours * 3_600_000 if overlap_hours else None,
    )
    _tell(tx, caller, row, "Change secret of", {})
    return secret


def delete(tx: Tx, caller: Caller, row: Row[Any]) -> None:
    """It is gone, and what was known of its deliveries."""
    tx.connection.execute(_d.delete().where(_d.c.webhook_id == row.id))
    tx.connection.execute(_w.delete().where(_w.c.id == row.id))
    _tell(tx, caller, row, "Delete", {})


def note_asked(tx: Tx, caller: Caller, row: Row[Any]) -> None:
    """The caller has a test delivered. Raises Forbidden."""
    administrators.require_covered(tx.connection, caller, row.account_id)
    record(tx, caller, _act(row, "Test", {}))


def keys(row: Row[Any], now_ms: int) -> list[str]:
    """The secrets that sign now, the newest first."""
    before = row.previous_secret if (row.previous_until_ms or 0) > now_ms else None
    return [row.secret] if before is None else [row.secret, before]


def kinds(row: Row[Any]) -> frozenset[str]:
    """The kinds of changes that it tells."""
    return frozenset(msgspec.json.decode(row.events, type=list[str]) or KINDS)


def _update(tx: Tx, webhook_id: str, **values: Any) -> None:
    tx.connection.execute(_w.update().where(_w.c.id == webhook_id).values(**values))


def _tell(
    tx: Tx, caller: Caller, row: Row[Any], verb: str, changes: dict[str, tuple[Any, Any]]
) -> None:
    tx.emit("webhook", row.id)
    record(tx, caller, _act(row, verb, changes))


def _act(row: Row[Any], verb: str, changes: dict[str, tuple[Any, Any]]) -> Act:
    return Act(
        text=f"{verb} webhook to {row.url}",
        target_type="Webhook",
        object_id=row.id,
        object_name=row.url,
        changes=changes,
    )


def _url(text: str, destinations: Destinations) -> str:
    destinations.check(text)
    return text


def _description(text: str) -> str:
    if len(text) > MAX_DESCRIPTION_CHARACTERS or not (text.isprintable() or not text):
        raise Invalid(
            f"A description has at most {MAX_DESCRIPTION_CHARACTERS} printable characters.",
            name="description",
        )
    return text


def _events(wanted: list[str]) -> str:
    unknown = sorted(set(wanted) - set(KINDS))
    if unknown:
        raise Invalid(
            f"There is no kind of event {unknown[0][:64]!r}: {', '.join(KINDS)}.",
            name="events",
            problem="invalidEnum",
        )
    return msgspec.json.encode(sorted(set(wanted))).decode()
