"""Documents are tested: what people can set or call stands in docs/."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    """A document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_is_documented() -> None:
    """docs/settings.md has a row for each environment variable, and none for one that is gone."""
    names = {str(field.alias) for field in Settings.model_fields.values()}
    documented = set(re.findall(r"^\| `([A-Z_]+)`", read("docs/settings.md"), flags=re.MULTILINE))
    assert names == documented


def test_every_default_in_the_document_is_the_real_one() -> None:
    """The default that docs/settings.md tells is the one that the code uses."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| `([^`]*)` \|", read("docs/settings.md"), flags=re.MULTILINE)
    told = dict(rows)
    real = {
        str(field.alias): str(field.default) for field in Settings.model_fields.values() if str(field.alias) in told
    }
    assert len(told) >= 4
    assert real == told


def test_every_command_is_documented() -> None:
    """README.md or a page of docs/ shows each ``kantor`` command."""
    text = read("README.md") + "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    names = {command.callback.__name__ for command in app.registered_commands if command.callback is not None}
    assert {"demo", "run", "migrate", "judge", "sandbox"} <= names
    assert [] == [name for name in sorted(names) if f"kantor {name}" not in text]
    assert "kantor accounts import" in text


def test_links_between_documents_lead_somewhere() -> None:
    """Every relative link in README.md, CONTRIBUTING.md and docs/ points at a file that is there."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    links = [
        (page, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not target.startswith(("http:", "https:", "mailto:"))
    ]
    assert links
    assert [] == [f"{page.name} -> {target}" for page, target in links if not (page.parent / target).exists()]


def test_each_decision_has_a_number_of_its_own() -> None:
    """Without a gap, and the same in the file's name and in its title."""
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert list(range(1, len(pages) + 1)) == [int(page.name[:4]) for page in pages]
    titles = [page.read_text(encoding="utf-8").split(".")[0] for page in pages]
    assert [f"# {number}" for number in range(1, len(pages) + 1)] == titles


def test_what_developing_names_is_there() -> None:
    """Each file and folder, and each test."""
    named = set(re.findall(r"`([^`\n]+)`", read("docs/developing.md")))
    paths = {each for each in named if re.fullmatch(r"[\w./-]+/[\w./-]*", each)}
    tests = {each for each in named if re.fullmatch(r"test_\w+", each)}
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(paths) > 20
    assert len(tests) > 5
    assert [] == sorted(each for each in paths if not (ROOT / each).exists())
    assert [] == sorted(each for each in tests if f"def {each}(" not in code)


def slow_tests(file: Path) -> set[str]:
    """The tests of a file that are marked ``slow``, in part or as a whole, by a mark of their own or one that has a name."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    named = {
        ast.unparse(each.targets[0]): ast.unparse(each.value) for each in tree.body if isinstance(each, ast.Assign)
    }
    marks = {
        each.name: [ast.unparse(mark) for mark in each.decorator_list]
        for each in tree.body
        if isinstance(each, ast.FunctionDef)
    }
    return {name for name, own in marks.items() if any("mark.slow" in named.get(mark, mark) for mark in own)}


def test_every_slow_test_is_named_with_its_reason() -> None:
    """What only `make check-all` runs stands in docs/checks.md, and nothing stands there that is gone."""
    slow = set[str]().union(*(slow_tests(file) for file in (ROOT / "tests").glob("*/**/test_*.py")))
    table = read("docs/checks.md").partition("## Slow by nature")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`test_.*?) \|", table, flags=re.MULTILINE)
    assert slow == {name for row in rows for name in re.findall(r"`(test_\w+)`", row)}
