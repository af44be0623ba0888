"""A secret: whatever prints, stores or copies it by habit learns nothing."""

from __future__ import annotations

import copy
import json
import pickle
import pprint
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import pytest

from bot.rules.secret import SHOWN, Secret

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "pw-7x3-never-shown"


@dataclass(frozen=True)
class Holder:
    """Something with a secret in it."""

    name: str
    secret: Secret


@pytest.mark.parametrize(
    "written",
    [
        repr,
        str,
        format,
        ascii,
        pprint.pformat,
        lambda it: f"{it}",
        lambda it: f"{it!r:>40}",
        lambda it: f"{it:<3}",
        lambda it: "%s %r" % (it, it),  # noqa: UP031 - one of the ways
        lambda it: f"{Holder('ada', it)}",
        lambda it: str([it, {"a": it}]),
        lambda it: str(asdict(Holder("ada", it))),
        lambda it: json.dumps({"a": it}, default=str),
        lambda it: str([getattr(it, name, None) for name in dir(it) if name not in {"reveal_text", "_opened"}]),
        lambda it: str(it.__getstate__()),
        lambda it: str(copy.deepcopy([it, Holder("ada", it)])),
        lambda it: str(replace(Holder("ada", it), name="ben")),
    ],
)
def test_no_way_of_writing_shows_it(written: Callable[[Secret], str]) -> None:
    """In each there stands the same word, or at most where the object lies."""
    assert TEXT not in written(Secret(TEXT))


@pytest.mark.parametrize(
    "taken",
    [
        json.dumps,
        pickle.dumps,
        lambda it: pickle.dumps(Holder("ada", it)),
        iter,
        len,
        lambda it: it + "",
        lambda it: "" + it,
        lambda it: "pw" in it,
        lambda it: it[0],
        bytes,
        lambda it: it.encode(),
        vars,
        lambda it: setattr(it, "_opened", str),
    ],
)
def test_what_would_take_it_is_refused_and_the_refusal_is_silent(taken: Callable[[Secret], object]) -> None:
    """An error, not a weaker form; and the error has no word of it."""
    with pytest.raises((TypeError, AttributeError)) as caught:
        taken(Secret(TEXT))
    assert TEXT not in repr(caught.value)


def test_it_opens_for_who_asks() -> None:
    """One method gives the text, also of a copy."""
    secret = Secret(TEXT)
    assert [TEXT] * 3 == [each.reveal_text() for each in (secret, copy.copy(secret), copy.deepcopy(secret))]


def test_equal_to_its_like_and_to_no_text() -> None:
    """A comparison with a text is a slip, and says no."""
    assert Secret(TEXT) == Secret(TEXT)
    assert Secret(TEXT) != Secret("another")
    assert Secret(TEXT) != TEXT
    assert {Secret("\ud800")} == {Secret("\ud800")}
    assert SHOWN == str(Secret(TEXT))


@pytest.mark.parametrize(("text", "given"), [("", False), ("  \t", False), ("x", True), ("(secret)", True)])
def test_what_is_blank_is_none(text: str, given: bool) -> None:
    """A cell with spaces alone is an empty one."""
    assert given is bool(Secret(text))


def test_it_is_made_of_text_alone() -> None:
    """None or bytes would be a slip of whoever makes it."""
    with pytest.raises(TypeError):
        Secret(TEXT.encode())  # type: ignore[arg-type]  # that is the test
