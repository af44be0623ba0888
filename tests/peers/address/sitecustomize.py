"""Read by every Python that starts with this folder on its path: Slack's address is the sandbox's. The apps themselves stay as they are."""

import contextlib
import importlib
import os

for module, name in (("base_client", "BaseClient"), ("async_base_client", "AsyncBaseClient")):
    # Who has no aiohttp has no asynchronous client.
    with contextlib.suppress(ImportError):
        kind = getattr(importlib.import_module(f"slack_sdk.web.{module}"), name)
        usual, kind.BASE_URL = kind.BASE_URL, os.environ["SANDBOX_API_URL"]
        defaults = kind.__init__.__defaults__ or ()
        kind.__init__.__defaults__ = tuple(kind.BASE_URL if value == usual else value for value in defaults)
