"""Which site a command speaks to, and as whom: flags, environment, a running site of this machine,
a stored sign-in; the first that names one wins."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from getpass import getpass
from pathlib import Path
from typing import Any

from footlight.cli.exits import NoRight, NoSite, UsageProblem
from footlight.cli.store import Login, read_login, save_login
from footlight.config import default_data_dir
from footlight.sdk import Footlight

MAX_FILE_BYTES = 64 * 1024


@dataclass(frozen=True)
class Selection:
    """What the flags say; None where a flag was not given."""

    url: str | None = None
    ca_file: Path | None = None
    user: str | None = None
    password_file: Path | None = None
    data_dir: Path | None = None


@dataclass(frozen=True)
class Place:
    """A site and what is known of it without asking."""

    base_url: str
    ca_file: str | None = None
    token: str | None = field(default=None, repr=False)
    customer_id: str | None = None
    site_id: str | None = None
    public_key: str | None = None  # hex; what recordings are verified against
    pid: int | None = None
    login: Login | None = None


def data_dir_of(selection: Selection, environ: Mapping[str, str]) -> Path:
    """The data folder meant by flag, environment or default."""
    named = selection.data_dir or environ.get("FOOTLIGHT_DATA_DIR")
    return Path(named).expanduser() if named else default_data_dir()


def find_place(selection: Selection, environ: Mapping[str, str]) -> Place:
    """The site that is meant. Raises NoSite when none is named, running or stored."""
    login = read_login(environ)
    url = selection.url or environ.get("FOOTLIGHT_URL")
    ca_file = str(selection.ca_file) if selection.ca_file else environ.get("FOOTLIGHT_CA_FILE")
    if url:
        same = login if login is not None and login.base_url == url.rstrip("/") else None
        return Place(url.rstrip("/"), ca_file or (same.ca_file if same else None), login=same)
    data_dir = data_dir_of(selection, environ)
    running = read_site_file(data_dir)
    if running is not None:
        return running
    if login is not None and selection.data_dir is None and "FOOTLIGHT_DATA_DIR" not in environ:
        return Place(login.base_url, ca_file or login.ca_file, login=login)
    raise NoSite(
        f"no site is running on {data_dir}: start one with `footlight up`, or name one with --url"
    )


def read_site_file(data_dir: Path) -> Place | None:
    """The site that runs on a data folder, by its run/site.json; None when there is none."""
    file = data_dir / "run" / "site.json"
    try:
        with file.open("rb") as source:
            facts = json.loads(source.read(MAX_FILE_BYTES))
        return Place(
            base_url=str(facts["base_url"]).rstrip("/"),
            ca_file=facts.get("ca_file"),
            token=facts.get("token"),
            customer_id=facts.get("customer_id"),
            site_id=facts.get("site_id"),
            public_key=facts.get("site_public_key"),
            pid=facts.get("pid"),
        )
    except FileNotFoundError:
        return None
    except PermissionError:
        raise NoRight(f"{file} is not yours to read") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NoSite(f"{file} is damaged; it is written anew by `footlight up`") from None


def open_client(
    place: Place,
    selection: Selection,
    environ: Mapping[str, str],
    ask: Callable[[str], str] | None = None,
) -> Footlight:
    """A client signed in by the first of: --user, the environment, the place's own token, the stored
    sign-in. Raises NoRight when there is none of them."""
    options: dict[str, Any] = {"ca_file": place.ca_file, "customer_id": place.customer_id}
    user = selection.user or environ.get("FOOTLIGHT_USER")
    secret = environ.get("FOOTLIGHT_CLIENT_SECRET")
    if user:
        options.update(user=user, password=password_for(user, selection, environ, ask))
    elif token := environ.get("FOOTLIGHT_TOKEN"):
        options.update(token=token)
    elif (client_id := environ.get("FOOTLIGHT_CLIENT_ID")) and secret:
        options.update(client_id=client_id, client_secret=secret)
        options["customer_id"] = environ.get("FOOTLIGHT_CUSTOMER_ID") or place.customer_id
    elif place.token:
        options.update(token=place.token)
    elif place.login is not None:
        return _renewed(client_of_login(replace(place.login, ca_file=place.ca_file)), place.login)
    else:
        raise NoRight(
            f"nothing to sign in to {place.base_url} with: give --user, or run `footlight login`"
        )
    return Footlight(place.base_url, **options)


def password_for(
    user: str,
    selection: Selection,
    environ: Mapping[str, str],
    ask: Callable[[str], str] | None = None,
) -> str:
    """From --password-file, FOOTLIGHT_PASSWORD, or asked for at a terminal. Raises UsageProblem."""
    if selection.password_file is not None:
        with selection.password_file.open(encoding="utf-8") as source:
            return source.read(MAX_FILE_BYTES).rstrip("\r\n")
    if password := environ.get("FOOTLIGHT_PASSWORD"):
        return password
    if ask is None and not sys.stdin.isatty():
        raise UsageProblem("give the password by --password-file or FOOTLIGHT_PASSWORD")
    return (ask or getpass)(f"Password of {user}: ")


def client_of_login(login: Login) -> Footlight:
    """A client by the stored token."""
    return Footlight(
        login.base_url,
        ca_file=login.ca_file,
        customer_id=login.customer_id,
        token=login.token,
        token_expires_at_s=login.expires_at_s,
    )


def _renewed(client: Footlight, login: Login) -> Footlight:
    """The client; where its token was renewed, that is stored."""
    token = client.token()
    if token.text != login.token:
        save_login(login.renewed(token.text, token.expires_at_s))
    return client
