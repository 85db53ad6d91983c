"""Entries of the audit chain as operations of the configuration log, and as reports."""

from __future__ import annotations

import csv
import html
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Row

from footlight.audit.log import Entry
from footlight.site.config_log import KINDS, SOURCE
from footlight.wire.rest.config_log import (
    LogOperation,
    LowLevelDetail,
    LowLevelOperation,
    OperationType,
)
from footlight.wire.rest.dates import both, rfc3339_of
from footlight.wire.rest.reference import NameValue

_COLUMNS = ("Time", "User", "Address", "Type", "Target", "Object", "Successful", "What", "Changes")


def operation(row: Row[Any], labels: Sequence[str]) -> LogOperation:
    """The entry of a row of the audit table. What is logged is over: start and end are one moment."""
    entry = _entry(row)
    at, formatted = both(entry.at_ms)
    return LogOperation(
        id=entry.id,
        text=entry.text,
        user=entry.user_name or None,
        user_identity=entry.account_id or None,
        source=SOURCE,
        admin_machine_ip=entry.address or None,
        start_time=at,
        formatted_start_time=formatted,
        end_time=at,
        formatted_end_time=formatted,
        is_successful=entry.succeeded,
        target_types=[entry.target_type],
        operation_type=_type(entry),
        labels=list(labels),
        metadata=_metadata(entry),
        parameters=_parameters(entry),
    )


def low_level(row: Row[Any]) -> LowLevelOperation:
    """The one operation beneath: which members of which object were changed."""
    entry = _entry(row)
    at, formatted = both(entry.at_ms)
    return LowLevelOperation(
        id=entry.id,
        operation_id=entry.id,
        text=entry.text,
        user=entry.user_name or None,
        source=SOURCE,
        admin_machine_ip=entry.address or None,
        start_time=at,
        formatted_start_time=formatted,
        end_time=at,
        formatted_end_time=formatted,
        is_successful=entry.succeeded,
        target_types=[entry.target_type],
        operation_type=_type(entry),
        parameters=_parameters(entry),
        details=[
            detail
            for name, (before, after) in entry.changes.items()
            for detail in _details(entry, name, before, after)
        ],
    )


def csv_report(rows: Iterable[Row[Any]]) -> str:
    """The operations as a table for spreadsheets, which shall not take what people have typed for formulas."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(_COLUMNS)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in _cells(_entry(row))])
    return sink.getvalue()


def html_summary(rows: Sequence[Row[Any]], title: str) -> str:
    """How often who did what to which kind of object."""
    counts = Counter((row.user_name, row.kind, row.target_type, row.succeeded) for row in rows)
    lines = [
        (user, kind, target, "yes" if succeeded else "no", str(count))
        for (user, kind, target, succeeded), count in sorted(counts.items())
    ]
    return _page(title, ("User", "Type", "Target", "Successful", "Count"), lines)


def html_details(rows: Iterable[Row[Any]], title: str) -> str:
    """Every operation."""
    return _page(title, _COLUMNS, [_cells(_entry(row)) for row in rows])


def _entry(row: Row[Any]) -> Entry:
    return msgspec.json.decode(row.entry, type=Entry)


def _type(entry: Entry) -> OperationType:
    return entry.kind if entry.kind in KINDS else "Unknown"  # type: ignore[return-value]


def _parameters(entry: Entry) -> list[NameValue]:
    told: Mapping[str, str] = {
        **({"ObjectId": entry.object_id} if entry.object_id else {}),
        **({"ObjectName": entry.object_name} if entry.object_name else {}),
        **entry.parameters,
    }
    return [NameValue(name=name, value=value) for name, value in told.items()]


def _metadata(entry: Entry) -> list[NameValue]:
    """How a client finds the operation of its own request."""
    if not entry.transaction_id:
        return []
    return [NameValue(name="TransactionId", value=entry.transaction_id)]


def _details(entry: Entry, name: str, before: Any, after: Any) -> list[LowLevelDetail]:
    """One for a single value; of a list one for each member that came or went."""
    if not (isinstance(before, list | None) and isinstance(after, list | None)) or (
        before is None and after is None
    ):
        return [_detail(entry, name, previous_value=_text(before), new_value=_text(after))]
    old, new = before or [], after or []
    return [
        *(_detail(entry, name, add_value=_text(one)) for one in new if one not in old),
        *(_detail(entry, name, remove_value=_text(one)) for one in old if one not in new),
    ]


def _detail(entry: Entry, name: str, **values: str | None) -> LowLevelDetail:
    at, formatted = both(entry.at_ms)
    return LowLevelDetail(
        text=f"{entry.text}: {name}",
        property_name=name,
        target_name=entry.object_name,
        target_uid=entry.object_id,
        target_type=entry.target_type,
        start_time=at,
        formatted_start_time=formatted,
        end_time=at,
        formatted_end_time=formatted,
        is_successful=entry.succeeded,
        **values,
    )


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def _cells(entry: Entry) -> tuple[str, ...]:
    changes = "; ".join(
        f"{name}: {_text(before)} > {_text(after)}"
        for name, (before, after) in entry.changes.items()
    )
    return (
        rfc3339_of(entry.at_ms),
        entry.user_name,
        entry.address,
        entry.kind,
        entry.target_type,
        entry.object_name,
        "yes" if entry.succeeded else "no",
        entry.text,
        changes,
    )


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell


def _page(title: str, columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line) + "</tr>"
        for line in lines
    )
    name = html.escape(title)
    return (
        f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>{name}</title><h1>{name}</h1>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></html>"
    )
