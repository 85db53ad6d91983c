"""Permissions in words: the predefined ones of the wire, in their groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from footlight.caller import Permission as P


@dataclass(frozen=True)
class Described:
    """A permission for people. `operations`: what it lets do, as Service:Operation."""

    permission: P
    name: str
    operations: tuple[str, ...]

    @property
    def group_id(self) -> str:
        """The part of the id before the underscore."""
        return self.permission.partition("_")[0]

    @property
    def group_name(self) -> str:
        """The group in words."""
        return GROUPS[self.group_id]

    @property
    def is_read_only(self) -> bool:
        """Whether it lets see only. Watching recordings changes none, but is never part of reading roles."""
        return self.permission.endswith("_Read")


GROUPS: Mapping[str, str] = {
    "Site": "Site",
    "Identity": "Users and groups",
    "Catalog": "Machine Catalogs",
    "Machine": "Machines",
    "DesktopGroup": "Delivery Groups",
    "Application": "Applications",
    "Zone": "Zones",
    "Tag": "Tags",
    "Icon": "Icons",
    "Folder": "Folders",
    "Admin": "Administrators",
    "Logging": "Logging",
    "Session": "Sessions",
    "Recording": "Session Recording",
}

_WORDS: Mapping[P, tuple[str, str]] = {  # the name, and the operations between blanks
    P.SITE_READ: ("View site", "Configuration:GetSite"),
    P.SITE_CONFIGURE: ("Configure site", "Configuration:SetSite Configuration:SetAccount"),
    P.IDENTITY_READ: ("View users and groups", "Identity:GetUsers"),
    P.CATALOG_READ: ("View machine catalogs", "Broker:GetCatalog"),
    P.CATALOG_CREATE: ("Create machine catalog", "Broker:NewCatalog"),
    P.CATALOG_EDIT: ("Edit machine catalog", "Broker:SetCatalog"),
    P.CATALOG_DELETE: ("Delete machine catalog", "Broker:RemoveCatalog"),
    P.CATALOG_ADD_MACHINES: ("Add machines to machine catalog", "Broker:NewMachine"),
    P.CATALOG_REMOVE_MACHINES: ("Remove machines from machine catalog", "Broker:RemoveMachine"),
    P.MACHINE_READ: ("View machines", "Broker:GetMachine"),
    P.MACHINE_EDIT: ("Edit machine", "Broker:SetMachine"),
    P.MACHINE_MAINTENANCE: (
        "Turn maintenance mode of machine on and off",
        "Broker:SetMachineMaintenanceMode",
    ),
    P.MACHINE_REMOVE: ("Remove machine from site", "Broker:RemoveMachineFromSite"),
    P.GROUP_READ: ("View delivery groups", "Broker:GetDesktopGroup"),
    P.GROUP_CREATE: ("Create delivery group", "Broker:NewDesktopGroup"),
    P.GROUP_EDIT: ("Edit delivery group", "Broker:SetDesktopGroup"),
    P.GROUP_DELETE: ("Delete delivery group", "Broker:RemoveDesktopGroup"),
    P.GROUP_MAINTENANCE: (
        "Turn maintenance mode of delivery group on and off",
        "Broker:SetDesktopGroupMaintenanceMode",
    ),
    P.GROUP_ADD_MACHINES: ("Add machines to delivery group", "Broker:AddMachine"),
    P.GROUP_REMOVE_MACHINES: (
        "Remove machines from delivery group",
        "Broker:RemoveMachineFromDesktopGroup",
    ),
    P.GROUP_ADD_APPLICATIONS: ("Add applications to delivery group", "Broker:AddApplication"),
    P.GROUP_REMOVE_APPLICATIONS: (
        "Remove applications from delivery group",
        "Broker:RemoveApplicationFromDesktopGroup",
    ),
    P.APPLICATION_READ: ("View applications", "Broker:GetApplication"),
    P.APPLICATION_CREATE: ("Create application", "Broker:NewApplication"),
    P.APPLICATION_EDIT: ("Edit application", "Broker:SetApplication"),
    P.APPLICATION_DELETE: ("Delete application", "Broker:RemoveApplication"),
    P.ZONE_READ: ("View zones", "Configuration:GetZone"),
    P.ZONE_MANAGE: (
        "Manage zones",
        "Configuration:NewZone Configuration:SetZone Configuration:RemoveZone",
    ),
    P.TAG_READ: ("View tags", "Broker:GetTag"),
    P.TAG_MANAGE: ("Manage tags", "Broker:NewTag Broker:SetTag Broker:RemoveTag Broker:AddTag"),
    P.ICON_MANAGE: ("Manage icons", "Broker:NewIcon Broker:RemoveIcon"),
    P.FOLDER_MANAGE: (
        "Manage folders",
        "Broker:NewAdminFolder Broker:SetAdminFolder Broker:RemoveAdminFolder",
    ),
    P.ADMIN_READ: (
        "View administrators",
        "DelegatedAdmin:GetAdministrator DelegatedAdmin:GetRole DelegatedAdmin:GetScope",
    ),
    P.ADMIN_MANAGE: (
        "Manage administrators",
        "DelegatedAdmin:SetAdministrator DelegatedAdmin:SetRole DelegatedAdmin:SetScope",
    ),
    P.LOG_READ: ("View logs", "ConfigLogging:GetHighLevelOperation"),
    P.LOG_MANAGE: ("Manage logs", "ConfigLogging:SetSite ConfigLogging:RemoveOperation"),
    P.SESSION_READ: ("View sessions", "Broker:GetSession"),
    P.SESSION_DISCONNECT: ("Disconnect session", "Broker:DisconnectSession"),
    P.SESSION_LOG_OFF: ("Log off session", "Broker:StopSession"),
    P.SESSION_MESSAGE: ("Send message to session", "Broker:SendSessionMessage"),
    P.SESSION_HIDE: ("Hide and unhide session", "Broker:SetSessionHidden"),
    P.SHADOW: ("Watch and take over session", "Footlight:ShadowSession"),
    P.TRANSFER_FILES: ("Transfer files of session", "Footlight:TransferSessionFiles"),
    P.LAUNCH_AS: ("Launch session for another user", "Footlight:LaunchSessionAs"),
    P.RECORD: (
        "Start and stop recording",
        "SessionRecording:StartRecording SessionRecording:StopRecording",
    ),
    P.VIEW_RECORDINGS: ("View recordings", "SessionRecording:GetRecording"),
    P.EXPORT_RECORDINGS: ("Export recordings", "SessionRecording:ExportRecording"),
    P.DELETE_RECORDINGS: (
        "Delete and hold recordings",
        "SessionRecording:RemoveRecording SessionRecording:HoldRecording",
    ),
    P.RECORDING_POLICY: ("Manage recording policies", "SessionRecording:SetPolicy"),
}

DESCRIBED = {one: Described(one, name, tuple(ops.split())) for one, (name, ops) in _WORDS.items()}
