"""Every successful call of the suite that asks for a change, against the audit chain of the site that it went to: each
leaves one entry with the transaction id of its answer, by its caller, of a kind that the configuration log shows.

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
    "POST /Sites/{nameOrId}/$test": READ,
    "POST /Admin/Administrators/$PreviewReport": READ,
    "POST /tokens": SIGN_IN,
    "POST /tokens/$refresh": SIGN_IN,
    "DELETE /tokens": SIGN_IN,
    "POST /cctrustoauth2/{customer}/tokens/clients": SIGN_IN,
    "POST /footlight/v1/sign-in": SIGN_IN,
    "POST /footlight/v1/sign-out": SIGN_IN,
    "PUT /me/Preferences": OWN,
    "DELETE /me/Preferences/{name}": OWN,
    "POST /$batch": "each of its items is a call",
}
# Routes that leave an entry for each object that they change, so none where all was so before, and why they may.
EACH = {
    "POST /AdminFolders": "parents that are missing are made",
    "POST /ApplicationFolders": "parents that are missing are made",
    "POST /DeliveryGroups": "makes the group and adds machines",
    "POST /footlight/v1/launches": "one's own launch is no act of an administrator",
    "PUT /Tags/{nameOrId}/Applications": "sets the tags of applications",
    "PUT /Tags/{nameOrId}/DeliveryGroups": "sets the tags of groups",
    "POST /Zones/{nameOrId}/$addItems": "moves catalogs",
    "POST /Zones/{nameOrId}/$moveItems": "moves catalogs",
    "POST /Zones/$removeItems": "moves catalogs",
}
SETTLED_WITHIN_S = 20.0
_METHODS = ("POST", "PUT", "PATCH", "DELETE")
_table = route_table()


@dataclass(frozen=True)
class Made:
    """A call that has succeeded."""

    authority: str  # HOST:PORT
    route: str
    path: str
    transaction: str
    status: int


class Watched:
    """What the tests of this process have called."""

    def __init__(self) -> None:
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
        made = Made(authority, route, path, transaction, response.status_code)
        self._calls[authority].append(made)

    def check(
        self, authority: str, in_database: Callable[[Callable[[Connection], Any]], Any]
    ) -> list[str]:
        """What is wrong with the chain of the site there: a line for each call."""
        made = self._calls.pop(authority, [])
        batches = {one.transaction for one in made if one.route == "POST /$batch"}
        made = [one for one in made if one.transaction not in batches]
        wanted = Counter(one.transaction for one in made if one.route not in NOTHING)
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while True:
            entries = in_database(_entries)
            counted = Counter({name: len(found) for name, found in entries.items()})
            late = {one.transaction for one in made if one.status == 202}
            if all(counted[name] >= wanted[name] for name in late) or time.monotonic() > deadline:
                break
            time.sleep(0.2)
        return [line for one in made for line in _faults(one, wanted[one.transaction], entries)]


def _entries(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """By transaction."""
    found = defaultdict(list)
    for text in connection.execute(select(schema.audit.c.entry)).scalars():
        entry = json.loads(text)
        if entry["transactionId"]:
            found[entry["transactionId"]].append(entry)
    return found


def _faults(made: Made, wanted: int, entries: dict[str, list[dict[str, Any]]]) -> list[str]:
    found = entries.get(made.transaction, [])
    told = [f"{one['kind']} {one['targetType']}: {one['text']}" for one in found]
    call = f"{made.route} ({made.path}, {made.status})"
    objects = Counter((one["objectId"], one["text"]) for one in found)
    if made.route in EACH:
        if objects and max(objects.values()) > wanted:
            return [f"{call}: an object has several entries: {told}"]
    elif len(found) != wanted:
        return [f"{call}: {len(found)} entries in place of {wanted}: {told}"]
    wrong = [
        one
        for one in found
        if one["kind"] not in KINDS
        or not one["userName"]
        or not one["text"]
        or not one["targetType"]
    ]
    return [f"{call}: an entry that the log does not show as it should: {told}"] if wrong else []


CALLS = Watched()
