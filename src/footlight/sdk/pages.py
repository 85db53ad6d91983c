"""Lists that come in pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from footlight.sdk.errors import BadAnswer
from footlight.sdk.requests.cvad import following
from footlight.sdk.requests.request import Request

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One answer. `raw` is the whole JSON object as it came; `total` is None unless the site
    counts."""

    items: list[T]
    continuation_token: str | None
    total: int | None
    raw: dict[str, Any]


@dataclass(frozen=True)
class Listing(Generic[T]):
    """A list of T that comes in pages, as the request for its first one."""

    request: Request

    def after(self, page: Page[T], asked: Request) -> Request | None:
        """The request for what follows the page that `asked` gave; None at the end. Raises BadAnswer when
        the site repeats a token (it would never end)."""
        token = page.continuation_token
        if token is None:
            return None
        if token == asked.query.get("continuationToken"):
            raise BadAnswer("the site gave the same continuation token twice")
        return following(self.request, token)


def read_page(answer: Any) -> Page[Any]:
    """The page in an answer of either API (`Items` or `items`). Raises BadAnswer when it is
    none."""
    if not isinstance(answer, dict):
        raise BadAnswer("the answer is no JSON object")
    items = answer.get("Items", answer.get("items"))
    if not isinstance(items, list):
        raise BadAnswer("the answer holds no list of items")
    token = answer.get("ContinuationToken", answer.get("continuationToken"))
    total = answer.get("TotalItems", answer.get("totalItems", answer.get("total")))
    return Page(items, token or None, total, answer)


class Pager(Generic[T]):
    """All items of a list, fetched page by page while one iterates; can be iterated again (which
    asks again). The first request is sent when the first item is asked for."""

    def __init__(self, listing: Listing[T], fetch: Callable[[Request], Any]) -> None:
        self._listing = listing
        self._fetch = fetch

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items

    def pages(self) -> Iterator[Page[T]]:
        """The pages themselves. Raises BadAnswer for a list that would never end."""
        request: Request | None = self._listing.request
        while request is not None:
            page = cast("Page[T]", read_page(self._fetch(request)))
            yield page
            request = self._listing.after(page, request)


class AsyncPager(Generic[T]):
    """As Pager, for `async for`."""

    def __init__(self, listing: Listing[T], fetch: Callable[[Request], Awaitable[Any]]) -> None:
        self._listing = listing
        self._fetch = fetch

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item

    async def pages(self) -> AsyncIterator[Page[T]]:
        """The pages themselves. Raises BadAnswer for a list that would never end."""
        request: Request | None = self._listing.request
        while request is not None:
            page = cast("Page[T]", read_page(await self._fetch(request)))
            yield page
            request = self._listing.after(page, request)
