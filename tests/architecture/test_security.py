"""docs/security.md: what it names is there, and it leaves nothing of its list out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
REQUIRED = {
    "V1.1": "1 2",
    "V1.2": "1 2 3 4 5 6 7 8 9",
    "V1.3": "1 2 3 4 5 6 7 8 9 10 11",
    "V1.4": "1 2 3",
    "V1.5": "1 2",
    "V2.1": "1 2 3",
    "V2.2": "1 2 3",
    "V2.3": "1 2 3 4",
    "V2.4": "1",
    "V3.2": "1 2",
    "V3.3": "1 2 3 4",
    "V3.4": "1 2 3 4 5 6",
    "V3.5": "1 2 3 4 5",
    "V3.7": "1 2",
    "V4.1": "1 2 3",
    "V4.2": "1",
    "V4.3": "1 2",
    "V4.4": "1 2 3 4",
    "V5.1": "1",
    "V5.2": "1 2 3",
    "V5.3": "1 2",
    "V5.4": "1 2 3",
    "V6.1": "1 2 3",
    "V6.2": "1 2 3 4 5 6 7 8 9 10 11 12",
    "V6.3": "1 2 3 4",
    "V6.4": "1 2 3 4",
    "V6.5": "1 2 3 4 5",
    "V6.6": "1 2 3",
    "V6.8": "1 2 3 4",
    "V7.1": "1 2 3",
    "V7.2": "1 2 3 4",
    "V7.3": "1 2",
    "V7.4": "1 2 3 4 5",
    "V7.5": "1 2",
    "V7.6": "1 2",
    "V8.1": "1 2",
    "V8.2": "1 2 3",
    "V8.3": "1",
    "V8.4": "1",
    "V9.1": "1 2 3",
    "V9.2": "1 2 3 4",
    "V10.1": "1 2",
    "V10.2": "1 2",
    "V10.3": "1 2 3 4",
    "V10.4": "1 2 3 4 5 6 7 8 9 10 11",
    "V10.5": "1 2 3 4 5",
    "V10.6": "1 2",
    "V10.7": "1 2 3",
    "V11.1": "1 2",
    "V11.2": "1 2 3",
    "V11.3": "1 2 3",
    "V11.4": "1 2 3 4",
    "V11.5": "1",
    "V11.6": "1",
    "V12.1": "1 2 3",
    "V12.2": "1 2",
    "V12.3": "1 2 3 4",
    "V13.1": "1",
    "V13.2": "1 2 3 4 5",
    "V13.3": "1 2",
    "V13.4": "1 2 3 4 5",
    "V14.1": "1 2",
    "V14.2": "1 2 3 4",
    "V14.3": "1 2 3",
    "V15.1": "1 2 3",
    "V15.2": "1 2 3",
    "V15.3": "1 2 3 4 5 6 7",
    "V16.1": "1",
    "V16.2": "1 2 3 4 5",
    "V16.3": "1 2 3 4",
    "V16.4": "1 2 3",
    "V16.5": "1 2 3",
    "V17.1": "1",
    "V17.2": "1 2 3 4",
    "V17.3": "1 2",
}
"""Of OWASP ASVS 5.0.0: the numbers of levels 1 and 2, by section."""


def test_each_test_that_is_named_is_there() -> None:
    """By its name, and each file by its path."""
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    tests = set(re.findall(r"`(test_\w+)`", PAGE))
    paths = set(re.findall(r"`([\w./-]+/[\w.-]+\.\w+)`", PAGE))
    assert len(tests) > 40
    assert [] == sorted(each for each in tests if f"def {each}(" not in code)
    assert [] == sorted(each for each in paths if not (ROOT / each).exists())


def test_each_requirement_has_its_line() -> None:
    """Each of levels 1 and 2 stands there once, under one of four words, with a reason."""
    rows = re.findall(r"^\| (V[\d., V]+) \| (\w+) \| (.+) \|$", PAGE, flags=re.MULTILINE)
    found = Counter(each for ids, _, _ in rows for each in ids.split(", "))
    wanted = [f"{section}.{number}" for section, numbers in REQUIRED.items() for number in numbers.split()]
    assert 253 == len(wanted)
    assert sorted(wanted) == sorted(found)
    assert {1} == set(found.values())
    assert {"met", "other", "not", "none"} == {verdict for _, verdict, _ in rows}
