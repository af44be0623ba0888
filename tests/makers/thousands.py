"""Contests of thousands, made straight in the database: without uploads, judges and letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from bot.rules.roles import Role
from models.contests import ContestRole
from models.judging import Rating
from models.people import Person
from models.submissions import Submission, SubmissionState
from models.verdicts import Verdict
from tests.makers.fakes import made_up_verdict
from tests.makers.world import CHANNEL

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Table

    from models.store import Store

SCORES = {"originality": 3, "balance": 4, "emotional": 3}
EACH = 8
"""Judges who have rated each composition."""
AT_ONCE = 1_000
Row = dict[str, Any]


def fill(
    store: Store, contest_id: str, now: datetime, *, pieces: int, people: int, judges: int, rated: int = EACH
) -> None:
    """So many accepted compositions of so many people, each rated by ``rated`` of so many judges, who are appointed.

    Ids are ``P00001`` of a piece, ``U00001`` of a person, ``J00001`` of a judge.
    """
    persons = [_person(f"U{number:05d}", now) for number in range(1, people + 1)]
    staff = [f"J{number:05d}" for number in range(1, judges + 1)]
    rows = [_piece(contest_id, number, people, now) for number in range(1, pieces + 1)]
    given = [
        _rating(contest_id, number, staff[(number + place) % judges], now)
        for number in range(1, pieces + 1)
        for place in range(min(rated, judges))
    ]
    roles = [
        {"contest_id": contest_id, "user_id": judge, "role": Role.JUDGE, "added_by": "U0OLIVE", "added_at": now}
        for judge in staff
    ]
    write(store, Person, [*persons, *(_person(judge, now) for judge in staff)])
    write(store, Submission, rows)
    write(store, Verdict, [_verdict(number, now) for number in range(1, pieces + 1)])
    write(store, ContestRole, roles)
    write(store, Rating, given)


def write(store: Store, kind: Any, rows: list[Row]) -> None:
    """All rows of a table, a thousand a statement."""
    table: Table = kind.__table__
    with store.write() as work:
        for start in range(0, len(rows), AT_ONCE):
            work.people._session.execute(insert(table), rows[start : start + AT_ONCE])


def _person(user_id: str, now: datetime) -> Row:
    return {
        "user_id": user_id,
        "name": f"Person {user_id}",
        "time_zone": "Europe/Berlin",
        "is_admin": False,
        "is_ours": True,
        "updated_at": now,
    }


def _piece(contest_id: str, number: int, people: int, now: datetime) -> Row:
    key, title = f"P{number:05d}", f"A piece with a title of some length, number {number}"
    return {
        "id": key,
        "root_id": key,
        "version": 1,
        "in_final": False,
        "contest_id": contest_id,
        "user_id": f"U{number % people + 1:05d}",
        "slack_file_id": f"F{key}",
        "channel_id": CHANNEL,
        "message_ts": f"{number}.000100",
        "in_dm": False,
        "filename": "a.mid",
        "title": title,
        "name": f"#bach-jam-person-{number}",
        "alias": f"hidden kingfisher {number}",
        "folder": f"contests/{contest_id}/U{number % people + 1:05d}/{key}",
        "number": number // people + 1,
        "size": 300,
        "sha256": f"{number:064x}",
        "state": SubmissionState.ACCEPTED,
        "received_at": now,
        "uploaded_at": now,
        "bars": 16,
        "key": "C major",
        "meter": "4/4",
        "seconds": 32.0,
        "alt_text": "",
        "has_sound": True,
    }


def _verdict(number: int, now: datetime) -> Row:
    return {
        "id": f"V{number:05d}",
        "submission_id": f"P{number:05d}",
        "score": float(number % 100),
        "facts": made_up_verdict(float(number % 100)).as_dict(),
        "model_version": "judge-test",
        "weights_sha256": "0" * 64,
        "created_at": now,
    }


def _rating(contest_id: str, number: int, judge: str, now: datetime) -> Row:
    return {
        "id": f"R{number:05d}{judge}",
        "contest_id": contest_id,
        "submission_id": f"P{number:05d}",
        "judge": judge,
        "round": "preliminary",
        "scores": {**SCORES, "originality": 1 + (number + int(judge[1:])) % 5},
        "comment": "Good.",
        "private_note": "",
        "created_at": now,
        "updated_at": now,
    }
