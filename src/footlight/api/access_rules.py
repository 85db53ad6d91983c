"""What viewers of a delivery group's sessions may do."""

from __future__ import annotations

from litestar.params import FromPath, JSONBody
from sqlalchemy import Connection

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.site import access_rules, groups
from footlight.site.access_rules import Rules
from footlight.store.store import Tx
from footlight.wire.own import AccessRulesChange, AccessRulesView

routes = Routes(cvad=False)
PATH = "/footlight/v1/delivery-groups/{nameOrId}/access"


@routes.add("GET", PATH, statuses=(200, 401, 403, 404))
async def get_access_rules(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> AccessRulesView:
    """The group's rules."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> Rules:
        return access_rules.of_group(connection, groups.get(connection, caller, name).id)

    return _view(await parts.store.read(read))


@routes.add("PATCH", PATH, statuses=(200, 400, 401, 403, 404))
async def change_access_rules(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    data: JSONBody[AccessRulesChange],
) -> AccessRulesView:
    """Change what the body names. Viewers that are there under other rules have to come again within seconds."""
    name = decode_parameter(nameOrId)

    def write(tx: Tx) -> Rules:
        group = groups.get(tx.connection, caller, name)
        return access_rules.change(tx, caller, group, data)

    return _view(await parts.store.write(write))


def _view(rules: Rules) -> AccessRulesView:
    return AccessRulesView(
        clipboard=rules.clipboard,
        ask_before_shadowing=rules.ask_before_shadowing,
        files=rules.files,
    )
