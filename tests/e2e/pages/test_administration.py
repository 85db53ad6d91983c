"""What administrators keep, made and changed in the console and read back by REST."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from tests.e2e.pages.acts.folders import pick_file, picture

Until = Callable[..., Any]


def items(site: Any, path: str) -> list[dict[str, Any]]:
    """All that a list of the API has."""
    body = site.client.get(path).json()
    return list(body.get("Items", body.get("items")))


def named(site: Any, path: str, name: str) -> dict[str, Any] | None:
    """The one of that name, if it is there."""
    return next(
        (one for one in items(site, path) if name in (one.get("Name"), one.get("name"))), None
    )


def fill(page: Page, act: str, **fields: str) -> None:
    """Fill the dialog's fields by their labels ("_" for a space) and send it; it closes."""
    dialog = page.get_by_role("dialog")
    for label, value in fields.items():
        dialog.get_by_label(label.replace("_", " "), exact=False).first.fill(value)
    dialog.get_by_role("button", name=act, exact=True).click()
    expect(dialog).to_be_hidden()


def choose(page: Page, label: str, option: str) -> None:
    """Pick from a list of the dialog."""
    page.get_by_role("dialog").get_by_label(label, exact=False).first.click()
    page.get_by_role("option", name=option, exact=True).click()


def opened(page: Page, name: str) -> Any:
    """The panel of the row of that name."""
    page.locator("[data-row]").filter(has_text=name).first.click()
    panel = page.get_by_role("complementary", name=name)
    expect(panel).to_be_visible()
    return panel


def delete(page: Page, panel: Any) -> None:
    """Delete what the panel shows: asked once, it goes."""
    panel.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(panel).to_be_hidden()


def test_a_group_is_made_filled_and_deleted(
    signed_in: BrowserContext, site: Any, until: Until
) -> None:
    groups = "/cvad/manage/DeliveryGroups"
    page = signed_in.new_page()
    page.goto("/console/groups")
    page.get_by_role("button", name="New delivery group").click()
    fill(page, "Make", Name="Lab", Description="For the lab")
    made = named(site, groups, "Lab")
    assert made is not None
    assert made["Description"] == "For the lab"
    panel = opened(page, "Lab")

    panel.get_by_role("button", name="Edit", exact=True).click()
    fill(page, "Save", Description="For both labs")
    until(
        lambda: (named(site, groups, "Lab") or {})["Description"] == "For both labs", "the change"
    )

    panel.get_by_role("button", name="Publish a desktop").click()
    fill(page, "Save", Shown_as="Lab desktop")
    desktops = f"{groups}/{made['Id']}/Desktops"
    assert [one["PublishedName"] for one in items(site, desktops)] == ["Lab desktop"]
    panel.get_by_role("button", name="Edit Lab desktop").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Only those named here").check()
    dialog.get_by_label("May use it", exact=True).fill(site.facts["admin_user"])
    fill(page, "Save")
    (desktop,) = items(site, desktops)
    assert desktop["IncludedUserFilterEnabled"]
    assert len(desktop["IncludedUsers"]) == 1

    panel.get_by_role("button", name="Add applications").click()
    choose(page, "Applications", "Terminal")
    page.get_by_role("dialog").get_by_role("heading").click()
    fill(page, "Add")
    applications = f"{groups}/{made['Id']}/Applications"
    assert [one["Name"] for one in items(site, applications)] == ["Terminal"]
    panel.get_by_role("button", name="Take Terminal out").click()
    until(lambda: items(site, applications) == [], "the application out")

    # Escape closes the dialog and leaves the panel behind it.
    panel.get_by_role("button", name="Who may use it").click()
    expect(page.get_by_role("dialog").get_by_label("Also visitors")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    panel.get_by_role("button", name="Rules of its sessions").click()
    choose(page, "Clipboard", "Off")
    fill(page, "Save", Disconnect_without_input_after="15")
    own = f"/footlight/v1/delivery-groups/{made['Id']}"
    assert site.client.get(f"{own}/access").json()["clipboard"] == "off"
    assert site.client.get(f"{own}/session-limits").json()["idleSeconds"] == 900

    panel.get_by_role("button", name="Who may use it").click()
    page.get_by_role("dialog").get_by_label("Also visitors").check()
    fill(page, "Save")
    assert site.client.get(f"{groups}/{made['Id']}").json()["SimpleAccessPolicy"]["AllowAnonymous"]

    panel.get_by_role("button", name="Change tags").click()
    fill(page, "Save", Tags="quiet")
    assert [one["Name"] for one in items(site, f"{groups}/{made['Id']}/Tags")] == ["quiet"]
    delete(page, panel)
    assert named(site, groups, "Lab") is None


def test_an_application_is_published_edited_and_withdrawn(
    signed_in: BrowserContext, site: Any
) -> None:
    path = "/cvad/manage/Applications"
    group = items(site, "/cvad/manage/DeliveryGroups")[0]
    page = signed_in.new_page()
    page.goto("/console/applications")
    page.get_by_role("button", name="Publish an application").click()
    choose(page, "Delivery groups", group["Name"])
    page.get_by_role("dialog").get_by_role("heading").click()
    fill(page, "Make", Name="Clock", Program="/usr/bin/xclock", Arguments="-digital")
    made = named(site, path, "Clock")
    assert made is not None
    assert made["AssociatedDeliveryGroupUuids"] == [group["Id"]]
    assert made["InstalledAppProperties"]["CommandLineArguments"] == "-digital"
    panel = opened(page, "Clock")
    panel.get_by_role("button", name="Edit", exact=True).click()
    fill(page, "Save", Name="Wall clock", Arguments="")
    changed = site.client.get(f"{path}/{made['Id']}").json()
    assert changed["Name"] == "Wall clock"
    assert not changed["InstalledAppProperties"]["CommandLineArguments"]
    panel = page.get_by_role("complementary", name="Wall clock")
    panel.get_by_role("button", name="Icon", exact=True).click()
    pick_file(page.get_by_role("dialog"), picture())
    fill(page, "Save")
    icon = site.client.get(f"{path}/{made['Id']}").json()["IconId"]
    kept = site.client.get(f"/cvad/manage/Icons/{icon}").json()
    assert (kept["IsBuiltIn"], base64.b64decode(kept["RawData"])) == (False, picture())
    panel.get_by_role("button", name="Disable").click()
    expect(panel.get_by_role("button", name="Enable")).to_be_visible()
    assert not site.client.get(f"{path}/{made['Id']}").json()["Enabled"]
    delete(page, panel)
    assert named(site, path, "Wall clock") is None


def test_folders_lie_in_folders(signed_in: BrowserContext, site: Any) -> None:
    path = "/cvad/manage/ApplicationFolders"
    page = signed_in.new_page()
    page.goto("/console/folders")
    for name, above in (("Tools", None), ("Own", "Tools")):
        page.get_by_role("button", name="New folder").click()
        if above is not None:
            choose(page, "Lies in", above)
        fill(page, "Make", Name=name)
    assert sorted(one["Path"] for one in items(site, path)) == ["Tools\\", "Tools\\Own\\"]
    panel = opened(page, "Tools")
    expect(panel.get_by_role("button", name="Delete")).to_have_count(0)
    panel.get_by_role("button", name="Rename or move").click()
    page.get_by_role("dialog").get_by_label("Lies in").first.click()
    # Not into itself, nor into what lies in it.
    expect(page.get_by_role("option")).to_have_text(["The top"])
    page.keyboard.press("Escape")
    fill(page, "Save", Name="Instruments")
    assert (named(site, path, "Own") or {})["Path"] == "Instruments\\Own\\"
    panel = opened(page, "Own")
    panel.get_by_role("button", name="Rename or move").click()
    choose(page, "Lies in", "The top")
    fill(page, "Save")
    assert (named(site, path, "Own") or {})["Path"] == "Own\\"
    delete(page, panel)
    delete(page, opened(page, "Instruments"))
    assert items(site, path) == []


def test_what_is_in_no_scope_is_changed_by_who_may_everywhere(
    visitor: BrowserContext, site: Any
) -> None:
    manage = "/cvad/manage"
    name, password = "lena", "long enough to be taken"
    needed = ["Application_Read", "Admin_Read", "Tag_Read", "Zone_Read", "Logging_Read"]
    kept = ["Folder_Manage", "Icon_Manage", "Tag_Manage", "Zone_Manage", "Site_Configure"]
    group = items(site, f"{manage}/DeliveryGroups")[0]["Id"]
    held = {"ObjectType": "DeliveryGroup", "Object": group}
    steps: list[tuple[str, dict[str, Any]]] = [
        ("/footlight/v1/accounts", {"name": name, "password": password}),
        (f"{manage}/Admin/Roles", {"Name": "Keeper", "Permissions": [*needed, *kept]}),
        (f"{manage}/Admin/Scopes", {"Name": "Lab", "ScopedObjects": [held]}),
        (
            f"{manage}/Admin/Administrators",
            {"User": name, "Enabled": True, "Rights": [{"Role": "Keeper", "Scope": "Lab"}]},
        ),
        (f"{manage}/ApplicationFolders", {"Name": "Kept"}),
        (f"{manage}/Icons", {"RawData": base64.b64encode(picture()).decode()}),
        (f"{manage}/Tags", {"Name": "kept"}),
    ]
    for path, body in steps:
        answer = site.client.post(path, json=body)
        assert answer.status_code < 300, answer.text
    icon = next(one["Id"] for one in items(site, f"{manage}/Icons") if not one["IsBuiltIn"])
    answer = visitor.request.post(
        "/footlight/v1/sign-in", data={"user": name, "password": password}
    )
    assert answer.status == 200, answer.text()
    page = visitor.new_page()

    def acts(address: str, row: str) -> Any:
        page.goto(address)
        page.locator(f'[data-row="{row}"]').click()
        panel = page.get_by_role("complementary")
        expect(panel).to_be_visible()
        return panel.get_by_role("button", name=re.compile("^(Edit|Delete|Rename or move)$"))

    folder = (named(site, f"{manage}/ApplicationFolders", "Kept") or {})["Id"]
    tag = (named(site, f"{manage}/Tags", "kept") or {})["Id"]
    zone = items(site, f"{manage}/Zones")[0]["Id"]
    places = (
        ("/console/folders", folder, "New folder"),
        ("/console/icons", icon, "Add an icon"),
        ("/console/settings/tags", tag, "New tag"),
        ("/console/settings/zones", zone, "New zone"),
    )
    for address, row, make in places:
        expect(acts(address, row)).to_have_count(0)
        expect(page.get_by_role("button", name=make)).to_be_visible()
    for hidden in ("/console/log", "/console/settings/accounts"):
        page.goto(hidden)
        expect(page.get_by_text("There is no such page")).to_be_visible()
    expect(page.get_by_role("link", name="Accounts")).to_have_count(0)
    # With the same role in the scope All the same person has them.
    rights = {"Rights": [{"Role": "Keeper", "Scope": "All"}]}
    changed = site.client.patch(f"{manage}/Admin/Administrators/{name}", json=rights)
    assert changed.status_code in (200, 204), changed.text
    for address, row, _ in places:
        expect(acts(address, row).first).to_be_visible()
    page.goto("/console/settings/accounts")
    expect(page.get_by_role("button", name="New account")).to_be_visible()
    for path in (
        f"ApplicationFolders/{folder}",
        f"Icons/{icon}",
        f"Tags/{tag}",
        f"Admin/Administrators/{name}",
        "Admin/Scopes/Lab",
        "Admin/Roles/Keeper",
    ):
        gone = site.client.delete(f"{manage}/{path}")
        assert gone.status_code in (200, 204), gone.text


def test_a_catalog_is_made_and_deleted(signed_in: BrowserContext, site: Any) -> None:
    path = "/cvad/manage/MachineCatalogs"
    page = signed_in.new_page()
    page.goto("/console/catalogs")
    page.get_by_role("button", name="New catalog").click()
    fill(page, "Make", Name="Spare", Description="Old hosts")
    assert (named(site, path, "Spare") or {})["SessionSupport"] == "MultiSession"
    panel = opened(page, "Spare")
    panel.get_by_role("button", name="Edit", exact=True).click()
    fill(page, "Save", Description="Older hosts")
    assert (named(site, path, "Spare") or {})["Description"] == "Older hosts"
    delete(page, panel)
    assert named(site, path, "Spare") is None


def test_an_administrator_has_a_role_and_a_scope_of_ones_own(
    signed_in: BrowserContext, site: Any
) -> None:
    page = signed_in.new_page()
    page.goto("/console/settings/accounts")
    page.get_by_role("button", name="New account").click()
    fill(page, "Make", User_name="desk", Password="long enough to be taken")
    (account,) = [
        one for one in items(site, "/footlight/v1/accounts") if one["name"].endswith("desk")
    ]
    page.goto("/console/settings/roles")
    page.get_by_role("button", name="New role").click()
    page.get_by_role("group", name="Permissions").get_by_role("checkbox").first.check()
    fill(page, "Make", Name="Readers")
    role = named(site, "/cvad/manage/Admin/Roles", "Readers")
    assert role is not None
    assert len(role["Permissions"]) == 1
    page.goto("/console/settings/scopes")
    page.get_by_role("button", name="New scope").click()
    group = items(site, "/cvad/manage/DeliveryGroups")[0]
    choose(page, "Delivery groups", group["Name"])
    page.get_by_role("dialog").get_by_role("heading").click()
    fill(page, "Make", Name="One group")
    scope = named(site, "/cvad/manage/Admin/Scopes", "One group")
    assert scope is not None
    held = items(site, f"/cvad/manage/Admin/Scopes/{scope['Id']}/ScopedObjects")
    assert [one["Object"]["Id"] for one in held] == [group["Id"]]
    page.goto("/console/settings")
    page.get_by_role("button", name="Add an administrator").click()
    choose(page, "Role", "Readers")
    choose(page, "Scope", "One group")
    fill(page, "Add", Account=account["name"])
    administrators = "/cvad/manage/Admin/Administrators"

    def rights() -> list[tuple[str, str]]:
        (one,) = [
            one for one in items(site, administrators) if one["User"]["Name"].endswith("desk")
        ]
        return [(pair["Role"]["Name"], pair["Scope"]["Name"]) for pair in one["ScopesAndRoles"]]

    assert rights() == [("Readers", "One group")]
    page.locator("[data-row]").filter(has_text="desk").first.click()
    panel = page.get_by_role("complementary")
    panel.get_by_role("button", name="Change rights").click()
    choose(page, "Scope", "All")
    fill(page, "Save")
    assert rights() == [("Readers", "All")]
    panel.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(panel).to_be_hidden()
    for path, name in (("roles", "Readers"), ("scopes", "One group")):
        page.goto(f"/console/settings/{path}")
        delete(page, opened(page, name))
    assert named(site, "/cvad/manage/Admin/Roles", "Readers") is None
    assert named(site, "/cvad/manage/Admin/Scopes", "One group") is None


def test_a_client_and_a_webhook_show_their_secrets_once(
    signed_in: BrowserContext, site: Any
) -> None:
    clients, webhooks = "/footlight/v1/service-accounts", "/footlight/v1/webhooks"
    page = signed_in.new_page()
    page.goto("/console/settings/clients")
    page.get_by_role("button", name="New API client").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Night job")
    dialog.get_by_role("button", name="Make").click()
    shown = page.get_by_role("dialog", name="Night job")
    expect(shown.get_by_text("Client secret")).to_be_visible()
    made = named(site, clients, "Night job")
    assert made is not None
    expect(shown.get_by_text(made["id"])).to_be_visible()
    shown.get_by_role("button", name="I have kept it").click()
    delete(page, opened(page, "Night job"))
    assert named(site, clients, "Night job") is None
    page.goto("/console/settings/webhooks")
    page.get_by_role("button", name="New webhook").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Address").fill("https://hooks.example.com/told")
    dialog.get_by_label("Description").fill("Tickets")
    dialog.get_by_label("Kinds").first.fill("session")
    page.keyboard.press("Enter")
    dialog.get_by_role("heading").click()
    dialog.get_by_role("button", name="Make").click()
    page.get_by_role("dialog", name="Secret of the webhook").get_by_role(
        "button", name="I have kept it"
    ).click()
    (hook,) = items(site, webhooks)
    assert hook["events"] == ["session"]
    panel = opened(page, "Tickets")
    panel.get_by_role("button", name="Disable").click()
    expect(panel.get_by_role("button", name="Enable")).to_be_visible()
    assert not items(site, webhooks)[0]["enabled"]
    delete(page, panel)
    assert items(site, webhooks) == []


def test_tags_and_zones_are_kept(signed_in: BrowserContext, site: Any) -> None:
    page = signed_in.new_page()
    for place, path, one in (("tags", "Tags", "tag"), ("zones", "Zones", "zone")):
        page.goto(f"/console/settings/{place}")
        page.get_by_role("button", name=f"New {one}").click()
        fill(page, "Make", Name="North")
        panel = opened(page, "North")
        panel.get_by_role("button", name="Edit", exact=True).click()
        fill(page, "Save", Description="Upstairs")
        assert (named(site, f"/cvad/manage/{path}", "North") or {})["Description"] == "Upstairs"
        delete(page, panel)
        assert named(site, f"/cvad/manage/{path}", "North") is None


def test_enrolling_gives_the_command_and_the_site_is_tested(
    signed_in: BrowserContext, site: Any
) -> None:
    page = signed_in.new_page()
    page.goto("/console/machines")
    page.get_by_role("button", name="Enrol a host").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What it is for").fill("A new host")
    dialog.get_by_role("button", name="Make the command").click()
    expect(dialog.get_by_role("button", name="Copy the command")).to_be_visible()
    (made,) = items(site, "/footlight/v1/enrolments")
    assert (made["description"], made["status"]) == ("A new host", "open")
    site.client.delete(f"/footlight/v1/enrolments/{made['id']}")
    page.goto("/console/settings/site")
    page.get_by_role("button", name="Test the site").click()
    expect(page.get_by_text("0 failures")).to_be_visible()
