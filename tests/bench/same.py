"""Whether today's judge says the same as an earlier revision's, to the last digit: ``make bench ARGS="--same REV"``.

Both builds judge the same files by ``kantor judge FOLDER --json - --explain``: pieces made by chance, the same with broken bytes, the
hostile ones, and those of a folder (``--files FOLDER``). What one build has a field for and the other one not is left out, and so is
what was changed on purpose (``--but reasons_up,reasons_down``).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench import builds
from tests.makers.midi_files import chorale, hostile_files
from tests.makers.pieces import melody
from tests.makers.random_pieces import broken, random_piece

if TYPE_CHECKING:
    from collections.abc import Sequence

PIECES = 300
TOLD = 5


def main(arguments: Sequence[str]) -> None:
    """Compare; the exit status is 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description=__doc__)
    parser.add_argument("--same", required=True, help="the revision of the other build")
    parser.add_argument("--pieces", type=int, default=PIECES, help="how many to make by chance")
    parser.add_argument(
        "--but", default="", help="fields that were changed on purpose, such as reasons_up,reasons_down"
    )
    parser.add_argument("--files", type=Path, help="a folder with more MIDI files")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="kantor-same-") as name:
        folder = Path(name)
        write_files(folder, asked.pieces)
        if asked.files:
            shutil.copytree(asked.files, folder / "more")
        today, then = (verdicts(build, folder) for build in (builds.this(), builds.of(asked.same)))
    for verdict in (*today.values(), *then.values()):
        for name in asked.but.split(","):
            verdict.pop(name, None)
    different = [found for path in sorted(today | then) if (found := difference(path, today, then))]
    for found in different[:TOLD]:
        sys.stdout.write(f"{found}\n")
    scored = sum(verdict["score"] is not None for verdict in today.values())
    sys.stdout.write(f"{len(today)} files, {scored} of them with a score; {len(different)} are judged otherwise\n")
    sys.exit(bool(different))


def write_files(folder: Path, pieces: int) -> None:
    """All that is made."""
    made = {f"chance {seed:04}": random_piece(seed) for seed in range(pieces)}
    made |= {f"broken {seed:04}": broken(random_piece(seed), seed) for seed in range(pieces // 2)}
    made |= {f"melody {seed}": melody(seed, bars=8) for seed in range(20)} | {"chorale": chorale()}
    made |= {f"hostile {number:02}": each.data for number, each in enumerate(hostile_files())}
    for name, data in made.items():
        (folder / f"{name}.mid").write_bytes(data)


def verdicts(build: builds.Build, folder: Path) -> dict[str, dict[str, Any]]:
    """What a build says of each file, by its path."""
    command = build.command("judge", str(folder), "--json", "-", "--explain")
    done = subprocess.run(command, cwd=build.folder, check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {str(Path(line.pop("path")).relative_to(folder)): line for line in lines}


def difference(path: str, today: dict[str, dict[str, Any]], then: dict[str, dict[str, Any]]) -> str | None:
    """What a file is told otherwise; None where it is told the same."""
    if path not in today or path not in then:
        return f"{path}: judged by one build only"
    here, there = today[path], then[path]
    if (here["score"] is None) != (there["score"] is None):
        return f"{path}: {here['score']} {here['refusal']}, and {there['score']} {there['refusal']}"
    told = [
        f"{name} {here[name]}, and {there[name]}"
        for name in sorted(here.keys() & there.keys())
        if here[name] != there[name]
    ]
    return f"{path}: {'; '.join(told)}" if told else None


if __name__ == "__main__":
    main(sys.argv[1:])
