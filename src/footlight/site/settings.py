"""Settings of the whole site that CVAD's clients read and change. They are kept for them; nothing here goes by them."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, select

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Forbidden, Invalid
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.site import SiteSettings

MAX_BANNER_CHARACTERS = 4096
MAX_MINUTES = 7 * 24 * 60
DEFAULT = SiteSettings(
    use_vertical_scaling_for_rds_launches=False,
    dns_resolution_enabled=False,
    trust_requests_sent_to_the_xml_service_port_enabled=False,
    web_ui_policy_set_enabled=True,
    console_inactivity_timeout_minutes=0,
    show_security_banner_on_login_page=False,
    security_banner_on_login_page="",
)


def read(connection: Connection) -> SiteSettings:
    """All settings."""
    kept = connection.execute(select(schema.site.c.settings)).scalar_one()
    return _merged(DEFAULT, msgspec.json.decode(kept, type=SiteSettings))


def change(tx: Tx, caller: Caller, wanted: SiteSettings) -> None:
    """Set those that are given. Raises Forbidden, Invalid."""
    require_everywhere(caller, Permission.SITE_CONFIGURE)
    minutes = wanted.console_inactivity_timeout_minutes
    if minutes is not None and not 0 <= minutes <= MAX_MINUTES:
        raise Invalid(
            f"ConsoleInactivityTimeoutMinutes is 0 to {MAX_MINUTES}.",
            name="ConsoleInactivityTimeoutMinutes",
            problem="outOfRange",
        )
    if len(wanted.security_banner_on_login_page or "") > MAX_BANNER_CHARACTERS:
        raise Invalid(
            f"SecurityBannerOnLoginPage has at most {MAX_BANNER_CHARACTERS} characters.",
            name="SecurityBannerOnLoginPage",
            problem="tooLong",
        )
    before = read(tx.connection)
    after = _merged(before, wanted)
    tx.connection.execute(schema.site.update().values(settings=msgspec.json.encode(after).decode()))
    changes = {
        field.encode_name: (getattr(before, field.name), getattr(after, field.name))
        for field in msgspec.structs.fields(SiteSettings)
        if getattr(before, field.name) != getattr(after, field.name)
    }
    if changes:
        tx.emit("site", "")
        record(tx, caller, Act(text="Edit site settings", target_type="Site", changes=changes))


def require_everywhere(caller: Caller, permission: Permission) -> None:
    """For what concerns the whole site. Raises Forbidden."""
    caller.require(permission)
    if not caller.everywhere(permission):
        raise Forbidden(f"This needs the permission {permission} in the scope All.")


def _merged(before: SiteSettings, given: SiteSettings) -> SiteSettings:
    values = {
        field.name: getattr(given, field.name)
        for field in msgspec.structs.fields(SiteSettings)
        if getattr(given, field.name) is not None
    }
    return msgspec.structs.replace(before, **values)
