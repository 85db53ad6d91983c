"""The published examples' own Python functions and JSON, against a real session.

The pages are not part of this repository: where a copy of them lies in `../shared/seeds` beside the checkout
(or where FOOTLIGHT_SEEDS says), their functions run as they stand, with only host and certificate changed.
A client of our own in the same shape runs always.
"""

from __future__ import annotations

import json
import os
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

SEEDS = Path(
    os.environ.get("FOOTLIGHT_SEEDS")
    or Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
)
HOSTS = ("https://[DdcServerAddress]", "https://api.cloud.com")
needs_seeds = pytest.mark.skipif(
    not SEEDS.is_dir(), reason=f"the published examples are not at {SEEDS}"
)


def python_of(page: str) -> str:
    """The Python code of a page: from its `import requests` to the end of the block."""
    at = re.search(r"^import requests\s*$", page, re.MULTILINE)
    assert at is not None
    return reindented(page[at.start() :].partition("<!--")[0])


def reindented(code: str) -> str:
    """One page's text lost its indentation: what follows an unindented `def` line is its body."""
    lines = code.splitlines()
    for at, line in enumerate(lines[:-1]):
        if line.startswith("def ") and lines[at + 1].strip() and lines[at + 1][0] not in " \t":
            body = textwrap.indent("\n".join(lines[at + 1 :]), "    ")
            return "\n".join(lines[: at + 1]) + "\n" + body + "\n"
    return code


def functions(base_url: str) -> dict[str, Any]:
    """The functions of all pages with their host changed."""
    found: dict[str, Any] = {}
    for path in sorted(SEEDS.glob("*.txt")):
        code = python_of(path.read_text())
        for host in HOSTS:
            code = code.replace(host, base_url)
        exec(compile(code, str(path), "exec"), found)  # noqa: S102  that they run as they stand is the test
    return found


def samples() -> Iterator[tuple[str, Any]]:
    """(page, JSON answer) of each page."""
    for path in sorted(SEEDS.glob("*.txt")):
        page = path.read_text()
        start = page.index("\n{") + 1
        yield path.name, json.JSONDecoder().raw_decode(page[start:])[0]


def shape(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(key path, JSON type) of every value within; list entries share `[]`."""
    names = {dict: "object", list: "array", str: "string", bool: "bool", type(None): "null"}
    yield path, names.get(type(value), "number")
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from shape(inner, f"{path}.{key}")
    if isinstance(value, list):
        for inner in value:
            yield from shape(inner, f"{path}[]")


def types_by_path(value: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path, kind in shape(value):
        found.setdefault(path, set()).add(kind)
    return found


@pytest.fixture
def trusted(site, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The certificate, in the way requests is told of one."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", site.ca_file)
    return site


@needs_seeds
def test_the_published_functions_run(trusted, desktop: str) -> None:
    call = functions(trusted.base_url)
    ids = (trusted.token, trusted.customer_id)
    listed = call["GetSessions"](*ids, trusted.site_id)
    assert set(listed) == {"Items", "ContinuationToken", "TotalItems"}
    assert desktop in [item["Id"] for item in listed["Items"]]
    started = call["StartSessionRecording"](*ids, desktop, trusted.site_id)
    assert started["Id"] == desktop
    assert is_recorded(trusted, desktop)
    stopped = call["StopSessionRecording"](*ids, desktop, trusted.site_id)
    assert stopped["Id"] == desktop
    assert not is_recorded(trusted, desktop)


@needs_seeds
def test_every_key_of_the_published_answers(client, desktop: str, application: str) -> None:
    bodies = [client.get(f"/cvad/manage/Sessions/{one}").json() for one in (desktop, application)]
    bare: dict[str, set[str]] = {}
    for body in bodies:
        for path, kinds in types_by_path(body).items():
            bare.setdefault(path, set()).update(kinds)
    listed = types_by_path(client.get("/cvad/manage/Sessions?limit=100").json())
    for page, sample in samples():
        ours = listed if "Items" in sample else bare
        for path, kinds in types_by_path(sample).items():
            assert path in ours, f"{page}: {path} is missing"
            strange = ours[path] - kinds - {"null"}
            assert not strange or kinds == {"null"}, f"{page}: {path} is {strange}, not {kinds}"


def is_recorded(site, session_id: str) -> bool:
    answer = requests.get(
        f"{site.base_url}/cvad/manage/Sessions/RecordingStatus?id={session_id}",
        headers=site.headers(),
        timeout=30,
    )
    return bool(answer.json()["IsSessionBeingRecorded"])


def test_a_script_in_the_same_shape(trusted, desktop: str) -> None:
    """What the published scripts do, written anew: sign in, page through, record, look, stop."""
    base = f"{trusted.base_url}/cvad/manage"
    signed_in = requests.post(
        f"{base}/Tokens", auth=(trusted.admin_user, trusted.admin_password), timeout=30
    ).json()
    headers = {
        "Authorization": "CWSAuth Bearer=%s" % signed_in["Token"],  # noqa: UP031  as scripts write it
        "Citrix-CustomerId": trusted.customer_id,
        "Citrix-InstanceId": trusted.site_id,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    found: list[str] = []
    page = requests.get(f"{base}/Sessions?limit=1", headers=headers, timeout=30).json()
    found += [item["Id"] for item in page["Items"]]
    while page["ContinuationToken"] is not None:
        url = f"{base}/Sessions?limit=1&continuationToken={page['ContinuationToken']}"
        page = requests.get(url, headers=headers, timeout=30).json()
        found += [item["Id"] for item in page["Items"]]
    assert desktop in found
    assert len(found) == len(set(found)) == page["TotalItems"]
    for verb, recorded in (("start", True), ("start", True), ("stop", False), ("stop", False)):
        url = f"{base}/Sessions/{desktop}/${verb}Recording"
        answer = requests.post(url, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        assert answer.json()["Id"] == desktop
        assert is_recorded(trusted, desktop) is recorded
