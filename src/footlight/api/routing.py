"""Declaring a route once, for the door and for the framework."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from litestar import route, websocket
from litestar.enums import HttpMethod
from litestar.handlers import BaseRouteHandler

from footlight.api.paths import CVAD_PREFIX, Route


@dataclass(frozen=True)
class Told:
    """What a route tells of itself, for the OpenAPI document, the pages made from it and the tests.

    takes: the model of the body; of one that the handler's `data` declares nothing is said here.
    gives: the model of the answer, or the media type of bytes that are no JSON; where the handler's return
    annotation names a model nothing is said here. refuses: the model of refusals that have a body of their own
    instead of the one error model. statuses: those that the route itself answers with, errors
    included; what the layers before it answer is not named. reads: headers that it looks at. partly: the answer
    always leaves members of the model out.
    """

    status: int = 200
    takes: Any = None
    gives: Any = None
    refuses: Any = None
    statuses: frozenset[int] = frozenset()
    reads: tuple[str, ...] = ()
    partly: bool = False


@dataclass(frozen=True)
class Bound:
    """A route and the framework's handler of it."""

    route: Route
    cvad: bool
    handler: BaseRouteHandler
    told: Told = Told()

    @property
    def path(self) -> str:
        """The whole template, as clients write it."""
        return (CVAD_PREFIX if self.cvad else "") + self.route.template

    @property
    def function(self) -> Callable[..., Any]:
        """The handler as it was written."""
        function: Callable[..., Any] = self.handler.fn
        return function


class Routes:
    """The routes of one file, in the order of their declaration."""

    def __init__(self, *, cvad: bool) -> None:
        self._cvad = cvad
        self.bound: list[Bound] = []

    def add(
        self,
        method: str,
        template: str,
        *,
        status: int = 200,
        open: bool = False,
        any_site: bool = False,
        body: Literal["json", "form", "any", "stream"] = "json",
        answer: Literal["json", "any"] = "json",
        job: str | None = None,
        always_job: bool = False,
        takes: Any = None,
        gives: Any = None,
        refuses: Any = None,
        statuses: Iterable[int] = (),
        reads: tuple[str, ...] = (),
        partly: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a handler. CVAD templates are relative to its prefixes, our own are whole paths.
        `takes` to `partly`: see Told."""
        told = Told(status, takes, gives, refuses, frozenset(statuses), reads, partly)

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            handler = route(
                self._path(template), http_method=[HttpMethod(method)], status_code=status
            )(function)
            declared = Route(
                method,
                template,
                open=open,
                any_site=any_site,
                body=body,
                answer=answer,
                job=job,
                always_job=always_job,
            )
            self.bound.append(Bound(declared, self._cvad, handler, told))
            return function

        return declare

    def add_websocket(
        self, template: str, *, open: bool = False
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a WebSocket handler."""

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            handler = websocket(self._path(template))(function)
            self.bound.append(
                Bound(Route("WS", template, open=open, answer="any"), self._cvad, handler)
            )
            return function

        return declare

    def _path(self, template: str) -> str:
        path = re.sub(r"\{(\w+)\.\.\.\}", r"{\1:path}", template)
        path = re.sub(r"\{(\w+)\}", r"{\1:str}", path)
        return (CVAD_PREFIX if self._cvad else "") + path


def all_bound(files: Sequence[Routes]) -> list[Bound]:
    """The routes of all files."""
    return [bound for routes in files for bound in routes.bound]
