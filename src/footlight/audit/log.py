"""Appending to the audit chain, in the transaction of the change that the entry tells of.

The store runs one write transaction at a time on every engine, so appends are in a row: each entry's hash covers
its own bytes and the hash before it. Rows are never changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, select

from footlight.caller import Caller
from footlight.ids import new_guid
from footlight.store import schema
from footlight.store.changes import fitting
from footlight.store.store import Tx

_a = schema.audit

FIRST_HASH = "0" * 64
# The first two are what ConfigLog shows.
Kind = Literal[
    "ConfigurationChange",
    "AdminActivity",
    "SignIn",
    "FileTransferred",
    "RecordingViewed",
    "RecordingExported",
    "RecordingDeleted",
    "RecordingHead",
]
MAX_TEXT_CHARACTERS = 1000
MAX_VALUE_CHARACTERS = 4000
_CUT = "..."


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


def differing(before: object, after: object) -> dict[str, tuple[Any, Any]]:
    """Act.changes of two dataclasses of one kind: the members in which they differ."""
    return {
        name: (value, getattr(after, name))
        for name, value in vars(before).items()
        if value != getattr(after, name)
    }


class Entry(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One link of the chain, as it is hashed: who did what, when, from where, in which request. What the site did by
    itself has no account and no request."""

    id: str
    at_ms: int
    account_id: str
    user_name: str
    address: str
    kind: str
    text: str
    target_type: str
    object_id: str
    object_name: str
    parameters: dict[str, str]
    changes: dict[str, tuple[Any, Any]]
    succeeded: bool
    transaction_id: str = ""  # the Citrix-TransactionId of the request's answer


def record(tx: Tx, caller: Caller, act: Act) -> str:
    """Append what the caller did; the entry's id."""
    return append(tx, caller.account_id, caller.user_name, caller.address, act, caller.transaction)


def record_of_site(tx: Tx, act: Act) -> str:
    """Append what the site did by itself; the entry's id."""
    return append(tx, "", "", "", act)


def append(
    tx: Tx, account_id: str, user_name: str, address: str, act: Act, transaction: str = ""
) -> str:
    """Append what somebody did; the entry's id. Texts that are too long are cut."""
    entry = Entry(
        id=new_guid(),
        at_ms=tx.now_ms,
        account_id=account_id,
        user_name=user_name,
        address=address,
        kind=act.kind,
        text=_cut(act.text, MAX_TEXT_CHARACTERS),
        target_type=act.target_type,
        object_id=act.object_id,
        object_name=_cut(act.object_name, MAX_TEXT_CHARACTERS),
        parameters={
            name: _cut(value, MAX_VALUE_CHARACTERS) for name, value in act.parameters.items()
        },
        changes={
            name: (_cut_value(before), _cut_value(after))
            for name, (before, after) in act.changes.items()
        },
        succeeded=act.succeeded,
        transaction_id=transaction,
    )
    raw = msgspec.json.encode(entry)
    previous = head(tx.connection)
    tx.connection.execute(
        _a.insert().values(
            id=entry.id,
            at_ms=entry.at_ms,
            **searched(entry),
            entry=raw.decode(),
            previous_hash=previous,
            hash=link(previous, raw),
        )
    )
    tx.emit("audit", entry.id)
    return entry.id


def searched(entry: Entry) -> dict[str, Any]:
    """The columns that repeat what the entry says, as far as they can keep it."""
    return {
        "kind": entry.kind,
        "account_id": entry.account_id,
        "user_name": fitting(_a.c.user_name, entry.user_name),
        "address": fitting(_a.c.address, entry.address),
        "target_type": fitting(_a.c.target_type, entry.target_type),
        "object_id": fitting(_a.c.object_id, entry.object_id),
        "text": fitting(_a.c.text, entry.text),
        "succeeded": entry.succeeded,
    }


def head(connection: Connection) -> str:
    """The hash of the newest entry."""
    newest = select(_a.c.hash).order_by(_a.c.seq.desc()).limit(1)
    return connection.execute(newest).scalar() or FIRST_HASH


def link(previous: str, raw: bytes) -> str:
    """The hash of an entry's bytes and of all before it, hex SHA-256."""
    return hashlib.sha256(previous.encode() + b"\n" + raw).hexdigest()


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - len(_CUT)] + _CUT


def _cut_value(value: Any) -> Any:
    """A value that is long as JSON becomes its beginning, as text."""
    raw = msgspec.json.encode(value)
    if len(raw) <= MAX_VALUE_CHARACTERS:
        return value
    return _cut(value if isinstance(value, str) else raw.decode(), MAX_VALUE_CHARACTERS)
