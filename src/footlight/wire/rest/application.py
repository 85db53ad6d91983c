"""ApplicationResponseModel: a published application."""

from __future__ import annotations

from typing import Literal

from footlight.wire.rest.reference import NameValue, Ref, RestModel
from footlight.wire.rest.scope import ContainerScope

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
