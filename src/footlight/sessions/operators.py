"""One filter as a condition: which operators each kind of property has, and what they mean.

Strings are compared in any case. A value that is null fulfils no positive operator and every negative one.
Source: rest-api.md section 5.4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

import msgspec
from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_

from footlight.errors import Invalid
from footlight.sessions import wildcards
from footlight.sessions.moments import Moment
from footlight.sessions.properties import Kind, Property
from footlight.sessions.wildcards import Pattern
from footlight.store.text import ascii_folded, class_match, folded, holds
from footlight.wire.rest.dates import read_date
from footlight.wire.rest.search import SearchDateOption, SearchOperator

MAX_VALUE_CHARACTERS = 1024
MAX_LIST_CHARACTERS = 65_536
MAX_LISTED = 1000
_BIGGEST = 2**53

Condition = ColumnElement[bool]

NEGATED: dict[str, SearchOperator] = {
    "NotEquals": "Equals",
    "NotLike": "Like",
    "NotStartsWith": "StartsWith",
    "NotEndsWith": "EndsWith",
    "NotContains": "Contains",
    "NotContainsLike": "ContainsLike",
    "NotContainsStartsWith": "ContainsStartsWith",
    "NotContainsEndsWith": "ContainsEndsWith",
    "NotIn": "In",
    "None": "Any",
    "IsNotWithin": "IsWithin",
}
_ORDERED = ("LessThan", "GreaterThan", "LessThanOrEquals", "GreaterThanOrEquals")


@dataclass(frozen=True)
class Operand:
    """One filter, ready to become a condition."""

    property: Property
    expression: ColumnElement[Any]
    text: str  # the value; "" for operators that need none
    moment: Moment

    def refused(self, why: str, problem: str = "invalidString") -> Invalid:
        """The refusal that names property and value."""
        return Invalid(
            f"{self.property.name}: {why}.",
            name=self.property.name,
            value=self.text[:256],
            problem=problem,
        )


def condition(operand: Operand, operator: SearchOperator) -> Condition:
    """The filter as a condition, where null is as good as false. Raises Invalid when the operator does
    not fit the property, or the value does not fit either."""
    positive = NEGATED.get(operator, operator)
    make = _MAKERS[operand.property.kind].get(positive)
    if operand.property.name == "FunctionalLevel" and positive in _ORDERED:
        make = _enum_order
    if make is None:
        raise Invalid(
            f"The operator {operator} does not fit {operand.property.name}, "
            f"which is a {operand.property.kind.value}.",
            name="Operator",
            value=operator,
            property=operand.property.name,
            problem="invalidEnum",
        )
    made = make(operand, positive)
    return made if positive == operator else not_(func.coalesce(made, false()))


def of_members(
    operand: Operand,
    operator: SearchOperator,
    member: ColumnElement[Any],
    has: Callable[[Condition], Condition],
) -> Condition:
    """The filter on a list whose members are rows: `has` makes a condition on the column `member` into one on the
    object, that it has such a member. Raises Invalid."""
    condition(operand, operator)  # names the operator as it was given
    positive = NEGATED.get(operator, operator)
    held = has(condition(replace(operand, expression=member), positive))
    return held if positive == operator else not_(held)


def matches(expression: ColumnElement[Any], pattern: Pattern) -> Condition:
    """Whether the text fits the pattern (already in lower case)."""
    plain_ascii = all(not isinstance(token, str) or token.isascii() for token in pattern)
    if wildcards.has_classes(pattern):
        return class_match(folded(expression), wildcards.glob(pattern), wildcards.regex(pattern))
    text = ascii_folded(expression) if plain_ascii else folded(expression)
    inner = pattern[1:-1]
    if pattern == (wildcards.Wild.RUN, *inner, wildcards.Wild.RUN) and wildcards.is_plain(inner):
        return holds(text, wildcards.plain_text(inner))
    return cast(Condition, text.like(wildcards.like(pattern), escape=wildcards.ESCAPE))


def listed(operand: Operand) -> list[str]:
    """The members of a value list: a JSON array, or separated by commas. Raises Invalid."""
    if operand.text.lstrip().startswith("["):
        try:
            found = [
                str(one) for one in msgspec.json.decode(operand.text, type=list[str | int | float])
            ]
        except (msgspec.DecodeError, RecursionError):
            raise operand.refused(
                "the list is not a JSON array of strings", "invalidJson"
            ) from None
    else:
        found = [part.strip() for part in operand.text.split(",")]
    if len(found) > MAX_LISTED:
        raise operand.refused(f"a list has at most {MAX_LISTED} values", "outOfRange")
    return found


def _any(operand: Operand, _: str) -> Condition:
    return operand.expression.is_not(None)


def _any_text(operand: Operand, _: str) -> Condition:
    return and_(operand.expression.is_not(None), operand.expression != "")


def _order(expression: ColumnElement[Any], operator: str, value: Any) -> Condition:
    compare: dict[str, Callable[[], Condition]] = {
        "LessThan": lambda: expression < value,
        "GreaterThan": lambda: expression > value,
        "LessThanOrEquals": lambda: expression <= value,
        "GreaterThanOrEquals": lambda: expression >= value,
        "Equals": lambda: expression == value,
    }
    return compare[operator]()


# strings


def _equals(operand: Operand, _: str) -> Condition:
    return _one_of(operand, [operand.text])


def _in(operand: Operand, _: str) -> Condition:
    return _one_of(operand, listed(operand))


def _one_of(operand: Operand, values: list[str]) -> Condition:
    lower = sorted({value.lower() for value in values})
    sure = all(value.isascii() for value in lower)
    made = (ascii_folded if sure else folded)(operand.expression).in_(lower)
    other = operand.property.other
    return made if other is None else or_(made, other.in_(lower))


def _string_order(operand: Operand, operator: str) -> Condition:
    return _order(folded(operand.expression), operator, operand.text.lower())


def _like(operand: Operand, _: str) -> Condition:
    pattern = wildcards.parse(operand.text.lower())
    plain = wildcards.is_plain(pattern)
    return matches(operand.expression, wildcards.within(pattern) if plain else pattern)


def _contains_like(operand: Operand, _: str) -> Condition:
    return matches(operand.expression, wildcards.within(wildcards.parse(operand.text.lower())))


def _part(operand: Operand, operator: str) -> Condition:
    """StartsWith, EndsWith, Contains: the value as it stands, without wildcards."""
    text = tuple(operand.text.lower())
    before: Pattern = () if operator.endswith("StartsWith") else (wildcards.Wild.RUN,)
    after: Pattern = () if operator.endswith("EndsWith") else (wildcards.Wild.RUN,)
    return matches(operand.expression, (*before, *text, *after))


# enums


def _enum_in(operand: Operand, operator: str) -> Condition:
    texts = listed(operand) if operator == "In" else [operand.text]
    return operand.expression.in_([_member(operand, text) for text in texts])


def _enum_order(operand: Operand, operator: str) -> Condition:
    rank = operand.property.members.index(_member(operand, operand.text))
    members = dict(zip(operand.property.members, range(100), strict=False))
    return _order(case(members, value=operand.expression), operator, rank)


def _member(operand: Operand, text: str) -> str:
    known = {member.lower(): member for member in operand.property.members}
    if text.lower() not in known:
        members = ", ".join(operand.property.members)
        raise operand.refused(f"{text!r:.80} is not one of {members}", "invalidEnum")
    return known[text.lower()]


# booleans, numbers, dates


def _bool(operand: Operand, _: str) -> Condition:
    wanted = {"true": True, "1": True, "false": False, "0": False}.get(operand.text.lower())
    if wanted is None:
        raise operand.refused("the value is true or false")
    return operand.expression.is_(wanted)


def _int(operand: Operand, operator: str) -> Condition:
    if operator == "In":
        return operand.expression.in_([_number(operand, text) for text in listed(operand)])
    return _order(operand.expression, operator, _number(operand, operand.text))


def _number(operand: Operand, text: str) -> int:
    try:
        number = int(text) if len(text) <= 20 and text.isascii() else None
    except ValueError:
        number = None
    if number is None:
        raise operand.refused("the value is a whole number")
    if abs(number) > _BIGGEST:
        raise operand.refused("the value is too large", "outOfRange")
    return number


def _date(operand: Operand, operator: str) -> Condition:
    """Compared by whole seconds, as the wire shows times."""
    at_ms = read_date(operand.text, operand.moment.zone)
    if at_ms is None:
        raise operand.refused("the value is a time in RFC 3339, or as 3/15/2022 7:41:46 AM")
    expression, next_ms = operand.expression, at_ms + 1000
    match operator:
        case "Equals":
            return and_(expression >= at_ms, expression < next_ms)
        case "LessThan" | "GreaterThanOrEquals":
            return _order(expression, operator, at_ms)
        case "LessThanOrEquals":
            return expression < next_ms
        case _:
            return expression >= next_ms


def _is_within(operand: Operand, _: str) -> Condition:
    options = {option.lower(): option for option in get_args(SearchDateOption)}
    option = options.get(operand.text.strip().lower())
    if option is None:
        names = ", ".join(options.values())
        raise operand.refused(f"the value is one of {names}", "invalidEnum")
    from_ms, before_ms = operand.moment.window(option)
    made = operand.expression >= from_ms
    return made if before_ms is None else and_(made, operand.expression < before_ms)


_Maker = Callable[[Operand, str], Condition]


def _each(operators: tuple[str, ...], make: _Maker) -> dict[str, _Maker]:
    return dict.fromkeys(operators, make)


_MAKERS: dict[Kind, dict[str, _Maker]] = {
    Kind.STRING: {
        "Equals": _equals,
        "In": _in,
        "Like": _like,
        "ContainsLike": _contains_like,
        "Any": _any_text,
        **_each(_ORDERED, _string_order),
        **_each(("StartsWith", "EndsWith", "Contains"), _part),
    },
    Kind.ENUM: {"Equals": _enum_in, "In": _enum_in, "Like": _like, "Any": _any},
    Kind.BOOL: {"Equals": _bool},
    Kind.INT: {"Any": _any, **_each(("Equals", "In", *_ORDERED), _int)},
    Kind.DATE: {"Any": _any, "IsWithin": _is_within, **_each(("Equals", *_ORDERED), _date)},
    Kind.LIST: {
        "Equals": _equals,
        "Contains": _equals,
        "Like": _like,
        "ContainsLike": _like,
        "Any": _any,
        **_each(("ContainsStartsWith", "ContainsEndsWith"), _part),
    },
}
