"""Our own routes for people and their sessions: sign-in, resources, launches, sessions, accounts, jobs."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie, State
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import File

from footlight.access import accounts, passwords, tickets
from footlight.access.accounts import Account
from footlight.access.tickets import Ticket
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.broker.launch import LaunchRequest
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.sessions import queries
from footlight.sessions.paging import PageToken, read_token, write_token
from footlight.site import resources
from footlight.wire.rest.dates import rfc3339, rfc3339_of

Call = Request[Caller, object, State]
routes = Routes(cvad=False)
V1 = "/footlight/v1"
MAX_KEY_CHARS = 128


class _Body(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Bodies of our own API: camelCase, unknown members ignored."""


class SignIn(_Body, frozen=True):
    """Name and password."""

    user: str
    password: str


class MeView(_Body, frozen=True):
    """Who is signed in."""

    account_id: str
    user_name: str
    display_name: str
    permissions: list[str]


class ResourceView(_Body, frozen=True):
    """Something that the caller may launch."""

    id: str
    name: str
    kind: str


class ResourceList(_Body, frozen=True):
    """All of them."""

    items: list[ResourceView]


class NewLaunch(_Body, frozen=True):
    """What to launch, where and for whom."""

    resource: str
    machine: str | None = None
    user: str | None = None
    new: bool = False


class LaunchedView(_Body, frozen=True):
    """The session to work in."""

    session_id: str
    machine: str
    display_path: str


class NewTicket(_Body, frozen=True):
    """How the display shall be opened."""

    mode: Literal["interactive", "view"] = "interactive"


class TicketView(_Body, frozen=True):
    """A one-time ticket of 60 s."""

    ticket: str
    expires_at: str


class SessionView(_Body, frozen=True):
    """A session in our own words, for 24 h after its end too."""

    id: str
    user_name: str
    machine_name: str
    resource_name: str
    state: str
    state_changed_at: str | None
    started_at: str | None
    ended_at: str | None
    recording: bool
    recording_id: str | None
    end_reason: str | None
    exit_code: int | None
    exit_detail: str | None


class SessionPage(_Body, frozen=True):
    """A page of sessions, newest first."""

    items: list[SessionView]
    continuation_token: str | None


class AccountView(_Body, frozen=True):
    """An account of the site."""

    id: str
    name: str
    display_name: str
    administrator: bool
    can_sign_in: bool


class AccountList(_Body, frozen=True):
    """All accounts."""

    items: list[AccountView]


class NewAccount(_Body, frozen=True):
    """An account to make; without a password it cannot sign in."""

    name: str
    password: str | None = None
    display_name: str | None = None
    administrator: bool = False


class NewPassword(_Body, frozen=True):
    """A password to set; one is made up if absent."""

    password: str | None = None


class JobView(_Body, frozen=True):
    """A job: `state` running, done or failed; `progress` 0 to 1."""

    id: str
    kind: str
    object_id: str
    state: str
    progress: float
    error: str | None
    result_path: str | None


@routes.add("POST", V1 + "/sign-in", open=True)
async def sign_in(parts: GivenParts, data: JSONBody[SignIn]) -> Response[MeView]:
    """Sign in on the console: the token goes into an HttpOnly cookie."""
    signed_in = await parts.access.sign_in(data.user, data.password)
    caller = await parts.access.caller(signed_in.text, "", "")
    response = Response(_me(caller))
    response.set_cookie(_cookie(parts, signed_in.text, parts.config.token_minutes * 60))
    return response


@routes.add("POST", V1 + "/sign-out", status=204)
async def sign_out(caller: GivenCaller, parts: GivenParts) -> Response[None]:
    """The token is dead and the cookie gone."""
    await parts.access.sign_out(caller)
    response = Response(None, status_code=204)
    response.set_cookie(_cookie(parts, "", 0))
    return response


@routes.add("GET", V1 + "/me")
async def get_me(caller: GivenCaller) -> MeView:
    """Who is signed in and what it may do."""
    return _me(caller)


@routes.add("GET", V1 + "/resources")
async def list_resources(parts: GivenParts) -> ResourceList:
    """What the caller may launch."""
    found = await parts.store.read(resources.every)
    return ResourceList(items=[ResourceView(id=r.id, name=r.name, kind=r.kind) for r in found])


@routes.add("POST", V1 + "/launches", status=201)
async def launch(
    request: Call, caller: GivenCaller, parts: GivenParts, data: JSONBody[NewLaunch]
) -> Response[LaunchedView]:
    """Launch a resource: 201 with the new session, 200 with the running one that is taken up."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= MAX_KEY_CHARS:
        raise Invalid(
            f"Idempotency-Key is 1 to {MAX_KEY_CHARS} characters.", name="Idempotency-Key"
        )
    server = request.scope.get("server")
    launched = await parts.launcher.launch(
        caller,
        LaunchRequest(
            resource=data.resource,
            machine=data.machine,
            user=data.user,
            new=data.new,
            key=key,
            via_ip=server[0] if server else None,
            via_host=_host_name(request.headers.get("host")),
        ),
    )
    view = LaunchedView(
        session_id=launched.session_id,
        machine=launched.machine,
        display_path=f"/s/{launched.session_id}",
    )
    return Response(view, status_code=201 if launched.created else 200)


@routes.add("GET", V1 + "/sessions")
async def list_own_view(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> SessionPage:
    """Sessions in our own words, newest first, ended ones too."""
    size = page_limit(limit, 100, 1000)
    key = parts.site.token_key
    below = read_token(key, "own-sessions", continuationToken) if continuationToken else None
    rows, more = await parts.store.read(
        lambda c: queries.own_page(c, caller, size, below.after_uid if below else 0)
    )
    token = write_token(key, "own-sessions", PageToken(rows[-1].uid, 0)) if more else None
    return SessionPage(items=[_session(row) for row in rows], continuation_token=token)


@routes.add("GET", V1 + "/sessions/{id}")
async def get_own_view(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> SessionView:
    """A session in our own words; one that has ended for 24 h."""
    session_id = decode_parameter(id)
    row = await parts.store.read(lambda c: queries.get(c, caller, session_id, ended=True))
    if row is None:
        raise _no_session(session_id)
    return _session(row)


@routes.add("POST", V1 + "/sessions/{id}/tickets", status=201)
async def create_ticket(
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    data: JSONBody[NewTicket | None] = None,
) -> TicketView:
    """A ticket for the display. Another's session is opened by those who may shadow."""
    session_id = decode_parameter(id)
    mode = data.mode if data is not None else "interactive"
    row = await parts.store.read(lambda c: queries.get(c, caller, session_id))
    if row is None:
        raise _no_session(session_id)
    if row.account_id != caller.account_id and not caller.may(Permission.SHADOW):
        raise Forbidden(f"This needs the permission {Permission.SHADOW}.")
    if row.display is None:
        raise Conflict("The session is not up yet.", id=row.id)
    ticket = Ticket(row.id, caller.account_id, mode)
    text, expires_at_ms = await parts.store.write(lambda tx: tickets.make(tx, ticket))
    return TicketView(ticket=text, expires_at=rfc3339_of(expires_at_ms))


@routes.add("GET", V1 + "/accounts")
async def list_accounts(caller: GivenCaller, parts: GivenParts) -> AccountList:
    """All accounts of the site."""
    _need_manage(caller)
    return AccountList(items=[_account(a) for a in await parts.store.read(accounts.every)])


@routes.add("POST", V1 + "/accounts", status=201)
async def create_account(
    caller: GivenCaller, parts: GivenParts, data: JSONBody[NewAccount]
) -> AccountView:
    """Make an account."""
    _need_manage(caller)
    if data.password is not None:
        _check_password(data.password)
    stored = await passwords.hash_password(data.password) if data.password is not None else None
    account = await parts.store.write(
        lambda tx: accounts.create(
            tx,
            data.name,
            display_name=data.display_name,
            password_hash=stored,
            administrator=data.administrator,
        )
    )
    return _account(account)


@routes.add("POST", V1 + "/accounts/{id}/password")
async def set_password(
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    data: JSONBody[NewPassword | None] = None,
) -> Response[dict[str, str]]:
    """Set an account's password; its tokens are dead. The id may be the account's name."""
    _need_manage(caller)
    name = decode_parameter(id)
    account = await parts.store.read(
        lambda c: accounts.by_id(c, name.lower()) or accounts.by_name(c, name)
    )
    if account is None:
        raise NotFound("There is no such account.", entityType="Account", id=name)
    given = data.password if data is not None else None
    password = given if given is not None else passwords.new_secret()
    _check_password(password)
    stored = await passwords.hash_password(password)
    await parts.store.write(lambda tx: accounts.set_password(tx, account.id, stored))
    return Response({"name": account.name, "password": password})


@routes.add("GET", V1 + "/jobs/{id}")
async def get_job(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> JobView:
    """One of the caller's jobs."""
    row, progress = await _job(caller, parts, id)
    done = row.state == "done"
    return JobView(
        id=row.id,
        kind=row.kind,
        object_id=row.object_id,
        state=row.state,
        progress=progress,
        error=row.error,
        result_path=f"{V1}/jobs/{row.id}/result" if done else None,
    )


@routes.add("GET", V1 + "/jobs/{id}/result", answer="any")
async def get_job_result(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> File:
    """What the job has made."""
    row, _ = await _job(caller, parts, id)
    path = parts.jobs.result(row.id) / "recording.mp4"
    if row.state != "done" or not path.is_file():
        raise Conflict("The job has no result.", id=row.id)
    return File(path, media_type="video/mp4", filename=f"{row.object_id}.mp4")


def _host_name(header: str | None) -> str | None:
    """The name under which this server was called; None when it was called by its address."""
    name = re.sub(r":[0-9]+$", "", header or "")
    return name if re.search(r"[A-Za-z]", name) and not name.startswith("[") else None


async def _job(caller: Caller, parts: Parts, id: str) -> tuple[Any, float]:
    job_id = decode_parameter(id)
    found = await parts.jobs.find(caller.account_id, job_id)
    if found is None:
        raise NotFound("There is no such job.", entityType="Job", id=job_id)
    return found


def cookie_name(secure: bool) -> str:
    """The console cookie's name; the prefix binds it to this host and TLS where there is TLS."""
    return "__Host-footlight" if secure else "footlight"


def _cookie(parts: Parts, value: str, max_age_s: int) -> Cookie:
    return Cookie(
        key=cookie_name(parts.secure),
        value=value,
        max_age=max_age_s,
        path="/",
        httponly=True,
        samesite="strict",
        secure=parts.secure,
    )


def _me(caller: Caller) -> MeView:
    return MeView(
        account_id=caller.account_id,
        user_name=caller.user_name,
        display_name=caller.display_name,
        permissions=sorted(caller.permissions),
    )


def _session(row: Any) -> SessionView:
    return SessionView(
        id=row.id,
        user_name=row.user_name,
        machine_name=row.m_name,
        resource_name=row.resource_name,
        state="Ended" if row.ended_at_ms is not None else row.state,
        state_changed_at=rfc3339(row.state_changed_at_ms),
        started_at=rfc3339(row.started_at_ms),
        ended_at=rfc3339(row.ended_at_ms),
        recording=row.recording_live,
        recording_id=row.wanted_recording_id,
        end_reason=row.end_reason,
        exit_code=row.exit_code,
        exit_detail=row.exit_detail,
    )


def _account(account: Account) -> AccountView:
    return AccountView(
        id=account.id,
        name=account.name,
        display_name=account.display_name,
        administrator=account.administrator,
        can_sign_in=account.password_hash is not None and account.enabled,
    )


def _need_manage(caller: Caller) -> None:
    if not caller.may(Permission.MANAGE):
        raise Forbidden(f"This needs the permission {Permission.MANAGE}.")


def _check_password(password: str) -> None:
    if not 8 <= len(password) <= 256:
        raise Invalid("A password has 8 to 256 characters.", name="password")


def _no_session(session_id: str) -> NotFound:
    return NotFound(
        "There is no such session.", code="UnknownSession", entityType="Session", id=session_id
    )
