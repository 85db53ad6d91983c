"""Requests of Footlight's own API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from footlight.sdk.requests import cvad
from footlight.sdk.requests.request import (
    OWN,
    Request,
    Source,
    camel,
    get,
    post,
    segment,
    without_none,
)

LAUNCH_TIMEOUT_S = 30.0  # beside the time that a launch waits for a machine


def launch(
    resource: str,
    *,
    machine: str | None,
    user: str | None,
    new: bool,
    wait_s: int | None,
    idempotency_key: str,
    timeout_s: float | None,
) -> Request:
    """Start or take up a session. The key makes it repeatable."""
    body = without_none(
        {"resource": resource, "machine": machine, "user": user, "waitSeconds": wait_s}
    )
    return post(
        f"{OWN}/launches",
        {**body, **({"new": True} if new else {})},
        headers={"Idempotency-Key": idempotency_key},
        repeatable=True,
        timeout_s=timeout_s or (wait_s + LAUNCH_TIMEOUT_S if wait_s else None),
    )


def ticket(session_id: str, mode: str) -> Request:
    """A one-time ticket for a session's display."""
    return post(f"{OWN}/sessions/{segment(session_id)}/tickets", {"mode": mode})


def session_rows(
    search: Mapping[str, Any],
    query: Mapping[str, object],
    time_zone: str | None,
    timeout_s: float | None,
) -> Request:
    """The first page of the sessions that match, in our own words."""
    path = f"{OWN}/sessions/$search"
    return cvad.search_sessions(search, query, time_zone, timeout_s, path=path)


def session_view(session_id: str) -> Request:
    """Our own view of a session."""
    return get(f"{OWN}/sessions/{segment(session_id)}")


def recording_decision(session_id: str) -> Request:
    """Why a session is recorded, or is not."""
    return get(f"{OWN}/sessions/{segment(session_id)}/recording-decision")


def restart_window_manager(session_id: str) -> Request:
    """Another window manager for a session."""
    return post(f"{OWN}/sessions/{segment(session_id)}/restart-window-manager", {})


def session_logs(session_id: str) -> Request:
    """What a session's programs printed."""
    return get(f"{OWN}/sessions/{segment(session_id)}/logs")


def session_files(session_id: str, limit: int | None, timeout_s: float | None) -> Request:
    """The first page of the files of a session's drop folder."""
    path = f"{OWN}/sessions/{segment(session_id)}/files"
    return get(path, {"limit": limit}, timeout_s=timeout_s)


def session_file(session_id: str, name: str, *, timeout_s: float | None = None) -> Request:
    """A file of a session's drop folder, to fetch."""
    path = f"{OWN}/sessions/{segment(session_id)}/files/{segment(name)}"
    return replace(get(path, timeout_s=timeout_s), accept="*/*")


def put_session_file(
    session_id: str, name: str, source: Source, *, overwrite: bool, timeout_s: float | None
) -> Request:
    """A file to put there."""
    request = session_file(session_id, name, timeout_s=timeout_s)
    query = {"overwrite": "true"} if overwrite else {}
    return replace(
        request,
        method="PUT",
        query=query,
        accept="application/json",
        source=source,
        repeatable=overwrite,
    )


def delete_session_file(session_id: str, name: str) -> Request:
    """A file to take away."""
    return replace(
        session_file(session_id, name), method="DELETE", accept="application/json", repeatable=False
    )


def resources() -> Request:
    """What may be launched."""
    return get(f"{OWN}/resources")


def accounts() -> Request:
    """The site's accounts."""
    return get(f"{OWN}/accounts")


def create_account(
    name: str, password: str | None, display_name: str | None, administrator: bool | None
) -> Request:
    """A new account."""
    body = {
        "name": name,
        "password": password,
        "displayName": display_name,
        "administrator": administrator,
    }
    return post(f"{OWN}/accounts", without_none(body))


def set_password(account_id: str, password: str | None, revoke_clients: bool = False) -> Request:
    """A new password for an account; without one the site makes it up."""
    path = f"{OWN}/accounts/{segment(account_id)}/password"
    revoked = {"revokeClients": True} if revoke_clients else {}
    return post(path, {**without_none({"password": password}), **revoked})


def service_accounts() -> Request:
    """The site's API clients."""
    return get(f"{OWN}/service-accounts")


def service_account(client_id: str) -> Request:
    """One of them."""
    return get(f"{OWN}/service-accounts/{segment(client_id)}")


def create_service_account(name: str, account: str | None, expires_at: str | None) -> Request:
    """A new one."""
    body = {"name": name, "account": account, "expiresAt": expires_at}
    return post(f"{OWN}/service-accounts", without_none(body))


def rotate_service_account(
    client_id: str, old_valid_seconds: int | None, expires_at: str | None
) -> Request:
    """A new secret for one."""
    body = {"oldValidSeconds": old_valid_seconds, "expiresAt": expires_at}
    return post(f"{OWN}/service-accounts/{segment(client_id)}/rotate", without_none(body))


def revoke_service_account(client_id: str) -> Request:
    """No more of one."""
    return Request(method="DELETE", path=f"{OWN}/service-accounts/{segment(client_id)}")


def resource_icon(resource_id: str) -> Request:
    """The picture of something that may be launched."""
    return replace(get(f"{OWN}/resources/{segment(resource_id)}/icon"), accept="image/png")


def metrics() -> Request:
    """Figures for Prometheus."""
    return replace(get("/metrics"), accept="text/plain")


def map_account(account_id: str, os_account: str) -> Request:
    """Sessions of an account run as an account of the host."""
    path = f"{OWN}/accounts/{segment(account_id)}/os-account"
    return Request(method="PUT", path=path, json={"name": os_account}, repeatable=True)


def unmap_account(account_id: str) -> Request:
    """Sessions of an account run as a Linux account of their own."""
    path = f"{OWN}/accounts/{segment(account_id)}/os-account"
    return Request(method="DELETE", path=path, repeatable=True)


def recordings(
    session_id: str | None,
    limit: int | None,
    timeout_s: float | None,
    chosen: Mapping[str, object] | None = None,
) -> Request:
    """The first page of the recordings; `chosen`: further query parameters in snake_case."""
    spelled = {camel(name): value for name, value in (chosen or {}).items()}
    query = {"sessionId": session_id, "limit": limit, **spelled}
    return get(f"{OWN}/recordings", query, timeout_s=timeout_s)


def recording(
    recording_id: str,
    part: str = "",
    query: Mapping[str, object] | None = None,
    *,
    accept: str = "application/json",
    timeout_s: float | None = None,
) -> Request:
    """One recording, or a part of it (`manifest`, `events`, `verification`, ...)."""
    path = f"{OWN}/recordings/{segment(recording_id)}"
    request = get(f"{path}/{part}" if part else path, query, timeout_s=timeout_s)
    return replace(request, accept=accept)


def add_marker(recording_id: str, body: Mapping[str, object]) -> Request:
    """Something said of a moment of a recording."""
    return post(f"{OWN}/recordings/{segment(recording_id)}/markers", without_none(body))


def change_marker(recording_id: str, marker_id: str, text: str) -> Request:
    """Another text for a marker."""
    return Request(method="PATCH", path=_marker(recording_id, marker_id), json={"text": text})


def delete_marker(recording_id: str, marker_id: str) -> Request:
    """A marker that goes."""
    return Request(method="DELETE", path=_marker(recording_id, marker_id))


def _marker(recording_id: str, marker_id: str) -> str:
    return f"{OWN}/recordings/{segment(recording_id)}/markers/{segment(marker_id)}"


def segment_range(recording_id: str, number: int, start: int, end: int | None) -> Request:
    """Bytes `start` to before `end` of a segment; to its end with None."""
    request = recording(recording_id, f"segments/{number}", accept="application/octet-stream")
    if start == 0 and end is None:
        return request
    last = "" if end is None else str(end - 1)
    return replace(request, headers={"Range": f"bytes={start}-{last}"})


def export(recording_id: str, kind: str = "mp4") -> Request:
    """Begin an export."""
    return post(f"{OWN}/recordings/{segment(recording_id)}/export", {"kind": kind})


def job(job_id: str) -> Request:
    """How far a job is."""
    return get(f"{OWN}/jobs/{segment(job_id)}")


def job_result(job_id: str) -> Request:
    """The file that a job has made."""
    return replace(get(f"{OWN}/jobs/{segment(job_id)}/result"), accept="*/*")
