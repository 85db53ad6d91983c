"""What a list of sessions shows of each: little, so that long lists are quick."""

from __future__ import annotations

from footlight.wire.own import OwnModel
from footlight.wire.policies import Health


class SessionRow(OwnModel, frozen=True):
    """A live session as a row. `loggingOn`: it is not up yet; `idleSince`: the last key or movement, null while
    somebody is at work; `recording`: as far as the caller may know; `machineSilent`: nothing is heard from the
    machine, so the row is as it was then; `recordingHealth`: how the recording goes of one that should be recorded,
    as far as the caller may know, and `recordingProblem` what is wrong with it."""

    id: str
    uid: int
    user_name: str
    display_name: str
    account_id: str
    resource_name: str
    session_type: str
    state: str
    logging_on: bool
    state_changed_at: str | None
    started_at: str | None
    idle_since: str | None
    hidden: bool
    recording: bool
    recording_id: str | None
    machine_id: str
    machine_name: str
    machine_silent: bool
    catalog_name: str | None
    group_name: str | None
    zone_name: str
    client_address: str | None
    client_name: str
    client_platform: str
    recording_health: Health | None
    recording_problem: str | None


class SessionRows(OwnModel, frozen=True):
    """A page of them. `total`: how many match in all."""

    items: list[SessionRow]
    total: int
    continuation_token: str | None
