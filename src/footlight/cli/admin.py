"""`footlight admin`: what keeps an administrator from being locked out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from footlight.cli import service_accounts
from footlight.cli.accounts import read_secret
from footlight.cli.call import Call, command, end
from footlight.cli.exits import UsageProblem
from footlight.cli.output import print_json, print_line, say
from footlight.cli.place import data_dir_of, read_site_file
from footlight.sdk import ConnectionFailed
from footlight.sdk.types.own import NewPassword

ADMIN = "admin"

app = typer.Typer(help="Administer the site.", no_args_is_help=True)
app.add_typer(service_accounts.app, name="service-accounts")


@command(app, "reset-password")
def reset_password(
    call: Call,
    name: Annotated[str, typer.Argument(help="Account; the administrator by default.")] = ADMIN,
    new_password_file: Annotated[
        Path | None, typer.Option("--new-password-file", help="File that holds the new password.")
    ] = None,
    revoke_clients: Annotated[
        bool,
        typer.Option("--revoke-clients", help="No secret of its API clients is good any more."),
    ] = False,
) -> None:
    """Set an account's password and print it. Works on a site that runs, and on one that does not."""
    answer = _reset(call, name, read_secret(new_password_file), revoke_clients)

    def for_people() -> None:
        print_line(answer["password"])
        say(f"new password of {answer['name']}")
        if revoke_clients:
            say(f"{answer['clientsRevoked']} API clients revoked")
        elif answer["clientsLeft"]:
            say(
                f"{answer['clientsLeft']} API clients of it can still sign in; --revoke-clients ends that"
            )

    call.show(answer, for_people)


def _reset(call: Call, name: str, password: str | None, revoke_clients: bool) -> NewPassword:
    remote = call.selection.url or os.environ.get("FOOTLIGHT_URL")
    data_dir = data_dir_of(call.selection, os.environ)
    if remote or read_site_file(data_dir) is not None:
        try:
            return call.client.accounts.set_password(name, password, revoke_clients=revoke_clients)
        except ConnectionFailed:
            if remote:
                raise
            # The file is of a site that died; the data folder's lock tells for sure.
    if name != ADMIN or password is not None:
        raise UsageProblem(f"the site does not run: only {ADMIN} can be given a new password")
    from footlight.config_sources import load_config
    from footlight.first_start import reset_password as reset_in_folder

    made = reset_in_folder(
        load_config(None, os.environ, {"data_dir": data_dir}), revoke_clients=revoke_clients
    )
    return {
        "name": made.name,
        "password": made.password,
        "clientsRevoked": made.clients_revoked,
        "clientsLeft": made.clients_left,
    }


@app.command("replace-keys")
def replace_keys(
    data_dir: Annotated[Path | None, typer.Option(help="Data folder of the site.")] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file of options.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The result as JSON, on one line.")
    ] = False,
) -> None:
    """Make the keys of this server the site's own, while it does not run: for keys that are lost for good.

    Enrolled hosts have to be enrolled again, and further servers need a copy of the folder."""

    def work() -> None:
        from footlight.config_sources import load_config
        from footlight.first_start import replace_keys as replace_in_folder

        keys = replace_in_folder(load_config(config, os.environ, {"data_dir": data_dir}))
        if as_json:
            print_json({"keys": str(keys)})
        else:
            say(f"the site's keys are those in {keys}")

    end(work)
