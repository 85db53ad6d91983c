"""The demo's own parts: its sentence, its steps, its pages."""

from __future__ import annotations

from typing import Any

import pytest

from footlight.cli.demo import SENTENCE_WORDS, WORDS, Progress, find_by_pages, make_sentence
from footlight.cli.exits import Failed
from footlight.sdk import Footlight


def test_a_sentence_is_of_different_words_that_fit_on_one_line() -> None:
    for _ in range(50):
        words = make_sentence().split()
        assert len(set(words)) == SENTENCE_WORDS
        assert set(words) <= set(WORDS)
        assert len("$ # " + " ".join(words)) <= 48  # columns of the large terminal


def test_steps_are_told_with_time_and_note() -> None:
    told: list[str] = []
    progress = Progress(told.append)
    with progress.step("one") as notes:
        notes.append("all well")
    with pytest.raises(Failed), progress.step("two"):
        raise Failed("not so well")
    assert told[0].startswith("ok")
    assert told[0].endswith("one: all well")
    assert told[1].startswith("FAILED")
    assert told[1].endswith("two: not so well")
    assert [step["done"] for step in progress.steps] == [True, False]


def pages_of(site: Any, *pages: list[str]) -> None:
    def page(asked: Any) -> dict[str, Any]:
        number = int(asked.query.get("continuationToken", 0))
        token = str(number + 1) if number + 1 < len(pages) else None
        items = [{"Id": text} for text in pages[number]]
        return {"Items": items, "ContinuationToken": token, "TotalItems": 2}

    site.on("GET", "/cvad/manage/Sessions", page)


def test_the_session_must_be_on_one_of_the_pages(site: Any) -> None:
    pages_of(site, ["a"], ["b"])
    with Footlight(site.base_url, token="t") as client:
        assert find_by_pages(client, "b") == "2 pages, 2 sessions"
        assert site.asked[0].query == {"limit": "1"}
        with pytest.raises(Failed, match="not in the list"):
            find_by_pages(client, "c")


def test_pages_that_are_too_long_are_noticed(site: Any) -> None:
    pages_of(site, ["a", "b"])
    with Footlight(site.base_url, token="t") as client, pytest.raises(Failed, match="too long"):
        find_by_pages(client, "a")
