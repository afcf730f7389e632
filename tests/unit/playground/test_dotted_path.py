"""Values under dotted names, and containers that tell."""

import copy

import pytest

from openrouter_nb.playground.observable import ObservableDict, ObservableList
from openrouter_nb.playground.state import dotted_path


def test_dotted_names_lead_into_objects_and_leave_no_empty_ones():
    given = dotted_path.put({}, "reasoning.effort", "low")
    assert given == {"reasoning": {"effort": "low"}}
    assert dotted_path.get(given, "reasoning.effort") == "low"
    assert dotted_path.get(given, "reasoning.effort.more") is dotted_path.MISSING
    assert dotted_path.get({"seed": None}, "seed") is None
    assert dotted_path.drop(dotted_path.put(given, "reasoning.exclude", True), "reasoning.effort") == {
        "reasoning": {"exclude": True}
    }
    assert dotted_path.drop(given, "reasoning.effort") == {}
    assert given == {"reasoning": {"effort": "low"}}


def test_objects_are_merged_key_by_key():
    over = {"provider": {"sort": "price"}, "seed": None}
    below = {"provider": {"zdr": True}, "seed": 1, "top_p": 0.5}
    assert dotted_path.merge(below, over) == {
        "provider": {"zdr": True, "sort": "price"},
        "seed": None,
        "top_p": 0.5,
    }


CHANGES = [
    lambda d: d.update(b=2),
    lambda d: d.update((key, 2) for key in "b"),
    lambda d: d.__setitem__("b", 2),
    lambda d: d.setdefault("b", 2),
    lambda d: d.__ior__({"b": 2}),
]


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_a_dict_is_told(change):
    told = []
    live = ObservableDict({"a": 1}, told.append)
    change(live)
    assert told == [{"a": 1, "b": 2}]
    assert live == {"a": 1, "b": 2}


def test_every_change_of_a_list_is_told():
    told = []
    live = ObservableList([1], told.append)
    live.append(2)
    live += (item for item in [3])
    live[0] = 0
    del live[1]
    assert live.pop() == 3
    assert told == [[1, 2], [1, 2, 3], [0, 2, 3], [0, 3], [0]]


def test_a_change_that_is_refused_changes_nothing():
    def refuse(_):
        raise ValueError("no")

    live = ObservableDict({"a": 1}, refuse)
    with pytest.raises(ValueError, match="no"):
        live["a"] = 2
    assert live == {"a": 1}


def test_copies_are_plain():
    live = ObservableDict({"a": ObservableList([1], print)}, print)
    copied = copy.deepcopy(live)
    assert type(copied) is dict
    assert type(copied["a"]) is list


def test_a_change_within_is_a_change_of_the_whole_at_any_depth():
    told = []
    live = ObservableDict({"a": {"b": [1]}}, told.append)
    live["a"]["b"].append({})
    live["a"]["b"][1]["c"] = 2
    live.setdefault("d", {})["e"] = 3
    assert told == [
        {"a": {"b": [1, {}]}},
        {"a": {"b": [1, {"c": 2}]}},
        {"a": {"b": [1, {"c": 2}]}, "d": {}},
        {"a": {"b": [1, {"c": 2}]}, "d": {"e": 3}},
    ]
    assert live == told[-1]
    assert all(type(each["a"]) is dict and type(each["a"]["b"]) is list for each in told)


def test_a_part_stays_one_while_its_whole_changes_and_is_none_once_it_is_taken_out():
    told = []
    live = ObservableDict({"a": {}}, told.append)
    part = live["a"]
    live["b"] = 1
    part["c"] = 2
    assert told[-1] == {"a": {"c": 2}, "b": 1} == live
    del live["a"]
    part["c"] = 3
    assert told[-1] == {"b": 1} == live


def test_a_change_within_that_is_refused_changes_nothing():
    def refuse(_):
        raise ValueError("no")

    live = ObservableDict({"a": {"b": [1]}}, refuse)
    with pytest.raises(ValueError, match="no"):
        live["a"]["b"].append(2)
    assert live == {"a": {"b": [1]}}
