from __future__ import annotations

from pathlib import Path

import pytest

from footlight.errors import Invalid
from footlight.store.address import read_address


@pytest.mark.parametrize(
    ("given", "url", "password"),
    [
        ("postgresql://db.example/site", "postgresql://db.example/site", None),
        ("postgres://u@h:5433/site", "postgresql://u@h:5433/site", None),
        ("postgresql://u:s%40crét@h/site", "postgresql://u@h/site", "s@crét"),
        ("postgresql://u:@h/site", "postgresql://u@h/site", None),
        (
            "postgresql://u@/site?host=/run/x&password=pw&sslmode=disable",
            "postgresql://u@/site?host=/run/x&sslmode=disable",
            "pw",
        ),
        ("postgresql://u:pw@a:1,b:2/site", "postgresql://u@a:1,b:2/site", "pw"),
        ("postgresql:///?service=site", "postgresql:///?service=site", None),
        ("postgresql://[::1]:5432/site", "postgresql://[::1]:5432/site", None),
    ],
)
def test_the_password_is_kept_apart(given: str, url: str, password: str | None) -> None:
    address = read_address(given)
    assert (address.url, address.password) == (url, password)
    assert (password or "nothing") not in repr(address)


@pytest.mark.parametrize(
    "given",
    [
        "mysql://u:sesame@h/site",
        "postgresql://u:sesame@h",
        "postgresql://u:sesame@h/",
        "postgresql://u:se/same@h/site",
        "postgresql://u:sesame@h:port/site",
        "postgresql://u:sesame@h/site?x",
        "postgresql://u:sesame@[h/site",
        "postgresql://u:se#same@h/site",
    ],
)
def test_what_is_no_address_is_refused_without_telling_the_password(given: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_address(given)
    assert "same" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_a_password_file_counts_most(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from file\n")
    assert read_address("postgresql://u:other@h/site", file).password == "from file"
    file.write_text("\n")
    with pytest.raises(Invalid, match="is empty"):
        read_address("postgresql://h/site", file)
    with pytest.raises(Invalid, match="cannot read"):
        read_address("postgresql://h/site", tmp_path / "none")
