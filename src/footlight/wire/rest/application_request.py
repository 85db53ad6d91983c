"""What clients send to publish, change, copy and search applications. Source: rest-api.md section 7.4."""

from __future__ import annotations

from typing import Literal

from footlight.wire.rest.application import ApplicationType, CpuPriorityLevel, HomeZoneMode
from footlight.wire.rest.reference import NameValue, RestModel
from footlight.wire.rest.search import SearchFilter, SearchGroup, SearchSort

AppSearchProperty = Literal[
    "ApplicationCategory",
    "ApplicationGroup",
    "Name",
    "Path",
    "BrowserName",
    "CommandLineArguments",
    "DeliveryGroup",
    "Description",
    "PublishedName",
    "Enabled",
    "MaxTotalInstances",
    "MaxPerUserInstances",
    "ShortcutAddedToDesktop",
    "ShortcutAddedToStartMenu",
    "StartMenuFolder",
    "Tags",
    "ApplicationType",
    "Visible",
    "WaitForPrinterCreation",
    "WorkingDirectory",
]


class InstalledAppRequest(RestModel, frozen=True, kw_only=True):
    """How an installed application is started; of one that is there, what is absent or null stays."""

    command_line_executable: str | None = None
    command_line_arguments: str | None = None
    working_directory: str | None = None


class PriorityRef(RestModel, frozen=True, kw_only=True):
    """PriorityRefRequestModel: a delivery group, and its place among those that give the application."""

    item: str
    priority: int | None = None


class ApplicationRequest(RestModel, frozen=True, kw_only=True):
    """Members that CreateApplicationRequestModel and EditApplicationRequestModel share: absent or null is the
    default of a new application, and stays in one that is there."""

    name: str | None = None
    published_name: str | None = None
    browser_name: str | None = None
    description: str | None = None
    application_folder: str | None = None
    application_type: ApplicationType | None = None
    installed_app_properties: InstalledAppRequest | None = None
    enabled: bool | None = None
    visible: bool | None = None
    icon: str | None = None
    included_user_filter_enabled: bool | None = None
    included_users: list[str] | None = None
    max_total_instances: int | None = None
    max_per_user_instances: int | None = None
    delivery_groups: list[PriorityRef] | None = None
    metadata: list[NameValue] | None = None
    # kept for clients, without effect here
    client_folder: str | None = None
    categories: list[str] | None = None
    cpu_priority_level: CpuPriorityLevel | None = None
    do_not_enumerate: bool | None = None
    home_zone: str | None = None
    home_zone_mode: HomeZoneMode | None = None
    icon_from_client: bool | None = None
    shortcut_added_to_desktop: bool | None = None
    shortcut_added_to_start_menu: bool | None = None
    start_menu_folder: str | None = None
    wait_for_printer_creation: bool | None = None


class AddApplicationsRequest(RestModel, frozen=True, kw_only=True):
    """AddApplicationsRequestModel: applications, new and there already, for these delivery groups."""

    new_applications: list[ApplicationRequest] | None = None
    existing_applications: list[str] | None = None
    delivery_groups: list[PriorityRef] | None = None


class DuplicateApplicationRequest(RestModel, frozen=True, kw_only=True):
    """DuplicateApplicationRequestModel."""

    new_name: str | None = None
    new_folder: str | None = None
    create_disabled: bool = False


class ApplicationSearchRequest(RestModel, frozen=True, kw_only=True):
    """ApplicationSearchRequestModel; `{}` finds every application."""

    application_folder: str | None = None
    include_sub_folders: bool = True
    basic_search_string: str | None = None
    search_filters: list[SearchFilter] | None = None
    sort_criteria: SearchSort | None = None
    sort_criteria_items: list[SearchSort] | None = None
    search_filter_groups: list[SearchGroup] | None = None
    search_filter_groups_type: str | None = None
