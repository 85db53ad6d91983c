"""`footlight token`, `site-id` and `resources`: what a caller needs to know of the site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from footlight.cli.call import Call, command
from footlight.cli.exits import Failed
from footlight.cli.output import print_line, print_table, printable, say
from footlight.sdk.types.own import Placement
from footlight.sdk.types.site import AuthToken, MySite

site_app = typer.Typer(help="The site as a whole.", no_args_is_help=True)
resources_app = typer.Typer(help="Published desktops and applications.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "token")(token)
    command(app, "site-id")(site_id)


def token(call: Call) -> None:
    """Print a bearer token, for `Authorization: CWSAuth bearer=TOKEN`."""
    text = call.client.token().text
    if not call.as_json:
        print_line(text)
        return
    me = call.client.me()
    answer: AuthToken = {
        "Token": text,
        "Principal": me["DisplayName"],
        "UserId": me["UserId"],
        "CustomerId": me["Customers"][0]["Id"] if me["Customers"] else None,
        "ExpiresAt": me["ExpiryTime"],
    }
    call.show(answer, lambda: None)


def site_id(call: Call) -> None:
    """Print the site's id."""
    site = own_site(call)
    call.show(site, lambda: print_line(site["Id"]))


def own_site(call: Call) -> MySite:
    """The caller's first site. Raises Failed when there is none."""
    sites = [site for customer in call.client.me()["Customers"] for site in customer["Sites"]]
    if not sites:
        raise Failed("the site names no site of yours")
    return sites[0]


@command(site_app, "metrics")
def metrics(call: Call) -> None:
    """Print the figures of the server and of the site, as Prometheus reads them."""
    text = call.client.server.metrics()
    call.show({"metrics": text}, lambda: print_line(text.rstrip("\n")))


@command(resources_app, "list")
def list_resources(call: Call) -> None:
    """List what can be launched."""
    resources = call.client.resources.list()

    def for_people() -> None:
        print_table(("NAME", "KIND", "ID"), [(r["name"], r["kind"], r["id"]) for r in resources])

    call.show(resources, for_people)


@command(resources_app, "icon")
def save_icon(
    call: Call,
    id: Annotated[str, typer.Argument(help="Id of the resource.")],
    out: Annotated[Path, typer.Option("--out", help="PNG file to write.")],
) -> None:
    """Write the picture of a resource to a file."""
    picture = call.client.resources.icon(id)
    out.write_bytes(picture)
    call.show({"path": str(out), "bytes": len(picture)}, lambda: print_line(str(out)))


@command(resources_app, "why")
def why(
    call: Call,
    resource: Annotated[str, typer.Argument(help="Name or id of a published resource.")],
    account: Annotated[
        str | None, typer.Option("--for", help="For this account; by default your own.")
    ] = None,
) -> None:
    """Tell what a launch of RESOURCE would do now, and why each machine could take the session or not."""
    found = call.client.resources.placement(resource, user=account)

    def for_people() -> None:
        columns = ("RANK", "MACHINE", "GROUP", "ZONE", "SESSIONS", "LOAD", "WHY NOT")
        print_table(
            columns,
            [
                (
                    "" if one["rank"] is None else one["rank"],
                    *(one["name"], one["deliveryGroup"], one["zone"]),
                    *(one["sessions"], f"{one['loadIndex'] / 100:.0f} %", one["sentence"] or ""),
                )
                for one in found["machines"]
            ],
        )
        for group in found["groups"]:
            if group["sentence"]:
                say(printable(f"{group['name']}: {group['sentence']}"))
        say(printable(_outcome(found)))

    call.show(found, for_people)


def _outcome(found: Placement) -> str:
    what = f"a launch of {found['resource']} for {found['user']}"
    if found["sessionId"]:
        return f"{what} takes up session {found['sessionId']}"
    if found["machine"]:
        return f"{what} starts a session on {found['machine']}"
    if found["sentence"]:
        return f"{what} is refused: {found['sentence']}"
    return f"{what} is served by what you may not see"
