from __future__ import annotations

from dataclasses import replace

from footlight.simulation.picture import BANDS, HEIGHT, WIDTH, Scene, changes, draw

SCENE = Scene("FOOTLIGHT\\ada", "FOOTLIGHT\\OFFICE001", "Office Desktop", 3600)


def test_a_second_changes_little_and_the_same_second_nothing() -> None:
    before = draw(SCENE)
    assert before.size == (WIDTH, HEIGHT)
    assert changes(before, draw(SCENE)) == []
    boxes = changes(before, draw(replace(SCENE, second=3601)))
    assert 2 <= len(boxes) <= BANDS
    area = sum((right - left) * (bottom - top) for left, top, right, bottom in boxes)
    assert 0 < area < WIDTH * HEIGHT / 20


def test_notice_and_message_are_seen() -> None:
    plain = draw(SCENE)
    noticed = draw(replace(SCENE, notice="This session is being recorded"))
    assert all(top >= HEIGHT - 34 for _, top, _, _ in changes(plain, noticed))
    told = changes(plain, draw(replace(SCENE, message="Please save\n" * 400)))
    assert told
    assert max(bottom for _, _, _, bottom in told) <= 350


def test_what_changes_is_all_that_changes() -> None:
    before, now = draw(SCENE), draw(replace(SCENE, second=99, message="x", notice="y"))
    for box in changes(before, now):
        before.paste(now.crop(box), box)
    assert before.tobytes() == now.tobytes()
