"""The layer around the framework that writes down what callers tried to change and were refused.

What succeeds is written by the rooms, in the transaction of the change; a refusal has none, so it gets one of its
own after the answer is made. Wrong input (400) and unknown names (404) are no acts and are not written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from footlight.api.asgi import App, Message, Receive, Scope, Send
from footlight.api.door import entry_of
from footlight.api.paths import CVAD_PREFIX
from footlight.audit.bound import Bound, with_skipped
from footlight.audit.log import Act, Kind, record
from footlight.caller import Caller
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.store.store import Store

_log = get_logger(__name__)

STATUSES = (403, 409, 503)
PER_ACCOUNT, WINDOW_MS = 20, 60_000
MAX_BODY_BYTES = 64 * 1024
# What is sent by POST and changes nothing.
READS = ("$search", "$group", "$PreviewReport", "$validate", "$checkName", "$checkCatalogName",
         "$checkNameExists", "$checkObjectNameExists", "$fetchExistingLabels", "ExportReport")  # fmt: skip
# What changes nothing, and is written all the same when it is refused.
TAKINGS = ("/footlight/v1/sessions/{id}/files/{name}",)
# What is done to what runs, rather than to how the site is made.
_ACTIVITIES = ("Sessions", "Jobs", "launches", "sessions", "recordings", "jobs", "$batch")


class Witness:
    """The ASGI application that wraps the framework."""

    def __init__(self, app: App, store: Store, clock: Clock) -> None:
        self._app = app
        self._store = store
        self._bound = Bound(clock, PER_ACCOUNT, WINDOW_MS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not changes(scope):
            await self._app(scope, receive, send)
            return
        status = 0
        body = b""

        async def listen(message: Message) -> None:
            nonlocal status, body
            if message["type"] == "http.response.start":
                status = message["status"]
            elif status in STATUSES and len(body) < MAX_BODY_BYTES:
                body += bytes(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, listen)
        if status in STATUSES:
            await self._write(scope, status, body)

    async def _write(self, scope: Scope, status: int, body: bytes) -> None:
        entry = entry_of(scope)
        caller = entry.caller
        skipped = self._bound.take(caller.account_id) if caller is not None else None
        if caller is None or skipped is None:
            return
        act = with_skipped(refused(scope, status, body), skipped)
        try:
            await self._store.write(lambda tx: _record(tx, caller, act))
        except Unavailable as trouble:
            _log.warning("a refusal is not written", reason=trouble.message)


def changes(scope: Mapping[str, Any]) -> bool:
    """Whether the request asks for a change, or for what is as serious, by somebody."""
    entry = entry_of(scope)
    if entry.caller is None:
        return False
    if scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return entry.template in TAKINGS
    return entry.template.rpartition("/")[2] not in READS


def refused(scope: Mapping[str, Any], status: int, body: bytes) -> Act:
    """The act of a request that was refused with this answer."""
    entry = entry_of(scope)
    template = entry.template.removeprefix(CVAD_PREFIX)
    words = [word for word in template.removeprefix("/footlight/v1").split("/") if word]
    group = words[0] if words else ""
    activity = group in _ACTIVITIES or words[-1:] in (["$logoff"], ["$disconnect"])
    kind: Kind = "AdminActivity" if activity else "ConfigurationChange"
    reason, code = _reason(body)
    named = {name[:1].upper() + name[1:]: value for name, value in entry.parameters.items()}
    what = "failed" if status == 503 else "was refused"
    return Act(
        text=f"{scope['method']} {template} {what}: {reason}",
        kind=kind,
        target_type=words[1] if group == "Admin" and len(words) > 1 else group,
        object_name=next(iter(named.values()), ""),
        parameters={**named, "Status": str(status), "Code": code},
        succeeded=False,
    )


def _record(tx: Any, caller: Caller, act: Act) -> None:
    record(tx, caller, act)


def _reason(body: bytes) -> tuple[str, str]:
    """(message, code) of an error's body."""
    try:
        said = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "no reason was given", ""
    return str(said.get("ErrorMessage") or said.get("errorMessage") or ""), str(
        said.get("SdkErrorId") or said.get("sdkErrorId") or ""
    )
