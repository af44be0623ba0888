"""Every name that leaves the process: commands, actions, callbacks, blocks, metadata."""

from __future__ import annotations

from enum import StrEnum, unique


@unique
class Command(StrEnum):
    """Slash commands of the manifest."""

    KANTOR = "/kantor"


@unique
class Shortcut(StrEnum):
    """Shortcuts of the manifest: of the whole workspace, and of a message."""

    NEW_SUBMISSION = "new_submission"
    HAND_THIS_IN = "hand_this_in"


@unique
class Action(StrEnum):
    """Buttons, and menus that act at once; those of commands stand in their rows (``handlers.commands``)."""

    OPEN_ACCOUNT = "open_account"
    RETURN_ACCOUNT = "return_account"
    ASK_REISSUE = "ask_reissue"
    ASK_ANOTHER = "ask_another"
    APPROVE_REISSUE = "approve_reissue"
    DECLINE_REISSUE = "decline_reissue"
    SHOW_AGAIN = "show_again"
    SHOW_POOL = "show_pool"
    IMPORT_ACCOUNTS = "import_accounts"
    ROTATION_LIST = "rotation_list"
    FETCH_FILE = "fetch_file"
    RETIRE_ACCOUNTS = "retire_accounts"
    FAILED_JOBS = "failed_jobs"
    JOB_AGAIN = "job_again"
    JOB_DROP = "job_drop"
    AUDIT_PAGE = "audit_page"
    AUDIT_BACK = "audit_back"
    ASK_ERASURE = "ask_erasure"
    ERASE_PERSON = "erase_person"
    RATE = "rate"
    PIECE_MENU = "piece_menu"
    PRACTISE = "practise"
    SKIP_PRACTICE = "skip_practice"
    COMPARE_PRACTICE = "compare_practice"
    HOW_TO_JUDGE = "how_to_judge"
    JUDGE_QUEUE = "judge_queue"
    JUDGE_RATINGS = "judge_ratings"
    RATE_AGAIN = "rate_again"
    JUDGE_PAUSE = "judge_pause"
    JUDGE_RESUME = "judge_resume"
    JUDGE_AT_ONCE = "judge_at_once"
    JUDGE_LEAVE = "judge_leave"
    SETTLE_FLAG = "settle_flag"
    CONFLICTS = "conflicts"
    WITHDRAW_CONFLICT = "withdraw_conflict"
    SHOW_STATUS = "show_status"
    SHOW_BOARD = "show_board"
    BOARD_BACK = "board_back"
    BOARD_ON = "board_on"
    BOARD_PAGE = "board_page"
    SHOW_PLACE = "show_place"
    FEEDBACK_AGAIN = "feedback_again"
    SHOW_HELP = "show_help"
    NEW_CONTEST = "new_contest"
    FINISH_CONTEST = "finish_contest"
    UNDO_MARK = "undo_mark"
    RESTORE_JUDGE = "restore_judge"
    PREVIEW_PHASE = "preview_phase"
    EDIT_CONTEST = "edit_contest"
    EDIT_PART = "edit_part"
    WHY_SCORE = "why_score"
    STARTER = "starter"
    STARTER_MELODY = "starter_melody"
    SHOW_RULES = "show_rules"
    HOME_MENU = "home_menu"
    CHOOSE_CONTEST = "choose_contest"
    SUBMIT = "submit"
    SHOW_MINE = "show_mine"
    REPLACE_FILE = "replace_file"
    RENAME_PIECE = "rename_piece"
    WITHDRAW = "withdraw"
    LET_COUNT = "let_count"
    ACCEPT_LATE = "accept_late"
    DECLINE_LATE = "decline_late"
    CORRECT_FILE = "correct_file"
    ACCEPT_DUTY = "accept_duty"
    DECLINE_DUTY = "decline_duty"
    WITHDRAW_DUTY = "withdraw_duty"
    CEREMONY_NEXT = "ceremony_next"
    CEREMONY_BACK = "ceremony_back"
    CEREMONY_PAUSE = "ceremony_pause"
    CEREMONY_RESUME = "ceremony_resume"
    CEREMONY_FINISH = "ceremony_finish"
    HELP_PRESENT = "help_present"
    REHEARSE = "rehearse"
    CERTIFY_WINNERS = "certify_winners"
    CERTIFY_EVERYBODY = "certify_everybody"
    PRIZE_RECEIVED = "prize_received"


@unique
class Turn(StrEnum):
    """Buttons to other pages of a list, before ``:`` and what they say (``handlers.views.pages``)."""

    JUDGE_PAGE = "judge_page"
    RATINGS_PAGE = "ratings_page"
    COVERAGE_PAGE = "coverage_page"
    MINE_PAGE = "mine_page"
    LATE_PAGE = "late_page"
    FLAGS_PAGE = "flags_page"
    POOL_PAGE = "pool_page"


@unique
class Search(StrEnum):
    """Menus that ask for their options as somebody types: the ids of their blocks."""

    JUDGE = "judge"
    PIECE = "piece"


@unique
class Callback(StrEnum):
    """Modals that are submitted."""

    NEW_CONTEST = "new_contest"
    ADVANCE_PHASE = "advance_phase"
    UNDO_PHASE = "undo_phase"
    EDIT_CONTEST = "edit_contest"
    APPLY_EDIT = "apply_edit"
    VOID_RATINGS = "void_ratings"
    ARCHIVE_CONTEST = "archive_contest"
    CLAIM_ACCOUNT = "claim_account"
    WAIT_FOR_ACCOUNT = "wait_for_account"
    STOP_WAITING = "stop_waiting"
    RETURN_ACCOUNT = "return_account"
    REVEAL_PASSWORD = "reveal_password"  # noqa: S105 - a modal's name
    DECLINE_REISSUE = "decline_reissue"
    IMPORT_ACCOUNTS = "import_accounts"
    RETIRE_ACCOUNTS = "retire_accounts"
    ERASE_PERSON = "erase_person"
    CHOOSE_ERASED = "choose_erased"
    ASK_ERASURE = "ask_erasure"
    RATE = "rate"
    FREEZE_BOARD = "freeze_board"
    FEEDBACK_PAGE = "feedback_page"
    SEND_FEEDBACK = "send_feedback"
    ANNOUNCE = "announce"
    NUDGE = "nudge"
    PRACTISE = "practise"
    FLAG_PIECE = "flag_piece"
    RECUSE_PIECE = "recuse_piece"
    LEAVE_JUDGING = "leave_judging"
    SETTLE_FLAG = "settle_flag"
    DECLARE_CONFLICT = "declare_conflict"
    RATE_FOR = "rate_for"
    RATE_FOR_SCORES = "rate_for_scores"
    SUBMIT = "submit"
    REPLACE_FILE = "replace_file"
    RENAME_PIECE = "rename_piece"
    DECLINE_LATE = "decline_late"
    EXTEND = "extend"
    CORRECT_FILE = "correct_file"
    FIND = "find"
    ASK_DUTY = "ask_duty"
    DECLINE_DUTY = "decline_duty"
    CONFIRM_RESULTS = "confirm_results"
    REHEARSE = "rehearse"
    TICK_PRIZES = "tick_prizes"


@unique
class Block(StrEnum):
    """Inputs of modals: the block's id, and the id of its one element.

    The names are those of the commands' fields, so that a Refusal with a field finds its input. What only asks for a setting of a
    contest is called as that is (``handlers.contests.inputs``).
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
    ROUNDS = "rounds"
    INTAKE = "intake"
    PRIZES = "prizes"
    TERMS = "accepted_terms"
    POOL_LINES = "pool_passwords"
    PASSWORD = "password"  # noqa: S105 - a block's name
    TYPED_NAME = "typed_name"
    COMMENT = "comment"
    PRIVATE_NOTE = "private_note"
    ANNOUNCEMENT = "announcement"
    AUDIENCE = "audience"
    REASON = "reason"
    FLAG_KIND = "flag_kind"
    COUNTS = "counts"
    COMES_BACK = "comes_back"
    JUDGE = "judge"
    PIECE = "piece"
    CONTEST = "contest_id"
    FILE = "file"
    TITLE = "title"
    REPLACES = "replaces"
    PERSON = "user_id"
    PEOPLE = "people"
    CONFLICT = "conflict"
    UNTIL_DATE = "until_date"
    UNTIL_TIME = "until_time"
    WORDS = "words"
    DUTY = "duty"
    DAY_DATE = "day_date"
    DAY_TIME = "day_time"
    PRESENTER = "presenter"


APART = "~"
"""Between an input's name and what makes it another one: Slack keeps what was filled in where a window turns into one with the
same ids."""

ALIASES = {"deadline": Block.DEADLINE_DATE, "until": Block.UNTIL_DATE, "day": Block.DAY_DATE}
"""Fields of commands that are asked for by several inputs: the one that carries the error."""


@unique
class Metadata(StrEnum):
    """Metadata of the messages that must arrive."""

    EVENT_TYPE = "kantor_letter"
    KEY = "key"
