"""All messages, drawn: importing a topic's module puts its messages into the register."""

from __future__ import annotations

from handlers.accounts import letters as accounts
from handlers.awards import letters as awards
from handlers.boards import letters as boards
from handlers.contests import letters as contests
from handlers.judging import letters as judging
from handlers.people import letters as people
from handlers.records import letters as records
from handlers.submissions import letters as submissions
from handlers.verdicts import letters as verdicts
from handlers.views.drawn import Drawn, draw, share_comment

__all__ = ["TOPICS", "Drawn", "draw", "share_comment"]

TOPICS = (accounts, awards, boards, contests, judging, people, records, submissions, verdicts)
"""The modules that draw."""
