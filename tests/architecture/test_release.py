"""Promises about a release: the list of what is in it, and the licences of that."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONDITIONS = re.compile(r"GPL|MPL|Mozilla|Lesser General|EPL|CDDL|EUPL", re.IGNORECASE)
"""Licences that ask something of whoever passes the package on, beyond its notice."""


def locked() -> dict[tuple[str, str], set[str]]:
    """Name and version of each package of the running bot, and its hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
    heads = [re.match(r"([\w.-]+)(?:\[.*?\])?==([^\s;]+)", line) for line in lines]
    return {
        (head[1], head[2]): set(re.findall(r"--hash=sha256:(\w+)", line))
        for head, line in zip(heads, lines, strict=True)
        if head
    }


@pytest.mark.processes
def test_the_list_of_a_release_is_the_lock(tmp_path: Path) -> None:
    """`make sbom` lists each locked package once, with its hashes; nothing of time or chance is in it, so that a second run makes the same."""
    make = ["make", "-s", "-o", ".venv/dev.stamp", "sbom", f"DIST={tmp_path}"]
    subprocess.run(make, cwd=ROOT, check=True)
    listed = json.loads((tmp_path / "kantor.cdx.json").read_text(encoding="utf-8"))
    assert "CycloneDX" == listed["bomFormat"]
    assert "kantor" == listed["metadata"]["component"]["name"]
    found = {
        (one["name"], one["version"]): {
            hashed["content"] for place in one["externalReferences"] for hashed in place.get("hashes", ())
        }
        for one in listed["components"]
    }
    assert len(found) > 60
    assert locked() == found
    assert len(found) == len(listed["components"])
    assert "serialNumber" not in listed
    assert "timestamp" not in listed["metadata"]


def licence(name: str) -> str:
    """What a package says of its licence; only the beginning of a whole text."""
    said = importlib.metadata.metadata(name)
    classifiers = [each for each in said.get_all("Classifier", []) if each.startswith("License ::")]
    named = [*said.get_all("License-Expression", []), *said.get_all("License", [])]
    return " ".join([*(each[:60] for each in named), *classifiers])


def test_each_licence_with_conditions_is_named_in_the_notice() -> None:
    """NOTICE names every package of the running bot whose licence asks more than to keep its notice."""
    installed = {each.metadata["Name"].lower().replace("_", "-") for each in importlib.metadata.distributions()}
    names = {name for name, _ in locked()} & installed
    asking = {name for name in names if CONDITIONS.search(licence(name))}
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").lower()
    assert {"pebble", "certifi", "psycopg"} <= asking
    assert set() == {name for name in asking if name not in notice}
