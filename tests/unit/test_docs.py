"""The documents are true where that can be checked cheaply."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from footlight.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("news/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:\./run|footlight) ((?:[a-z][a-z0-9-]*\s*)+)")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date(
    generate: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.main(["--check"]) == 0, f"./dev docs: {capsys.readouterr().out}"


EXAMPLE = """
@pytest.mark.covers("PUT /Lamps", 204)
def test_a_lamp_is_lit(client):
    light(client)
    assert client.get("/Lamps").json() == "lit"

def light(client):
    client.put("/Lamps", json="lit")

@pytest.mark.covers("GET /Lamps", 200, 404)
def test_only_looks(client, found):
    client.post("/cvad/manage/tokens")
    assert client.get("/Lamps").json() and found.get("x")
"""


def test_full_needs_state_that_is_changed_and_read_back(
    generate: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "conftest.py").write_text("")
    (tmp_path / "test_lamps.py").write_text(EXAMPLE)
    shown = generate.compat_module().evidence(tmp_path)
    assert (shown["PUT /Lamps"].statuses, shown["PUT /Lamps"].read_back) == ({204}, {204})
    assert (shown["GET /Lamps"].statuses, shown["GET /Lamps"].read_back) == ({200, 404}, set())


def slug(heading: str) -> str:
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(page.read_text()):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        file = (page.parent / path).resolve() if path else page
        if not file.exists():
            broken.append(target)
        elif anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(), re.MULTILINE)
            if anchor not in {slug(heading) for heading in headings}:
                broken.append(target)
    assert broken == []


def leaves(path: tuple[str, ...], command: Any) -> Iterator[tuple[str, ...]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield path
    else:
        for name, child in children.items():
            yield from leaves((*path, name), child)


@pytest.fixture(scope="module")
def known() -> set[tuple[str, ...]]:
    """Commands by their first two words, or their only one."""
    return {path[:2] for path in leaves((), typer.main.get_command(app))}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_in_examples_exist(page: Path, known: set[tuple[str, ...]]) -> None:
    """Each `footlight WORDS` in code begins with the words of a command."""
    groups = {path[0] for path in known if len(path) == 2}
    text = page.read_text()
    code = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    unknown = []
    for words in (match.split() for part in code for match in COMMAND.findall(part)):
        path = tuple(words[:2]) if words[0] in groups else tuple(words[:1])
        if path not in known and not (len(path) == 1 and path[0] in groups):
            unknown.append(" ".join(words))
    assert unknown == []


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs/README.md").read_text()
    linked = {(ROOT / "docs" / target).resolve() for target in LINK.findall(index)}
    pages = set((ROOT / "docs").glob("**/*.md")) - {ROOT / "docs/README.md"}
    assert {name_of(page) for page in pages - linked} == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_is_named_as_proof_exists(page: Path) -> None:
    """Files, and tests as `file::test`."""
    named = re.findall(r"`((?:tests|src|deploy|bench)/[\w./-]+)(?:::(\w+))?`", page.read_text())
    missing = []
    for path, test in named:
        file = ROOT / path
        if not file.exists() or (test and f"def {test}(" not in file.read_text()):
            missing.append(f"{path}::{test}" if test else path)
    assert missing == []
