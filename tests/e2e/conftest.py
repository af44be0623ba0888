"""What the browser tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.makers.shared_browser import end_shared_browser

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", autouse=True)
def _the_browser_ends_with_the_file() -> Iterator[None]:
    yield
    end_shared_browser()
