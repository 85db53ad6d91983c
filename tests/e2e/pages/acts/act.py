"""One act of the console: the permission that it needs, how it is done in the browser, how by REST, and how to tell by
REST that it was done. And what acts are put together from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect
from tests.e2e.pages.acts.ground import CVAD, Ground

from footlight.caller import Permission

WORDS = "Changed by an act"
Told = tuple[str, str, Any]  # method, path, body
Fill = Callable[[Locator, Ground], None]


@dataclass(frozen=True)
class Act:
    """`page`: where it is done; `button`: its name there, {role} and {ROLE} stand for the role; `asked`: the button of
    the dialog that follows; `fill`: what to do in the dialog before; `before`: makes the state that it starts from;
    `state`: what shows that state on the page, where its button stands only then."""

    name: str
    needs: Permission
    page: Callable[[Ground], str]
    button: str
    rest: Callable[[Ground], Told]
    done: Callable[[Ground], bool]
    before: Callable[[Ground], None] = lambda ground: None
    fill: Fill | None = None
    asked: str | None = None
    state: str | None = None

    def found(self, page: Page, ground: Ground) -> Locator:
        """Its button, wherever the page has it."""
        name = self.button.format(role=ground.role, ROLE=ground.role.upper())
        return page.get_by_role("button", name=name, exact=True)

    def press(self, page: Page, ground: Ground) -> None:
        """As a person does it."""
        self.found(page, ground).first.click()
        dialog = page.get_by_role("dialog")
        if self.fill is not None:
            self.fill(dialog, ground)
        if self.asked is not None:
            asked = self.asked.format(role=ground.role, ROLE=ground.role.upper())
            dialog.get_by_role("button", name=asked, exact=True).click()
            expect(dialog).to_be_hidden()


def at(path: str) -> Callable[[Ground], str]:
    """A page that is the same for all roles."""
    return lambda ground: path


def opened(path: str, what: str) -> Callable[[Ground], str]:
    """The page of a list with the role's object open beside it."""

    def address(ground: Ground) -> str:
        one = ground.named(what)
        assert one is not None
        return f"{path}?open={one.get('Id') or one['User']['Name']}"

    return address


def told(method: str, what: str, body: object = None, below: str = "") -> Callable[[Ground], Told]:
    """A call about the role's object."""
    return lambda ground: (method, ground.path(what) + below, body)


def there(what: str) -> Callable[[Ground], bool]:
    """Whether there is the role's object."""
    return lambda ground: ground.named(what) is not None


def gone(what: str) -> Callable[[Ground], bool]:
    """Whether there is none."""
    return lambda ground: ground.named(what) is None


def has(what: str, member: str, value: object) -> Callable[[Ground], bool]:
    """Whether the role's object is so."""
    return lambda ground: (ground.named(what) or {}).get(member) == value


def make(what: str, **members: object) -> Callable[[Ground], Told]:
    """The call that makes the role's object."""
    return lambda ground: ("POST", f"{CVAD}/{what}", {"Name": ground.name(what), **members})


def ensured(what: str, made: Callable[[Ground], Told]) -> Callable[[Ground], None]:
    """Makes the role's object unless it is there."""

    def ensure(ground: Ground) -> None:
        if ground.named(what) is None:
            ground.do(*made(ground))

    return ensure


def both(*steps: Callable[[Ground], None]) -> Callable[[Ground], None]:
    """One after the other."""

    def run(ground: Ground) -> None:
        for step in steps:
            step(ground)

    return run


def name_it(what: str) -> Fill:
    """Fills in the name of the role's object."""
    return lambda dialog, ground: dialog.get_by_role("textbox", name="Name").first.fill(
        ground.name(what)
    )


def write(label: str, text: str = WORDS) -> Fill:
    """Fills a field of the dialog; {role} stands for the role."""
    return lambda dialog, ground: dialog.get_by_label(label).first.fill(
        text.format(role=ground.role)
    )


def choose(dialog: Locator, label: str, option: str | int) -> None:
    """Picks from a list of the dialog: by its name, or the one at that place."""
    field = dialog.get_by_role("combobox", name=label).or_(
        dialog.get_by_role("textbox", name=label)
    )
    field.first.click()
    options = dialog.page.get_by_role("option")
    if isinstance(option, str):
        dialog.page.get_by_role("option", name=option, exact=True).click()
    else:
        options.nth(option).click()


def pick(dialog: Locator, label: str, option: str | int) -> None:
    """As choose, of a list that stays open for more: it is closed."""
    choose(dialog, label, option)
    dialog.get_by_role("heading").click()
