"""Operations declared by their route, for resources that need no code of their own:

    class Zones(Resource[S]):
        list = pages("GET /Zones", "All zones.")
        get = item("GET /Zones/{nameOrId}", "One zone. Raises NotFound.")
        update = change("PATCH /Zones/{nameOrId}", "Change what the body names.")

Each family below is a shape of call; its function says what a caller gives and makes the request. Objects and bodies
are the API's own JSON as dictionaries. Further keywords are query parameters, `snake_case` for their camelCase.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from footlight.sdk import job
from footlight.sdk.errors import NotFound
from footlight.sdk.flow import Flow, ask
from footlight.sdk.operation import ListOperation, Operation
from footlight.sdk.pages import Listing
from footlight.sdk.requests.request import MANAGE, OWN, Request, camel, query_of, segment

P = ParamSpec("P")
T = TypeVar("T")
Json = dict[str, Any]
Body = Mapping[str, Any]

_REPEATABLE = ("GET", "HEAD", "PUT")


@dataclass(frozen=True)
class Route:
    """`METHOD /Path/{name}`; the path is relative to CVAD's prefix, or whole where it begins with ours."""

    method: str
    template: str

    @staticmethod
    def parse(text: str) -> Route:
        """The route that the text spells."""
        method, template = text.split(" ")
        return Route(method, template if template.startswith(OWN) else MANAGE + template)

    @property
    def names(self) -> list[str]:
        """Of the parameters in the path, in order."""
        return re.findall(r"\{(\w+)\}", self.template)

    def request(
        self,
        *names: str,
        query: Mapping[str, object] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
        timeout_s: float | None = None,
    ) -> Request:
        """The request with these names in its path. Query values of None are left out."""
        left = iter(names)
        path = re.sub(r"\{\w+\}", lambda _: segment(next(left)), self.template)
        spelled = {camel(name): value for name, value in (query or {}).items()}
        return Request(
            method=self.method,
            path=path,
            query=query_of(spelled),
            json=json,
            headers=headers or {},
            repeatable=repeatable or self.method in _REPEATABLE,
            timeout_s=timeout_s,
        )


Build = Callable[Concatenate[Route, P], Request]


class Family(Generic[P]):
    """Calls of one shape with one answer: the object, a value, or None for an empty one."""

    def __init__(self, build: Build[P]) -> None:
        self._build = build

    @overload
    def __call__(self, route: str, doc: str) -> Operation[P, Any]: ...
    @overload
    def __call__(self, route: str, doc: str, kind: type[T]) -> Operation[P, T]: ...
    def __call__(self, route: str, doc: str, kind: object = None) -> Operation[P, Any]:
        """The operation on a route; `kind` is the answer's type, where there is one."""
        parsed, build = Route.parse(route), self._build

        def make(at: Any, /, *given: P.args, **named: P.kwargs) -> Flow[Any]:
            return ask(build(parsed, *given, **named))

        make.__signature__ = inspect.signature(build)  # type: ignore[attr-defined]
        return Operation(make, route=route, doc=doc)


class ListFamily(Generic[P]):
    """Calls of one shape whose answer is a list in pages."""

    def __init__(self, build: Build[P]) -> None:
        self._build = build

    @overload
    def __call__(self, route: str, doc: str) -> ListOperation[P, Json]: ...
    @overload
    def __call__(self, route: str, doc: str, kind: type[T]) -> ListOperation[P, T]: ...
    def __call__(self, route: str, doc: str, kind: object = None) -> ListOperation[P, Any]:
        """The operation on a route; `kind` is the type of an item, where there is one."""
        parsed, build = Route.parse(route), self._build

        def make(at: Any, /, *given: P.args, **named: P.kwargs) -> Listing[Any]:
            return Listing(build(parsed, *given, **named))

        make.__signature__ = inspect.signature(build)  # type: ignore[attr-defined]
        return ListOperation(make, route=route, doc=doc)


class FlowFamily(Generic[P, T]):
    """Calls of one shape that are more than one request, or read their answer in their own way."""

    def __init__(self, flow: Callable[Concatenate[Route, P], Flow[T]]) -> None:
        self._flow = flow

    def __call__(self, route: str, doc: str) -> Operation[P, T]:
        """The operation on a route."""
        parsed, flow = Route.parse(route), self._flow

        def make(at: Any, /, *given: P.args, **named: P.kwargs) -> Flow[T]:
            return flow(parsed, *given, **named)

        make.__signature__ = inspect.signature(flow)  # type: ignore[attr-defined]
        return Operation(make, route=route, doc=doc)


@ListFamily
def pages(
    route: Route,
    /,
    *,
    limit: int | None = None,
    fields: Sequence[str] | None = None,
    timeout_s: float | None = None,
    **query: object,
) -> Request:
    """A list. `limit`: items per page; `fields`: the members wanted."""
    return route.request(query=_paged(limit, fields, query), timeout_s=timeout_s)


@ListFamily
def pages_of(
    route: Route,
    name: str,
    /,
    *,
    limit: int | None = None,
    fields: Sequence[str] | None = None,
    timeout_s: float | None = None,
    **query: object,
) -> Request:
    """A list that belongs to one object."""
    return route.request(name, query=_paged(limit, fields, query), timeout_s=timeout_s)


@ListFamily
def search(
    route: Route,
    body: Body,
    /,
    *,
    limit: int | None = None,
    skip: int | None = None,
    fields: Sequence[str] | None = None,
    time_zone: str | None = None,
    timeout_s: float | None = None,
    **query: object,
) -> Request:
    """A list of what matches the body; `skip` leaves out the first ones, days begin in `time_zone`."""
    headers = {} if time_zone is None else {"X-TimeZone": time_zone}
    return route.request(
        query={**_paged(limit, fields, query), "skip": skip},
        json=dict(body),
        headers=headers,
        repeatable=True,
        timeout_s=timeout_s,
    )


@Family
def value(route: Route, /, *, timeout_s: float | None = None, **query: object) -> Request:
    """One thing of the whole site."""
    return route.request(query=query, timeout_s=timeout_s)


@Family
def item(
    route: Route,
    name: str,
    /,
    *,
    fields: Sequence[str] | None = None,
    timeout_s: float | None = None,
    **query: object,
) -> Request:
    """One object, or a part of it."""
    return route.request(name, query=_paged(None, fields, query), timeout_s=timeout_s)


@Family
def creation(
    route: Route, body: Body, /, *, timeout_s: float | None = None, **query: object
) -> Request:
    """Something new, or a question that is put in a body."""
    return route.request(query=query, json=dict(body), timeout_s=timeout_s)


@Family
def change(
    route: Route, name: str, body: Body, /, *, timeout_s: float | None = None, **query: object
) -> Request:
    """Another state of an object, or something added to it."""
    return route.request(name, query=query, json=dict(body), timeout_s=timeout_s)


@Family
def action(
    route: Route, name: str, /, *, timeout_s: float | None = None, **query: object
) -> Request:
    """Something done to an object: its removal, a verb."""
    return route.request(name, query=query, timeout_s=timeout_s)


@Family
def member_action(
    route: Route,
    name: str,
    member: str,
    /,
    *,
    timeout_s: float | None = None,
    **query: object,
) -> Request:
    """Something done to a part of an object: added, looked at, removed."""
    return route.request(name, member, query=query, timeout_s=timeout_s)


@Family
def member_change(
    route: Route,
    name: str,
    member: str,
    body: Body,
    /,
    *,
    timeout_s: float | None = None,
    **query: object,
) -> Request:
    """Another state of a part of an object."""
    return route.request(name, member, query=query, json=dict(body), timeout_s=timeout_s)


@FlowFamily
def addition(route: Route, name: str, body: Body, /, *, timeout_s: float = 600) -> Flow[Any]:
    """Something added to an object by a job of the site, which is waited for."""
    request = route.request(name, json=dict(body))
    job_id = job.begun(request, (yield request))
    yield from job.wait(job_id, timeout_s)
    return (yield from job.results(job_id))


@FlowFamily
def existence(route: Route, name: str, /) -> Flow[bool]:
    """Whether there is such an object (a HEAD route)."""
    try:
        yield route.request(name)
    except NotFound:
        return False
    return True


def _paged(
    limit: int | None, fields: Sequence[str] | None, query: Mapping[str, object]
) -> dict[str, object]:
    joined = None if fields is None else ",".join(fields)
    return {"limit": limit, "fields": joined, **query}
