"""Where hosts put files of recordings that the site keeps in a folder: by a ticket, which names all that may come."""

from __future__ import annotations

from litestar import Request
from litestar.datastructures import State
from litestar.params import FromPath

from footlight.api.body_pieces import body_pieces
from footlight.api.given import GivenParts
from footlight.api.routing import Routes
from footlight.archive.uploads import TICKETS_PATH
from footlight.errors import NotFound

routes = Routes(cvad=False)


@routes.add(
    "PUT",
    TICKETS_PATH + "/{ticket}",
    status=204,
    open=True,
    body="stream",
    answer="any",
    statuses=(204, 400, 404, 408, 409),
)
async def put_upload(
    request: Request[object, object, State], parts: GivenParts, ticket: FromPath[str]
) -> None:
    """Put a file with a ticket that the site has given to a session host."""
    if parts.entrance is None:
        raise NotFound("There is no such ticket.")
    await parts.entrance.take(ticket, body_pieces(request))
