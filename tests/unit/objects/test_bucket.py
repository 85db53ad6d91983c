from pathlib import Path
from typing import Any

import pytest

from footlight.errors import Invalid
from footlight.objects.bucket import Bucket, Credentials, read_bucket

KEYS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "very secret"}


def read(address: str = "s3://site/a/b/", **given: Any) -> Bucket:
    options: dict[str, Any] = {
        "endpoint": None,
        "region": "eu-1",
        "credentials_file": None,
        "ca_file": None,
        "environment": KEYS,
        **given,
    }
    return read_bucket(address, **options)


def test_an_address_says_bucket_and_prefix() -> None:
    bucket = read()
    assert (bucket.name, bucket.prefix) == ("site", "a/b")
    assert bucket.endpoint == "https://s3.eu-1.amazonaws.com"
    assert bucket.path("r/000000.flseg") == "/site/a/b/r/000000.flseg"
    assert read("s3://site", endpoint="https://store:8080/").endpoint == "https://store:8080"
    assert read("s3://site").path("x") == "/site/x"


def test_keys_come_from_a_file_or_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    file.write_text(
        "[default]\naws_access_key_id = other\naws_secret_access_key = %s\naws_session_token = t\n"
    )
    assert read().credentials == Credentials("id", "very secret")
    assert read(credentials_file=file).credentials == Credentials("other", "%s", "t")
    assert "very secret" not in repr(read())


def test_certificates_are_read(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(b"pem")
    assert read(ca_file=tmp_path / "ca.pem").ca == b"pem"


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"address": "s3://"}, "objects"),
        ({"address": "s3://Not_A_Bucket"}, "objects"),
        ({"address": "s3://site/../x"}, "objects"),
        ({"endpoint": "store:8080"}, "objects_endpoint"),
        ({"endpoint": "https://store/path"}, "objects_endpoint"),
        ({"environment": {}}, "objects_credentials_file"),
        ({"credentials_file": Path("/nowhere/x")}, "objects_credentials_file"),
        ({"ca_file": Path("/nowhere/x")}, "objects_ca_file"),
    ],
)
def test_what_cannot_be_used_is_named(given: dict[str, Any], option: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(**given)
    assert refused.value.facts["name"] == option


def test_a_file_without_the_section_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    for text in ("[other]\n", "no ini at all", "[default]\naws_access_key_id = x\n"):
        file.write_text(text)
        with pytest.raises(Invalid):
            read(credentials_file=file)
