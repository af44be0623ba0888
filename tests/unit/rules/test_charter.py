"""The charter: the same rules have the same hash, other rules another one, and a change is told in words."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.canonical import canonical, exactly
from bot.rules.charter import Charter, changes_told, scheme_of, told
from bot.rules.criteria import DEFAULT, Criterion, Scheme
from bot.rules.standings import Scores
from bot.rules.tenets import MEANINGS

RULES = Charter(
    scheme=DEFAULT, meanings=MEANINGS, blind=True, rounds=2, finalists=15, winners=3, each=3, further=0, minutes=90, floor=3,
    scores=Scores.MEAN, seed="5eed",
)  # fmt: skip
WEIGHTED = Scheme(
    (Criterion("taste", "Taste", "Do you like it?", 1.5), Criterion("form", "Form", "Has it one?", 0.1)), DEFAULT.titles
)


def shuffled(value: Any, data: st.DataObject) -> Any:
    """The same JSON, with the keys of its objects in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], data) for key in data.draw(st.permutations(sorted(value)))}
    return [shuffled(each, data) for each in value] if isinstance(value, list) else value


@given(st.data())
def test_the_same_rules_have_the_same_hash_in_whatever_order(data: st.DataObject) -> None:
    """Written down, read by another program, and written down again."""
    for rules in (RULES, replace(RULES, scheme=WEIGHTED, each=0)):
        again = json.loads(json.dumps(shuffled(rules.document, data), indent=2))
        assert rules.text == canonical(again)
        assert rules.sha256 == sha256(rules.text.encode("ascii")).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"scheme": WEIGHTED}, {"scheme": replace(DEFAULT, titles=(*DEFAULT.titles[:4], "Wow"))}, {"meanings": (*MEANINGS[:4], "Wow")},
        {"blind": False}, {"rounds": 1}, {"finalists": 10}, {"winners": 1}, {"each": 0}, {"each": 2}, {"further": 60}, {"scheme": replace(DEFAULT, halves=True)}, {"minutes": None}, {"floor": 2},
        {"scores": Scores.FAIR}, {"scheme": replace(DEFAULT, criteria=(replace(DEFAULT.criteria[0], question="Why?"), *DEFAULT.criteria[1:]))},
    ],
)  # fmt: skip
def test_other_rules_have_another_hash_and_say_what_is_new(change: dict[str, Any]) -> None:
    """Each in a sentence at least; nothing that stays is told."""
    after = replace(RULES, **change)
    assert RULES.sha256 != after.sha256
    lines = changes_told(RULES.document, after.document)
    assert 1 <= len(lines) <= 2
    assert all(line.endswith(".") for line in lines)
    assert () == changes_told(after.document, after.document)


def test_what_means_nothing_makes_no_version() -> None:
    """How many go on to a final that there is not; how long judges have, and the floor, where all hear all."""
    one_round, all_hear_all = replace(RULES, rounds=1), replace(RULES, each=0)
    assert one_round.sha256 == replace(one_round, finalists=3).sha256
    assert all_hear_all.sha256 == replace(all_hear_all, minutes=5, floor=1).sha256


def test_a_change_says_what_it_was_before() -> None:
    """In the words of both."""
    assert ("The first one wins. Until now: The first 3 win.",) == changes_told(
        RULES.document, replace(RULES, winners=1).document
    )
    assert ("All judges hear all compositions.",) == tuple(
        line.partition(" Until now")[0] for line in changes_told(RULES.document, replace(RULES, each=0).document)
    )


def test_all_of_it_is_told_in_words() -> None:
    """Nothing of people's in it is live."""
    lines = told(RULES.document)
    assert "Judges rate Originality, Balance, Emotional, from 1 to 5 each." == lines[0]
    assert "Equal scores share a place." == lines[-1]
    marked = replace(DEFAULT, criteria=(replace(DEFAULT.criteria[0], title="*Bold* <@U0OLIVE>"),))
    assert "*Bold*" not in told(replace(RULES, scheme=marked).document)[0]
    fair = told(replace(RULES, scores=Scores.FAIR).document)[-1]
    assert fair.endswith("the highest scores, then by Originality, or share a place.")


@pytest.mark.parametrize(
    ("number", "words"), [(1.0, "1"), (1.5, "1.5"), (0.1, "0.1"), (1 / 3, "0.3333333333333333"), (100, "100")]
)
def test_a_weight_in_words_loses_nothing(number: float, words: str) -> None:
    """And is read back as the same number."""
    assert words == exactly(number)
    assert number == float(words)


def test_the_scheme_is_read_back() -> None:
    """As it was."""
    assert WEIGHTED == scheme_of(json.loads(replace(RULES, scheme=WEIGHTED).text))
