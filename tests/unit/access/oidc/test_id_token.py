"""Every way in which an id token can be wrong."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from tests.unit.access.oidc.conftest import CLIENT, ISSUER, FakeProvider, new_key

from footlight.access.oidc.id_token import OLDEST_S, SKEW_S, Expected, UnknownKey, claims_of
from footlight.errors import Unauthenticated

EXPECTED = Expected(ISSUER, CLIENT, "n-0nce", "at")


@pytest.fixture
def good(fake: FakeProvider) -> FakeProvider:
    fake.nonce = "n-0nce"
    return fake


def read(fake: FakeProvider, text: str, keys: Any = None) -> Any:
    shown = KeySet([fake.key]).as_dict() if keys is None else keys
    return claims_of(text, shown, EXPECTED, fake.clock.now_ms() / 1000)


def refused(fake: FakeProvider, text: str, keys: Any = None) -> str:
    with pytest.raises(Unauthenticated) as found:
        read(fake, text, keys)
    return found.value.message


def test_a_good_one_tells_its_claims(good: FakeProvider) -> None:
    claims = read(good, good.id_token(groups=["a"]))
    assert (claims["sub"], claims["groups"]) == ("u-1", ["a"])
    both = good.id_token(aud=[CLIENT, "other"], azp=CLIENT)
    assert read(good, both)["azp"] == CLIENT
    # Within what two clocks may differ by.
    now_s = good.clock.now_ms() // 1000
    assert read(good, good.id_token(exp=now_s - SKEW_S + 5, iat=now_s - 300))
    assert read(good, good.id_token(iat=now_s + SKEW_S - 5))


@pytest.mark.parametrize(
    ("claims", "named"),
    [
        ({"iss": "https://evil.test"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "other"}, "aud"),
        ({"aud": ["other"]}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": [CLIENT, "other"]}, "azp"),
        ({"azp": "other"}, "azp"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": None}, "exp"),
        ({"exp": "soon"}, "exp"),
        ({"iat": None}, "iat"),
        ({"iat": True}, "iat"),
        ({"sub": None}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": ""}, ""),
        ({"sub": "x" * 256}, "subject"),
        ({"at_hash": "AAAA"}, "at_hash"),
    ],
)
def test_each_claim_counts(good: FakeProvider, claims: dict[str, Any], named: str) -> None:
    assert named in refused(good, good.id_token(**claims))


def test_times_count(good: FakeProvider) -> None:
    now_s = good.clock.now_ms() // 1000
    assert "expired" in refused(good, good.id_token(exp=now_s - SKEW_S))
    assert "future" in refused(good, good.id_token(iat=now_s + SKEW_S + 5))
    assert "not yet valid" in refused(good, good.id_token(nbf=now_s + SKEW_S + 5))
    old = good.id_token(iat=now_s - OLDEST_S - SKEW_S - 1)
    assert "too long ago" in refused(good, old)


def part(found: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(found).encode()).rstrip(b"=").decode()


def test_signatures_count(good: FakeProvider) -> None:
    text = good.id_token()
    head, body, signature = text.split(".")
    assert refused(good, f"{head}.{part({'sub': 'root'})}.{signature}")
    unsigned = f"{part({'alg': 'none'})}.{body}."
    assert "lgorithm" in refused(good, unsigned)
    stranger = FakeProvider(good.clock, key=new_key("one"), nonce="n-0nce")  # the same name
    assert "signature" in refused(good, stranger.id_token()).lower()
    with pytest.raises(UnknownKey):
        read(good, FakeProvider(good.clock, key=new_key("two"), nonce="n-0nce").id_token())


def test_nobody_signs_with_what_everybody_knows(good: FakeProvider) -> None:
    """A public key taken for a shared secret, and algorithms that are not on the list."""
    rsa = RSAKey.generate_key(2048, {"kid": "one"})
    shared = OctKey.import_key(str(rsa.as_dict(private=False)["n"]), {"kid": "one"})
    claims = jwt.decode(good.id_token(), good.key).claims
    forged = jwt.encode({"alg": "HS256", "kid": "one"}, claims, shared)
    for keys in ([rsa], [shared]):
        shown = KeySet(keys).as_dict(private=keys == [shared])
        assert "lgorithm" in refused(good, forged, shown)


def test_keys_of_encryption_do_not_sign(good: FakeProvider) -> None:
    shown = KeySet([good.key]).as_dict()
    keys = {"keys": [{**dict(key), "use": "enc"} for key in shown["keys"]]}
    assert refused(good, good.id_token(), keys)


@pytest.mark.parametrize(
    "text", ["", "x", "a.b.c", "....", "é.é.é", "x" * 70_000, f"{'A' * 9000}.{'A' * 9000}.AA"]
)
def test_what_is_none_is_refused(good: FakeProvider, text: str) -> None:
    assert "not accepted" in refused(good, text)


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": [7]}, {"keys": "x"}])
def test_without_keys_nothing_is_accepted(good: FakeProvider, keys: Any) -> None:
    assert refused(good, good.id_token(), keys)
