"""Take the addresses out of the Node lock: ``python -m tests.node.lock`` (part of ``make lock``).

npm leaves out where packages come from (.npmrc says so), but not the pages where their authors ask for money. Names, versions and
checksums say all that an installation needs; the registry is each machine's own setting.
"""

from __future__ import annotations

import json
from pathlib import Path

LOCK = Path(__file__).parent / "package-lock.json"


def main() -> None:
    """Write the lock without them."""
    told = json.loads(LOCK.read_text(encoding="utf-8"))
    for package in told["packages"].values():
        package.pop("funding", None)
    LOCK.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
