"""What organizers read where something went wrong, whatever it was about."""

from __future__ import annotations

from bot.usecases.messages import Message


class TroubleAlarm(Message, kind="trouble_alarm", in_words="an alarm", alarms=False):
    """Something could not be done after several tries: told to the organizers."""

    contest_name: str
    what: str
    reference: str = ""
    """Of the log; empty where there is nothing to look up in it."""
