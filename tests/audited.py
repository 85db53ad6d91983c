"""Every successful call of the suite that asks for a change, against the audit chain of the site that it went to: it
leaves entries with the transaction id of its answer, one for each act on an object and none twice, by its caller, of a
kind that the configuration log shows.

It watches what tests do anyway, so that a new route is looked at as soon as a test of it succeeds.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Connection, select

from footlight.api.app import route_table
from footlight.site.config_log import KINDS
from footlight.store import schema

READ = "reads by POST"
SIGN_IN = "written as SignIn, bounded"
OWN = "the caller's own"
# Routes whose success leaves no entry, and why.
NOTHING = {
    "POST /$checkObjectNameExists": READ,
    "POST /Applications/$search": READ,
    "POST /ConfigLog/ExportReport": READ,
    "POST /ConfigLog/Operations/$fetchExistingLabels": READ,
    "POST /ConfigLog/Operations/$search": READ,
    "POST /DeliveryGroups/$checkName": READ,
    "POST /DeliveryGroups/$search": READ,
    "POST /Identity/Users/$validate": READ,
    "POST /MachineCatalogs/$checkCatalogName": READ,
    "POST /MachineCatalogs/$search": READ,
    "POST /Machines/$group": READ,
    "POST /Machines/$search": READ,
    "POST /Sessions/$search": READ,
    "POST /Zones/$search": READ,
    "POST /footlight/v1/sessions/$search": READ,
    "POST /Admin/Administrators/$PreviewReport": READ,
    "POST /tokens": SIGN_IN,
    "POST /tokens/$refresh": SIGN_IN,
    "DELETE /tokens": SIGN_IN,
    "POST /cctrustoauth2/{customer}/tokens/clients": SIGN_IN,
    "POST /footlight/v1/sign-in": SIGN_IN,
    "POST /footlight/v1/sign-out": SIGN_IN,
    "POST /footlight/v1/visits": SIGN_IN,
    "PUT /me/Preferences": OWN,
    "DELETE /me/Preferences/{name}": OWN,
    "POST /Jobs/{id}/$cancel": OWN,
    "DELETE /Jobs/{id}": OWN,
    "POST /footlight/v1/enroll/standing": READ,
    "POST /footlight/v1/recording-policies/test": READ,
    "POST /$batch": "each of its items is a call",
    "POST /footlight/v1/recordings/retention/preview": READ,
}
# Routes whose success may leave none, and why.
MAYBE_NOTHING = {
    "POST /Machines/{nameOrId}/$disconnect": "acts on sessions, and there may be none",
    "POST /Machines/{nameOrId}/$logoff": "acts on sessions, and there may be none",
    "POST /Zones/{nameOrId}/$addItems": "moves catalogs, which may be there already",
    "POST /Zones/{nameOrId}/$moveItems": "moves catalogs, which may be there already",
    "POST /Zones/$removeItems": "moves catalogs, which may be there already",
    "POST /footlight/v1/enroll": "a host that asks again gets the same answer",
    "POST /footlight/v1/hosts/{id}/revoke": "of one that is revoked already nothing is told",
    "POST /footlight/v1/launches": "one's own launch is no act of an administrator",
    "POST /footlight/v1/sessions/{id}/tickets": "opening one's own session is none either",
}
# Acts on recordings, which are no part of the configuration log.
OF_RECORDINGS = ("RecordingViewed", "RecordingExported", "RecordingDeleted")
SETTLED_WITHIN_S = 60.0
_METHODS = ("POST", "PUT", "PATCH", "DELETE")
_table = route_table()
_j = schema.jobs


@dataclass(frozen=True)
class Made:
    """A call that has succeeded."""

    authority: str  # HOST:PORT
    route: str
    path: str
    transaction: str
    job_id: str | None  # where the answer was 202


class Watched:
    """What the tests of this process have called."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._calls: dict[str, list[Made]] = defaultdict(list)  # by authority

    def hear(self, response: httpx.Response) -> None:
        """Remember the call if it has asked for a change and succeeded."""
        request = response.request
        if request.method not in _METHODS or not response.is_success:
            return
        matched = _table.match(request.url.raw_path.partition(b"?")[0])
        transaction = response.headers.get("citrix-transactionid")
        if matched is None or transaction is None:
            return
        authority = request.url.netloc.decode()
        template = matched.template.removeprefix("/cvad/manage")
        route = f"{request.method} {template}"
        path = str(request.url.path)
        place = response.headers.get("location", "") if response.status_code == 202 else ""
        job_id = place.rpartition("/")[2] or None
        made = Made(authority, route, path, transaction, job_id)
        self._calls[authority].append(made)

    def check(
        self, authority: str, in_database: Callable[[Callable[[Connection], Any]], Any]
    ) -> None:
        """Compare with the chain of the site there; what is wrong is in `faults` then."""
        made = self._calls.pop(authority, [])
        batches = {one.transaction for one in made if one.route == "POST /$batch"}
        made = [one for one in made if one.transaction not in batches]
        jobs = {one.job_id for one in made if one.job_id is not None}
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while jobs & in_database(_running) and time.monotonic() < deadline:
            time.sleep(0.1)
        entries, done = in_database(_entries), in_database(_done)
        calls = Counter(one.transaction for one in made)
        for one in made:
            ended = one.job_id is None or one.job_id in done
            found = entries.get(one.transaction, [])
            wrong = _fault(one, found, calls[one.transaction], ended=ended)
            if wrong:
                told = [f"{e['kind']} {e['targetType']}: {e['text']}" for e in found]
                self.faults.append(f"{one.route} ({one.path}): {wrong}: {told}")


def _fault(made: Made, found: list[dict[str, Any]], calls: int, *, ended: bool) -> str | None:
    """What is wrong with the entries of the call's transaction, which so many calls share."""
    if made.route in NOTHING:
        return "it leaves entries" if found and calls == 1 else None
    if not found:
        return "it leaves no entry" if ended and made.route not in MAYBE_NOTHING else None
    acts = Counter((one["objectId"], one["text"]) for one in found)
    if max(acts.values()) > calls:
        return "an act is told twice"
    for one in found:
        if one["kind"] not in (*KINDS, *OF_RECORDINGS) or not (
            one["accountId"] and one["userName"] and one["text"]
        ):
            return "an entry that the log does not show as it should"
    return None


def _entries(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """By transaction."""
    found = defaultdict(list)
    for text in connection.execute(select(schema.audit.c.entry)).scalars():
        entry = json.loads(text)
        if entry["transactionId"]:
            found[entry["transactionId"]].append(entry)
    return found


def _running(connection: Connection) -> set[str]:
    return set(connection.execute(select(_j.c.id).where(_j.c.ended_at_ms.is_(None))).scalars())


def _done(connection: Connection) -> set[str]:
    return set(connection.execute(select(_j.c.id).where(_j.c.state == "done")).scalars())


CALLS = Watched()
