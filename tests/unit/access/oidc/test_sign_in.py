"""From leaving for the provider to coming back, and every way in which that goes wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select, update
from tests.unit.access.oidc.conftest import BACK, ISSUER, FakeProvider, Place

from footlight.access import accounts, administrators, roles
from footlight.access.access import Access
from footlight.access.oidc.pending import LIFE_MS
from footlight.access.oidc.provider import KEPT_MS
from footlight.access.oidc.sign_in import OidcSignIn
from footlight.errors import Forbidden, Unauthenticated, Unavailable
from footlight.store import schema


class Browser:
    """Walks the way of a person; what the provider would put into the answer is changed by a test."""

    def __init__(self, oidc: OidcSignIn, fake: FakeProvider) -> None:
        self.oidc, self.fake = oidc, fake
        self.cookie = ""

    async def leave(self, to: str = "/") -> dict[str, str]:
        """What the provider answers the browser with."""
        leaving = await self.oidc.begin(self.cookie or None, BACK, to)
        self.cookie = leaving.browser
        asked = {k: v[0] for k, v in parse_qs(urlsplit(leaving.url).query).items()}
        self.fake.nonce = asked["nonce"]
        self.fake.codes["good"] = ""
        return {"code": "good", "state": asked["state"], "iss": ISSUER}

    async def back(self, answer: dict[str, str], cookie: str | None = None) -> Any:
        shown = self.cookie if cookie is None else cookie
        return await self.oidc.complete(answer, shown, BACK, "192.0.2.1")

    async def sign_in(self) -> Any:
        return await self.back(await self.leave())


@pytest.fixture
def browser(oidc: OidcSignIn, fake: FakeProvider) -> Browser:
    return Browser(oidc, fake)


async def refused(browser: Browser, answer: dict[str, str], cookie: str | None = None) -> str:
    with pytest.raises(Unauthenticated) as found:
        await browser.back(answer, cookie)
    return found.value.message


async def audit(place: Place) -> list[tuple[str, bool]]:
    query = select(schema.audit.c.text, schema.audit.c.succeeded).order_by(schema.audit.c.seq)
    rows = await place.store.read(lambda c: c.execute(query).all())
    return [(row.text, bool(row.succeeded)) for row in rows]


async def test_somebody_signs_in(browser: Browser, access: Access, place: Place) -> None:
    browser.fake.info = {"name": "Ada Lovelace", "groups": ["staff"]}
    arrived = await browser.back(await browser.leave("/s/x"))
    assert arrived.return_to == "/s/x"
    caller = await access.caller(arrived.signed_in.text, "", "")
    assert (caller.user_name, caller.display_name) == ("FOOTLIGHT\\ada", "Ada Lovelace")
    assert caller.grants == ()
    assert await audit(place) == [
        ("Create account 'ada' at its first sign-in", True),
        ("Sign in as 'ada'", True),
    ]
    again = await browser.sign_in()
    assert again.signed_in.account.id == arrived.signed_in.account.id


async def test_an_answer_counts_once(browser: Browser, place: Place) -> None:
    answer = await browser.leave()
    await browser.back(answer)
    browser.fake.codes["good"] = ""  # a provider that would take it again
    assert "not under way" in await refused(browser, answer)
    assert (await audit(place))[-1] == ("Refused to sign in by an unknown name", False)


async def test_wrong_states_are_refused(browser: Browser, place: Place) -> None:
    answer = await browser.leave()
    for wrong in ("", "x", answer["state"][:-1], "é"):
        assert "not under way" in await refused(browser, {**answer, "state": wrong})
    without = {k: v for k, v in answer.items() if k != "state"}
    assert "not under way" in await refused(browser, without)
    for other in ("", "another"):
        assert "another browser" in await refused(browser, answer, other)
    await browser.back(answer)  # it was not spoilt by the others
    late = await browser.leave()
    place.clock.advance(LIFE_MS)
    assert "not under way" in await refused(browser, late)


async def test_a_code_that_was_used_is_refused(browser: Browser) -> None:
    answer = await browser.leave()
    del browser.fake.codes["good"]
    assert "invalid_grant" in await refused(browser, answer)


async def test_the_verifier_goes_with_the_code(browser: Browser) -> None:
    await browser.sign_in()
    assert len(browser.fake.forms[-1]["code_verifier"]) >= 43


async def test_an_answer_of_another_provider(browser: Browser) -> None:
    answer = await browser.leave()
    assert "another provider" in await refused(browser, {**answer, "iss": "https://evil.test"})
    browser.fake.described["authorization_response_iss_parameter_supported"] = True
    browser.fake.clock.advance(KEPT_MS)
    answer = await browser.leave()
    del answer["iss"]
    assert "another provider" in await refused(browser, answer)


@pytest.mark.parametrize(
    ("claims", "named"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"aud": "another"}, "aud"),
        ({"exp": 1}, "expired"),
        ({"iss": "https://evil.test"}, "iss"),
    ],
)
async def test_an_id_token_that_is_wrong(
    browser: Browser, place: Place, claims: dict[str, Any], named: str
) -> None:
    browser.fake.claims = claims
    assert named in await refused(browser, await browser.leave())
    query = select(schema.accounts.c.name).where(schema.accounts.c.source == "oidc")
    assert await place.store.read(lambda c: c.execute(query).all()) == []


async def test_a_nonce_of_another_sign_in(browser: Browser) -> None:
    first = await browser.leave()
    await browser.leave()  # the nonce is now that one's
    assert "nonce" in await refused(browser, first)


async def test_what_the_provider_refuses_is_told(browser: Browser) -> None:
    answer = await browser.leave()
    answer |= {"error": "access_denied"}
    del answer["code"]
    assert "access_denied" in await refused(browser, answer)
    answer = await browser.leave()
    for code in ("", "x" * 5000):
        assert "no code" in await refused(browser, {**answer, "code": code})
        answer = await browser.leave()


async def test_a_provider_that_is_away(browser: Browser, place: Place) -> None:
    browser.fake.fails = httpx.ConnectError("no")
    with pytest.raises(Unavailable):
        await browser.leave()
    kept = await place.store.read(lambda c: c.execute(select(schema.oidc_sign_ins)).all())
    assert kept == []
    assert await audit(place) == []


async def test_a_disabled_account_stays_out(browser: Browser, place: Place) -> None:
    arrived = await browser.sign_in()
    off = update(schema.accounts).where(schema.accounts.c.id == arrived.signed_in.account.id)
    await place.store.write(lambda tx: tx.connection.execute(off.values(enabled=False)) and None)
    assert "disabled" in await refused(browser, await browser.leave())
    assert (await audit(place))[-2] == ("Refused to sign in as 'ada'", False)


async def test_without_a_usable_name(browser: Browser) -> None:
    browser.fake.info = {"preferred_username": "漢字"}
    answer = await browser.leave()
    with pytest.raises(Forbidden, match="preferred_username"):
        await browser.back(answer)


async def test_rights_of_groups_come_and_go_with_sign_ins(
    browser: Browser, access: Access, place: Place
) -> None:
    await place.store.write(lambda tx: roles.make_full(tx, place.admin.id))
    local = await access.local_token(place.admin)
    boss = await access.caller(local, "", "")
    wanted = [administrators.Wanted(roles.HELP_DESK.name, "All")]
    await place.store.write(
        lambda tx: administrators.create(tx, boss, "FOOTLIGHT", "OIDC\\Helpers", wanted, True)
    )
    browser.fake.info = {"groups": ["helpers"]}
    first = (await browser.sign_in()).signed_in
    caller = await access.caller(first.text, "", "")
    assert caller.permissions == roles.HELP_DESK.permissions
    renewed = await place.store.read(lambda c: access.renewed(c, caller))
    assert renewed.permissions == roles.HELP_DESK.permissions
    # Taken away at the provider: gone at the next sign-in, from the older token too.
    browser.fake.info = {"groups": []}
    second = (await browser.sign_in()).signed_in
    for text in (first.text, second.text):
        assert (await access.caller(text, "", "")).permissions == frozenset()


async def test_logging_off_there_too(browser: Browser, access: Access, place: Place) -> None:
    signed_in = (await browser.sign_in()).signed_in
    caller = await access.caller(signed_in.text, "", "")
    renewed = await access.caller((await access.refresh(caller)).text, "", "")
    url = await browser.oidc.log_off_url(renewed, "https://site.test/")
    query = parse_qs(urlsplit(str(url)).query)
    assert query["id_token_hint"][0].count(".") == 2
    assert await browser.oidc.log_off_url(caller, "https://site.test/") is None  # once
    other = replace(caller, sign_in_id="of a password")
    assert await browser.oidc.log_off_url(other, "https://site.test/") is None


async def test_a_silent_provider_keeps_nobody_signed_in(
    browser: Browser, access: Access, place: Place
) -> None:
    signed_in = (await browser.sign_in()).signed_in
    caller = await access.caller(signed_in.text, "", "")
    place.clock.advance(KEPT_MS - 1000)
    browser.fake.fails = httpx.ConnectError("no")
    place.clock.advance(1000)
    assert await browser.oidc.log_off_url(caller, "https://site.test/") is None


async def test_its_account_has_no_password(browser: Browser, access: Access) -> None:
    await browser.sign_in()
    for password in ("", "x", "None"):
        with pytest.raises(Unauthenticated):
            await access.sign_in("ada", password)


async def test_by_name_it_is_the_sites(browser: Browser, place: Place) -> None:
    made = (await browser.sign_in()).signed_in.account
    found = await place.store.read(
        lambda c: accounts.of_user_name(c, "FOOTLIGHT", "footlight\\ADA")
    )
    assert found is not None
    assert found.id == made.id
