"""An operation of the API, declared once on a resource: a method of the client, of its asynchronous twin, and of both
`in_background`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from footlight.sdk.async_sender import AsyncSender
from footlight.sdk.flow import Flow
from footlight.sdk.pages import AsyncPager, Listing, Pager
from footlight.sdk.sender import Sender

if TYPE_CHECKING:  # a job's handle is a resource itself
    from footlight.sdk.background import AsyncBackground, Background, JobHandle

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S")  # what runs the calls: Sender, AsyncSender, Background, AsyncBackground


class Resource(Generic[S]):
    """A noun of the API; its operations are run by `sender`."""

    def __init__(self, sender: S) -> None:
        self._sender = sender


class Operation(Generic[P, T]):
    """A call with one answer. `make` gives the flow for the arguments; `route` is `METHOD /Path/{name}` where the
    operation was declared by it (collection.py), else empty."""

    def __init__(
        self, make: Callable[Concatenate[Any, P], Flow[T]], *, route: str = "", doc: str = ""
    ) -> None:
        self.make = make
        self.route = route
        self.name = make.__name__
        self.__doc__ = doc or inspect.getdoc(make)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, at: None, owner: Any) -> Operation[P, T]: ...
    @overload
    def __get__(self, at: Resource[Sender], owner: Any) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, at: Resource[AsyncSender], owner: Any
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, at: Resource[Background], owner: Any) -> Callable[P, JobHandle[Sender]]: ...
    @overload
    def __get__(
        self, at: Resource[AsyncBackground], owner: Any
    ) -> Callable[P, Coroutine[Any, Any, JobHandle[AsyncSender]]]: ...
    def __get__(self, at: Resource[Any] | None, owner: Any) -> Any:
        if at is None:
            return self
        return _bound(self, lambda *given, **named: at._sender.run(self.make(at, *given, **named)))


class ListOperation(Generic[P, T]):
    """A call whose answer is a list in pages. `make` gives the listing for the arguments; `route` as for Operation."""

    def __init__(
        self, make: Callable[Concatenate[Any, P], Listing[T]], *, route: str = "", doc: str = ""
    ) -> None:
        self.make = make
        self.route = route
        self.name = make.__name__
        self.__doc__ = doc or inspect.getdoc(make)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, at: None, owner: Any) -> ListOperation[P, T]: ...
    @overload
    def __get__(self, at: Resource[Sender], owner: Any) -> Callable[P, Pager[T]]: ...
    @overload
    def __get__(self, at: Resource[AsyncSender], owner: Any) -> Callable[P, AsyncPager[T]]: ...
    @overload
    def __get__(self, at: Resource[Background], owner: Any) -> Callable[P, JobHandle[Sender]]: ...
    @overload
    def __get__(
        self, at: Resource[AsyncBackground], owner: Any
    ) -> Callable[P, Coroutine[Any, Any, JobHandle[AsyncSender]]]: ...
    def __get__(self, at: Resource[Any] | None, owner: Any) -> Any:
        if at is None:
            return self
        return _bound(self, lambda *given, **named: at._sender.walk(self.make(at, *given, **named)))


def operation(make: Callable[Concatenate[Any, P], Flow[T]]) -> Operation[P, T]:
    """Declare a call by the method that makes its flow."""
    return Operation(make)


def listing(make: Callable[Concatenate[Any, P], Listing[T]]) -> ListOperation[P, T]:
    """Declare a paged list by the method that makes its Listing."""
    return ListOperation(make)


def parameters_of(declared: Operation[..., Any] | ListOperation[..., Any]) -> inspect.Signature:
    """The parameters that a caller gives."""
    signature = inspect.signature(declared.make)
    return signature.replace(parameters=[*signature.parameters.values()][1:])


def _bound(
    declared: Operation[..., Any] | ListOperation[..., Any], call: Callable[..., Any]
) -> Callable[..., Any]:
    """The call with the declaration's name, signature and docstring, for people who ask for help."""
    call.__name__ = call.__qualname__ = declared.name
    call.__module__ = declared.make.__module__
    call.__doc__ = declared.__doc__
    call.__signature__ = parameters_of(declared)  # type: ignore[attr-defined]
    return call
