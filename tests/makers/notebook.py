"""Runs every cell of a notebook in one process, as a kernel would: ``python -m tests.makers.notebook FILE FOLDER``.

A kernel and its client would be thirty packages for one notebook that uses no magic. Each picture that a cell shows is written to FOLDER
as ``figure-<number>.png``. Where a cell fails, its number and source are told, and the exit status is 1.
"""

from __future__ import annotations

import json
import sys
from itertools import count
from pathlib import Path
from typing import Any

import matplotlib as mpl


def run(notebook: Path, folder: Path) -> int:
    """Run the code cells in order; how many there were."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the choice of the backend

    numbers = count(1)

    def show() -> None:
        for number in plt.get_fignums():
            plt.figure(number).savefig(folder / f"figure-{next(numbers)}.png")
        plt.close("all")

    vars(plt)["show"] = show
    names: dict[str, Any] = {"__name__": "__main__"}
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    for number, source in enumerate(code, 1):
        exec(compile(source, f"{notebook.name}, code cell {number}", "exec"), names)
    return len(code)


if __name__ == "__main__":
    sys.stdout.write(f"{run(Path(sys.argv[1]), Path(sys.argv[2]))} cells ran\n")
