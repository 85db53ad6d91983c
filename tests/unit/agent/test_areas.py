import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from footlight.agent.areas import Box, changed_boxes, photo_boxes, text_lines, without

PLACES = st.lists(st.tuples(st.integers(0, 199), st.integers(0, 299)), max_size=12)


@given(places=PLACES)
def test_each_change_lies_in_exactly_one_box(places: list[tuple[int, int]]) -> None:
    changed = np.zeros((200, 300), dtype=bool)
    for y, x in places:
        changed[y, x] = True
    covered = np.zeros((200, 300), dtype=int)
    for box in changed_boxes(changed):
        covered[box.top : box.bottom, box.left : box.right] += 1
    assert covered.max() <= 1
    assert (covered[changed] == 1).all()


def test_what_is_far_apart_has_boxes_of_its_own() -> None:
    changed = np.zeros((100, 300), dtype=bool)
    changed[10:20, 10:20] = changed[60:90, 200:280] = True
    assert list(changed_boxes(changed)) == [Box(10, 10, 20, 20), Box(200, 60, 280, 90)]


def test_a_photo_is_found_and_left_out_of_the_rest() -> None:
    page = np.zeros((160, 256), dtype=np.uint32)
    page[32:96, 64:192] = np.random.default_rng(1).integers(0, 1 << 24, (64, 128))
    (photo,) = photo_boxes(page)
    assert photo == Box(64, 32, 192, 96)
    rest = without(Box(0, 0, 256, 160), [photo])
    area = sum((b.right - b.left) * (b.bottom - b.top) for b in rest)
    assert area == 256 * 160 - 64 * 128
    assert photo_boxes(np.zeros((160, 256), dtype=np.uint32)) == []
    assert photo_boxes(page[:20]) == []


def test_the_distance_of_text_lines_is_found() -> None:
    page = np.zeros((150, 80), dtype=np.uint32)
    letters = np.random.default_rng(2).integers(0, 2, (9, 80))
    for top in range(4, 141, 15):
        page[top : top + 9] = letters
    found = text_lines(page)
    assert found is not None
    distance, first = found
    assert distance == 15
    assert first not in range(5, 13)  # inside of the letters
    assert text_lines(np.zeros((150, 80), dtype=np.uint32)) is None
    assert text_lines(page[:12]) is None
