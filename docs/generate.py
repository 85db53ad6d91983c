"""Write the pages that come from the code: every command, option, metric and operation of the API.

Usage: docs/generate.py [--check]   (--check writes nothing and fails when a page is out of date)
"""

from __future__ import annotations

import importlib.util
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from types import ModuleType
from typing import Any

import typer

from footlight.cli.main import app
from footlight.config import SiteConfig
from footlight.sdk import Footlight
from footlight.sdk.operation import ListOperation, Operation, Resource, parameters_of
from footlight.telemetry.meters import Meters

DOCS = Path(__file__).resolve().parent
NOTE = "<!-- Written by docs/generate.py from the code. Do not edit. -->"


def configuration_page() -> str:
    """Every option of footlight.config with type, unit and default."""
    lines = [
        NOTE,
        "# Configuration",
        "",
        "An option comes from a TOML file (`footlight up --config FILE`), then from the environment, then from the",
        "command line; the later wins. In the file the option has the name below (in a table",
        "by the rest of its name: `issuer` of `[oidc]` is `oidc_issuer`); in the environment it is",
        "`FOOTLIGHT_` and the name in capitals; on the command line `--` and the name with hyphens, where",
        "`footlight up` has a flag for it ([cli.md](cli.md)).",
        "",
        "| option | type | unit or form | default | what |",
        "|---|---|---|---|---|",
    ]
    for spec in fields(SiteConfig):
        kind = str(spec.type).replace(" | None", "")
        row = (
            f"`{spec.name}`",
            {"str": "text", "bool": "true or false", "int": "whole number", "Path": "path"}[kind],
            spec.metadata.get("unit") or "",
            _default(spec),
            spec.metadata["help"],
        )
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines) + "\n"


def _default(spec: Any) -> str:
    if spec.default is MISSING:
        return "`$XDG_DATA_HOME/footlight`"  # the one option whose default depends on the caller
    if spec.default is None:
        return "none"
    return f"`{str(spec.default).lower() if isinstance(spec.default, bool) else spec.default}`"


def cli_page() -> str:
    """Every command with its arguments and options, as `--help` tells them."""
    lines = [
        NOTE,
        "# The footlight command",
        "",
        "`./run ARGS` in a checkout is `footlight ARGS`. Exit codes: 0 done or whole, 1 failed or not whole, 2 usage,",
        "3 not found or no right, 4 site not reachable. With `--json` the answer is one line on standard output and",
        "messages go to standard error.",
    ]
    for path, command in _commands("footlight", typer.main.get_command(app)):
        lines += ["", f"## {path}", "", *_usage(path, command)]
    return "\n".join(lines) + "\n"


def _commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    """The leaves of the command tree, in the order in which `--help` lists them."""
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
        return
    for name, child in children.items():
        if not child.hidden:
            yield from _commands(f"{path} {name}", child)


def _usage(path: str, command: Any) -> list[str]:
    context = command.make_context(command.name, [], resilient_parsing=True)
    shown = [spec for spec in command.params if spec.name != "help"]
    words = [word for spec in shown for word in spec.get_usage_pieces(context)]
    lines = ["```", " ".join([path, "[OPTIONS]", *words]), "```", ""]
    lines += [" ".join((command.help or "").split())]
    rows = [row for spec in shown if (row := spec.get_help_record(context)) is not None]
    if rows:
        lines += ["", "| argument or option | what |", "|---|---|"]
        lines += [f"| `{name}` | {' '.join(text.split())} |" for name, text in rows]
    return lines


def sdk_page() -> str:
    """Every call of the Python client, by resource."""
    lines = [
        NOTE,
        "# The Python client",
        "",
        "`Footlight` and `AsyncFootlight` of `footlight.sdk` have the calls below under the same names; those of",
        "the latter are awaited, lists are walked with `async for`. `client.in_background` has them too: there",
        "each begins a job and gives its handle, with `status()`, `wait()` and `cancel()`. Lists come page by",
        "page while one iterates; `.pages()` gives the pages. `**query` takes further query parameters of the",
        "route, `snake_case` for their camelCase. Objects and bodies are the API's own JSON as dictionaries.",
        "Every call may raise the classes of `footlight.sdk.errors`, one for each status.",
    ]
    with Footlight("http://localhost", token="none") as client:
        for name, noun in _nouns(client, "client"):
            told = _about(noun) if name != "client" else ""
            lines += [
                "",
                f"## {name}",
                *(["", told] if told else []),
                "",
                "| call | what |",
                "|---|---|",
            ]
            lines += [f"| `{call}` | {what} |" for call, what in _calls(noun)]
    return "\n".join(lines) + "\n"


def _nouns(noun: Resource[Any], path: str) -> Iterator[tuple[str, Resource[Any]]]:
    yield path, noun
    for name, member in vars(noun).items():
        if isinstance(member, Resource) and name != "in_background":
            yield from _nouns(member, f"{path}.{name}")


def _about(noun: Resource[Any]) -> str:
    """The class's docstring without the name that it begins with."""
    text = " ".join((inspect.getdoc(type(noun)) or "").split())
    return re.sub(r"^`client\.[\w.]+`[.:] ?", "", text)


def _calls(noun: Resource[Any]) -> Iterator[tuple[str, str]]:
    """(name with parameters, meaning) of each operation; `timeout_s`, which nearly all have, is left out."""
    for cls in reversed(type(noun).__mro__):
        for name, member in vars(cls).items():
            if isinstance(member, Operation | ListOperation):
                words = [_parameter(p) for p in parameters_of(member).parameters.values()]
                given = ", ".join(word for word in words if word)
                yield f"{name}({given})", " ".join((member.__doc__ or "").split())


def _parameter(parameter: inspect.Parameter) -> str:
    if parameter.name == "timeout_s":
        return ""
    if parameter.kind is parameter.VAR_KEYWORD:
        return f"**{parameter.name}"
    return parameter.name + ("" if parameter.default is parameter.empty else "=…")


def metrics_page() -> str:
    """Every figure of a server, from its own table."""
    meters = Meters()
    lines = [
        NOTE,
        "# Metrics",
        "",
        "`GET /metrics` of a server tells these in Prometheus' text format",
        "([watch a site](../how-to/watch-a-site.md)).",
        "Those of the *site* are read from its database at each scrape and are the same on each server: take the",
        "maximum over servers. Those of the *server* are its own: add them up. A histogram has `_bucket` (with the",
        "label `le`, in seconds), `_sum` and `_count`. With them come those of the process:",
        "`process_cpu_seconds_total`, `process_resident_memory_bytes`, `process_open_fds` and their like. Labels never",
        "hold ids of sessions, names of users or paths as they were sent.",
        "",
        "| metric | type | labels | of | what |",
        "|---|---|---|---|---|",
    ]
    for cell in meters.cells:
        told = cell.told
        labels = ", ".join(f"`{label}`" for label in told.labels)
        of = "site" if told.site else "server"
        lines.append(f"| `{told.name}` | {told.kind} | {labels} | {of} | {told.meaning} |")
    lines += [
        "",
        "An agent's own listener (option `agent_metrics`) tells those of its host, without the label `host`, and of",
        "its process.",
    ]
    return "\n".join(lines) + "\n"


def compat_page() -> str:
    """compat.md with the list of operations made anew; the rest of it is written by hand."""
    text: str = compat_module().page((DOCS / "compat.md").read_text())
    return text


def compat_module() -> ModuleType:
    """compat_page.py, which stands beside this file and in no package."""
    spec = importlib.util.spec_from_file_location("compat_page", DOCS / "compat_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["compat_page"] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


PAGES = {
    "reference/configuration.md": configuration_page,
    "reference/cli.md": cli_page,
    "reference/sdk.md": sdk_page,
    "reference/metrics.md": metrics_page,
    "compat.md": compat_page,
}


def main(arguments: list[str]) -> int:
    """Exit code; with --check 1 when a page differs from what the code says."""
    stale = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(text)
    print("\n".join(stale) or "up to date")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
