"""People without an account: what is offered to them, and beginning a visit."""

from __future__ import annotations

from litestar import Request, Response
from litestar.datastructures import State
from litestar.params import JSONBody
from sqlalchemy import Connection

from footlight.access import accounts, visits
from footlight.access.accounts import Account
from footlight.access.visits import Bounds
from footlight.api.door import entry_of
from footlight.api.given import GivenParts
from footlight.api.parts import Parts
from footlight.api.routing import Routes
from footlight.api.sign_in import token_cookie
from footlight.errors import Forbidden
from footlight.site import entitlement, offers
from footlight.store.store import Tx
from footlight.wire.own import NewVisit, VisitsView, VisitView
from footlight.wire.rest.dates import rfc3339_of

routes = Routes(cvad=False)
PATH = "/footlight/v1/visits"


@routes.add("GET", PATH, open=True, statuses=(200,))
async def get_visits(parts: GivenParts) -> VisitsView:
    """Whether anything may be launched without an account."""
    return VisitsView(offered=await parts.store.read(lambda c: _is_offered(c, parts)))


@routes.add("POST", PATH, status=201, open=True, gives=VisitView, statuses=(201, 400, 403, 429))
async def begin_visit(
    request: Request[object, object, State], parts: GivenParts, data: JSONBody[NewVisit]
) -> Response[VisitView]:
    """Begin one: a token for one session, also as the console's cookie."""
    address = entry_of(request.scope).address
    config = parts.config
    bounds = Bounds(config.visitors, config.visitors_per_address, config.visitor_minutes * 60_000)

    def write(tx: Tx) -> tuple[Account, int]:
        if not _is_offered(tx.connection, parts, data.resource):
            raise Forbidden("Nothing is offered here without signing in.")
        return visits.begin(tx, address, bounds)

    account, until_ms = await parts.store.write(write)
    signed_in = await parts.access.visit(account, until_ms, address)
    view = VisitView(
        account_id=account.id,
        user_name=accounts.user_name(parts.site.name, account),
        display_name=account.display_name,
        permissions=[],
        token=signed_in.text,
        expires_at=rfc3339_of(until_ms),
    )
    response = Response(view, status_code=201)
    response.set_cookie(token_cookie(parts, signed_in.text, config.visitor_minutes * 60))
    return response


def _is_offered(connection: Connection, parts: Parts, name: str | None = None) -> bool:
    """Whether that is offered to visitors, or anything."""
    if parts.config.visitors == 0:
        return False
    found = offers.listed(connection, entitlement.VISITOR)
    return any(name is None or name.lower() in (r.id, r.published_name.lower()) for r in found)
