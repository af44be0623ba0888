"""Promises about the repository itself."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "judge", "models", "migrations")


def tracked(*patterns: str) -> list[Path]:
    """Files that git tracks, or will (untracked and not ignored)."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns)
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def is_one_docstring(path: Path) -> bool:
    """Whether a module is a docstring and nothing else."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return len(body) == 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)


def test_each_package_says_what_floor_it_is_and_holds_no_code() -> None:
    """Each ``__init__.py`` is one docstring."""
    inits = [path for package in PACKAGES for path in (ROOT / package).rglob("__init__.py")]
    assert len(inits) >= len(PACKAGES)
    assert [] == [str(path) for path in inits if not is_one_docstring(path)]


def test_no_dependency_ships_a_package_of_our_name() -> None:
    """Our short package names collide with nothing that is installed beside us."""
    owners = importlib.metadata.packages_distributions()
    foreign = {name: set(owners.get(name, [])) - {"kantor"} for name in PACKAGES}
    assert {name: set() for name in PACKAGES} == foreign


def test_committed_files_know_neither_the_founders_folder_nor_a_registry() -> None:
    """A stranger's clone has none of these: no committed file but .ci/run names the shared folder, none a registry's host."""
    shared = re.compile(r"(\.\./|/work/)shared")
    registry = re.compile(r"(pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|--index-url|--extra-index)")
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in tracked()
        if path.suffix in {".py", ".md", ".toml", ".lock", ".in", ".txt", ".json", ".js", ".html", ".css", ""}
        and path != Path(__file__)
    }
    assert [] == [
        path.name for path, text in texts.items() if shared.search(text) and path.parts[-2:] != (".ci", "run")
    ]
    assert [] == [path.name for path, text in texts.items() if registry.search(text)]


def test_functions_stay_readable() -> None:
    """No function of ours is longer than 60 lines (the habit is 40). How long a module is, a review asks: one topic is one place."""
    functions = [
        (path, node)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path.parent.name != "versions"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert len(functions) > 100
    assert [] == [f"{path}:{node.name}" for path, node in functions if (node.end_lineno or 0) - node.lineno > 60]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_its_hash(lock: str) -> None:
    """Pip and uv refuse a package whose bytes are not the ones that were locked."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    packages = re.findall(r"^[a-z0-9][\w.-]*(?:\[[\w,]+\])?==.*$", text, flags=re.MULTILINE)
    assert len(packages) > 50
    assert [] == [line for line in packages if not line.rstrip().endswith("\\")]


def test_the_lock_keeps_its_extras() -> None:
    """The pip of Python 3.11.7 refuses a lock where ``moto`` stands for ``moto[s3]``, as soon as a newer moto is out."""
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    locked = [Requirement(line.rstrip("\\").strip()) for line in lines if re.match(r"[a-z0-9].*==", line)]
    extras = {canonicalize_name(one.name): one.extras for one in locked}
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*own["dependencies"], *own["optional-dependencies"]["dev"]]
    asked += [text for name in extras for text in _asked_by(name)]
    wanted = [one for one in map(Requirement, asked) if one.extras and (one.marker is None or one.marker.evaluate())]
    assert {"s3", "toml"} <= {extra for one in wanted for extra in one.extras}
    assert [] == [str(one) for one in wanted if not one.extras <= extras[canonicalize_name(one.name)]]


def _asked_by(name: str) -> list[str]:
    try:
        return importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:  # for other systems than this one
        return []
