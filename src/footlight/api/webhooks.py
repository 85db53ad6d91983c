"""Webhooks: who is told of changes, by whom they are kept, and what was delivered."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.params import FromPath, JSONBody
from sqlalchemy import Row

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.hooks import webhooks
from footlight.store.store import Tx
from footlight.wire.own import (
    DeliveryList,
    DeliveryView,
    NewSecret,
    NewWebhook,
    SecretSet,
    WebhookChange,
    WebhookList,
    WebhookMade,
    WebhookView,
)
from footlight.wire.rest.dates import rfc3339, rfc3339_of

routes = Routes(cvad=False)
PATH = "/footlight/v1/webhooks"
ONE = PATH + "/{id}"


@routes.add("GET", PATH, statuses=(200, 401, 403))
async def list_webhooks(caller: GivenCaller, parts: GivenParts) -> WebhookList:
    """The caller's webhooks; all of them for who may configure the whole site."""
    rows = await parts.store.read(lambda c: webhooks.every(c, caller))
    now_ms = parts.clock.now_ms()
    return WebhookList(items=[WebhookView(**_members(row, now_ms)) for row in rows])


@routes.add("POST", PATH, status=201, statuses=(201, 400, 401, 403, 409))
async def create_webhook(
    caller: GivenCaller, parts: GivenParts, data: JSONBody[NewWebhook]
) -> WebhookMade:
    """Tell a URL of what changes from now on, as far as the caller sees it at the time. The secret is shown once."""
    allowed = parts.courier.post.destinations
    row = await parts.store.write(lambda tx: webhooks.create(tx, caller, data, allowed))
    return WebhookMade(secret=row.secret, **_members(row, parts.clock.now_ms()))


@routes.add("GET", ONE, statuses=(200, 401, 403, 404))
async def get_webhook(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> WebhookView:
    """One webhook, and how its deliveries go."""
    return _view(await _read(caller, parts, id), parts)


@routes.add("PATCH", ONE, statuses=(200, 400, 401, 403, 404))
async def change_webhook(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], data: JSONBody[WebhookChange]
) -> WebhookView:
    """Change what the body names."""
    webhook_id = decode_parameter(id)
    allowed = parts.courier.post.destinations

    def write(tx: Tx) -> Row[Any]:
        row = webhooks.get(tx.connection, caller, webhook_id)
        return webhooks.change(tx, caller, row, data, allowed)

    return _view(await parts.store.write(write), parts)


@routes.add("DELETE", ONE, status=204, statuses=(204, 401, 403, 404))
async def delete_webhook(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> None:
    """Tell it nothing any more."""
    webhook_id = decode_parameter(id)
    await parts.store.write(
        lambda tx: webhooks.delete(tx, caller, webhooks.get(tx.connection, caller, webhook_id))
    )


@routes.add("POST", ONE + "/secret", statuses=(200, 400, 401, 403, 404))
async def rotate_webhook_secret(
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    data: JSONBody[NewSecret | None] = None,
) -> SecretSet:
    """Another secret, shown once. The one before signs too for `overlapHours`."""
    webhook_id, hours = decode_parameter(id), (data or NewSecret()).overlap_hours

    def write(tx: Tx) -> SecretSet:
        row = webhooks.get(tx.connection, caller, webhook_id)
        secret = webhooks.rotate(tx, caller, row, hours)
        until_ms = tx.now_ms + hours * 3_600_000 if hours else None
        return SecretSet(secret=secret, previous_secret_until=rfc3339(until_ms))

    return await parts.store.write(write)


@routes.add("POST", ONE + "/test", statuses=(200, 401, 403, 404))
async def test_webhook(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> DeliveryView:
    """Deliver a `test` event now, once; how it went."""
    webhook_id = decode_parameter(id)

    def write(tx: Tx) -> Row[Any]:
        row = webhooks.get(tx.connection, caller, webhook_id)
        webhooks.note_asked(tx, caller, row)
        return row

    row = await parts.store.write(write)
    done = await parts.courier.test(row)
    return DeliveryView(
        id=done.told.id,
        event=done.told.event,
        seq=done.told.seq,
        object_id=done.told.object_id,
        attempts=1,
        delivered=done.outcome.delivered,
        status=done.outcome.status,
        error=done.outcome.error,
        at=rfc3339_of(done.at_ms),
        took_ms=done.outcome.took_ms,
    )


@routes.add("GET", ONE + "/deliveries", statuses=(200, 401, 403, 404))
async def list_deliveries(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> DeliveryList:
    """The newest 100 deliveries, those that failed among them."""
    row = await _read(caller, parts, id)
    rows = await parts.store.read(lambda c: webhooks.deliveries(c, row.id))
    return DeliveryList(items=[_delivery(one) for one in rows])


async def _read(caller: GivenCaller, parts: GivenParts, id: str) -> Row[Any]:
    webhook_id = decode_parameter(id)
    return await parts.store.read(lambda c: webhooks.get(c, caller, webhook_id))


def _view(row: Row[Any], parts: GivenParts) -> WebhookView:
    return WebhookView(**_members(row, parts.clock.now_ms()))


def _members(row: Row[Any], now_ms: int) -> dict[str, Any]:
    previous_ms = row.previous_until_ms or 0
    return {
        "id": row.id,
        "url": row.url,
        "description": row.description,
        "events": msgspec.json.decode(row.events, type=list[str]),
        "enabled": row.enabled,
        "stopped_reason": row.stopped_reason,
        "account_id": row.account_id,
        "created_at": rfc3339_of(row.created_at_ms),
        "failures": row.failures,
        "failing_since": rfc3339(row.failing_since_ms),
        "next_attempt_at": rfc3339(row.next_attempt_ms),
        "delivered_at": rfc3339(row.delivered_at_ms),
        "previous_secret_until": rfc3339(previous_ms) if previous_ms > now_ms else None,
    }


def _delivery(row: Row[Any]) -> DeliveryView:
    return DeliveryView(
        id=row.id,
        event=row.event,
        seq=row.outbox_seq,
        object_id=row.object_id,
        attempts=row.attempts,
        delivered=row.delivered,
        status=row.status,
        error=row.error,
        at=rfc3339_of(row.at_ms),
        took_ms=row.took_ms,
    )
