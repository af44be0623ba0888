"""Modals about accounts, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.ids import Block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handlers.payloads import Payload


@dataclass(frozen=True)
class Confirmed:
    """A modal that was sent in: who, which one, and what it was opened with."""

    user_id: str
    view_id: str
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Pasted:
    """A pasted list of accounts. Never printed: passwords are in it."""

    user_id: str
    facts: Mapping[str, str]
    lines: str = field(repr=False)


def confirmed(body: Payload) -> Confirmed:
    """Any modal that asks for a yes."""
    return Confirmed(body["user"]["id"], body["view"]["id"], payloads.facts(body))


def reason(body: Payload) -> str:
    """The reason in a modal that asks for one."""
    return payloads.State.of(body).text(Block.REASON)


def pasted(body: Payload) -> Pasted:
    """The modal with a list of accounts."""
    lines = payloads.State.of(body).text(Block.POOL_LINES)
    return Pasted(body["user"]["id"], payloads.facts(body), lines)
