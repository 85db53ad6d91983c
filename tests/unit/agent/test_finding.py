from __future__ import annotations

from footlight.agent.finding import bad, good, note


def test_what_is_bad_says_what_to_do() -> None:
    assert (good("a", "b").how, good("a", "b").do) == ("good", "")
    assert (note("a", "b").how, bad("a", "b", "c").how) == ("note", "bad")
    assert bad("a", "b", "c").do == "c"
