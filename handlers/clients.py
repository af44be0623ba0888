"""Clients of Slack's Web API: one that waits when Slack says so, and one that never sends anything twice."""

from __future__ import annotations

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

from handlers.logs import library_logger


def asking_client(token: str, base_url: str) -> WebClient:
    """For views and look-ups, which may be repeated. ``base_url`` ends with ``/api/``."""
    retries = [ConnectionErrorRetryHandler(), RateLimitErrorRetryHandler(max_retry_count=1)]
    return WebClient(token=token, base_url=base_url, timeout=10, logger=library_logger(), retry_handlers=retries)


def posting_client(token: str, base_url: str) -> WebClient:
    """For the postman: a silent second try of the SDK would post twice, and waiting is the pump's business."""
    return WebClient(token=token, base_url=base_url, timeout=30, logger=library_logger(), retry_handlers=[])
