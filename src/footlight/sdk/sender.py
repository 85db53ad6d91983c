"""The synchronous sender: runs flows over one httpx.Client."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx

from footlight.sdk.connection import Body, Connection, Meter, failure
from footlight.sdk.credentials import Token
from footlight.sdk.errors import SdkError
from footlight.sdk.exchange import Again, Exchange, Outcome
from footlight.sdk.flow import Flow, OwnToken, Pause, Save, Step, ask
from footlight.sdk.keyring import Keyring
from footlight.sdk.pages import Listing, Pager
from footlight.sdk.requests.request import Request

T = TypeVar("T")


class Sender:
    """Sends requests of one caller to one site. May be shared by threads."""

    def __init__(
        self,
        connection: Connection,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._connection = connection
        self._keyring = Keyring(connection.credentials, connection.token, now)
        self._token_lock = threading.Lock()
        self._sleep, self._jitter = sleep, jitter
        self._http = httpx.Client(transport=transport, **connection.client_options())

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def run(self, flow: Flow[T]) -> T:
        """What the flow returns. Raises SdkError."""
        try:
            step = next(flow)
            while True:
                try:
                    result = self._do(step)
                except SdkError as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(result)
        except StopIteration as end:
            returned: T = end.value
            return returned

    def walk(self, listing: Listing[T]) -> Pager[T]:
        """The items of a paged list."""
        return Pager(listing, lambda request: self.run(ask(request)))

    def _do(self, step: Step) -> Any:
        match step:
            case Request():
                with self._answer(step) as response:
                    return response
            case Pause(seconds):
                return self._sleep(seconds)
            case Save():
                return self._save(step)
            case OwnToken():
                return self._token()

    def _save(self, step: Save) -> int:
        with self._answer(step.request, stream=True) as response:
            meter = Meter(response, step.progress)
            try:
                for piece in response.iter_bytes():
                    meter.before(piece)
                    step.sink.write(piece)
                    meter.after()
            except httpx.TransportError as error:
                raise failure(error) from error
        return meter.done

    def _token(self) -> Token:
        with self._token_lock:
            return self.run(self._keyring.current())

    @contextmanager
    def _answer(self, request: Request, *, stream: bool = False) -> Iterator[httpx.Response]:
        """A successful answer; a refusal is raised after its body was read."""
        exchange = Exchange(request, self._connection.retry, self._jitter)
        while True:
            token = self._token() if request.signed else None
            outcome = self._once(request, token, stream)
            renewable = token is not None and self._keyring.can_sign_in
            verdict = exchange.judge(outcome, renewable=renewable)
            if not isinstance(verdict, Again):
                break
            if verdict.drop_token:
                with self._token_lock:
                    self._keyring.drop(token)
            else:
                self._sleep(verdict.wait_s)
        try:
            yield verdict
        finally:
            verdict.close()

    def _once(self, request: Request, token: Token | None, stream: bool) -> Outcome:
        options = self._connection.request_options(request, token)
        if request.source is not None:
            options["content"] = request.source.pieces()
        built = self._http.build_request(**options)
        try:
            response = self._http.send(built, stream=True)
            return response if stream and response.is_success else _read(response)
        except httpx.TransportError as error:
            return error


def _read(response: httpx.Response) -> httpx.Response:
    """The answer with its body read, within the limit."""
    body = Body()
    try:
        for piece in response.iter_bytes():
            body.add(piece)
    finally:
        response.close()
    return body.whole(response)
