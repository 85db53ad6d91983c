from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from footlight.access.oidc.settings import is_safe, settings_of
from footlight.config import SiteConfig
from footlight.config_sources import load_config
from footlight.errors import Invalid

GIVEN = {"oidc_issuer": "https://login.test/", "oidc_client_id": "footlight"}


def test_without_an_issuer_there_is_none() -> None:
    assert settings_of(SiteConfig()) is None


def test_a_table_of_the_file_names_the_provider(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    file = tmp_path / "site.toml"
    file.write_text(
        'site_name = "LAB"\n[oidc]\nissuer = "https://login.test/"\nclient_id = "footlight"\n'
        f'client_secret_file = "{tmp_path / "secret"}"\ngroups_claim = "realm_access.roles"\n'
        'label = "Sign in at Example"\nscopes = "openid  groups"\n'
    )
    found = settings_of(load_config(file))
    assert found is not None
    assert (found.issuer, found.client_id, found.client_secret) == (
        "https://login.test/",
        "footlight",
        "s3cret",
    )
    assert (found.groups_claim, found.label, found.scopes) == (
        "realm_access.roles",
        "Sign in at Example",
        "openid groups",
    )
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"oidc_client_id": ""}, "oidc_client_id"),
        ({"oidc_issuer": "http://login.test/"}, "oidc_issuer"),
        ({"oidc_issuer": "login.test"}, "oidc_issuer"),
        ({"oidc_scopes": "profile"}, "oidc_scopes"),
        ({"oidc_ca_file": Path("/nowhere/ca.pem")}, "oidc_ca_file"),
        ({"oidc_client_secret_file": Path("/nowhere/secret")}, "oidc_client_secret_file"),
        ({"oidc_client_secret_file": Path("/dev/null")}, "oidc_client_secret_file"),
        ({"site_name": "OIDC"}, "OIDC"),
    ],
)
def test_what_cannot_be_used_is_refused_at_the_start(given: dict[str, Any], named: str) -> None:
    with pytest.raises(Invalid, match=named):
        settings_of(SiteConfig(**{**GIVEN, **given}))


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://login.test/realm", True),
        ("http://127.0.0.1:8080/", True),
        ("http://localhost/", True),
        ("http://[::1]:9/", True),
        ("http://login.test/", False),
        ("http://127.0.0.1.evil.test/", False),
        ("https://", False),
        ("https://[", False),
        ("ftp://localhost/", False),
        ("", False),
    ],
)
def test_what_goes_over_the_net_is_encrypted(url: str, safe: bool) -> None:
    assert is_safe(url) is safe
