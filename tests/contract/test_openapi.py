"""The site keeps to its own description: requests made from it are answered as it says.

schemathesis makes them, a bounded number for each operation, always the same ones. Ids are now and then
replaced by real ones, so that more than 404 is seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from footlight.api.app import BOUND
from footlight.api.openapi.description import read_examples
from footlight.api.openapi.document import document
from footlight.api.openapi.operation import is_told

EXAMPLES = 3
CALL_TIMEOUT_S = 30
# 500 is told by no operation.
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# What would end the caller's own sign-in, does not end by itself, or breaks the site on purpose.
LEFT_OUT = re.compile(r"DELETE .*/tokens|/sign-out|/events|/simulation|/faults")
# Where a real id may be the caller's own.
NEVER_REAL = re.compile(r"/password$|^(PATCH|DELETE) .*/Administrators/")
# Lists whose ids stand for the parameter after their name.
RESOURCE = re.compile(r"/(\w+)/\{(\w+)\}")

# What is made is looked at and changed before it is deleted.
ORDER = ("POST", "PUT", "GET", "HEAD", "PATCH", "DELETE")
LABELS = sorted(
    (
        f"{bound.route.method} {bound.path}".replace("...}", "}")
        for bound in BOUND
        if is_told(bound) and not LEFT_OUT.search(f"{bound.route.method} {bound.path}")
    ),
    key=lambda label: (ORDER.index(label.split(" ")[0]), label),
)
EXAMPLE_BODIES = {
    label: exchange["request"]
    for label, exchange in read_examples().items()
    if "request" in exchange
}


@pytest.fixture(scope="module")
def described() -> Any:
    """schemathesis' view of the document that this code would serve."""
    return schemathesis.openapi.from_dict(document(BOUND, "0", {}))


@pytest.fixture(scope="module")
def http(peopled: Any) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False  # REQUESTS_CA_BUNDLE would win
        session.verify = peopled.ca_file
        session.headers.update(peopled.headers())
        yield session


def ids_of(http: requests.Session, base: str, path: str) -> dict[str, list[str]]:
    """By parameter the ids that the list before it shows, and the parameter's own site if there is none."""
    found: dict[str, list[str]] = {}
    for resource, name in RESOURCE.findall(path):
        prefix = path[: path.index(f"/{resource}/{{{name}}}")]
        if "{" in prefix:
            continue
        answer = http.get(f"{base}{prefix}/{resource}", timeout=CALL_TIMEOUT_S)
        body = answer.json() if answer.ok else {}
        items = body.get("Items", body.get("items", [])) if isinstance(body, dict) else []
        found[name] = [str(one.get("Id", one.get("id"))) for one in items[:5]]
    return {name: ids for name, ids in found.items() if ids}


@pytest.mark.parametrize("label", LABELS)
def test_answers_are_as_described(
    peopled: Any, described: Any, http: requests.Session, label: str
) -> None:
    method, path = label.split(" ", 1)
    operation = described[path][method]
    base = peopled.base_url
    real = {} if NEVER_REAL.search(label) else ids_of(http, base, path)

    @seed(20261122)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), chance=st.integers(0, 99))
    def run(case: Any, chance: int) -> None:
        for name, ids in real.items():
            if chance % 4 != 3:
                case.path_parameters[name] = ids[chance % len(ids)]
        if label in EXAMPLE_BODIES and chance % 3 == 0:
            case.body = EXAMPLE_BODIES[label]
        headers = dict(http.headers)
        answer = case.call(
            base_url=base,
            session=http,
            headers=headers,
            verify=peopled.ca_file,
            timeout=CALL_TIMEOUT_S,
        )
        case.validate_response(answer, checks=CHECKS)

    run()
    who = http.get(f"{base}/cvad/manage/me", timeout=CALL_TIMEOUT_S)
    assert who.status_code == 200, "the caller is not signed in any more"


def media(whole: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(operation, media type object) of every body that has an example."""
    for path in whole["paths"].values():
        for one in path.values():
            bodies = [one.get("requestBody", {}), *one["responses"].values()]
            for content in (body.get("content", {}) for body in bodies):
                yield from ((one["operationId"], m) for m in content.values() if "example" in m)


def test_examples_are_of_their_models() -> None:
    whole = document(BOUND, "0", read_examples())
    shown = list(media(whole))
    assert len(shown) > 80
    wrong = []
    for operation_id, one in shown:
        schema = {**one["schema"], "components": whole["components"]}
        validator = jsonschema_rs.Draft202012Validator(schema)
        wrong += [
            f"{operation_id}: {error.message}" for error in validator.iter_errors(one["example"])
        ]
    assert wrong == []


def test_the_document_served_is_this_one(peopled: Any, http: requests.Session) -> None:
    served = http.get(f"{peopled.base_url}/openapi.json", timeout=CALL_TIMEOUT_S).json()
    made = json.loads(json.dumps(document(BOUND, served["info"]["version"], {})))
    assert set(served["paths"]) == set(made["paths"])
    assert served["components"]["schemas"] == made["components"]["schemas"]
