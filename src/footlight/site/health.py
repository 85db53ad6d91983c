"""Whether the site is well: tests that an administrator runs, the report that is kept of them, and what is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from footlight.caller import Caller
from footlight.site import spools, zones
from footlight.store import schema, sight

Verdict = Literal["Passed", "Warning", "Failed"]
FREE_BYTES_WANTED = 1 << 30
NAMED_AT_MOST = 5

_m = schema.machines
_g = schema.delivery_groups


class Finding(msgspec.Struct, frozen=True):
    """One test: when it ran and what it found."""

    name: str
    description: str
    begun_ms: int
    ended_ms: int
    verdict: Verdict
    why: str


class Report(msgspec.Struct, frozen=True):
    """A test of the site, as it is kept."""

    created_by: str
    at_ms: int
    findings: list[Finding]

    def count(self, verdict: Verdict) -> int:
        """How many tests ended so."""
        return sum(one.verdict == verdict for one in self.findings)


@dataclass(frozen=True)
class Amiss:
    """Objects that the caller sees: machines that are silent or in maintenance, groups without a registered
    machine or in maintenance, catalogs without any machine, zones without a registered one of theirs."""

    silent: int
    in_maintenance: int
    dead_groups: int
    groups_in_maintenance: int
    empty_catalogs: int
    sick_zones: int


def examine(
    connection: Connection, caller: Caller, folder: Path, now_ms: Callable[[], int]
) -> list[Finding]:
    """Run all tests; `folder` is where recordings are kept."""
    tests: Sequence[tuple[str, str, Callable[[], tuple[Verdict, str]]]] = (
        ("Database", "The database answers and holds the site.", lambda: _database(connection)),
        ("Machines", "Machines in catalogs are registered.", lambda: _machines(connection, caller)),
        ("DeliveryGroups", "Groups have machines that are registered.", lambda: _groups(connection, caller)),
        ("Zones", "Zones have a machine that is registered.", lambda: _zones(connection, caller)),
        ("Recordings", "There is room for recordings.", lambda: _room(folder)),
        ("Uploads", "Hosts pass recordings on.", lambda: _uploads(connection, caller)),
    )  # fmt: skip
    findings = []
    for name, description, test in tests:
        begun_ms = now_ms()
        verdict, why = test()
        findings.append(Finding(name, description, begun_ms, now_ms(), verdict, why))
    return findings


def amiss(connection: Connection, caller: Caller) -> Amiss:
    """What is wrong with what the caller sees."""
    seen = (sight.machines(caller), _m.c.catalog_id.is_not(None))
    zone_ids = list(connection.execute(select(schema.zones.c.id)).scalars())
    c = schema.catalogs
    return Amiss(
        silent=_count(connection, *seen, _m.c.registered.is_(False)),
        in_maintenance=_count(connection, *seen, _m.c.in_maintenance),
        dead_groups=_dead_groups(connection, caller),
        groups_in_maintenance=connection.execute(
            select(func.count()).where(sight.groups(caller), _g.c.in_maintenance)
        ).scalar_one(),
        empty_catalogs=connection.execute(
            select(func.count()).where(
                sight.catalogs(caller),
                c.c.id.not_in(select(_m.c.catalog_id).where(_m.c.catalog_id.is_not(None))),
            )
        ).scalar_one(),
        sick_zones=len(zones.sick(connection, caller, zone_ids)),
    )


def kept(connection: Connection) -> Report | None:
    """The report of the last test."""
    text = connection.execute(select(schema.site.c.test_report)).scalar_one()
    return None if text is None else msgspec.json.decode(text, type=Report)


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(_m).where(*conditions)).scalar_one()


def _dead_groups(connection: Connection, caller: Caller) -> int:
    alive = select(_m.c.delivery_group_id).where(
        _m.c.registered, _m.c.delivery_group_id.is_not(None)
    )
    query = select(func.count()).where(sight.groups(caller), _g.c.enabled, _g.c.id.not_in(alive))
    return connection.execute(query).scalar_one()


def _database(connection: Connection) -> tuple[Verdict, str]:
    primary = select(func.count()).where(schema.zones.c.is_primary)
    one = connection.execute(primary).scalar_one()
    return ("Passed", "") if one == 1 else ("Failed", f"There are {one} primary zones.")


def _machines(connection: Connection, caller: Caller) -> tuple[Verdict, str]:
    silent = amiss(connection, caller).silent
    return ("Warning", f"{silent} are not registered.") if silent else ("Passed", "")


def _groups(connection: Connection, caller: Caller) -> tuple[Verdict, str]:
    dead = _dead_groups(connection, caller)
    return ("Warning", f"{dead} have no registered machine.") if dead else ("Passed", "")


def _zones(connection: Connection, caller: Caller) -> tuple[Verdict, str]:
    sick = amiss(connection, caller).sick_zones
    return ("Warning", f"{sick} have no registered machine.") if sick else ("Passed", "")


def _uploads(connection: Connection, caller: Caller) -> tuple[Verdict, str]:
    told = [(one.machine_name, one.facts) for one in spools.seen(connection, caller)]
    full = [name for name, facts in told if facts.full is not None]
    failing = [name for name, facts in told if facts.failing_since_ms is not None]
    if full:
        return "Failed", f"Recordings pause, as the spool is full: {_names(full)}."
    return ("Warning", f"Uploads fail: {_names(failing)}.") if failing else ("Passed", "")


def _names(names: Sequence[str]) -> str:
    more = len(names) - NAMED_AT_MOST
    return ", ".join(names[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def _room(folder: Path) -> tuple[Verdict, str]:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return "Failed", f"The folder cannot be looked at: {error.strerror}."
    if free < FREE_BYTES_WANTED:
        return "Warning", f"{free >> 20} MiB are free."
    return "Passed", ""
