"""What ``kantor verify`` reads and says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import ConfigurationError
from bot.rules.bundles import MOST
from bot.usecases.boards.recounting import recount

if TYPE_CHECKING:
    from pathlib import Path


def verified(file: Path) -> tuple[bool, list[str]]:
    """Whether the bundle fits, and what to tell. Raises ConfigurationError where the file cannot be read."""
    try:
        with file.open("rb") as data:
            found = recount(data.read(MOST + 1))
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}.") from None
    results = (
        [f"What was decided has the SHA-256 {found.results}: the channel has read it at the end."]
        if found.results
        else []
    )
    if found.faults:
        return False, [f"NO   {file}", *(f"     - {each}" for each in found.faults), *results]
    return True, [f"yes  {file}: all of it fits.", *(f"     - {each}" for each in found.fits), *results]
