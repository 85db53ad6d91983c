"""Delivery groups and their desktops to the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from footlight.api.render_catalogs import folder
from footlight.api.render_machines import named_principal, scopes
from footlight.site import desktops, group_changes, metadata
from footlight.site.entitlement import OPEN, Rule
from footlight.site.groups import Counts
from footlight.wire.rest.delivery_group import (
    AccessPolicy,
    DeliveryGroup,
    Desktop,
    GroupUsage,
    KeptSettings,
    NameCount,
    SpareSessions,
    SpareSessionsView,
)
from footlight.wire.rest.machine import DeliveryKind
from footlight.wire.rest.reference import Ref

# Defaults of pre-launch and linger. Source: rest-api.md section 8.2.
_TO_DISCONNECT_MIN, _TO_END_MIN = 15, 480
_KEPT = tuple(one.name for one in msgspec.structs.fields(KeptSettings))


class Beside(msgspec.Struct, frozen=True):
    """What stands beside a group's row. `systems` and `versions`: machines by system and by agent."""

    site_name: str
    counts: Counts = Counts()
    scopes: Sequence[Any] = ()
    rule: Rule = OPEN
    systems: Sequence[tuple[str, int]] = ()
    versions: Sequence[tuple[str, int]] = ()


def group(row: Any, beside: Beside) -> DeliveryGroup:
    """A group of its joined row (site/groups.py)."""
    kept, counts = group_changes.kept(row), beside.counts
    private = row.sharing_kind == "Private"
    members: dict[str, Any] = {name: getattr(kept, name) for name in _KEPT}
    if members["default_desktop_published_name"] is None:
        members["default_desktop_published_name"] = row.published_name or row.name
    return DeliveryGroup(
        **members,
        id=row.id,
        uid=row.uid,
        name=row.name,
        full_name=row.full_name,
        published_name=row.published_name or row.name,
        description=row.description,
        admin_folder=folder(row),
        delivering=_delivering(counts),
        delivery_type=row.delivery_type,
        desktops_available=counts.registered - counts.in_use,
        desktops_disconnected=0,  # of machines with one session only
        desktops_faulted=counts.machines - counts.registered,
        desktops_in_use=counts.in_use,
        desktops_unregistered=counts.machines - counts.registered,
        enabled=row.enabled,
        in_maintenance_mode=row.in_maintenance,
        machine_operating_systems=_counted(beside.systems),
        machines_in_maintenance_mode=counts.in_maintenance,
        metadata=metadata.pairs(row.metadata),
        minimum_functional_level=row.minimum_functional_level,
        registered_machines=counts.registered,
        require_user_home_zone=bool(kept.require_user_home_zone),
        scopes=scopes(beside.scopes),
        secure_ica_required=bool(kept.secure_ica_enabled),
        session_count=counts.sessions,
        session_support=row.session_support,
        sharing_kind=row.sharing_kind,
        total_applications=counts.applications,
        total_desktops=counts.machines,
        total_machines=counts.machines,
        unassigned_machines=counts.unassigned,
        vda_versions=_counted(beside.versions),
        application_group_compatibility="IncompatiblePrivate" if private else "Compatible",
        default_desktop_icon_id=kept.default_desktop_icon or "",
        linger_settings=_spare(kept.linger_settings, beside.site_name),
        prelaunch_settings=_spare(kept.prelaunch_settings, beside.site_name),
        simple_access_policy=_policy(kept, beside),
    )


def desktop(row: Any, rule: Rule, tags: Mapping[str, str], site_name: str) -> Desktop:
    """A published desktop; `tags`: names by id."""
    kept = desktops.kept(row)
    tag = kept.restrict_to_tag
    given = {
        name: getattr(kept, name)
        for name in ("color_depth", "secure_ica_required", "session_reconnection")
        if getattr(kept, name) is not None
    }
    return Desktop(
        **given,
        id=row.id,
        uid=row.uid,
        description=row.description,
        enabled=row.enabled,
        excluded_user_filter_enabled=rule.use_excluded,
        excluded_users=[named_principal(name, site_name) for name in rule.excluded],
        icon_id="" if row.icon_uid is None else str(row.icon_uid),
        included_user_filter_enabled=rule.included_only,
        included_users=[named_principal(name, site_name) for name in rule.included],
        leasing_behavior=kept.leasing_behavior,
        max_desktops=kept.max_desktops,
        name=row.name,
        published_name=row.published_name,
        restrict_to_tag=None if tag is None else Ref(id=tag, name=tags.get(tag)),
    )


def usage(counts: Counts) -> GroupUsage:
    """What runs in a group now."""
    return GroupUsage(
        session_count=counts.sessions,
        active_session_count=counts.active,
        disconnected_session_count=counts.disconnected,
        total_machines=counts.machines,
        registered_machines=counts.registered,
        machines_in_maintenance_mode=counts.in_maintenance,
    )


def _delivering(counts: Counts) -> DeliveryKind:
    if counts.desktops and counts.applications:
        return "DesktopsAndApps"
    if counts.applications:
        return "AppsOnly"
    return "DesktopsOnly" if counts.desktops else "Unknown"


def _counted(found: Sequence[tuple[str, int]]) -> list[NameCount]:
    return [NameCount(name=name, value=count) for name, count in found]


def _policy(kept: group_changes.Kept, beside: Beside) -> AccessPolicy:
    given = kept.access
    switches = {
        name: getattr(given, name)
        for name in (
            "allow_hdx_access", "allow_machine_restart", "allow_rdp_access",
            "connect_not_via_net_scaler_gateway_allowed", "connect_via_net_scaler_gateway_allowed",
            "included_smart_access_filter_enabled",
        )
        if given is not None and getattr(given, name) is not None
    }  # fmt: skip
    rule, site_name = beside.rule, beside.site_name
    return AccessPolicy(
        **switches,
        allow_anonymous=rule.allow_anonymous,
        included_user_filter_enabled=rule.included_only,
        included_users=[named_principal(name, site_name) for name in rule.included],
        excluded_user_filter_enabled=rule.use_excluded,
        excluded_users=[named_principal(name, site_name) for name in rule.excluded],
    )


def _spare(given: SpareSessions | None, site_name: str) -> SpareSessionsView | None:
    if given is None:
        return None
    return SpareSessionsView(
        enabled=given.enabled,
        max_average_load_threshold=given.max_average_load_threshold or 0,
        max_load_per_machine_threshold=given.max_load_per_machine_threshold or 0,
        max_time_before_disconnect_minutes=_or(
            given.max_time_before_disconnect_minutes, _TO_DISCONNECT_MIN
        ),
        max_time_before_terminate_minutes=_or(given.max_time_before_terminate_minutes, _TO_END_MIN),
        included_user_filter_enabled=given.included_user_filter_enabled,
        included_users=[named_principal(one, site_name) for one in given.included_users or ()],
    )


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
