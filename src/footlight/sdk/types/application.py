"""Applications, member for member as on the wire."""

from __future__ import annotations

from typing import TypedDict

from footlight.sdk.types.machine import ContainerScope, NameValue, Ref


class InstalledAppProperties(TypedDict):
    """How an installed application is started."""

    CommandLineExecutable: str
    CommandLineArguments: str
    WorkingDirectory: str


class Application(TypedDict):
    """A published application."""

    Id: str
    Uid: int | None
    ApplicationFolder: Ref
    ApplicationType: str
    PackagedApplicationType: str | None
    PackagedApplicationVisibility: str | None
    ClientFolder: str | None
    ContainerScopes: list[ContainerScope]
    Description: str | None
    DoNotEnumerate: bool
    Enabled: bool
    IconId: str
    InstalledAppProperties: InstalledAppProperties | None
    PackagedAppProperties: None
    AppVAppProperties: None
    ContentLocation: str | None
    Name: str
    PublishedName: str
    Metadata: list[NameValue] | None
    Visible: bool
    SharingKind: str
    Tags: list[str] | None
    Tenants: list[Ref] | None
    CloudWorkspaceManaged: bool | None
    NumAssociatedDeliveryGroups: int
    NumAssociatedApplicationGroups: int
    AssociatedDeliveryGroupUuids: list[str]
    AssociatedApplicationGroupUuids: list[str]
    ZoneId: str | None
