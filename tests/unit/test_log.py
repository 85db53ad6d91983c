from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from footlight import log


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.contextvars.clear_contextvars()
    structlog.configure(**before)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    streams = capsys.readouterr()
    assert streams.out == ""
    return [json.loads(line) for line in streams.err.splitlines()]


def test_events_are_json_lines_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(as_json=True)
    log.get_logger("footlight.agent.host").info("session started", session="s1")
    (entry,) = lines(capsys)
    assert entry.pop("timestamp")
    assert entry == {
        "event": "session started",
        "level": "info",
        "room": "agent.host",
        "session": "s1",
    }


def test_bound_fields_are_on_each_event(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(as_json=True)
    log.bind(transaction="t1")
    log.get_logger("footlight.api").info("one")
    log.get_logger("footlight.store").info("two")
    assert [entry["transaction"] for entry in lines(capsys)] == ["t1", "t1"]


def test_level_hides_what_is_less_severe(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(level="warning", as_json=True)
    logger = log.get_logger("footlight.api")
    logger.info("hidden")
    logger.warning("shown")
    assert [entry["event"] for entry in lines(capsys)] == ["shown"]


def test_exceptions_are_part_of_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(as_json=True)
    log.get_logger("footlight.api").warning("failed", exc_info=ValueError("why"))
    (entry,) = lines(capsys)
    assert "ValueError: why" in str(entry["exception"])


def test_people_get_text(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(as_json=False)
    log.get_logger("footlight.api").info("session started", session="s1")
    text = capsys.readouterr().err
    assert "session started" in text
    assert not text.startswith("{")


def test_the_form_is_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    for form, is_json in (("json", True), ("text", False), ("auto", True)):  # captured: no terminal
        log.configure(form=form)
        log.get_logger("footlight.api").info("session started")
        assert capsys.readouterr().err.startswith("{") is is_json, form


def test_a_field_can_be_taken_off(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(as_json=True)
    log.bind(session="s", transaction="t")
    log.bind(session="s", transaction=None)
    log.get_logger("footlight.api").info("one")
    (entry,) = lines(capsys)
    assert entry["session"] == "s"
    assert "transaction" not in entry
