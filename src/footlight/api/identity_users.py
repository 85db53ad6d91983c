"""Users and groups, as a directory would tell them. Source: rest-api.md sections 4.8 and 7.5."""

from __future__ import annotations

from typing import Any, get_args

from litestar import Request
from litestar.params import FromPath, FromQuery

from footlight.access import accounts, directory
from footlight.access.accounts import user_name
from footlight.access.directory import MAX_ENTRIES, Entry, Kind, Wanted, Way
from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.audit.log import Act, record
from footlight.caller import Permission
from footlight.errors import Conflict, Invalid, NotFound, Unauthenticated
from footlight.site.names import checked_name
from footlight.site.settings import require_everywhere
from footlight.store.store import Tx
from footlight.wire.rest.identity import IdentityUserType, UserUpdate, ValidateUserRequest
from footlight.wire.rest.paging import Collection
from footlight.wire.rest.user import IdentityDirectory, IdentityProvider, IdentityUser

routes = Routes(cvad=True)

Call = Request[Any, Any, Any]
MAX_NAMES = 200
ALL_PROPERTIES = 4_294_967_295
# Bits of what is filled here are not published: a mask is answered by itself, cut to 31 bits (int32).
_SIGNED = 0x7FFFFFFF
_KINDS: dict[str, frozenset[Kind]] = {
    "user": frozenset(("User",)),
    "group": frozenset(("Group",)),
}


@routes.add(
    "GET",
    "/Identity/Users",
    job="GetUsersIdentity",
    statuses=(200, 400, 401, 403),
)
async def list_users(
    caller: GivenCaller,
    parts: GivenParts,
    user: FromQuery[list[str] | None] = None,
    startsWith: FromQuery[str | None] = None,
    contains: FromQuery[str | None] = None,
    matches: FromQuery[str | None] = None,
    userType: FromQuery[str | None] = None,
    provider: FromQuery[str | None] = None,
    domain: FromQuery[str | None] = None,
    forest: FromQuery[str | None] = None,
    propertiesToRetrieve: FromQuery[int | None] = None,
    limit: FromQuery[int | None] = None,
) -> Collection[IdentityUser]:
    """Accounts of the site, and users and groups of its host; those of these names, or that fit a text."""
    caller.require(Permission.IDENTITY_READ)
    if limit is not None and not 1 <= limit <= MAX_ENTRIES:
        raise Invalid(f"limit is 1 to {MAX_ENTRIES}.", name="limit", problem="outOfRange")
    wanted = _wanted(user, {"startsWith": startsWith, "contains": contains, "matches": matches})
    wanted = Wanted(
        names=wanted.names,
        way=wanted.way,
        text=wanted.text,
        kinds=_kinds(userType),
        domain=domain or None,
    )
    foreign = forest and forest.lower() != parts.site.name.lower()
    if foreign or _provider(provider) not in ("Unknown", "AD", "All"):
        return Collection(items=[], total_items=0)
    found = await directory.look(parts.store, parts.site.name, directory.host_name(), wanted)
    mask = _SIGNED & (ALL_PROPERTIES if propertiesToRetrieve is None else propertiesToRetrieve)
    items = [_wire(parts, entry, mask) for entry in found[:limit]]
    return Collection(items=items, total_items=len(found))


@routes.add("GET", "/Identity/Users/{userOrGroup}", statuses=(200, 401, 403, 404))
async def get_user(
    caller: GivenCaller, parts: GivenParts, userOrGroup: FromPath[str]
) -> IdentityUser:
    """A user or group, by name or SID."""
    caller.require(Permission.IDENTITY_READ)
    return _wire(parts, await _found(parts, decode_parameter(userOrGroup)), _SIGNED)


@routes.add(
    "PATCH",
    "/Identity/Users/{userOrGroup}",
    job="UpdateUserIdentity",
    takes=UserUpdate,
    statuses=(200, 400, 401, 403, 404, 409),
)
async def update_user(
    request: Call, caller: GivenCaller, parts: GivenParts, userOrGroup: FromPath[str]
) -> IdentityUser:
    """Change the display name of an account of the site; those of the operating system are not ours to change."""
    require_everywhere(caller, Permission.SITE_CONFIGURE)
    name = decode_parameter(userOrGroup)
    entry = await _found(parts, name)
    wanted = await json_body(request, UserUpdate)
    account_id = entry.account_id
    if account_id is None:
        raise Conflict("The operating system keeps this one.", id=name)
    if wanted.display_name is not None:
        shown = checked_name(wanted.display_name, "DisplayName", longest=128)

        def write(tx: Tx) -> None:
            accounts.set_display_name(tx, account_id, shown)
            act = Act(
                text=f"Edit account '{entry.name}'",
                target_type="Account",
                object_id=account_id,
                object_name=entry.name,
                changes={"DisplayName": (entry.display_name, shown)},
            )
            record(tx, caller, act)

        await parts.store.write(write)
    return _wire(parts, await _found(parts, name), _SIGNED)


@routes.add(
    "POST",
    "/Identity/Users/$validate",
    takes=ValidateUserRequest,
    statuses=(200, 400, 401, 403),
)
async def validate_user(request: Call, caller: GivenCaller, parts: GivenParts) -> IdentityUser:
    """Whether name and password of an account of the site belong together; delayed and locked out as signing
    in is."""
    caller.require(Permission.IDENTITY_READ)
    wanted = await json_body(request, ValidateUserRequest)
    try:
        account = await parts.access.validate(
            wanted.user_name, wanted.password, entry_of(request.scope).address
        )
    except Unauthenticated:
        # 401 would tell the caller that its own token is not good.
        raise Invalid(
            "The user name or password is not right.", code="InvalidAccount", name="Password"
        ) from None
    name = user_name(parts.site.name, account) if account.domain else account.name
    return _wire(parts, await _found(parts, name), _SIGNED)


async def _found(parts: Parts, name: str) -> Entry:
    entry = await directory.find(parts.store, parts.site.name, directory.host_name(), name)
    if entry is None:
        raise NotFound(
            "There is no such user or group.", code="UnknownAccount", entityType="User", id=name
        )
    return entry


def _wanted(names: list[str] | None, ways: dict[Way, str | None]) -> Wanted:
    """Raises Invalid for more than one way to look."""
    if len(names or ()) > MAX_NAMES:
        raise Invalid(f"At most {MAX_NAMES} users.", name="user", problem="outOfRange")
    given: list[tuple[Way, str]] = [(way, text) for way, text in ways.items() if text]
    if len(given) > 1:
        raise Invalid("startsWith, contains and matches exclude each other.", name=given[1][0])
    way, text = given[0] if given else (None, "")
    return Wanted(names=tuple(names) if names else None, way=way, text=text[:256])


def _kinds(text: str | None) -> frozenset[Kind]:
    known = {one.lower() for one in get_args(IdentityUserType)}
    if text and text.lower() not in known:
        raise Invalid(
            "There is no such type of user.",
            name="userType",
            value=text[:64],
            problem="invalidEnum",
        )
    return _KINDS.get((text or "").lower(), frozenset(("User", "Group")))


def _provider(text: str | None) -> str:
    known: dict[str, str] = {one.lower(): one for one in get_args(IdentityProvider)}
    if text and text.lower() not in known:
        raise Invalid(
            "There is no such identity provider.",
            name="provider",
            value=text[:64],
            problem="invalidEnum",
        )
    return known[(text or "All").lower()]


def _wire(parts: Parts, entry: Entry, mask: int) -> IdentityUser:
    full = f"{entry.domain}\\{entry.name}"
    return IdentityUser(
        display_name=entry.display_name,
        sam_name=full,
        sam_account_name=entry.name,
        common_name=entry.display_name,
        principal_name=f"{entry.name}@{entry.domain.lower()}",
        sid=entry.sid,
        user_identity=full,
        is_built_in=entry.is_built_in,
        is_group=entry.kind == "Group",
        name=full,
        enabled=entry.enabled,
        properties_fetched=mask,
        directory=IdentityDirectory(forest=parts.site.name, domain=entry.domain),
        domain=entry.domain,
        forest=parts.site.name,
        guid=entry.account_id,
    )
