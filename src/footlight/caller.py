"""Who is calling: made by access, read by every room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a role may do. Coarse now; roles and scopes widen it."""

    MANAGE = "manage"  # see and act on every session, inventory, accounts
    LAUNCH_AS = "launch-as"
    RECORD = "record"
    VIEW_RECORDINGS = "view-recordings"
    EXPORT_RECORDINGS = "export-recordings"
    SHADOW = "shadow"


ALL_PERMISSIONS = frozenset(Permission)


@dataclass(frozen=True)
class Caller:
    """An authenticated principal and where the call came from. A caller without MANAGE sees only
    what is its own."""

    account_id: str
    name: str  # without domain
    user_name: str  # DOMAIN\\name
    display_name: str
    permissions: frozenset[Permission]
    token_id: str
    expires_at_ms: int
    refresh_until_ms: int
    address: str  # of the client
    user_agent: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether the caller has the permission."""
        return permission in self.permissions

    @property
    def sees_all(self) -> bool:
        """Whether lists are unrestricted for this caller."""
        return Permission.MANAGE in self.permissions
