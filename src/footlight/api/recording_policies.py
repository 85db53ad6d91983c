"""Recording policies: who is recorded and how, in which order they are asked, and what that takes."""

from __future__ import annotations

from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy import Connection

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Permission
from footlight.errors import Invalid
from footlight.policies import explained, forecast, kept
from footlight.policies.forecast import Amount
from footlight.store.store import Tx
from footlight.wire.policies import (
    ForecastView,
    NewPolicy,
    PolicyChange,
    PolicyForecast,
    PolicyList,
    PolicyOrder,
    PolicyView,
    ResourceForecast,
)

routes = Routes(cvad=False)
PATH = "/footlight/v1/recording-policies"
ONE = PATH + "/{id}"
FORECAST_DAYS = 30
MOST_DAYS = 3650


@routes.add("GET", PATH, statuses=(200, 401, 403))
async def list_policies(caller: GivenCaller, parts: GivenParts) -> PolicyList:
    """All policies in their order. The first enabled one whose conditions all hold decides on a session."""
    caller.require_everywhere(Permission.RECORDING_POLICY)
    return await parts.store.read(_all)


@routes.add("POST", PATH, status=201, statuses=(201, 400, 401, 403, 409))
async def create_policy(
    caller: GivenCaller, parts: GivenParts, data: JSONBody[NewPolicy]
) -> PolicyView:
    """A new policy, at its `position` or the last. Sessions that run are decided on anew within seconds."""

    def write(tx: Tx) -> PolicyView:
        row = kept.create(tx, caller, data, parts.site.name)
        return explained.views(tx.connection, [row])[0]

    return await parts.store.write(write)


@routes.add("PUT", PATH + "/order", statuses=(200, 400, 401, 403))
async def order_policies(
    caller: GivenCaller, parts: GivenParts, data: JSONBody[PolicyOrder]
) -> PolicyList:
    """Give all policies their order at once."""

    def write(tx: Tx) -> PolicyList:
        kept.order(tx, caller, data.ids)
        return _all(tx.connection)

    return await parts.store.write(write)


@routes.add("GET", PATH + "/forecast", statuses=(200, 400, 401, 403))
async def forecast_recordings(
    caller: GivenCaller, parts: GivenParts, days: FromQuery[int | None] = None
) -> ForecastView:
    """How much an hour of recording takes, by resource, and what the sessions come to that each policy has recorded
    now: from the recordings that ended within `days` (30)."""
    caller.require_everywhere(Permission.RECORDING_POLICY)
    span = FORECAST_DAYS if days is None else days
    if not 1 <= span <= MOST_DAYS:
        raise Invalid(f"days is 1 to {MOST_DAYS}.", name="days", problem="outOfRange")
    now_ms = parts.clock.now_ms()
    return await parts.store.read(lambda c: _forecast(c, now_ms, span))


@routes.add("GET", ONE, statuses=(200, 401, 403, 404))
async def get_policy(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> PolicyView:
    """One policy, by id or name."""
    caller.require_everywhere(Permission.RECORDING_POLICY)
    policy_id = decode_parameter(id)
    return await parts.store.read(lambda c: explained.views(c, [kept.get(c, policy_id)])[0])


@routes.add("PATCH", ONE, statuses=(200, 400, 401, 403, 404, 409))
async def change_policy(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], data: JSONBody[PolicyChange]
) -> PolicyView:
    """Change what the body names. Sessions that run are decided on anew within seconds."""
    policy_id = decode_parameter(id)

    def write(tx: Tx) -> PolicyView:
        row = kept.change(tx, caller, policy_id, data, parts.site.name)
        return explained.views(tx.connection, [row])[0]

    return await parts.store.write(write)


@routes.add("DELETE", ONE, status=204, statuses=(204, 401, 403, 404))
async def delete_policy(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> None:
    """It decides on nothing any more; what was recorded by it stays."""
    policy_id = decode_parameter(id)
    await parts.store.write(lambda tx: kept.delete(tx, caller, policy_id))


def _all(connection: Connection) -> PolicyList:
    return PolicyList(items=explained.views(connection, kept.every(connection)))


def _forecast(connection: Connection, now_ms: int, days: int) -> ForecastView:
    by_resource = forecast.recorded(connection, now_ms, days)
    held = forecast.decided(connection)
    whole = sum(by_resource.values(), Amount())
    return ForecastView(
        days=days,
        bytes_per_hour=whole.bytes_per_hour,
        hours=whole.hours,
        recordings=whole.recordings,
        resources=[
            ResourceForecast(
                resource_name=name,
                bytes_per_hour=amount.bytes_per_hour,
                hours=amount.hours,
                recordings=amount.recordings,
            )
            for name, amount in by_resource.items()
        ],
        policies=[
            PolicyForecast(
                id=row.id,
                name=row.name,
                sessions=sum(one.sessions for one in held if one.policy_id == row.id),
                bytes_per_hour=forecast.of_policy(row, held, by_resource),
            )
            for row in kept.every(connection)
        ],
    )
