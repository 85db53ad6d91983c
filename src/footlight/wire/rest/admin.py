"""Administrators, roles, scopes and permissions. Source: rest-api.md sections 4.6 and 7.5."""

from __future__ import annotations

from typing import Literal

from footlight.wire.rest.reference import Ref, RestModel
from footlight.wire.rest.scope import Scope
from footlight.wire.rest.user import IdentityUser

ScopedObjectType = Literal["Unknown", "MachineCatalog", "DeliveryGroup"]
Consequence = Literal[
    "Unknown", "NoRightsLost", "SomeRightsLost", "AllRightsLost", "CannotDeleteLastFullAdmin"
]


class RolePermission(RestModel, frozen=True, kw_only=True):
    """DelegatedAdminPermissionResponseModel."""

    id: str
    name: str
    description: str | None = None
    is_read_only: bool
    operations: list[str]


class PredefinedPermission(RestModel, frozen=True, kw_only=True):
    """PredefinedPermissionResponseModel."""

    id: str
    name: str
    description: str | None = None
    group_id: str
    group_name: str
    is_read_only: bool
    operations: list[str]


class PermissionGroup(RestModel, frozen=True, kw_only=True):
    """PredefinedPermissionGroupResponseModel."""

    id: str
    name: str


class Role(RestModel, frozen=True, kw_only=True):
    """RoleResponseModel. What the two console tabs are called elsewhere is the one console here."""

    id: str
    name: str
    description: str | None = None
    is_built_in: bool
    can_launch_manage: bool | None = True
    can_launch_monitor: bool | None = True
    permissions: list[RolePermission] | None


class RoleRequest(RestModel, frozen=True, kw_only=True):
    """CreateAdminRoleRequestModel and EditAdminRoleRequestModel; `name` and `permissions` are needed to create.
    `CanLaunchManage` and `CanLaunchMonitor` are read and have no effect."""

    name: str | None = None
    description: str | None = None
    permissions: list[str] | None = None


class ScopedObject(RestModel, frozen=True, kw_only=True):
    """ScopedObjectResponseModel."""

    object: Ref
    object_description: str | None = None
    object_type: ScopedObjectType


class ScopedObjectRequest(RestModel, frozen=True, kw_only=True):
    """ScopedObjectRequestModel: an object by name or id."""

    object_type: str
    object: str


class ScopeRequest(RestModel, frozen=True, kw_only=True):
    """CreateAdminScopeRequestModel and EditAdminScopeRequestModel; `name` is needed to create."""

    name: str | None = None
    description: str | None = None
    scoped_objects: list[ScopedObjectRequest] | None = None


class AdministratorRight(RestModel, frozen=True, kw_only=True):
    """AdministratorRightResponseModel."""

    role: Role
    scope: Scope


class Administrator(RestModel, frozen=True, kw_only=True):
    """AdministratorResponseModel."""

    user: IdentityUser
    scopes_and_roles: list[AdministratorRight]
    enabled: bool


class RightRequest(RestModel, frozen=True, kw_only=True):
    """AdminRightRequestModel: role and scope by name or id."""

    role: str
    scope: str


class AdministratorRequest(RestModel, frozen=True, kw_only=True):
    """CreateAdminAdministratorRequestModel."""

    user: str | None = None
    rights: list[RightRequest] | None = None
    enabled: bool | None = None


class AdministratorUpdate(RestModel, frozen=True, kw_only=True):
    """UpdateAdminAdministratorRequestModel; what is absent or null stays."""

    rights: list[RightRequest] | None = None
    enabled: bool | None = None


class AdministratorReport(RestModel, frozen=True, kw_only=True):
    """AdministratorReportResponseModel: an HTML page in base 64."""

    encoded_report: str
    encoding: str = "base64"
    media_type: str = "text/html"


class NamePreview(RestModel, frozen=True, kw_only=True):
    """AdministratorNamePreviewResponseModel."""

    name: str
    error: str | None


class DeleteConsequence(RestModel, frozen=True, kw_only=True):
    """AdministratorDeleteConcequenceResponseModel (sic)."""

    consequence: Consequence
