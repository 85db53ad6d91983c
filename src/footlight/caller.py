"""Who is calling: made by access, read by every room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from footlight.errors import Forbidden


class Permission(StrEnum):
    """What a role may do. The values are the ids on the wire (`Admin/Permissions`); ids that end in `_Read`
    let see and change nothing."""

    SITE_READ = "Site_Read"
    SITE_CONFIGURE = "Site_Configure"  # accounts of the site, settings, simulation
    IDENTITY_READ = "Identity_Read"
    CATALOG_READ = "Catalog_Read"
    CATALOG_CREATE = "Catalog_Create"
    CATALOG_EDIT = "Catalog_EditProperties"
    CATALOG_DELETE = "Catalog_Delete"
    CATALOG_ADD_MACHINES = "Catalog_AddMachines"
    CATALOG_REMOVE_MACHINES = "Catalog_RemoveMachine"
    MACHINE_READ = "Machine_Read"
    MACHINE_EDIT = "Machine_EditProperties"
    MACHINE_MAINTENANCE = "Machine_ChangeMaintenanceMode"
    MACHINE_REMOVE = "Machine_Remove"
    GROUP_READ = "DesktopGroup_Read"
    GROUP_CREATE = "DesktopGroup_Create"
    GROUP_EDIT = "DesktopGroup_EditProperties"
    GROUP_DELETE = "DesktopGroup_Delete"
    GROUP_MAINTENANCE = "DesktopGroup_ChangeMaintenanceMode"
    GROUP_ADD_MACHINES = "DesktopGroup_AddMachines"
    GROUP_REMOVE_MACHINES = "DesktopGroup_RemoveMachine"
    GROUP_ADD_APPLICATIONS = "DesktopGroup_AddApplication"
    GROUP_REMOVE_APPLICATIONS = "DesktopGroup_RemoveApplication"
    APPLICATION_READ = "Application_Read"
    APPLICATION_CREATE = "Application_Create"
    APPLICATION_EDIT = "Application_EditProperties"
    APPLICATION_DELETE = "Application_Delete"
    ZONE_READ = "Zone_Read"
    ZONE_MANAGE = "Zone_Manage"
    TAG_READ = "Tag_Read"
    TAG_MANAGE = "Tag_Manage"  # make, rename and delete tags, and put them on objects
    ICON_MANAGE = "Icon_Manage"
    FOLDER_MANAGE = "Folder_Manage"
    ADMIN_READ = "Admin_Read"
    ADMIN_MANAGE = "Admin_Manage"
    LOG_READ = "Logging_Read"
    LOG_MANAGE = "Logging_Manage"
    SESSION_READ = "Session_Read"
    SESSION_DISCONNECT = "Session_Disconnect"
    SESSION_LOG_OFF = "Session_Logoff"
    SESSION_MESSAGE = "Session_SendMessage"
    SESSION_HIDE = "Session_Hide"
    SHADOW = "Session_Shadow"
    TRANSFER_FILES = "Session_TransferFiles"  # of others; one's own need none
    LAUNCH_AS = "Session_LaunchAs"
    RECORD = "Recording_Control"
    VIEW_RECORDINGS = "Recording_View"
    EXPORT_RECORDINGS = "Recording_Export"
    DELETE_RECORDINGS = "Recording_DeleteAndHold"
    RECORDING_POLICY = "Recording_ManagePolicy"


ALL_PERMISSIONS = frozenset(Permission)


@dataclass(frozen=True)
class Grant:
    """Permissions within scopes; `scope_ids` None is the scope All."""

    permissions: frozenset[Permission]
    scope_ids: frozenset[str] | None = None


FULL_GRANT = Grant(ALL_PERMISSIONS)
# What separate duties take from Full Administrators.
OF_AUDITORS = frozenset(
    (Permission.VIEW_RECORDINGS, Permission.EXPORT_RECORDINGS, Permission.DELETE_RECORDINGS)
)


@dataclass(frozen=True)
class Caller:
    """An authenticated principal and where the call came from. Everybody sees and may end what is their own;
    grants widen that."""

    account_id: str
    name: str  # without domain
    user_name: str  # DOMAIN\\name
    display_name: str
    grants: tuple[Grant, ...]
    token_id: str
    expires_at_ms: int
    refresh_until_ms: int
    address: str  # of the client
    user_agent: str = ""
    transaction: str = ""  # of the request, as its answer tells it; "" where there is none
    visitor: bool = False  # without an account of his own: for one session
    logon: str = ""  # what the sign-in left on a host (access/tokens.py)
    # of an API client: its id, and the print of the secret that its token was got with
    client_id: str = ""
    client_secret_print: str = ""
    sign_in_id: str = ""  # the sign-in that the token goes back to
    issued_at_ms: int = 2**62  # when the token was, where a new password ends it
    separate_duties: bool = False  # recordings of oneself are not to be seen, stopped or deleted

    @property
    def permissions(self) -> frozenset[Permission]:
        """Those that the caller has somewhere."""
        return frozenset().union(*(grant.permissions for grant in self.grants))

    def may(self, permission: Permission) -> bool:
        """Whether the caller has the permission somewhere; for one object ask store/sight.py."""
        return any(permission in grant.permissions for grant in self.grants)

    def require(self, permission: Permission) -> None:
        """Raises Forbidden if the caller has the permission nowhere."""
        if not self.may(permission):
            raise Forbidden(f"This needs the permission {permission}.")

    def scopes_of(self, permission: Permission) -> frozenset[str] | None:
        """Ids of the scopes in which the caller has the permission; None: everywhere."""
        found: frozenset[str] = frozenset()
        for grant in self.grants:
            if permission in grant.permissions:
                if grant.scope_ids is None:
                    return None
                found |= grant.scope_ids
        return found

    def everywhere(self, permission: Permission) -> bool:
        """Whether the caller has the permission on all objects, those that will be made among them."""
        return self.scopes_of(permission) is None

    def require_everywhere(self, permission: Permission) -> None:
        """Raises Forbidden unless the caller has the permission on all objects."""
        self.require(permission)
        if not self.everywhere(permission):
            raise Forbidden(f"This needs the permission {permission} in the scope All.")

    def covers(self, grants: Iterable[Grant]) -> bool:
        """Whether the caller has all that the grants give, wherever they give it: nobody grants what he has
        not, nor changes who has more."""
        return all(
            self._holds(permission, grant) for grant in grants for permission in grant.permissions
        )

    def _holds(self, permission: Permission, grant: Grant) -> bool:
        mine = self.scopes_of(permission)
        return mine is None or (grant.scope_ids is not None and grant.scope_ids <= mine)
