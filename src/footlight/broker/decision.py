"""What becomes of a launch, within one transaction: entitlement, take-up of a running session or choice of a machine,
and the new row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, select

from footlight.access import accounts, visits
from footlight.access.accounts import Account
from footlight.broker import places
from footlight.broker.choose import Wish, choose
from footlight.broker.linux_accounts import linux_account
from footlight.broker.load import DEFAULT_SCALE, Scale
from footlight.broker.refusal import BY_CLOSED, Reason, Refused, error_of
from footlight.caller import Caller, Permission
from footlight.errors import NotFound
from footlight.ids import new_guid
from footlight.policies import beginning, reviews
from footlight.sessions import actions, queries
from footlight.sessions.actions import NewSession
from footlight.site import entitlement, machines, offers, resources
from footlight.site.entitlement import Person
from footlight.site.machines import Machine
from footlight.site.offers import Closed
from footlight.site.resources import Resource
from footlight.store import schema, sight
from footlight.store.store import Tx
from footlight.wire.host import Launch

KEY_LIFE_MS = 600_000


@dataclass(frozen=True)
class LaunchRequest:
    """What a caller asks for. `user` None: the caller itself; `via`: address and name of this server."""

    resource: str
    machine: str | None = None
    user: str | None = None
    new: bool = False
    key: str | None = None  # Idempotency-Key
    wait_s: int | None = None  # for a machine, when none is free; None: as the site has it
    via_ip: str | None = None
    via_host: str | None = None


@dataclass(frozen=True)
class Launched:
    """The session, whether it was made by this call (or the first one of its key), and its machine's name."""

    session_id: str
    created: bool
    machine: str
    notes: tuple[str, ...] = ()  # what will be missing, for people


@dataclass(frozen=True)
class Terms:
    """What the site says of all launches. `most_of_user`: live sessions of one user in all; 0: any number. `wait_s`:
    how long a launch that says nothing of it waits for a machine, and `most_wait_s` the longest that one may."""

    scale: Scale = DEFAULT_SCALE
    most_of_user: int = 0
    wait_s: int = 0
    most_wait_s: int = 60


@dataclass(frozen=True)
class Turned:
    """A launch that was refused; with the names of the groups of which its caller may know why, by id."""

    refused: Refused
    group_names: Mapping[str, str] = field(default_factory=dict)


class TurnedAway(Exception):
    """Takes back what the transaction has written."""

    def __init__(self, turned: Turned) -> None:
        super().__init__(turned.refused.reason.sentence)
        self.turned = turned


def decide(
    tx: Tx,
    caller: Caller,
    request: LaunchRequest,
    person: Person,
    site_name: str,
    terms: Terms,
    brokering_ms: int,
) -> Launched:
    """The session that the launch leads to. Raises TurnedAway when there is no place for it now, NotFound and
    Conflict when it is not for the user at all."""
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
        if not another:
            reviews.ask(tx, running.id, caller.address)
        launched = Launched(running.id, False, machine.name if machine is not None else "")
    else:
        wish = wish_of(resource, groups, person, request.machine, caller.address)
        if account.source == "visitor":
            visits.check_first(tx.connection, account.id)
        machine = _machine(tx, caller, wish, resource, account, terms)
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
        beginning.decide(tx, launched.session_id, person.names)
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
        if why in (Closed.IN_MAINTENANCE, Closed.DISABLED):
            raise error_of(Refused(BY_CLOSED[why], one.id), {})
        seen = select(schema.resources.c.id).where(
            schema.resources.c.id == one.id, sight.applications(caller)
        )
        if connection.execute(seen).first() is not None:
            raise error_of(Refused(Reason.NOT_ENTITLED, one.id), {})
    raise NotFound(
        f"There is no resource {name!r}.",
        code="UnknownApplication",
        entityType="Resource",
        id=name,
    )


def _check_reconnection(connection: Connection, machine: Machine | None) -> None:
    """Raises Conflict when the machine's group is in maintenance: then nobody reconnects either; nor to a machine
    for one session at a time that is. Source: rest-api.md section 7.1."""
    if machine is None:
        return
    m, g, c = schema.machines, schema.delivery_groups, schema.catalogs
    query = (
        select(g.c.in_maintenance, c.c.session_support)
        .select_from(
            m.outerjoin(g, m.c.delivery_group_id == g.c.id).outerjoin(c, m.c.catalog_id == c.c.id)
        )
        .where(m.c.id == machine.id)
    )
    row = connection.execute(query).one()
    if row.in_maintenance:
        group_id = str(machine.delivery_group_id)
        raise error_of(Refused(Reason.GROUP_IN_MAINTENANCE, group_id), {})
    if machine.in_maintenance and row.session_support == "SingleSession":
        raise error_of(Refused(Reason.IN_MAINTENANCE, machine.id), {})


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
        raise error_of(Refused(Reason.ACCOUNT_DISABLED, account.id), {})
    return account


def wish_of(
    resource: Resource,
    group_ids: tuple[str, ...],
    person: Person,
    machine: str | None = None,
    address: str | None = None,
) -> Wish:
    """What the choice is asked for, without what the user has already."""
    return Wish(
        group_ids,
        machine,
        person.names,
        address,
        resource.restrict_to_tag,
        resource.home_zone_id,
        resource.home_zone_only,
    )


def _machine(
    tx: Tx, caller: Caller, wish: Wish, resource: Resource, account: Account, terms: Terms
) -> Machine:
    """The machine for a new session. Who launches for another gets those on which he has the permission."""
    connection = tx.connection
    own = places.own_sessions(connection, account.id)
    reached = places.limit_reached(connection, resource, account.id, own, terms.most_of_user)
    if reached is not None:
        raise TurnedAway(Turned(Refused(reached, resource.id)))
    wish = replace(wish, own=own)
    launcher = caller if account.id != caller.account_id else None
    chosen = choose(wish, places.places(connection, wish, terms.scale, launcher))
    if isinstance(chosen, Refused):
        names = places.group_names(connection, caller, wish.delivery_group_ids)
        raise TurnedAway(Turned(chosen, names))
    return chosen.machine


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
