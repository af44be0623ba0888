"""Every name that leaves the process: commands, actions, callbacks, blocks, metadata."""

from __future__ import annotations

from enum import StrEnum


class Command(StrEnum):
    """Slash commands of the manifest."""

    KANTOR = "/kantor"


class Sub(StrEnum):
    """What may follow the slash command."""

    HELP = "help"
    ACCOUNT = "account"
    BOARD = "board"
    STATUS = "status"
    CONTEST_NEW = "contest new"
    PHASE_NEXT = "phase next"
    JUDGES_ADD = "judges add"


class Action(StrEnum):
    """Buttons."""

    OPEN_ACCOUNT = "open_account"
    RATE = "rate"
    SHOW_STATUS = "show_status"
    SHOW_BOARD = "show_board"
    SHOW_HELP = "show_help"
    NEW_CONTEST = "new_contest"
    PREVIEW_PHASE = "preview_phase"


class Callback(StrEnum):
    """Modals that are submitted."""

    NEW_CONTEST = "new_contest"
    ADVANCE_PHASE = "advance_phase"
    CLAIM_ACCOUNT = "claim_account"
    RATE = "rate"


class Block(StrEnum):
    """Inputs of modals: the block's id, and the id of its one element.

    The names are those of the commands' fields, so that a Refusal with a field finds its input.
    """

    NAME = "name"
    SLUG = "slug"
    TIME_ZONE = "time_zone"
    CHANNEL = "channel_id"
    DEADLINE_DATE = "deadline_date"
    DEADLINE_TIME = "deadline_time"
    LIMIT = "submission_limit"
    BOARD_PRESET = "board_preset"
    BOARD_CRON = "board_cron"
    TERMS = "accepted_terms"
    COMMENT = "comment"
    PRIVATE_NOTE = "private_note"


ALIASES = {"deadline": Block.DEADLINE_DATE}
"""Fields of commands that are asked for by several inputs: the one that carries the error."""


class Metadata(StrEnum):
    """Metadata of the messages that must arrive."""

    EVENT_TYPE = "kantor_letter"
    KEY = "key"
