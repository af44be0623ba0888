"""Keys of letters and jobs say what they are about: by the key a repeat is known, and one made of the present time is new each time."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
USE_CASES = ROOT / "bot" / "usecases"
FLOORS = (ROOT / "models", ROOT / "handlers")
NOT_ALWAYS_NEW = "the same within a day, an hour or a minute, and then it may be said again"
ONCE_BY_STATE = "the same transaction changes what stood in its way, so that a repeat never comes here"

OF_NOW = {
    "account_returned:": ONCE_BY_STATE,
    "account_free:": ONCE_BY_STATE,
    "released:": ONCE_BY_STATE,
    "organizer:": ONCE_BY_STATE,
    ":": f"welcome, to a judge who comes back: {ONCE_BY_STATE}",
    "entered:": "each entry on somebody's behalf is told, to the millisecond",
    "recusal:": ONCE_BY_STATE,
    "conflict:": ONCE_BY_STATE,
    "duty_answered:": "each change of mind is told, to the millisecond",
    "duty_stands:": "an edit, written where it says something else than the one before",
    "follows:": "an edit, written where it says something else than the one before",
    "piece_withdrawn:": ONCE_BY_STATE,
    "voided:": ONCE_BY_STATE,
    "restored:": ONCE_BY_STATE,
    "settled:": ONCE_BY_STATE,
    "REFRESH:": "a job that brings what is said up to date, and says nothing twice itself",
    "extension:": "each new date is told",
    "rules_document:": "whoever asks again once the file has come gets it again; while it is on its way another press is refused",
    "retention_soon:": ONCE_BY_STATE,
    "retention_done:": NOT_ALWAYS_NEW,
    "erasure_asked:": NOT_ALWAYS_NEW,
    "EXPORT:": NOT_ALWAYS_NEW,
    "key_alarm:": NOT_ALWAYS_NEW,
    "pool_alarm:": NOT_ALWAYS_NEW,
    "pool_low:": NOT_ALWAYS_NEW,
    "copies:": "the first letter of an hour, which the later ones of it rewrite",
}
"""How the keys begin that the present moment is part of, and why that is right."""


def keys_of_now(code: str) -> set[str]:
    """How each text with a colon in it begins that is made of the present moment, or of an id that was made just now."""
    texts = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.JoinedStr)]
    return {_beginning(text) for text in texts if _is_key(text) and _is_of_now(text)}


def _beginning(text: ast.JoinedStr) -> str:
    return ast.unparse(text)[2:-1].replace("{", "").replace("}", "").partition(":")[0].strip("'\"") + ":"


def _is_key(text: ast.JoinedStr) -> bool:
    said = "".join(str(part.value) for part in text.values if isinstance(part, ast.Constant))
    return ":" in said and " " not in said


def _is_of_now(text: ast.JoinedStr) -> bool:
    inside = [node for part in text.values if isinstance(part, ast.FormattedValue) for node in ast.walk(part.value)]
    names = {node.id for node in inside if isinstance(node, ast.Name)}
    names |= {node.attr for node in inside if isinstance(node, ast.Attribute)}
    return not names.isdisjoint({"now", "clock", "ids", "time", "today"})


def test_no_other_key_is_made_of_the_present_moment() -> None:
    """A new one here is thought over first: a repeat (a crash, a second delivery, a second press) must not write a second letter."""
    found = {key for path in USE_CASES.rglob("*.py") for key in keys_of_now(path.read_text(encoding="utf-8"))}
    assert set(OF_NOW) == found


@pytest.mark.parametrize("module", sorted(USE_CASES.rglob("*.py"), key=str))
def test_a_key_that_would_be_is_found(module: Path) -> None:
    """So the test above can be believed: with the present moment behind it, each other key of the module is reported."""
    code = module.read_text(encoding="utf-8")
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and _is_key(node):
            node.values.append(ast.parse("f'{now}'").body[0].value.values[0])  # type: ignore[attr-defined]  # an expression
            assert _beginning(node) in keys_of_now(ast.unparse(node))


APART = frozenset(
    {
        "split",
        "rsplit",
        "partition",
        "rpartition",
        "startswith",
        "endswith",
        "removeprefix",
        "removesuffix",
        "contains",
        "like",
    }
)
"""What takes a text apart, or asks how it begins."""
READERS = [*USE_CASES.parent.glob("*.py"), *(path for floor in (USE_CASES, *FLOORS) for path in floor.rglob("*.py"))]


def taken_apart(code: str) -> list[int]:
    """In which lines something is read out of a key: facts are columns."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    return [
        call.lineno
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in APART and _is_called_key(call.func.value)
    ]


def _is_called_key(value: ast.expr) -> bool:
    name = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
    return name in {"key", "edits"} or name.endswith("_key")


def test_no_key_is_taken_apart() -> None:
    """Keys are made and compared as a whole; whatever is to be known of a letter or a job stands beside it."""
    found = {path.name: taken_apart(path.read_text(encoding="utf-8")) for path in READERS}
    assert {} == {name: lines for name, lines in found.items() if lines}


@pytest.mark.parametrize(
    "code", ["row.key.partition(':')", "key.startswith('x')", "Row.key.like('x%')", "row.edits.split(':')"]
)
def test_a_key_that_is_taken_apart_is_found(code: str) -> None:
    """So the test above can be believed."""
    assert [1] == taken_apart(code)
