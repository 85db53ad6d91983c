"""Several requests in one. Source: rest-api.md section 6.2."""

from __future__ import annotations

import msgspec

from footlight.wire.rest.reference import NameValue, RestModel


class BatchItem(RestModel, frozen=True, kw_only=True):
    """One request. `reference` may come as a number and goes back as a string; `body` is JSON as text."""

    reference: str | int
    method: str | None = None
    relative_url: str
    headers: list[NameValue] | None = None
    body: str | None = None


class Batch(RestModel, frozen=True, kw_only=True):
    """Requests that do not depend on each other."""

    items: list[BatchItem]


class BatchAnswerItem(RestModel, frozen=True, kw_only=True):
    """What one request was answered: `code` is its HTTP status, `body` the answer's as text."""

    reference: str
    code: int
    headers: list[NameValue] = msgspec.field(default_factory=list)
    body: str | None = None


class BatchAnswer(RestModel, frozen=True, kw_only=True):
    """All answers, in no promised order."""

    items: list[BatchAnswerItem]
