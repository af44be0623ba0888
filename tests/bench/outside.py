"""What is measured of a build from outside: each measure takes a build and an empty folder, and gives figures by name (less is better)."""

from __future__ import annotations

import resource
import signal
import socket
import sqlite3
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import httpx
import psutil

from bot.sandbox.server import HOST
from tests.bench import judges
from tests.load import rating_load
from tests.load.figures import MemoryWatch, percentile
from tests.load.venue import open_venue
from tests.load.volley import fire
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.bench.builds import Build
    from tests.load.venue import Venue

Figures = dict[str, float]
JUDGED = 200
"""Files, beyond the first."""
COLD = 5
PEOPLE, EACH = 12, 3


def ratings(build: Build, folder: Path) -> Figures:
    """100 judges submit their forms at once: seconds to the ack, p50 and p99."""
    return _ratings(build, folder, 100)


def crowd(build: Build, folder: Path) -> Figures:
    """500 judges at once: the ack, the judges' screens, processor time and the most memory of the bot's processes."""
    return _ratings(build, folder, 500)


def _ratings(build: Build, folder: Path, count: int) -> Figures:
    with open_venue(folder, count, build=build) as venue:
        rating_load.begin_judging(venue, venue.crowd)
        given = rating_load.open_modals(venue, venue.crowd)
        venue.posted()
        before, used = venue.mark(), [_tree_seconds(venue)]
        with MemoryWatch(*venue.pids) as memory:
            answers = fire(venue.slack.base_url, [one.press for one in given])
            used.append(_tree_seconds(venue))
        acks = rating_load.ack_seconds(venue, before, "view_submission")
        venue.posted()
        used.append(_tree_seconds(venue))
    return {
        "ack p50, s": percentile(acks, 0.5),
        "ack p99, s": percentile(acks, 0.99),
        "screen p99, s": percentile([answer.seconds for answer in answers], 0.99),
        "processor until the last ack, s": used[1] - used[0],
        "processor until the last letter, s": used[2] - used[0],
        "memory, MiB": memory.most,
    }


def warm(build: Build, folder: Path) -> Figures:
    """The AI judge once warm: processor seconds for each further file of a batch."""
    judges.write_files(folder)
    files = [str(file) for file in sorted(folder.glob("*.mid"))]
    many = [files[number % len(files)] for number in range(JUDGED + 1)]
    few, all_of_them = (_processor(build, "judge", *asked, "--json", "-") for asked in (many[:1], many))
    return {"processor s a file": (all_of_them - few) / JUDGED}


def cold(build: Build, folder: Path) -> Figures:
    """``kantor judge FILE`` and ``kantor --help`` from nothing: wall seconds."""
    file = folder / "piece.mid"
    file.write_bytes(melody(1))
    return {"judge FILE, s": _wall(build, "judge", str(file)), "--help, s": _wall(build, "--help")}


def first(build: Build, folder: Path) -> Figures:
    """``kantor demo`` in an empty folder: wall seconds until its contest is open and its page is served, and processor seconds until then."""
    with socket.socket() as finder:
        finder.bind((HOST, 0))
        port = finder.getsockname()[1]
    command = build.command("demo", "--port", str(port), "--data", str(folder / "demo"))
    began = time.perf_counter()
    demo = subprocess.Popen(
        command, cwd=build.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1
    )
    try:
        assert demo.stdout is not None
        if not any("is open" in line for line in demo.stdout):
            raise RuntimeError("the demo ended before its contest was open")
        httpx.get(f"http://{HOST}:{port}/", trust_env=False).raise_for_status()
        return {"first page, s": time.perf_counter() - began, "first page, processor, s": _seconds_of(demo.pid)}
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)


def _processor(build: Build, *arguments: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(build.command(*arguments), cwd=build.folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _wall(build: Build, *arguments: str) -> float:
    """The quickest of some."""
    taken = []
    for _ in range(COLD):
        began = time.perf_counter()
        subprocess.run(build.command(*arguments), cwd=build.folder, check=True, capture_output=True)
        taken.append(time.perf_counter() - began)
    return min(taken)


def uploads(build: Build, folder: Path) -> Figures:
    """One piece after the other by direct message: seconds to its card, and processor seconds of the bot's processes; the first one apart."""
    with open_venue(folder, 1, build=build) as venue:
        venue.contest("open", submission_limit=20)
        person, used = venue.slack.person(venue.crowd[0]), [_tree_seconds(venue)]
        waited = []
        for number in range(9):
            began = time.perf_counter()
            person.upload(person.open_dm(), f"Piece {number}.mid", melody(number))
            _cards(venue, number + 1)
            waited.append(time.perf_counter() - began)
            used.append(_tree_seconds(venue))
        each = [after - before for before, after in pairwise(used)]
    rest = len(each) - 1
    return {
        "upload to card, s": percentile(waited[1:], 0.5),
        "the first, s": waited[0],
        "processor, s": sum(each[1:]) / rest,
        "the first, processor, s": each[0],
    }


def rush(build: Build, folder: Path) -> Figures:
    """36 pieces of 12 people by direct message at once, without Slack's limits: the last card, and when the fifth person's first has come."""
    with open_venue(folder, PEOPLE, build=build) as venue:
        venue.contest("open", submission_limit=20)
        began = time.time()
        with ThreadPoolExecutor(PEOPLE) as hands:
            list(hands.map(lambda who: _send(venue, who), venue.crowd))
        _cards(venue, PEOPLE * EACH, 300)
        rows = venue.rows(
            "SELECT submission.user_id, outbox.sent_ts FROM outbox JOIN submission"
            " ON outbox.key = 'card:' || submission.id ORDER BY CAST(outbox.sent_ts AS REAL)"
        )
    first: dict[str, float] = {}
    for person, ts in rows:
        first.setdefault(str(person), float(ts) - began)
    order = [str(person) for person, _ in rows]
    third = {person: [number for number, one in enumerate(order) if one == person][EACH - 1] for person in first}
    unfair = sum(third[one] < order.index(other) for one in first for other in first)
    return {
        "last card, s": float(rows[-1][1]) - began,
        "fifth person's first, s": sorted(first.values())[4],
        "thirds before another's first": float(unfair),
    }


def _send(venue: Venue, who: str) -> None:
    person = venue.slack.person(who)
    dm = person.open_dm()
    for number in range(EACH):
        person.upload(dm, f"Piece {number}.mid", melody(hash_of(who) + number))


def hash_of(who: str) -> int:
    """A number of this person's own."""
    return int("".join(each for each in who if each.isdigit()) or "0") * 100


def _cards(venue: Venue, count: int, seconds: float = 60) -> None:
    question = "SELECT count(*) FROM outbox WHERE key LIKE 'card:%' AND state = 'sent'"
    eventually(lambda: venue.number(question) >= count, f"{count} cards", seconds)


def _tree_seconds(venue: Venue) -> float:
    return _seconds_of(venue.pid)


def _seconds_of(pid: int) -> float:
    """Processor seconds of a process and all that it began, what has ended included."""
    root = psutil.Process(pid)
    times = [process.cpu_times() for process in [root, *root.children(recursive=True)]]
    return sum(each.user + each.system + each.children_user + each.children_system for each in times)


def large(build: Build, folder: Path) -> Figures:
    """A contest of 1,000 pieces with 8 ratings each: the live board, Home of an organizer, of a judge and of an author, and the export."""
    with _filled(build, folder, 1_000, 8) as venue:
        board = _median(partial(_command, venue, "/kantor board"))
        homes = {who: _median(partial(_home, venue, who)) for who in ("olive", "judy", "ada")}
        return {"/kantor board, s": board} | {f"Home of {who}, s": taken for who, taken in homes.items()}


def medium(build: Build, folder: Path) -> Figures:
    """Home with 200 pieces, and the export of 600 pieces and 4,800 ratings."""
    with _filled(build, folder, 200, 8) as venue:
        homes = {
            f"Home of {who}, 200 pieces, s": _median(partial(_home, venue, who)) for who in ("olive", "judy", "ada")
        }
        _multiply(venue, 400, 8)
        began = time.perf_counter()
        venue.olive.command(CHANNEL, "/kantor export")
        sent = "SELECT count(*) FROM outbox WHERE key LIKE 'export%' AND state = 'sent'"
        eventually(lambda: venue.number(sent), "the export", 60)
        return homes | {"export, s": time.perf_counter() - began}


def _median(measure: Callable[[], float]) -> float:
    return percentile(sorted(measure() for _ in range(5)), 0.5)


@contextmanager
def _filled(build: Build, folder: Path, pieces: int, each: int) -> Iterator[Venue]:
    """A contest in its judging, whose pieces are copies of one that was really handed in."""
    with open_venue(folder, 10, build=build) as venue:
        venue.contest("open", submission_limit=20)
        venue.submit(venue.ada, melody(1))
        venue.next_phase()
        _multiply(venue, pieces - 1, each)
        yield venue


def _multiply(venue: Venue, pieces: int, each: int) -> None:
    file = venue.settings.data_folder / "kantor.db"
    with closing(sqlite3.connect(file, timeout=30)) as connection, connection:
        connection.row_factory = sqlite3.Row
        piece = dict(connection.execute("SELECT * FROM submission WHERE state = 'accepted' LIMIT 1").fetchone())
        verdict = dict(connection.execute("SELECT * FROM verdict LIMIT 1").fetchone())
        first = int(connection.execute("SELECT max(number) FROM submission").fetchone()[0])
        for number in range(first + 1, first + 1 + pieces):
            made = uuid.uuid4().hex
            new = {"id": made, "root_id": made, "number": number, "user_id": f"U0LOAD{number % 10 + 1:04d}"}
            new |= {"slack_file_id": f"F{made[:10]}", "message_ts": f"{number}.000100", "title": f"Piece {number}"}
            new |= {"name": f"#spring-jam-{number}", "alias": f"quiet jackdaw {number}", "sha256": made * 2}
            _insert(connection, "submission", piece | new)
            _insert(connection, "verdict", verdict | {"id": uuid.uuid4().hex, "submission_id": made})
            for judge in range(each):
                scores = ", ".join(
                    f'"{name}": {1 + (number + judge + place) % 5}'
                    for place, name in enumerate(("originality", "balance", "emotional"))
                )
                given = {"id": uuid.uuid4().hex, "contest_id": piece["contest_id"], "submission_id": made}
                given |= {"judge": f"U0JUDGE{judge}", "round": "preliminary", "scores": f"{{{scores}}}"}
                given |= {"comment": "Good.", "private_note": ""}
                given |= dict.fromkeys(("created_at", "updated_at"), piece["received_at"])
                _insert(connection, "rating", given)
        for judge in range(each):
            role = {"contest_id": piece["contest_id"], "user_id": f"U0JUDGE{judge}", "role": "judge"}
            _insert(connection, "contest_role", role | {"added_by": "U0OLIVE", "added_at": piece["received_at"]})


def _insert(connection: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    names, places = ", ".join(row), ", ".join("?" for _ in row)
    connection.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})", list(row.values()))


def _command(venue: Venue, text: str) -> float:
    """From Slack's delivery of a command to the bot's answer, by the sandbox's log."""
    venue.posted()
    before = venue.mark()
    venue.olive.command(CHANNEL, text)
    return _taken(venue, before, "slash_command", lambda line: {line["kind"], line["name"]} & _ANSWERS)


_ANSWERS = {"chat.postEphemeral", "response_url", "views.open"}


def _home(venue: Venue, who: str) -> float:
    venue.posted()
    before, person = venue.mark(), venue.slack.person(who)
    person.open_home()
    mine = ("views.publish", person.id)
    return _taken(venue, before, "app_home_opened", lambda line: (line["name"], line["args"].get("user_id")) == mine)


def _taken(venue: Venue, since: int, asked: str, answers: Callable[[dict[str, Any]], object]) -> float:
    def look() -> list[dict[str, Any]]:
        return [line for line in venue.slack.log(since) if line["ms"] is not None and answers(line)]

    answer = eventually(look, f"an answer to {asked}")[0]
    began = next(line for line in venue.slack.log(since) if line["kind"] == "delivery" and line["name"] == asked)
    return float(answer["at"]) - float(began["at"]) + float(answer["ms"]) / 1000


MEASURES: dict[str, Callable[[Build, Path], Figures]] = {
    each.__name__: each for each in (ratings, crowd, warm, cold, first, uploads, rush, medium, large)
}
USUAL = tuple(MEASURES)
