"""The lock of the Node check: exact, with checksums, and silent about where packages come from."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "node"
LOCK = (FOLDER / "package-lock.json").read_text(encoding="utf-8")


def test_no_address_is_in_the_lock() -> None:
    """Each machine's own npm setting says where packages come from."""
    assert "://" not in LOCK


def test_every_package_has_a_checksum() -> None:
    """Other bytes under the same name are refused: no package comes without one."""
    packages = {name: one for name, one in json.loads(LOCK)["packages"].items() if name}
    assert packages
    assert [] == [name for name, one in packages.items() if not one.get("integrity", "").startswith("sha512-")]


def test_versions_are_exact() -> None:
    """No package may move by itself."""
    wanted = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert [] == [name for name, version in wanted.items() if not version.replace(".", "").isdigit()]
