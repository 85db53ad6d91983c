"""Calls that are not waited for: each begins a job of the site (`async=true`) and gives its handle."""

from __future__ import annotations

from typing import Any

from footlight.sdk import job
from footlight.sdk.async_sender import AsyncSender
from footlight.sdk.errors import BadAnswer
from footlight.sdk.flow import Flow
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.pages import Listing
from footlight.sdk.requests import cvad
from footlight.sdk.requests.request import Request
from footlight.sdk.sender import Sender
from footlight.sdk.types.job import CvadJob


class JobHandle(Resource[S]):
    """A job that was begun; `id` names it."""

    def __init__(self, sender: S, job_id: str) -> None:
        super().__init__(sender)
        self.id = job_id

    @operation
    def status(self) -> Flow[CvadJob]:
        """How it stands."""
        return job.get(self.id)

    @operation
    def wait(self, *, timeout_s: float = 600) -> Flow[Any]:
        """What the synchronous call would have given. Raises JobFailed, TimedOut."""
        yield from job.wait(self.id, timeout_s)
        return (yield from job.results(self.id))

    @operation
    def cancel(self) -> Flow[CvadJob]:
        """Take back what it has not done yet. Raises Conflict when that is impossible."""
        return job.cancel(self.id)


class Background:
    """Runs a flow's first request as a job. What the site refuses at once (NotFound, Forbidden, Conflict) is raised
    here; BadAnswer for a call that cannot be a job."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def run(self, flow: Flow[Any]) -> JobHandle[Sender]:
        """The handle of the job that the flow's request began."""
        return JobHandle(self._sender, self._sender.run(begin(flow)))

    def walk(self, listing: Listing[Any]) -> JobHandle[Sender]:
        """The same for a list: its result is the first page."""
        return JobHandle(self._sender, self._sender.run(begin_with(listing.request)))


class AsyncBackground:
    """As Background, awaited."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def run(self, flow: Flow[Any]) -> JobHandle[AsyncSender]:
        """The handle of the job that the flow's request began."""
        return JobHandle(self._sender, await self._sender.run(begin(flow)))

    async def walk(self, listing: Listing[Any]) -> JobHandle[AsyncSender]:
        """The same for a list: its result is the first page."""
        return JobHandle(self._sender, await self._sender.run(begin_with(listing.request)))


def begin(flow: Flow[Any]) -> Flow[str]:
    """The id of the job that the flow's first request begins as; the rest of the flow is left out."""
    request = next(flow)
    flow.close()
    if not isinstance(request, Request):
        raise BadAnswer("this call cannot be a job")
    return (yield from begin_with(request))


def begin_with(request: Request) -> Flow[str]:
    """The id of the job that the request begins as. Raises BadAnswer when it does not."""
    return job.begun(request, (yield cvad.in_background(request)))
