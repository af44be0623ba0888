"""What organizers read where something went wrong, whatever it was about."""

from __future__ import annotations

from bot.usecases.messages import Message, Whose


class TroubleAlarm(Message, kind="trouble_alarm", in_words="an alarm", alarms=False):
    """Something could not be done after several tries: told to the organizers."""

    contest_name: str
    what: str
    piece: Whose | None = None
    """With which ``what`` goes on: it could not be checked, for example."""
    reference: str = ""
    """Of the log; empty where there is nothing to look up in it."""
