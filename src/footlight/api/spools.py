"""What session hosts still hold of recordings, because the store has not taken it yet."""

from __future__ import annotations

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.routing import Routes
from footlight.caller import Permission
from footlight.site import spools
from footlight.site.spools import Spool
from footlight.wire.own import SpoolList, SpoolView
from footlight.wire.rest.dates import rfc3339_of

routes = Routes(cvad=False)


@routes.add("GET", "/footlight/v1/spools", statuses=(200, 401, 403))
async def list_spools(caller: GivenCaller, parts: GivenParts) -> SpoolList:
    """The spool of each session host that the caller sees, as last reported."""
    caller.require(Permission.MACHINE_READ)
    found = await parts.store.read(lambda c: spools.seen(c, caller))
    return SpoolList(items=[_view(one) for one in found])


def _view(spool: Spool) -> SpoolView:
    facts = spool.facts
    return SpoolView(
        machine_id=spool.machine_id,
        machine_name=spool.machine_name,
        registered=spool.registered,
        size_bytes=facts.size_bytes,
        limit_bytes=facts.limit_bytes,
        oldest_at=None if facts.oldest_at_ms is None else rfc3339_of(facts.oldest_at_ms),
        uploads_fail_since=(
            None if facts.failing_since_ms is None else rfc3339_of(facts.failing_since_ms)
        ),
        failure=facts.failure,
        full=facts.full,
        text=spools.words_of(facts),
    )
