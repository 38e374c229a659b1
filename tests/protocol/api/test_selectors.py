"""Which documents a Mango selector means: what CouchDB 3.4.3 answers to the same condition on the same documents."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.protocol.queries import constant_fields, ranged_fields, required_fields
from sync.selectors import compile_selector, sort_key

DOCUMENT: dict[str, Any] = {
    "_id": "d",
    "n": 3,
    "minus": -3,
    "s": "letters",
    "nothing": None,
    "yes": True,
    "list": [1, 2, {"k": "v"}],
    "empty": [],
    "o": {"p": {"q": 1}, "dotted.name": 2},
    "$sign": "a",
}

MATCHING: list[dict[str, Any]] = [
    {},
    {"n": 3, "s": "letters"},
    {"n": 3.0},
    {"o": {"p": {"q": 1}}},
    {"o.p.q": 1},
    {"o.dotted\\.name": 2},
    {"\\$sign": "a"},
    {"nothing": None},
    {"n": {"$gt": 2, "$lte": 3}},
    {"n": {"$gt": True}},
    {"s": {"$gt": 99}},
    {"list": {"$gt": "z"}},
    {"n": {"$ne": 4}},
    {"n": {"$in": [1, 3]}},
    {"list": {"$in": [2, 9]}},
    {"n": {"$nin": [1, 2]}},
    {"missing": {"$exists": False}},
    {"nothing": {"$exists": True}},
    {"yes": {"$type": "boolean"}},
    {"list": {"$size": 3}},
    {"list": {"$all": [1, 2]}},
    {"list": {"$elemMatch": {"k": "v"}}},
    {"list": {"$elemMatch": {"$gt": 1}}},
    {"list.2.k": "v"},
    {"o": {"$keyMapMatch": {"$eq": "p"}}},
    {"n": {"$mod": [2, 1]}},
    {"n": {"$mod": [-2, 1]}},
    {"minus": {"$mod": [2, -1]}},
    {"o": {"missing": {"$exists": False}}},
    {"missing.too": {"$exists": False}},
    {"missing": {"too": {"$exists": False}}},
    {"s": {"$beginsWith": "let"}},
    {"$or": [{"n": 9}, {"s": "letters"}]},
    {"$nor": [{"n": 9}, {"s": "cards"}]},
    {"$not": {"n": 9}},
    {"n": {"$not": {"$gt": 9}}},
    {"$and": [{"n": 3}, {"yes": True}]},
    {"_id": {"$gt": {}}},
]

OTHER: list[dict[str, Any]] = [
    {"n": "3"},
    {"yes": 1},
    {"n": {"$lt": None}},
    {"missing": {"$ne": 1}},
    {"missing": None},
    {"$not": {"missing": 1}},
    {"missing": {"$not": {"$gt": 1}}},
    {"n": {"$exists": False}},
    {"o": {"p": {}}},
    {"o": {}},
    {"empty": {"$allMatch": {"$gt": 0}}},
    {"empty": {"$elemMatch": {"$gt": 0}}},
    {"empty": {"$all": []}},
    {"s": {"$size": 7}},
    {"s": {"$mod": [2, 1]}},
    {"minus": {"$mod": [2, 1]}},
    {"list": {"$in": [[1, 2, {"k": "v"}]]}},
    {"s.p": {"$exists": False}},
    {"nothing": {"p": {"$exists": False}}},
    {"list.p": {"$exists": False}},
    {"list.9": {"$exists": False}},
    {"$not": {"s.p": {"$exists": True}}},
    {"n": {"$beginsWith": "3"}},
    {"$or": []},
    {"$nor": [{"n": 3}]},
    {"_id": {"$lt": {}}},
    {"n": {"$type": "integer"}},
]

REFUSED: list[Any] = [
    None,
    [],
    {"n": {"$unknown": 1}},
    {"$and": {}},
    {"n": {"$in": 1}},
    {"n": {"$not": 1}},
    {"n": {"$mod": [0, 1]}},
    {"n": {"$size": -1}},
    {"n": {"$exists": 1}},
    {"n": {"$beginsWith": 1}},
]


@pytest.mark.parametrize("selector", MATCHING, ids=str)
def test_a_selector_that_matches(selector: dict[str, Any]) -> None:
    """Conditions hold together; values of different types have CouchDB's order."""
    assert compile_selector(selector)(DOCUMENT)


@pytest.mark.parametrize("selector", OTHER, ids=str)
def test_a_selector_that_does_not(selector: dict[str, Any]) -> None:
    """A condition on a member that is not there is false, and so is its negation."""
    assert not compile_selector(selector)(DOCUMENT)


@pytest.mark.parametrize("selector", REFUSED, ids=str)
def test_a_selector_that_makes_no_sense(selector: Any) -> None:
    """It is refused before any document is looked at."""
    with pytest.raises(BadRequest):
        compile_selector(selector)


def test_patterns() -> None:
    """Searched for anywhere in a text, in linear time where Python's own engine would take for ever."""
    pytest.importorskip("re2", reason="RE2 is not built for this machine")
    assert compile_selector({"s": {"$regex": "^let.*s$"}})(DOCUMENT)
    assert not compile_selector({"n": {"$regex": "3"}})(DOCUMENT)
    assert not compile_selector({"s": {"$regex": "(a+)+$"}})({"s": "a" * 5000 + "b"})
    with pytest.raises(BadRequest):
        compile_selector({"s": {"$regex": "("}})


def test_what_an_index_may_rely_on() -> None:
    """Fields that every match has, that are constant in all of them, and that bound a range."""
    selector = {"a": 1, "b": {"$gt": 1}, "$or": [{"c": 1, "d": 1}, {"c": 2}], "e": {"$exists": False}, "f": {"g": 1}}
    assert required_fields(selector) == {"a", "b", "c", "f.g"}
    assert constant_fields({"a": 1, "$and": [{"b": {"$eq": 2}}], "c": {"$gt": 1}}) == {"a", "b"}
    assert ranged_fields({"a": 1, "b": {"$ne": 2}, "$and": [{"c": {"$lt": 3}}]}) == {"a", "c"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_a_condition_and_its_negation(value: Any, bound: Any) -> None:
    """Of a member that is there exactly one of both holds, whatever the operator."""
    for operator in ("$eq", "$lt", "$gt", "$lte", "$gte"):
        condition = {"v": {operator: bound}}
        holds = compile_selector(condition)({"v": value})
        assert compile_selector({"$not": condition})({"v": value}) is not holds
        assert compile_selector({"v": {"$not": {operator: bound}}})({"v": value}) is not holds


@given(JSON, JSON)
def test_order_is_total(one: Any, other: Any) -> None:
    """Any two values are equal or one comes first."""
    first, second = sort_key(one), sort_key(other)
    assert (first < second) + (first == second) + (first > second) == 1
