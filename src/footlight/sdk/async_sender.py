"""The asynchronous sender: runs the same flows over one httpx.AsyncClient."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import httpx

from footlight.sdk.connection import Body, Connection, Meter, failure
from footlight.sdk.credentials import Token
from footlight.sdk.errors import SdkError
from footlight.sdk.exchange import Again, Exchange, Outcome
from footlight.sdk.flow import Flow, OwnToken, Pause, Save, Step, ask
from footlight.sdk.keyring import Keyring
from footlight.sdk.pages import AsyncPager, Listing
from footlight.sdk.requests.request import Request, Source

T = TypeVar("T")


class AsyncSender:
    """Sends requests of one caller to one site. May be shared by tasks of one event loop. Cancelling a call
    abandons its answer; whether the site has acted on it is not known then."""

    def __init__(
        self,
        connection: Connection,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._connection = connection
        self._keyring = Keyring(connection.credentials, connection.token, now)
        self._token_lock = asyncio.Lock()
        self._sleep, self._jitter = sleep, jitter
        self._http = httpx.AsyncClient(transport=transport, **connection.client_options())

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def run(self, flow: Flow[T]) -> T:
        """What the flow returns. Raises SdkError."""
        try:
            step = next(flow)
            while True:
                try:
                    result = await self._do(step)
                except SdkError as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(result)
        except StopIteration as end:
            returned: T = end.value
            return returned

    def walk(self, listing: Listing[T]) -> AsyncPager[T]:
        """The items of a paged list."""
        return AsyncPager(listing, lambda request: self.run(ask(request)))

    async def _do(self, step: Step) -> Any:
        match step:
            case Request():
                async with self._answer(step) as response:
                    return response
            case Pause(seconds):
                return await self._sleep(seconds)
            case Save():
                return await self._save(step)
            case OwnToken():
                return await self._token()

    async def _save(self, step: Save) -> int:
        async with self._answer(step.request, stream=True) as response:
            meter = Meter(response, step.progress)
            try:
                async for piece in response.aiter_bytes():
                    meter.before(piece)
                    await asyncio.to_thread(step.sink.write, piece)
                    meter.after()
            except httpx.TransportError as error:
                raise failure(error) from error
        return meter.done

    async def _token(self) -> Token:
        async with self._token_lock:
            return await self.run(self._keyring.current())

    @asynccontextmanager
    async def _answer(
        self, request: Request, *, stream: bool = False
    ) -> AsyncIterator[httpx.Response]:
        """A successful answer; a refusal is raised after its body was read."""
        exchange = Exchange(request, self._connection.retry, self._jitter)
        while True:
            token = await self._token() if request.signed else None
            outcome = await self._once(request, token, stream)
            renewable = token is not None and self._keyring.can_sign_in
            verdict = exchange.judge(outcome, renewable=renewable)
            if not isinstance(verdict, Again):
                break
            if verdict.drop_token:
                self._keyring.drop(token)
            else:
                await self._sleep(verdict.wait_s)
        try:
            yield verdict
        finally:
            await verdict.aclose()

    async def _once(self, request: Request, token: Token | None, stream: bool) -> Outcome:
        options = self._connection.request_options(request, token)
        if request.source is not None:
            options["content"] = _pieces(request.source)
        built = self._http.build_request(**options)
        try:
            response = await self._http.send(built, stream=True)
            return response if stream and response.is_success else await _read(response)
        except httpx.TransportError as error:
            return error


async def _pieces(source: Source) -> AsyncIterator[bytes]:
    pieces = source.pieces()
    while piece := await asyncio.to_thread(next, pieces, b""):
        yield piece


async def _read(response: httpx.Response) -> httpx.Response:
    """The answer with its body read, within the limit."""
    body = Body()
    try:
        async for piece in response.aiter_bytes():
            body.add(piece)
    finally:
        await response.aclose()
    return body.whole(response)
