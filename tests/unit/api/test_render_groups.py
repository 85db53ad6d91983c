from __future__ import annotations

from typing import Any

import pytest

from footlight.api import render_groups
from footlight.api.render_groups import Beside
from footlight.site import desktops, groups
from footlight.site.entitlement import Rule
from footlight.site.groups import Counts


@pytest.fixture
async def row(rooms: Any) -> Any:
    return await rooms.store.read(lambda c: groups.get(c, rooms.admin, "Everyone"))


@pytest.mark.parametrize(
    ("counts", "kind"),
    [
        (Counts(), "Unknown"),
        (Counts(applications=1), "AppsOnly"),
        (Counts(desktops=1), "DesktopsOnly"),
        (Counts(applications=1, desktops=1), "DesktopsAndApps"),
    ],
)
def test_what_a_group_delivers(row: Any, counts: Counts, kind: str) -> None:
    assert render_groups.group(row, Beside("S", counts)).delivering == kind


def test_machines_by_state(row: Any) -> None:
    counts = Counts(machines=5, registered=3, in_use=2, in_maintenance=1, unassigned=4)
    shown = render_groups.group(row, Beside("S", counts))
    assert (shown.desktops_available, shown.desktops_in_use, shown.desktops_unregistered) == (
        1,
        2,
        2,
    )
    assert (shown.total_machines, shown.unassigned_machines) == (5, 4)


def test_users_are_named_with_their_domain(row: Any, rooms: Any) -> None:
    rule = Rule(True, False, False, ("ada", "OTHER\\eve", "S-1-22-1-7"), ())
    policy = render_groups.group(row, Beside("SITE", rule=rule)).simple_access_policy
    assert policy is not None
    assert [one.name for one in policy.included_users] == ["SITE\\ada", "OTHER\\eve", None]
    assert policy.included_users[2].sid == "S-1-22-1-7"
    assert (policy.included_user_filter_enabled, policy.excluded_users) == (True, [])


async def test_a_desktop(rooms: Any, row: Any) -> None:
    (one,) = await rooms.store.read(lambda c: desktops.of_group(c, row.id))
    shown = render_groups.desktop(one, Rule(excluded=("zoe",)), {}, "SITE")
    assert (shown.name, shown.published_name, shown.restrict_to_tag) == ("Desktop", "Desktop", None)
    assert (shown.excluded_user_filter_enabled, shown.excluded_users[0].name) == (
        False,
        "SITE\\zoe",
    )
