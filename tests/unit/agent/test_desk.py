from footlight.agent.desk import Desk


def test_the_key_is_not_shown(desk: Desk) -> None:
    assert "key=" not in repr(desk)
    assert "Ed25519" not in repr(desk)
    assert "certificate=None" in repr(desk)
