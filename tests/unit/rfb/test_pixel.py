from footlight.rfb.pixel import BGRX, PixelFormat


def test_the_structure_goes_there_and_back() -> None:
    assert BGRX.pack() == bytes.fromhex("20180001 00ff00ff00ff 100800 000000".replace(" ", ""))
    assert PixelFormat.unpack(BGRX.pack()) == BGRX
    assert BGRX.bytes_per_pixel == 4
