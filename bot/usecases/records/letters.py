"""What organizers read about the data of a contest: exports, erasures, retention."""

from __future__ import annotations

from datetime import datetime

from bot.usecases.messages import InContest, Message


class ExportReady(Message, InContest, kind="export_ready", in_words="an export"):
    """Everything of a contest, as a file: told to the organizer who asked for it."""

    made_at: datetime
    submissions: int
    ratings: int
    uncounted: int = 0
    """How many of the ratings count for nothing."""
    kept_days: int
    """So long we keep the file; Slack keeps its own copy until somebody deletes it."""
    order: str = ""
    """Of a file that is handed out by a link, and not with the letter; empty: it is with it."""


class BundleReady(Message, InContest, kind="bundle_ready", in_words="a results bundle"):
    """The results bundle of a contest, as a file: told to the organizer who asked for it."""

    made_at: datetime
    kept_days: int
    """As of an export."""
    order: str = ""
    """As of an export."""


class ReportReady(Message, InContest, kind="report_ready", in_words="a fairness report"):
    """The fairness report of a contest, as a page and as a picture: told to the organizer who asked for it."""

    made_at: datetime
    kept_days: int
    """As of an export."""
    order: str = ""
    """As of an export, for the page."""


class ErasureAsked(Message, kind="erasure_asked", in_words="somebody's wish to be erased"):
    """Somebody wants their data to be erased: told to the organizers."""

    asked_by: str


class RetentionSoon(Message, InContest, kind="retention_soon", in_words="the warning that data will be erased"):
    """In a few days the data of a contest's people are erased: told to the organizers."""

    slug: str
    at: datetime


class RetentionDone(Message, InContest, kind="retention_done", in_words="the news that data were erased"):
    """The data of a contest's people have been erased: told to the organizers."""

    people: int
    passwords: int = 0
    """So many passwords of its accounts went as well."""


class JobDropped(Message, InContest, kind="job_dropped", in_words="the news that something is not tried again"):
    """What failed for good is left at that: told to the person whom it was for."""

    what: str
    """Ours, such as "the check of a composition"."""
    reference: str
    """Of the log, and of what they were told when it failed."""


class Erased(Message, kind="erased", in_words="what was erased", alarms=False):
    """Stands in place of a letter whose words were erased with a person's data."""
