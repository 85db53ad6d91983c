"""`footlight samples`: the everyday tasks as scripts for this site, ready to paste."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from footlight.cli.call import Call, command
from footlight.cli.output import print_line
from footlight.cli.site import own_site


class Language(StrEnum):
    """What the samples are written in."""

    CURL = "curl"
    PYTHON = "python"
    POWERSHELL = "powershell"
    CSHARP = "csharp"
    GO = "go"


@dataclass(frozen=True)
class SiteFacts:
    """What is filled in. `ca_file` is "" for a site whose certificate the system trusts."""

    base_url: str
    ca_file: str
    customer_id: str
    site_id: str
    user: str


class SampleText(Template):
    """A sample with gaps like @@base_url: none of the languages uses a doubled @."""

    delimiter = "@@"


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "samples")(samples)


def samples(
    call: Call,
    language: Annotated[Language, typer.Argument(help="Language of the sample.")],
) -> None:
    """Print a script for this site: get a token, find the site's id, list sessions page by page,
    start a recording, ask for its status, stop it."""
    text = render(language, _facts(call))
    sample = {"language": language.value, "text": text}
    call.show(sample, lambda: print_line(text.rstrip("\n")))


def render(language: Language, facts: SiteFacts) -> str:
    """The sample's text with the site's facts quoted for the language."""
    text = (files(__package__) / f"{language.value}.txt").read_text(encoding="utf-8")
    quote = _QUOTES[language]
    gaps = {name: quote(value) for name, value in vars(facts).items()}
    return SampleText(text).substitute(gaps)


def _facts(call: Call) -> SiteFacts:
    place, site = call.place, own_site(call)
    customers = call.client.me()["Customers"]
    administrators = [a["name"] for a in call.client.accounts.list() if a["administrator"]]
    return SiteFacts(
        base_url=place.base_url,
        ca_file=str(Path(place.ca_file).absolute()) if place.ca_file else "",
        customer_id=customers[0]["Id"],
        site_id=site["Id"],
        user=call.selection.user or next(iter(administrators), "admin"),
    )


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _powershell(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _csharp(text: str) -> str:
    return '@"' + text.replace('"', '""') + '"'


def _go(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_QUOTES = {
    Language.CURL: _shell,
    Language.PYTHON: repr,
    Language.POWERSHELL: _powershell,
    Language.CSHARP: _csharp,
    Language.GO: _go,
}
