import pytest

from footlight.config_rates import AUTO_RATES, Rate, parse_rate
from footlight.errors import Invalid

AUTO = AUTO_RATES["rate_limit"]


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("auto", AUTO),
        ("off", None),
        ("5", Rate(5.0, 10)),
        ("0.1", Rate(0.1, 1)),
        ("2.5,7", Rate(2.5, 7)),
    ],
)
def test_what_an_option_means(text: str, rate: Rate | None) -> None:
    assert parse_rate("rate_limit", text, AUTO) == rate


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "nan", "inf", "5,0", "5,x", "1000001", "5,10000001"]
)
def test_what_none_is(text: str) -> None:
    with pytest.raises(Invalid, match="rate_limit"):
        parse_rate("rate_limit", text, AUTO)
