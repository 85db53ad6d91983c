"""AdminFolderResponseModel, which ApplicationFolderResponseModel is a part of, and the requests of both."""

from __future__ import annotations

from typing import Literal

from footlight.wire.rest.reference import NameValue, Ref, RestModel

FolderObjectIdentifier = Literal[
    "Unknown",
    "ContainsApplications",
    "ContainsMachineCatalogs",
    "ContainsApplicationGroups",
    "ContainsDeliveryGroups",
]


class Folder(RestModel, frozen=True, kw_only=True):
    """A folder. `path` is written as CVAD does, `A\\B\\` with a backslash after each name; requests may have
    `|` between them. `metadata` names what the folder is for. Counts are of objects that the caller sees."""

    id: str
    uid: int | None
    children: list[Ref]
    name: str
    parent: Ref | None
    path: str
    total_applications: int
    total_machine_catalogs: int
    total_application_groups: int
    total_desktop_groups: int
    metadata: list[NameValue] | None = None


class FolderRequest(RestModel, frozen=True, kw_only=True):
    """CreateAdminFolderRequestModel. `name` may be left out with a `path`, which then is the folder's own."""

    name: str | None = None
    path: str | None = None
    parent_id: str | None = None
    object_identifiers: list[FolderObjectIdentifier] | None = None


class FolderUpdate(RestModel, frozen=True, kw_only=True):
    """EditAdminFolderRequestModel; what is absent or null stays. `parent` "" is the top; an empty metadata value
    takes the name away."""

    name: str | None = None
    parent: str | None = None
    metadata: list[NameValue] | None = None
