"""Deleting recordings. First, in one transaction, the catalogue's row gives way to a signed tombstone and the audit
chain tells of it; from then on nobody sees the recording. Its files follow, and the tombstone says when they are
gone. A server that dies between leaves a tombstone whose files are left, and the duty of retention goes on there:
nothing goes that no tombstone tells of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Row, select, update

from footlight.archive import catalogue, holds, retention
from footlight.audit.log import Act, record, record_of_site
from footlight.audit.tombstone import Signed, Tombstone, sign
from footlight.caller import Caller
from footlight.errors import Conflict, NotFound
from footlight.objects.objects import Objects
from footlight.recording.format import MANIFEST_NAME
from footlight.store import schema, schema_keeping
from footlight.store.store import Store, Tx
from footlight.wire.rest.dates import rfc3339, rfc3339_of

_r = schema.recordings
_t = schema_keeping.recording_tombstones

UPLOAD_PATIENCE_MS = (
    24 * 3_600_000
)  # after which a host that has not sent the rest is not waited for


@dataclass(frozen=True)
class Undertaker:
    """Who deletes: the site and the key that it signs with."""

    site_id: str
    key: Ed25519PrivateKey

    def bury(self, tx: Tx, recording_id: str, caller: Caller | None, why: str) -> Signed:
        """The tombstone of a recording in place of its row; `caller` None: the site itself. Its files are to be
        removed afterwards (remove_files). Raises NotFound, and Conflict while it runs or is held."""
        row = catalogue.row(tx.connection, recording_id)
        if row is None:
            raise NotFound("There is no such recording.", entityType="Recording", id=recording_id)
        if row.status not in catalogue.FINAL:
            raise Conflict("The recording has not ended.", code="RecordingRuns", id=row.id)
        if holds.held(tx.connection, [row.id]):
            raise Conflict("The recording is on legal hold.", code="RecordingHeld", id=row.id)
        signed = sign(self.key, self._tombstone(tx, row, caller, why))
        _put(tx, row, signed)
        act = _act(row, signed, why)
        if caller is None:
            record_of_site(tx, act)
        else:
            record(tx, caller, act)
        for table in (schema_keeping.recording_events, schema_keeping.recording_leaves):
            tx.connection.execute(table.delete().where(table.c.recording_id == row.id))
        tx.connection.execute(_r.delete().where(_r.c.id == row.id))
        tx.emit("recording", row.id)
        return signed

    def _tombstone(self, tx: Tx, row: Row[Any], caller: Caller | None, why: str) -> Tombstone:
        return Tombstone(
            site_id=self.site_id,
            recording_id=row.id,
            session_id=row.session_id,
            user_name=row.user_name,
            machine_name=row.machine_name,
            resource_name=row.resource_name,
            reason=row.reason,
            started_at=rfc3339(row.started_at_ms),
            ended_at=rfc3339(row.ended_at_ms),
            duration_ms=row.duration_ms,
            size_bytes=row.size_bytes,
            sealed_segments=row.sealed_count,
            head=row.head or "",
            retention_class=row.retention_class or retention.default_name(tx.connection),
            deleted_at=rfc3339_of(tx.now_ms),
            deleted_by="" if caller is None else caller.user_name,
            why=why,
        )


async def require_stored(objects: Objects, row: Row[Any], now_ms: int) -> None:
    """Raises Conflict while the recording's host may still bring files of it; they would come after the deletion."""
    if now_ms - int(row.ended_at_ms or row.ordered_at_ms) > UPLOAD_PATIENCE_MS:
        return
    try:
        await objects.size(f"{row.id}/{MANIFEST_NAME}")
    except NotFound:
        raise Conflict(
            "The recording's host has not stored all of it yet.",
            code="RecordingNotStored",
            id=row.id,
        ) from None


async def remove_files(store: Store, objects: Objects, recording_id: str) -> None:
    """Remove what is kept of a buried recording, and note that it is gone. May be called again at any time.
    Raises Unavailable."""
    keys = [key async for key in objects.list(f"{recording_id}/")]
    for key in keys:
        await objects.delete(key)

    def write(tx: Tx) -> None:
        mine = (_t.c.recording_id == recording_id, _t.c.objects_gone_at_ms.is_(None))
        tx.connection.execute(update(_t).where(*mine).values(objects_gone_at_ms=tx.now_ms))

    await store.write(write)


def unfinished(connection: Connection, limit: int) -> list[str]:
    """Ids of buried recordings whose files may be left, the oldest first."""
    query = select(_t.c.recording_id).where(_t.c.objects_gone_at_ms.is_(None))
    return list(connection.execute(query.order_by(_t.c.uid).limit(limit)).scalars())


def _put(tx: Tx, row: Row[Any], signed: Signed) -> None:
    same = ("account_id", "machine_id", "catalog_id", "delivery_group_id")
    tx.connection.execute(
        _t.insert().values(
            recording_id=row.id,
            **{name: getattr(row, name) for name in same},
            deleted_at_ms=tx.now_ms,
            body=signed.body,
            signature=signed.signature,
        )
    )


def _act(row: Row[Any], signed: Signed, why: str) -> Act:
    return Act(
        text=f"Delete the recording of {row.user_name}",
        kind="RecordingDeleted",
        target_type="Recording",
        object_id=row.id,
        object_name=row.user_name,
        parameters={
            "Reason": why,
            "Head": row.head or "",
            "SealedSegments": str(row.sealed_count),
            "SizeBytes": str(row.size_bytes),
            "SessionId": row.session_id,
            "Tombstone": signed.digest,
        },
    )
