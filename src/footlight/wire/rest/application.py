"""ApplicationResponseModel: a published application."""

from __future__ import annotations

from typing import Literal

from footlight.wire.rest.reference import NameValue, Ref, RestModel
from footlight.wire.rest.scope import ContainerScope
from footlight.wire.rest.user import IdentityUser

ApplicationType = Literal[
    "Unknown",
    "HostedOnDesktop",
    "InstalledOnClient",
    "SessionPreLauncher",
    "PublishedContent",
    "PackagedApplication",
    "FlexApp",
    "ElasticAppLayer",
    "AppV",
    "AppLibraryAppV",
    "Msix",
    "AppAttach",
]
SharingKind = Literal["Unknown", "Private", "Shared"]
CpuPriorityLevel = Literal["Unknown", "Low", "BelowNormal", "Normal", "AboveNormal", "High"]
HomeZoneMode = Literal["Unknown", "Prefer", "Ignore", "Only", "User"]

# Members of the list of the second generation when `fields` names none (rest-api.md section 7.4).
APPLICATION_V2_FIELDS = frozenset(
    name.lower()
    for name in (
        "Id", "Uid", "ApplicationFolder", "ApplicationType", "PackagedApplicationType",
        "PackagedApplicationVisibility", "ClientFolder", "Description", "DoNotEnumerate", "Enabled", "IconId",
        "ContentLocation", "Name", "PublishedName", "Visible", "SharingKind", "ZoneId",
    )
)  # fmt: skip


class InstalledAppProperties(RestModel, frozen=True, kw_only=True):
    """How an installed application is started; three strings, never null."""

    command_line_executable: str
    command_line_arguments: str
    working_directory: str


class Application(RestModel, frozen=True, kw_only=True):
    """ApplicationResponseModel. `associated_delivery_group_uuids` names where it is published."""

    id: str
    uid: int | None
    application_folder: Ref
    application_type: ApplicationType = "HostedOnDesktop"
    packaged_application_type: str | None = None
    packaged_application_visibility: str | None = None
    client_folder: str | None = None
    container_scopes: list[ContainerScope]
    description: str | None = None
    do_not_enumerate: bool = False
    enabled: bool
    icon_id: str = ""
    installed_app_properties: InstalledAppProperties | None
    packaged_app_properties: None = None
    app_v_app_properties: None = None
    content_location: str | None = None
    name: str
    published_name: str
    metadata: list[NameValue] | None = None
    visible: bool = True
    sharing_kind: SharingKind = "Shared"
    tags: list[str] | None = None
    tenants: list[Ref] | None = None
    cloud_workspace_managed: bool | None = None
    num_associated_delivery_groups: int
    num_associated_application_groups: int = 0
    associated_delivery_group_uuids: list[str]
    associated_application_group_uuids: list[str]
    zone_id: str | None = None


class ApplicationDetail(Application, frozen=True, kw_only=True):
    """ApplicationDetailResponseModel: one application by itself."""

    browser_name: str
    categories: list[str]
    configured_ftas: list[str]
    cpu_priority_level: CpuPriorityLevel
    home_zone: Ref | None
    home_zone_mode: HomeZoneMode
    included_user_filter_enabled: bool
    icon_from_client: bool
    included_users: list[IdentityUser]
    max_per_user_instances: int
    max_total_instances: int
    shortcut_added_to_desktop: bool
    shortcut_added_to_start_menu: bool
    start_menu_folder: str | None
    wait_for_printer_creation: bool


class RecommendedName(RestModel, frozen=True, kw_only=True):
    """A name that no application has."""

    name: str
