"""Launching: entitlement, take-up or choice of a machine, the new row, and the wait for its X server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, func, select

from footlight.access import accounts, visits
from footlight.access.accounts import Account, Source
from footlight.audit.log import Act, record
from footlight.broker import launch_notes
from footlight.broker.choose import Refusal, Wish, choose
from footlight.broker.linux_accounts import linux_account
from footlight.caller import Caller, Permission
from footlight.clock import Clock
from footlight.errors import Conflict, Forbidden, NotFound, Unavailable
from footlight.ids import new_guid
from footlight.sessions import actions, queries
from footlight.sessions.actions import NewSession
from footlight.sessions.watch import Watch
from footlight.site import entitlement, machines, offers, resources
from footlight.site.entitlement import Person
from footlight.site.machines import Machine
from footlight.site.offers import Closed
from footlight.site.resources import Resource
from footlight.site.tags import Tagged
from footlight.store import schema, sight
from footlight.store.store import Store, Tx
from footlight.wire.host import Launch

UP_WITHIN_S = 15.0
KEY_LIFE_MS = 600_000


@dataclass(frozen=True)
class LaunchRequest:
    """What a caller asks for. `user` None: the caller itself; `via`: address and name of this server."""

    resource: str
    machine: str | None = None
    user: str | None = None
    new: bool = False
    key: str | None = None  # Idempotency-Key
    via_ip: str | None = None
    via_host: str | None = None


@dataclass(frozen=True)
class Launched:
    """The session, whether it was made by this call (or the first one of its key), and its machine's name."""

    session_id: str
    created: bool
    machine: str
    notes: tuple[str, ...] = ()  # what will be missing, for people


class Launcher:
    """Starts sessions, or leads to running ones."""

    def __init__(self, store: Store, watch: Watch, clock: Clock, site_name: str) -> None:
        self._store = store
        self._watch = watch
        self._clock = clock
        self._site_name = site_name

    async def launch(self, caller: Caller, request: LaunchRequest) -> Launched:
        """Returns once the X server answers. Raises NotFound for an unknown resource, Forbidden for another
        user without the right, Conflict for a refusal, Unavailable for no capacity or silence."""
        begun_ns = self._clock.monotonic_ns()
        user = await self._store.read(lambda c: self._user(c, caller, request.user))
        for_another = user.account_id != caller.account_id
        if for_another and not caller.may(Permission.LAUNCH_AS):
            raise Forbidden(f"This needs the permission {Permission.LAUNCH_AS}.")
        person = (
            entitlement.VISITOR
            if user.source == "visitor"
            else await asyncio.to_thread(entitlement.person, user.name, user.source, user.groups)
        )

        def decide(tx: Tx) -> Launched:
            brokering_ms = (self._clock.monotonic_ns() - begun_ns) // 1_000_000
            launched = _decide(tx, caller, request, person, self._site_name, brokering_ms)
            if for_another:
                record(tx, caller, _act(request, launched))
            return launched

        launched = await self._store.write(decide)
        row = await self._watch.until(lambda c: _up_or_over(c, launched.session_id), UP_WITHIN_S)
        if row is None:
            await self._store.write(lambda tx: _give_up(tx, launched.session_id))
            raise Unavailable(
                "The host has not started the session in time.", id=launched.session_id
            )
        if row.display is None:
            raise Unavailable(
                f"The session could not start: {row.end_reason}", id=launched.session_id
            )
        return replace(launched, notes=launch_notes.of_session(user.source, row.logon))

    def _user(self, connection: Connection, caller: Caller, user: str | None) -> _User:
        """Whom the session is for; one without an account has only a name."""
        account = (
            accounts.by_id(connection, caller.account_id)
            if user is None
            else accounts.of_user_name(connection, self._site_name, user)
        )
        if account is None:
            return _User("", (user or caller.name).rpartition("\\")[2])
        told = accounts.groups_of(connection, account.id)
        name = accounts.user_name(self._site_name, account) if account.domain else account.name
        return _User(account.id, name, account.source, tuple(told))


@dataclass(frozen=True)
class _User:
    account_id: str  # "": there is none yet
    name: str
    source: Source = "site"
    groups: tuple[tuple[str, str], ...] = ()


def _up_or_over(connection: Connection, session_id: str) -> Row[Any] | None:
    row = queries.row(connection, session_id)
    return (
        row
        if row is not None and (row.display is not None or row.ended_at_ms is not None)
        else None
    )


def _give_up(tx: Tx, session_id: str) -> None:
    actions.settle_unstarted(tx, session_id, "the host has not started it in time")
    actions.want_end(tx, session_id, "the host has not started it in time")


def _decide(
    tx: Tx,
    caller: Caller,
    request: LaunchRequest,
    person: Person,
    site_name: str,
    brokering_ms: int,
) -> Launched:
    repeated = _by_key(tx, caller, request.key)
    if repeated is not None:
        return repeated
    resource, groups = _offer(tx.connection, caller, request.resource, person)
    account = _account(tx, caller, request.user, site_name)
    running = None if request.new else queries.to_take_up(tx.connection, account.id, resource.id)
    another = account.id != caller.account_id
    if running is not None and another:
        held = queries.may(tx.connection, caller, running.id, Permission.LAUNCH_AS)
        running = running if held else None
    if running is not None:
        machine = machines.get(tx.connection, running.machine_id)
        _check_reconnection(tx.connection, machine)
        launched = Launched(running.id, False, machine.name if machine is not None else "")
    else:
        _check_instances(tx, resource, account)
        if account.source == "visitor":
            visits.check_first(tx.connection, account.id)
        wish = Wish(groups, request.machine, person.names, caller.address)
        machine = _machine(tx, caller if another else None, wish, resource)
        if machine.private and not machine.assigned:
            entitlement.assign(tx, machine.id, (account.name,))
        launched = Launched(new_guid(), True, machine.name)
        actions.create(
            tx,
            NewSession(
                id=launched.session_id,
                account_id=account.id,
                user_display_name=account.display_name,
                machine_id=machine.id,
                launch=launch_of(
                    resource, account, machine, site_name, "" if another else caller.logon
                ),
                brokered_by=accounts.user_name(site_name, account),
                brokering_ms=brokering_ms,
                anonymous=account.source == "visitor",
                client_address=caller.address,
                launched_via_ip=request.via_ip,
                launched_via_host=request.via_host,
            ),
        )
    _keep_key(tx, caller, request.key, launched)
    return launched


def _offer(
    connection: Connection, caller: Caller, name: str, person: Person
) -> tuple[Resource, tuple[str, ...]]:
    """The resource of that name that the person is offered, and the groups that give it. Raises NotFound also for
    one that is not offered, unless the caller may see that it is there; then Conflict."""
    named = resources.named(connection, name)
    answers = offers.offered(connection, person, named)
    ready = [one for one in named if not isinstance(answers[one.id], Closed)]
    # Of several that bear the name one with machines is meant: a client that sets up a site gives the names anew
    # that its samples have.
    hosts = machines.grouped(connection)
    ready.sort(key=lambda one: hosts.isdisjoint(one.delivery_group_ids))
    for one in ready:
        groups = answers[one.id]
        if not isinstance(groups, Closed):
            return one, groups
    for one in named:
        why = answers[one.id]
        if why is Closed.IN_MAINTENANCE:
            raise Conflict(why.value, code="GroupInMaintenanceMode", id=one.id)
        if why is Closed.DISABLED:
            raise Conflict(why.value, id=one.id)
        seen = select(schema.resources.c.id).where(
            schema.resources.c.id == one.id, sight.applications(caller)
        )
        if connection.execute(seen).first() is not None:
            raise Conflict(Closed.NOT_ENTITLED.value, code="UserNotAuthorized", id=one.id)
    raise NotFound(
        f"There is no resource {name!r}.",
        code="UnknownApplication",
        entityType="Resource",
        id=name,
    )


def _check_reconnection(connection: Connection, machine: Machine | None) -> None:
    """Raises Conflict when the machine's group is in maintenance: then nobody reconnects either."""
    g = schema.delivery_groups
    group_id = None if machine is None else machine.delivery_group_id
    if group_id is not None:
        kept = select(g.c.in_maintenance).where(g.c.id == group_id)
        if connection.execute(kept).scalar():
            raise Conflict(Closed.IN_MAINTENANCE.value, code="GroupInMaintenanceMode", id=group_id)


def _check_instances(tx: Tx, resource: Resource, account: Account) -> None:
    """Raises Conflict when there are as many sessions of the resource as there may be."""
    s = schema.sessions
    live = select(func.count()).where(s.c.resource_id == resource.id, s.c.ended_at_ms.is_(None))
    own = live.where(s.c.account_id == account.id)
    for most, counted, whose in (
        (resource.max_total_instances, live, "in all"),
        (resource.max_per_user_instances, own, "of one user"),
    ):
        if most and tx.connection.execute(counted).scalar_one() >= most:
            raise Conflict(
                f"{resource.name} runs {most} times {whose} at most.",
                code="NoAvailableMachine",
                id=resource.id,
            )


def _account(tx: Tx, caller: Caller, user: str | None, site_name: str) -> Account:
    """The account that the session is for. An administrator may launch for a name of the site that has no account
    yet: it is made, without a password."""
    account = (
        accounts.by_id(tx.connection, caller.account_id)
        if user is None
        else accounts.of_user_name(tx.connection, site_name, user)
    )
    if account is None:
        domain, _, name = str(user).rpartition("\\")
        if domain.lower() not in ("", ".", site_name.lower()):
            raise NotFound(
                "There is no such user.", code="UnknownAccount", entityType="User", id=str(user)
            )
        account = accounts.create(tx, name)
    if not account.enabled:
        raise Conflict(f"The account {account.name!r} is disabled.", code="UserNotAuthorized")
    return account


def _act(request: LaunchRequest, launched: Launched) -> Act:
    return Act(
        text=f"Launch '{request.resource}' as '{request.user}' on {launched.machine}",
        kind="AdminActivity",
        target_type="Session",
        object_id=launched.session_id,
        object_name=request.resource,
        parameters={"User": str(request.user), "Machine": launched.machine},
    )


def _machine(tx: Tx, launcher: Caller | None, wish: Wish, resource: Resource) -> Machine:
    """The machine for a new session. `launcher`: who launches for another, and so only on machines on which he
    has the permission."""
    s = schema.sessions
    counts = select(s.c.machine_id, func.count()).where(s.c.ended_at_ms.is_(None))
    load = {row[0]: row[1] for row in tx.connection.execute(counts.group_by(s.c.machine_id))}
    held = machines.of_groups(tx.connection, wish.delivery_group_ids)
    if resource.restrict_to_tag is not None:
        on = schema.tag_objects.c
        marked = select(on.object_id).where(
            on.tag_id == resource.restrict_to_tag, on.object_kind == Tagged.MACHINE
        )
        marked_ids = set(tx.connection.execute(marked).scalars())
        held = [machine for machine in held if machine.id in marked_ids]
    if launcher is not None:
        m = schema.machines
        seen = select(m.c.id).where(sight.machines(launcher, Permission.LAUNCH_AS))
        ids = set(tx.connection.execute(seen).scalars())
        held = [machine for machine in held if machine.id in ids]
    chosen = choose(wish, held, load)
    match chosen:
        case Machine():
            return chosen
        case Refusal.UNKNOWN_MACHINE:
            raise NotFound(
                chosen.value, code="UnknownMachine", entityType="Machine", id=str(wish.machine)
            )
        case Refusal.IN_MAINTENANCE:
            raise Conflict(chosen.value, code="InMaintenanceMode")
        case Refusal.NOT_REGISTERED:
            raise Unavailable(chosen.value, code="MachineNotRegistered")
        case Refusal.NO_MACHINE:
            raise Unavailable(chosen.value, code="NoAvailableMachine")


def launch_of(
    resource: Resource, account: Account, machine: Machine, site_name: str, logon: str = ""
) -> Launch:
    """What the machine is told to run for the account; `logon`: see linux_accounts.py. Raises Conflict."""
    return Launch(
        resource_id=resource.id,
        resource_name=resource.name,
        session_type="Desktop" if resource.kind == "Desktop" else "Application",
        account=linux_account(account, machine, logon),
        user_name=accounts.user_name(site_name, account),
        machine_name=machine.name,
        command=resource.command,
        working_dir=resource.working_dir,
    )


_k = schema.launch_keys


def _by_key(tx: Tx, caller: Caller, key: str | None) -> Launched | None:
    """The first answer to this key. One whose session has never come up is not repeated."""
    if key is None:
        return None
    tx.connection.execute(_k.delete().where(_k.c.expires_at_ms < tx.now_ms))
    chosen = select(_k).where(_k.c.account_id == caller.account_id, _k.c.key == key)
    kept = tx.connection.execute(chosen).first()
    if kept is None:
        return None
    session = queries.row(tx.connection, kept.session_id)
    machine = machines.get(tx.connection, session.machine_id) if session is not None else None
    if machine is None:
        return None
    return Launched(kept.session_id, kept.created, machine.name)


def _keep_key(tx: Tx, caller: Caller, key: str | None, launched: Launched) -> None:
    if key is not None:
        tx.connection.execute(
            _k.insert().values(
                account_id=caller.account_id,
                key=key,
                session_id=launched.session_id,
                created=launched.created,
                expires_at_ms=tx.now_ms + KEY_LIFE_MS,
            )
        )
