"""What is counted, by its names for Prometheus. ``docs/metrics.md`` has them all, for whoever draws or alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector, Summary
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder

from bot.attempts import Deadline, attempt
from bot.crew import report
from bot.meters import Meters
from models.jobs import JobState
from models.outbox import OPEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from prometheus_client.metrics_core import Metric

    from bot.ports import Clock
    from models.store import Store

ACKS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds; after the last one Slack has given up."""
JUDGING = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0)
"""Seconds; after the last one a child is ended."""
PATIENCE = 2.0
"""Seconds for the questions to the database."""


class PrometheusMeters(Meters):
    """Keeps what this process has done since its start.

    Args:
        registry: Where the metrics are; nothing is global.
        facts: Of the build and how it runs, for ``kantor_build_info``.
    """

    def __init__(self, registry: CollectorRegistry, facts: Mapping[str, str]) -> None:
        Info("kantor_build", "What runs here.", registry=registry).info(dict(facts))
        ProcessCollector(registry=registry)
        self._acks = Histogram(
            "kantor_ack_seconds",
            "From the coming of a request of Slack's until its acknowledgement has gone.",
            ["kind"],
            buckets=ACKS,
            registry=registry,
        )
        self._unacked = Counter(
            "kantor_unacked", "Requests of Slack's that were not acknowledged.", ["kind"], registry=registry
        )
        self._turned_away = Counter(
            "kantor_http_refused", "HTTP requests that were refused unread.", ["reason"], registry=registry
        )
        self._letters = Counter(
            "kantor_letters", "Turns of letters, by what came of them.", ["kind", "lane", "outcome"], registry=registry
        )
        self._refused = Counter("kantor_files_refused", "Files that were refused.", ["code"], registry=registry)
        self._limited = Counter(
            "kantor_slack_rate_limited", "Answers of Slack's with status 429.", ["method"], registry=registry
        )
        self._judged = Histogram(
            "kantor_judge_seconds",
            "What a child process needed for a file, the wait for a free child included.",
            ["what"],
            buckets=JUDGING,
            registry=registry,
        )
        self._jobs = Summary(
            "kantor_job_seconds", "Turns of jobs, by what came of them.", ["job", "outcome"], registry=registry
        )

    def acked(self, kind: str, seconds: float) -> None:
        """As ``Meters`` says."""
        self._acks.labels(kind).observe(seconds)

    def unacked(self, kind: str) -> None:
        """As ``Meters`` says."""
        self._unacked.labels(kind).inc()

    def turned_away(self, reason: str) -> None:
        """As ``Meters`` says."""
        self._turned_away.labels(reason).inc()

    def letter(self, kind: str, lane: str, outcome: str) -> None:
        """As ``Meters`` says."""
        self._letters.labels(kind, lane, outcome).inc()

    def refused(self, code: str) -> None:
        """As ``Meters`` says."""
        self._refused.labels(code).inc()

    def limited(self, method: str) -> None:
        """As ``Meters`` says."""
        self._limited.labels(method).inc()

    def judged(self, what: str, seconds: float) -> None:
        """As ``Meters`` says."""
        self._judged.labels(what).observe(seconds)

    def job(self, name: str, outcome: str, seconds: float) -> None:
        """As ``Meters`` says."""
        self._jobs.labels(name, outcome).observe(seconds)


class Shared:
    """What stands in the database, the same for all who share it: asked when somebody looks, two questions a look.

    Args:
        store: The database.
        clock: Tells how old what waits is.
        connected: Whether Slack can reach this process; None where it need not.
    """

    def __init__(self, store: Store, clock: Clock, connected: Callable[[], bool] | None = None) -> None:
        self._store, self._clock, self._connected = store, clock, connected
        self._deadline = Deadline(PATIENCE, late=3, step=0.25)

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering asks no database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The gauges; where the database does not answer only that."""
        if self._connected is not None:
            yield _gauge("kantor_slack_connected", "Whether Slack can reach this process.", float(self._connected()))
        found: list[Metric] = []
        failure = attempt(lambda: found.extend(self._deadline.keep(self._ask)))
        if failure is not None:
            report("the figures of the database could not be asked for", failure)
        yield _gauge("kantor_database_up", "Whether the database answered.", float(failure is None))
        yield from found

    def _ask(self) -> list[Metric]:
        now = self._clock.now()
        with self._store.read() as work:
            jobs, letters = work.jobs.open(), work.outbox.open()
        queue = GaugeMetricFamily("kantor_jobs", "Jobs that are not done.", labels=["state"])
        for state in (JobState.QUEUED, JobState.RUNNING, JobState.FAILED):
            queue.add_metric([state], jobs[state].number if state in jobs else 0)
        outbox = GaugeMetricFamily("kantor_outbox_letters", "Letters that have not arrived.", labels=["state"])
        for letter_state in OPEN:
            outbox.add_metric([letter_state], letters[letter_state].number if letter_state in letters else 0)
        due = [jobs[state].since for state in (JobState.QUEUED, JobState.RUNNING) if state in jobs]
        written = [row.since for row in letters.values()]
        return [
            queue,
            _gauge("kantor_job_oldest_seconds", "How long the oldest open job has been due.", _age(due, now)),
            outbox,
            _gauge(
                "kantor_outbox_oldest_seconds", "How long ago the oldest open letter was written.", _age(written, now)
            ),
        ]


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value)


def _age(moments: list[datetime], now: datetime) -> float:
    return max(0.0, (now - min(moments)).total_seconds()) if moments else 0.0


def exposition(registry: CollectorRegistry, accept: str) -> tuple[bytes, str]:
    """All of it, and its content type: as text, or as OpenMetrics where the scraper takes that."""
    encode, kind = choose_encoder(accept)
    return encode(registry), kind
