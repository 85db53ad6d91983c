"""The handlers behind the door: an application of the framework for each file of routes, made when it is first needed.

Making them all takes as long as importing a server, and most processes are asked for few of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from footlight.api.asgi import App, Receive, Scope, Send
from footlight.api.door import entry_of
from footlight.api.errors import EXCEPTION_HANDLERS
from footlight.api.json_body import JsonRequest
from footlight.api.routing import Bound


class Framework:
    """The ASGI application of all routes; the door has found the one of each request. `state`: the applications'."""

    def __init__(self, routes: Sequence[Bound], dependencies: Mapping[str, Provide]) -> None:
        self.state = State()
        self._dependencies = dict(dependencies)
        self._files: dict[str, list[Bound]] = defaultdict(list)
        self._file_of: dict[tuple[str, str], str] = {}
        self._made: dict[str, App] = {}
        for bound in routes:
            file = bound.function.__module__
            self._files[file].append(bound)
            self._file_of[bound.route.method, bound.path] = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = entry_of(scope).route
        file = self._file_of[route.method, route.template]
        if file not in self._made:
            self._made[file] = self._make(self._files[file])
        await self._made[file](scope, receive, send)

    def _make(self, routes: Sequence[Bound]) -> App:
        made: App = Litestar(
            route_handlers=[bound.handler for bound in routes],
            dependencies=self._dependencies,
            exception_handlers=EXCEPTION_HANDLERS,
            request_class=JsonRequest,
            openapi_config=None,
            logging_config=None,
            state=self.state,
        )
        return made
