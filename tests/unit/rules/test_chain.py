"""The chain of what was done: nothing before its head changes unseen, and what is erased leaves it whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import chain
from bot.rules.chain import Entry, Fault, check, digest, follow, remains, root

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(), each, max_size=3),
    max_leaves=6,
)
FACTS = st.dictionaries(st.text(), JSON, max_size=3)


def chained(*facts: dict[str, Any], contest: str = "c1", action: str = "rating.given") -> list[Entry]:
    """A chain of these, a second after each other."""
    entries, head = [], root(contest)
    for number, each in enumerate(facts, start=1):
        at, salt = AT + timedelta(seconds=number), f"{number:032x}"
        head = follow(head, digest(salt, at, "U0JUDY", action, each))
        entries.append(
            Entry(at, "U0JUDY", action, each, number, salt, digest(salt, at, "U0JUDY", action, each), head.link)
        )
    return entries


@given(st.lists(FACTS, max_size=5))
def test_a_chain_fits_and_says_how_long_it_is(facts: list[dict[str, Any]]) -> None:
    """Whatever was written into it."""
    entries = chained(*facts)
    found = check("c1", entries)
    assert (True, len(facts), 0) == (found.fits, found.head.number, found.erased)
    assert found.head == (root("c1") if not entries else (len(facts), entries[-1].link))


@given(st.lists(FACTS, min_size=1, max_size=5), st.data())
def test_whatever_is_changed_is_found_where_it_is(facts: list[dict[str, Any]], data: st.DataObject) -> None:
    """What an entry says, who and when; the number of the first that does not fit is told."""
    entries = chained(*facts)
    at = data.draw(st.integers(0, len(entries) - 1))
    changes: list[dict[str, Any]] = [
        {"actor": "U0EVE"},
        {"action": "rating.entered"},
        {"at": AT},
        {"facts": {**entries[at].facts, "more": 1}},
        {"salt": "0" * 31 + "f"},
        {"digest": "0" * 64},
        {"link": "0" * 64},
    ]
    entries[at] = entries[at]._replace(**data.draw(st.sampled_from(changes)))
    found = check("c1", entries)
    assert not found.fits
    assert found.at_fault == entries[at]
    assert at == found.head.number


@pytest.mark.parametrize(
    ("spoilt", "fault", "fitting"),
    [
        (lambda each: [each[0], each[2]], Fault.MISSING, 1),
        (lambda each: [each[0], each[1], each[1], each[2]], Fault.MISSING, 2),
        (lambda each: [each[1], each[0], each[2]], Fault.MISSING, 0),
        (lambda each: [each[0], each[1]._replace(number=None), each[2]], Fault.OUTSIDE, 1),
        (lambda each: [each[0], each[1]._replace(salt=None, digest="0" * 64), each[2]], Fault.BROKEN, 1),
    ],
)
def test_nothing_is_left_out_or_slipped_in(spoilt: Any, fault: Fault, fitting: int) -> None:
    """Numbers follow each other, and so do links."""
    found = check("c1", spoilt(chained({}, {"a": 1}, {})))
    assert (fault, fitting, False) == (found.fault, found.head.number, found.fits)


def test_a_chain_belongs_to_its_contest() -> None:
    """That of another one is none."""
    assert check("c2", chained({})).fault == Fault.BROKEN


def erased(entries: list[Entry], *numbers: int) -> list[Entry]:
    """The chain once these were emptied, and that is said at its end."""
    emptied = [
        each._replace(
            actor="erased-1", facts={key: one for key, one in each.facts.items() if key != "comment"}, salt=None
        )
        if each.number in numbers
        else each
        for each in entries
    ]
    said = {"entries": len(numbers), "remains": {str(number): remains(*emptied[number - 1][:4]) for number in numbers}}
    at, last = AT + timedelta(minutes=len(entries)), check("c1", emptied).head
    of_it = digest("5a17", at, "kantor", chain.EMPTIED, said)
    number, link = follow(last, of_it)
    return [*emptied, Entry(at, "kantor", chain.EMPTIED, said, number, "5a17", of_it, link)]


def test_what_was_erased_leaves_the_chain_whole() -> None:
    """As long as the chain itself says what was emptied."""
    entries = chained({"comment": "mine", "stars": 5}, {"a": 1})
    whole = erased(entries, 1)
    unsaid = check("c1", whole[:2])
    assert (None, 1, 0, False) == (unsaid.fault, unsaid.erased, unsaid.accounted, unsaid.fits)
    found = check("c1", whole)
    assert (1, 1, True, 3) == (found.erased, found.accounted, found.fits, found.head.number)


def test_what_an_erasure_has_left_changes_no_more() -> None:
    """Not the stars that somebody gave, nor who did; not even where the entry that says so was emptied itself."""
    whole = erased(erased(chained({"stars": 5}, {"stars": 4}), 1), 3)
    assert check("c1", whole).fits
    for change in ({"facts": {"stars": 1}}, {"actor": "erased-2"}, {"action": "rating.entered"}):
        found = check("c1", [whole[0]._replace(**change), *whole[1:]])
        assert (Fault.CHANGED, 1) == (found.fault, found.at_fault and found.at_fault.number)
    forged = whole[2]._replace(facts={"stars": None, "remains": {}})
    assert check("c1", [*whole[:2], forged, whole[3]]).fault == Fault.CHANGED


def test_an_entry_can_be_emptied_twice() -> None:
    """It was about two people: what is left after the second erasure is what counts."""
    once = erased(chained({"stars": 5}, {"stars": 4}), 1)
    again = [once[0]._replace(facts={"stars": None}), *once[1:]]
    twice = erased(again, 1)
    assert check("c1", twice).fits
    assert not check("c1", again).fits


def test_heads_that_were_posted_must_be_in_it() -> None:
    """A chain that was made anew as a whole holds together, and is not the one of which people know the head."""
    entries = chained({}, {"a": 1})
    posted = {2: entries[1].link or ""}
    assert check("c1", entries, posted).fits
    assert check("c1", chained({}, {"a": 2}), posted).fault == Fault.OTHER_HEAD
    assert check("c1", entries[:1], posted).fault == Fault.SHORT


def test_the_hashes_are_those_that_the_document_says() -> None:
    """By hand: another program has to come to the same."""
    said = '["2026-11-20T12:00:00.000000Z","U0JUDY","rating.given",{"a":1.5,"b":"\\u00fc"}]'
    of_it = sha256(f"5a17{said}".encode()).hexdigest()
    assert of_it == digest("5a17", AT, "U0JUDY", "rating.given", {"b": "ü", "a": 1.5})
    first = sha256(b"kantor-audit:c1").hexdigest()
    assert (1, sha256(f"{first}:1:{of_it}".encode()).hexdigest()) == follow(root("c1"), of_it)
