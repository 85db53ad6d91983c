"""Requests of the CVAD-compatible API: sign-in, caller, sites, sessions."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from footlight.sdk.requests.request import MANAGE, Request, get, post, segment


def sign_in(user: str, password: str) -> Request:
    """Name and password for a token. `user` may carry a domain (`DOMAIN\\name`)."""
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return Request(
        method="POST",
        path=f"{MANAGE}/tokens",
        headers={"Authorization": f"Basic {pair}"},
        signed=False,
        repeatable=True,
    )


def sign_in_client(client_id: str, client_secret: str, customer_id: str) -> Request:
    """Client id and secret for a token (OAuth 2.0 client credentials)."""
    return Request(
        method="POST",
        path=f"/cctrustoauth2/{segment(customer_id)}/tokens/clients",
        form={
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        },
        signed=False,
        repeatable=True,
    )


def refresh_token(token: str) -> Request:
    """A new token for one that still holds."""
    return Request(
        method="POST",
        path=f"{MANAGE}/tokens/$refresh",
        headers={"Authorization": f"CWSAuth bearer={token}"},
        signed=False,
        repeatable=True,
    )


def revoke_token() -> Request:
    """End the token that the request carries."""
    return Request(method="DELETE", path=f"{MANAGE}/tokens")


def me() -> Request:
    """Who is calling."""
    return get(f"{MANAGE}/me")


def sessions(limit: int | None, fields: str | None, timeout_s: float | None) -> Request:
    """The first page of all sessions."""
    return get(f"{MANAGE}/Sessions", {"limit": limit, "fields": fields}, timeout_s=timeout_s)


def following(request: Request, token: str) -> Request:
    """The same list from where `token` points."""
    return replace(request, query={**request.query, "continuationToken": token})


def session(session_id: str, fields: str | None, timeout_s: float | None) -> Request:
    """One session."""
    path = f"{MANAGE}/Sessions/{segment(session_id)}"
    return get(path, {"fields": fields}, timeout_s=timeout_s)


def recording_status(session_id: str, timeout_s: float | None) -> Request:
    """Whether a session is being recorded."""
    return get(f"{MANAGE}/Sessions/RecordingStatus", {"id": session_id}, timeout_s=timeout_s)


def session_action(session_id: str, verb: str, timeout_s: float | None, **query: object) -> Request:
    """`$verb` on a session. The session verbs are idempotent: repeating one changes nothing."""
    path = f"{MANAGE}/Sessions/{segment(session_id)}/${verb}"
    return post(path, query=query, repeatable=True, timeout_s=timeout_s)


def send_message(
    session_id: str, title: str, text: str, style: str, timeout_s: float | None
) -> Request:
    """A message to a session's screen. Not repeatable: it would be shown twice."""
    path = f"{MANAGE}/Sessions/{segment(session_id)}/$sendMessage"
    return post(path, {"Style": style, "Title": title, "Text": text}, timeout_s=timeout_s)


def in_background(request: Request) -> Request:
    """The same call as a job."""
    return replace(request, query={**request.query, "async": "true"}, repeatable=False)


def jobs() -> Request:
    """The caller's jobs."""
    return get(f"{MANAGE}/Jobs")


def job(job_id: str) -> Request:
    """One job."""
    return get(f"{MANAGE}/Jobs/{segment(job_id)}")


def job_results(job_id: str) -> Request:
    """What a job has given."""
    return get(f"{MANAGE}/Jobs/{segment(job_id)}/Results")


def cancel_job(job_id: str) -> Request:
    """Take back what a job has not done yet."""
    return post(f"{MANAGE}/Jobs/{segment(job_id)}/$cancel", repeatable=True)


def search_sessions(
    search: Mapping[str, Any],
    query: Mapping[str, object],
    time_zone: str | None,
    timeout_s: float | None,
    *,
    path: str = f"{MANAGE}/Sessions/$search",
) -> Request:
    """The first page of the sessions that match. It changes nothing, so it may be repeated."""
    headers = {} if time_zone is None else {"X-TimeZone": time_zone}
    return post(
        path,
        dict(search),
        query=query,
        repeatable=True,
        timeout_s=timeout_s,
        headers=headers,
    )
