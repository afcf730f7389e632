"""Names that providers accept: allowed, unique, and the same in any order."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrouter_nb.tools.names import provider_names


@pytest.mark.parametrize(
    ("names", "sent"),
    [
        (["read", "get-it_2"], ["read", "get-it_2"]),
        (["shop.count/all"], ["shop_count_all"]),
        (["météo"], ["meteo"]),
        (["a.b", "a/b", "a_b"], ["a_b_#", "a_b_#", "a_b"]),
        (["查询天气", "查询时间"], ["tool_#", "tool_#"]),
        (["查询weather"], ["weather_#"]),
        (["x" * 65], [f"{'x' * 55}_#"]),
    ],
)
def test_a_name_is_kept_or_made_readable_or_gets_a_hash(names, sent):
    made = provider_names(names)
    assert list(made) == names
    assert [re.sub(r"_[0-9a-f]{8}$", "_#", name) for name in made.values()] == sent
    assert provider_names(names[::-1]) == made


def test_the_dot_is_allowed_in_parameters():
    assert provider_names(["a.b"], also=".") == {"a.b": "a.b"}


@given(st.lists(st.text(min_size=1), unique=True))
def test_every_name_becomes_one_that_is_allowed_and_its_own(names):
    sent = list(provider_names(names).values())
    assert len(set(sent)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) for name in sent)
