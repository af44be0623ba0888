"""What can be seen from outside: alive, ready or why not, and the figures."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import StoreFailed
from bot.web.lookout import Lookout
from bot.web.server import Server, bound
from models.jobs import JobState
from models.outbox import Lane
from tests.makers.databases import sqlite_store
from tests.makers.fakes import FakeClock
from tests.makers.postgres import postgres_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.store import Store

SECRET = "xoxb-hunter2"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.processes)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Both databases."""
    with sqlite_store(tmp_path) if request.param == "sqlite" else postgres_store() as store:
        yield store


class Seen:
    """A process, seen from outside."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.lookout = Lookout(self.stopping, {"role": "run", "database": "sqlite"})

    @contextmanager
    def served(self) -> Iterator[httpx.Client]:
        """Asks for pages."""
        server = Server(bound("127.0.0.1:0", "X"), self.lookout.application, "test")
        server.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", trust_env=False, timeout=60) as client:
            yield client
        server.stop()


def figures(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """Each sample by its name and the values of its labels."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_alive_is_not_ready() -> None:
    """A process that starts lives; it is ready when all parts are well, and no more when it was asked to stop."""
    seen = Seen()
    with seen.served() as client:
        assert 200 == client.get("/healthz").status_code
        assert (503, ["start"]) == (client.get("/readyz").status_code, list(client.get("/readyz").json()["parts"]))
        seen.lookout.readiness.look_at({"database": lambda: None, "slack": lambda: None})
        assert (200, {"ready": True, "parts": {"database": "ok", "slack": "ok"}}) == (
            client.get("/readyz").status_code,
            client.get("/readyz").json(),
        )
        seen.stopping.set()
        assert (503, {"stop": "it was asked to"}) == (
            client.get("/readyz").status_code,
            client.get("/readyz").json()["parts"],
        )
        assert 200 == client.get("/healthz").status_code


def test_what_is_not_well_is_named_and_no_secret_told() -> None:
    """Our own words; of what nobody foresaw only the name."""

    def unforeseen() -> str | None:
        raise ValueError(SECRET)

    def foreseen() -> str | None:
        raise StoreFailed("the bucket does not answer")

    seen = Seen()
    seen.lookout.readiness.look_at({
        "database": unforeseen,
        "objects": foreseen,
        "slack": lambda: "there is no connection",
    })  # fmt: skip
    with seen.served() as client:
        answer = client.get("/readyz")
    assert 503 == answer.status_code
    assert {
        "database": "ValueError",
        "objects": "StoreFailed: the bucket does not answer",
        "slack": "there is no connection",
    } == answer.json()["parts"]
    assert SECRET not in answer.text


def test_a_part_that_hangs_holds_up_nobody() -> None:
    """It is not well, however often it is asked, and the others are told."""
    go = threading.Event()

    def hangs() -> str | None:
        go.wait(60)
        return None

    seen = Seen()
    seen.lookout.readiness._patience = 0.1
    seen.lookout.readiness.look_at({"objects": hangs, "database": lambda: None})
    with seen.served() as client:
        told = [client.get("/readyz").json()["parts"] for _ in range(6)]
        assert 200 == client.get("/healthz").status_code
    go.set()
    assert [{"objects": "no answer in time", "database": "ok"}] * 6 == told


def test_what_waits_in_the_database_is_counted_by_state_and_age(store: Store) -> None:
    """The same for all who share it."""
    clock = FakeClock()
    began = clock.now()
    with store.write() as work:
        for number in range(3):
            work.jobs.enqueue(f"{number}", "check", f"check:{number}", {}, began)
        assert work.jobs.claim(began, timedelta(minutes=1)) is not None
        work.outbox.add("a", "U1", {"kind": "card"}, now=began)
        work.outbox.add("b", "U1", {"kind": "card"}, now=began + timedelta(seconds=30))
    clock.advance(minutes=1)
    seen = Seen()
    seen.lookout.look_at(store, clock, {}, lambda: True)
    with seen.served() as client:
        answer = client.get("/metrics")
        told = figures(answer.text)
        assert answer.headers["content-type"].startswith("text/plain")
    assert (2.0, 1.0, 0.0) == tuple(
        told["kantor_jobs", (state,)] for state in (JobState.QUEUED, JobState.RUNNING, JobState.FAILED)
    )
    assert 60.0 == told["kantor_job_oldest_seconds", ()]
    assert (2.0, 0.0) == tuple(told["kantor_outbox_letters", (state,)] for state in ("pending", "claimed"))
    assert 60.0 == told["kantor_outbox_oldest_seconds", ()]
    assert (1.0, 1.0) == (told["kantor_database_up", ()], told["kantor_slack_connected", ()])


def test_without_a_database_the_rest_is_told(tmp_path: Path) -> None:
    """What this process has counted by itself is most wanted just then."""
    from models.store import Store  # noqa: PLC0415 - one that is not there

    gone = Store(f"sqlite:///{tmp_path / 'nowhere' / 'kantor.db'}")
    seen = Seen()
    seen.lookout.look_at(gone, FakeClock(), {})
    seen.lookout.meters.acked("view_submission", 0.02)
    with seen.served() as client:
        told = figures(client.get("/metrics").text)
    assert 0.0 == told["kantor_database_up", ()]
    assert 1.0 == told["kantor_ack_seconds_count", ("view_submission",)]
    assert ("kantor_jobs", ("queued",)) not in told
    gone.dispose()


def test_what_a_process_has_done_is_counted_in_its_own_registry() -> None:
    """Two in one process (as in tests) do not count for each other."""
    one, other = Seen(), Seen()
    meters = one.lookout.meters
    meters.acked("command", 0.3)
    meters.unacked("command")
    meters.turned_away("signature")
    meters.letter("card", Lane.FILES, "sent")
    meters.refused("too_long")
    meters.limited("chat.postMessage")
    meters.judged("inspect", 1.5)
    meters.job("check_submission", "failed", 2.0)
    with one.served() as client:
        told = figures(client.get("/metrics").text)
    with other.served() as client:
        others = figures(client.get("/metrics").text)
    for name, labels in (
        ("kantor_unacked_total", ("command",)),
        ("kantor_http_refused_total", ("signature",)),
        ("kantor_letters_total", ("card", "files", "sent")),
        ("kantor_files_refused_total", ("too_long",)),
        ("kantor_slack_rate_limited_total", ("chat.postMessage",)),
        ("kantor_job_seconds_count", ("check_submission", "failed")),
        ("kantor_judge_seconds_count", ("inspect",)),
        ("kantor_ack_seconds_count", ("command",)),
    ):
        assert 1.0 == told[name, labels]
        assert (name, labels) not in others


def test_a_scraper_that_asks_for_openmetrics_gets_it() -> None:
    """Prometheus does."""
    asked = {"Accept": "application/openmetrics-text; version=1.0.0,text/plain;q=0.5"}
    with Seen().served() as client:
        answer = client.get("/metrics", headers=asked)
    assert "application/openmetrics-text" in answer.headers["content-type"]
    assert answer.text.endswith("# EOF\n")


def test_nothing_else_is_there_and_nothing_can_be_changed() -> None:
    """Three pages to be read."""
    with Seen().served() as client:
        assert 404 == client.get("/").status_code
        assert [405] * 3 == [client.post(page).status_code for page in ("/healthz", "/readyz", "/metrics")]
