"""Appending to the audit chain, in the transaction of the change that the entry tells of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, select

from footlight.caller import Caller
from footlight.ids import new_guid
from footlight.store import schema
from footlight.store.store import Tx

_a = schema.audit

FIRST_HASH = "0" * 64
Kind = Literal["ConfigurationChange", "AdminActivity"]


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What was done. `target_type` is a word of the wire (Catalog, Machine, Session, ...); `parameters` are
    what was asked for, without secrets; `changes` are members of the object: before and after."""

    text: str  # for people: Create machine catalog 'Servers'
    kind: Kind = "ConfigurationChange"
    target_type: str
    object_id: str = ""
    object_name: str = ""
    parameters: Mapping[str, str] = {}
    changes: Mapping[str, tuple[Any, Any]] = {}
    succeeded: bool = True


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One link of the chain, as it is hashed: who did what, when, from where."""

    id: str
    at_ms: int
    account_id: str
    user_name: str
    address: str
    act: Act


def record(tx: Tx, caller: Caller, act: Act) -> str:
    """Append what the caller did; the entry's id."""
    entry = Entry(
        id=new_guid(),
        at_ms=tx.now_ms,
        account_id=caller.account_id,
        user_name=caller.user_name,
        address=caller.address,
        act=act,
    )
    raw = msgspec.json.encode(entry)
    previous = head(tx.connection)
    tx.connection.execute(
        _a.insert().values(
            id=entry.id,
            at_ms=entry.at_ms,
            kind=act.kind,
            account_id=entry.account_id,
            user_name=entry.user_name,
            address=entry.address,
            target_type=act.target_type,
            object_id=act.object_id,
            text=act.text,
            succeeded=act.succeeded,
            entry=raw.decode(),
            previous_hash=previous,
            hash=link(previous, raw),
        )
    )
    tx.emit("audit", entry.id)
    return entry.id


def head(connection: Connection) -> str:
    """The hash of the newest entry."""
    newest = select(_a.c.hash).order_by(_a.c.seq.desc()).limit(1)
    return connection.execute(newest).scalar() or FIRST_HASH


def link(previous: str, raw: bytes) -> str:
    """The hash of an entry's bytes and of all before it, hex SHA-256."""
    return hashlib.sha256(previous.encode() + b"\n" + raw).hexdigest()
