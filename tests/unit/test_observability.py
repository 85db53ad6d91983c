"""The files for Prometheus and Grafana name what a server tells, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from footlight.api.app import route_table
from footlight.telemetry.meters import Meters

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "observability"
NAME = re.compile(r"\b(?:footlight|process)_[a-z_]+\b")
SELECTOR = re.compile(r"\b(footlight_[a-z_]+)\{([^}]*)\}")
MATCHER = re.compile(r'([a-z_]+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
OF_PROCESS = {"process_cpu_seconds_total", "process_resident_memory_bytes"}


def rules() -> list[dict[str, Any]]:
    text = yaml.safe_load((FOLDER / "footlight-rules.yml").read_text())
    return [rule for group in text["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    text = json.loads((FOLDER / "grafana-dashboard.json").read_text())
    return [panel for panel in text["panels"] if panel["type"] != "row"]


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in rules())
    yield from (target["expr"] for panel in panels() for target in panel["targets"])


def told() -> dict[str, tuple[str, ...]]:
    """Every name that a scrape may hold, with its labels."""
    found: dict[str, tuple[str, ...]] = {}
    for cell in Meters().cells:
        one = cell.told
        if one.kind == "histogram":
            found |= {f"{one.name}_{part}": one.labels for part in ("sum", "count")}
            found[f"{one.name}_bucket"] = (*one.labels, "le")
        else:
            found[one.name] = one.labels
    return found


def test_every_metric_that_is_asked_for_is_told() -> None:
    known = told().keys() | OF_PROCESS
    asked = {name for text in expressions() for name in NAME.findall(text)}
    assert asked <= known
    assert len(asked) > 30


def test_labels_that_are_matched_or_kept_exist() -> None:
    labels = told()
    for text in expressions():
        for name, inside in SELECTOR.findall(text):
            for label, _, _ in MATCHER.findall(inside):
                assert label in labels[name], text
        kept = {
            word.strip() for part in re.findall(r"by \(([^)]*)\)", text) for word in part.split(",")
        }
        asked = {label for name in NAME.findall(text) for label in labels.get(name, ())}
        assert kept <= asked | {"instance"}, text


def test_parentheses_of_expressions_are_closed() -> None:
    for text in expressions():
        for opening, closing in ("()", "{}", "[]"):
            assert text.count(opening) == text.count(closing), text
        assert text.count('"') % 2 == 0, text


def test_alerts_have_what_prometheus_and_people_need() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    for rule in rules():
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"Footlight[A-Za-z]+", rule["alert"])
        assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"]


def test_every_alert_that_is_promised_is_there() -> None:
    wanted = {
        "FootlightHostSilent", "FootlightRecordingFailed", "FootlightRecordingLate",
        "FootlightSpoolFilling", "FootlightDutyWithoutServer", "FootlightOutboxLag",
        "FootlightApiErrors", "FootlightLaunchFailures", "FootlightCertificateExpiry",
        "FootlightAuditNotVerified",
    }  # fmt: skip
    assert wanted <= {rule["alert"] for rule in rules()}


def test_the_scrape_example_is_one() -> None:
    text = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    assert text["rule_files"] == ["footlight-rules.yml"]
    job = text["scrape_configs"][0]
    assert job["metrics_path"] == "/metrics"
    matched = route_table().match(urlsplit(job["oauth2"]["token_url"]).path)
    assert matched is not None
    assert matched.template == "/cctrustoauth2/{customer}/tokens/clients"


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not taken & cells, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
