"""Searching published applications. Source: rest-api.md sections 5 and 7.4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)

from footlight.caller import Caller, Permission
from footlight.sessions import wildcards
from footlight.sessions.moments import Moment
from footlight.sessions.operators import Operand, condition, matches, of_members
from footlight.sessions.positions import Position
from footlight.sessions.properties import Kind, Property
from footlight.sessions.translation import Condition, Search, sortable
from footlight.site import folders, inventory_search
from footlight.site.inventory_search import TextTranslation
from footlight.site.names import FOLDER_BREAK
from footlight.site.tags import Tagged
from footlight.store import schema, sight
from footlight.store.text import json_member
from footlight.wire.rest.application_request import ApplicationSearchRequest
from footlight.wire.rest.search import SearchOperator, SearchRequest

_r = schema.resources
_f = schema.folders
_g = schema.delivery_groups
_in = schema.resource_groups
_t = schema.tags
_on = schema.tag_objects
TABLES = _r.outerjoin(_f, _r.c.folder_id == _f.c.id)
_NOTHING = cast(null(), String())


def _kept(name: str) -> ColumnElement[str]:
    return json_member(_r.c.settings, literal(f"$.{name}"), literal(name))


def _flag(name: str) -> ColumnElement[bool]:
    return func.coalesce(cast(_kept(name), String()), "").in_(("true", "1"))


# A\B\Name
_PATH = func.coalesce(func.replace(_f.c.path, FOLDER_BREAK, "\\") + "\\", "") + _r.c.name
_PROPERTIES = (
    Property("ApplicationCategory", Kind.STRING, _kept("categories")),
    Property("ApplicationGroup", Kind.LIST, _NOTHING),
    Property("Name", Kind.STRING, _r.c.name),
    Property("Path", Kind.STRING, _PATH),
    Property("BrowserName", Kind.STRING, func.coalesce(_r.c.browser_name, _r.c.name)),
    Property("CommandLineArguments", Kind.STRING, _kept("arguments")),
    Property("DeliveryGroup", Kind.LIST, _NOTHING),
    Property("Description", Kind.STRING, _r.c.description),
    Property("PublishedName", Kind.STRING, _r.c.published_name),
    Property("Enabled", Kind.BOOL, _r.c.enabled),
    Property("MaxTotalInstances", Kind.INT, _r.c.max_total_instances),
    Property("MaxPerUserInstances", Kind.INT, _r.c.max_per_user_instances),
    Property("ShortcutAddedToDesktop", Kind.BOOL, _flag("shortcut_added_to_desktop")),
    Property("ShortcutAddedToStartMenu", Kind.BOOL, _flag("shortcut_added_to_start_menu")),
    Property("StartMenuFolder", Kind.STRING, _kept("start_menu_folder")),
    Property("Tags", Kind.LIST, _NOTHING),
    Property("ApplicationType", Kind.ENUM, literal("HostedOnDesktop"), ("HostedOnDesktop",)),
    Property("Visible", Kind.BOOL, _r.c.visible),
    Property("WaitForPrinterCreation", Kind.BOOL, _flag("wait_for_printer_creation")),
    Property("WorkingDirectory", Kind.STRING, _r.c.working_dir),
)


class _Translation(TextTranslation):
    """Of a search for applications."""

    properties: ClassVar[Mapping[str, Property]] = {one.name.lower(): one for one in _PROPERTIES}
    texts: ClassVar[Sequence[ColumnElement[Any]]] = (
        _r.c.name,
        _r.c.published_name,
        _r.c.description,
    )

    def basic(self, text: str) -> Condition:
        """In the application's own strings and its tags."""
        tagged = self._tagged(matches(_t.c.name, wildcards.within(tuple(text.lower()))))
        return or_(super().basic(text), tagged)

    def met(self, operand: Operand, operator: SearchOperator) -> Condition:
        lists = {"Tags": (_t.c.name, self._tagged), "DeliveryGroup": (_g.c.name, self._given)}
        if operand.property.name not in lists:
            return condition(operand, operator)
        member, has = lists[operand.property.name]
        return of_members(operand, operator, member, has)

    def sort_key(self, by: Property) -> ColumnElement[Any]:
        """Of what an application has several, the least counts."""
        if by.name == "Tags":
            least = select(func.min(sortable(by, _t.c.name))).join(_on, _on.c.tag_id == _t.c.id)
            least = least.where(_on.c.object_kind == Tagged.APPLICATION, _on.c.object_id == _r.c.id)
        elif by.name == "DeliveryGroup":
            least = select(func.min(sortable(by, _g.c.name))).join(
                _in, _in.c.delivery_group_id == _g.c.id
            )
            least = least.where(_in.c.resource_id == _r.c.id, self._groups_seen())
        else:
            return sortable(by, self.expression(by))
        return func.coalesce(least.correlate(_r).scalar_subquery(), "")

    def _tagged(self, met: Condition) -> Condition:
        held = select(_on.c.object_id).join(_t, _on.c.tag_id == _t.c.id)
        chosen = held.where(_on.c.object_kind == Tagged.APPLICATION, met).correlate(None)
        return _r.c.id.in_(chosen)

    def _given(self, met: Condition) -> Condition:
        given = select(_in.c.resource_id).join(_g, _in.c.delivery_group_id == _g.c.id)
        return _r.c.id.in_(given.where(met, self._groups_seen()).correlate(None))

    def _groups_seen(self) -> Condition:
        return sight.groups(self.caller, Permission.APPLICATION_READ)


def translate(request: ApplicationSearchRequest, caller: Caller, moment: Moment) -> Search:
    """The request for this caller. Raises Invalid, naming what is wrong."""
    place = f"applications:{request.application_folder}:{request.include_sub_folders}:"
    asked = SearchRequest(
        basic_search_string=request.basic_search_string,
        search_filters=request.search_filters,
        sort_criteria=request.sort_criteria,
        sort_criteria_items=request.sort_criteria_items,
        search_filter_groups=request.search_filter_groups,
        search_filter_groups_type=request.search_filter_groups_type,
    )
    return _Translation(caller, moment).search(asked, place)


def page(
    connection: Connection,
    caller: Caller,
    request: ApplicationSearchRequest,
    search: Search,
    limit: int,
    *,
    after: Position | None = None,
) -> tuple[list[int], int, Position | None]:
    """Uids of a page, the total, and where the page ends. Raises NotFound for an unknown folder."""
    seen = sight.applications(caller) & (_r.c.kind == "Application")
    if request.application_folder is not None:
        folder = folders.get(connection, request.application_folder)
        seen &= folders.in_folder(_r, folder, below=request.include_sub_folders)
    return inventory_search.page(connection, TABLES, _r.c.uid, seen, search, limit, after=after)
