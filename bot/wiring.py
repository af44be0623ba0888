"""Where everything is made and joined; no other module holds a live object.

What only some deployments have (S3, PostgreSQL) is imported where they have it: it would take 50 MB of every bot.
"""

from __future__ import annotations

import gc
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import structlog
from slack_sdk.errors import SlackApiError

from bot.adapters.certificates import PrintedPaper
from bot.adapters.clock import SandboxClock, SystemClock, UuidIds, since_boot
from bot.adapters.heap import few_arenas
from bot.adapters.inspector import ProcessInspector
from bot.adapters.objects import FolderObjects
from bot.adapters.posters import PaintedPosters
from bot.adapters.private import OWNER_FOLDER, keep_private, keep_to_ourselves
from bot.adapters.timed import TimedInspector
from bot.adapters.vault import AesGcmVault
from bot.crew import rest
from bot.ending import Grace, end_in_time
from bot.errors import ConfigurationError, Unavailable
from bot.logs import configure_logs
from bot.meters import Meters
from bot.pool_csv import read_pool
from bot.ports import Outside
from bot.presence import Presence
from bot.pump import PACE, OutboxPump
from bot.scheduler import BoardScheduler
from bot.settings import Transport
from bot.tasks import tasks
from bot.usecases.accounts.pools import Pools
from bot.usecases.accounts.rotation import Rotation
from bot.usecases.desk import Desk, guarded
from bot.usecases.followers import follow
from bot.usecases.people.looks import Looks
from bot.usecases.records.auditing import Audits
from bot.usecases.records.erasure import Erasure
from bot.usecases.records.exports import Exports
from bot.usecases.records.failures import Failures
from bot.usecases.records.journal import Journal
from bot.usecases.records.upkeep import Upkeep
from bot.usecases.services import Services
from bot.usecases.submissions.absences import OVERLAP, Absences
from bot.usecases.verdicts.rejudging import Rejudging
from bot.usecases.who import Who
from bot.waiting import Waiting
from bot.web.limits import Limits
from bot.web.line import SETTLE_EVERY, HttpLine, Silence
from bot.web.server import Server, bound
from bot.worker import TicketWorker, Worker
from handlers.app import THREADS, build_app
from handlers.commands import Sub
from handlers.people.homescreens import LOOKS, HomeScreens
from handlers.slack.clients import asking_client, posting_client, quick_client
from handlers.slack.directory import SlackDirectory
from handlers.slack.files import SlackFiles
from handlers.slack.frames import FrameHandler
from handlers.slack.lines import SocketLine
from handlers.slack.mailbox import SlackMailbox
from handlers.slack.newer import NewerBlocks
from handlers.slack.postman import SlackPostman
from handlers.slack.requests import SignedRequests
from migrations.run import upgrade
from models.engines import UnreachableError, WrongUrlError, is_out, is_postgres
from models.store import LETTERS, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from slack_bolt import App
    from slack_sdk import WebClient

    from bot.adapters.bootstrap import Bootstrap
    from bot.adapters.buckets import BucketState, S3Objects
    from bot.adapters.tidings import Tidings
    from bot.ports import Clock, Inspector, ObjectStore, Vault
    from bot.presence import Line
    from bot.settings import Settings
    from bot.turns import Task
    from bot.usecases.accounts.pools import Imported
    from bot.web.lookout import Lookout
    from handlers.slack.clients import TimelyClient
    from models.jobs import Tickets

log = structlog.get_logger()

PING_SECONDS = 5
"""slack_sdk notices at its pings that a connection has silently died; its default of 10 s keeps people waiting."""
RECEIVE_BYTES = 65_536
"""slack_sdk's default reads 1 KB at a time, and a submitted rating has 9."""
RETRY_SECONDS = 5.0
"""Between two tries to reach Slack at the start."""
LOOKERS = 50
"""Connections at once for health and metrics: each is an open file of the bot's."""
NOWHERE = "readyz"
"""An object that nobody keeps: whether it is there is asked to see whether anybody answers."""


def database_url(settings: Settings) -> str:
    """The database's URL: the setting, or a SQLite file in the data folder."""
    if settings.database_url.get_secret_value():
        return settings.database_url.get_secret_value()
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=OWNER_FOLDER)
    return f"sqlite:///{settings.data_folder / 'kantor.db'}"


def open_store(settings: Settings, *, rings: bool = False) -> Store:
    """The database, brought to the present tables. Raises ConfigurationError where the setting names none, or it lets nobody in."""
    url = database_url(settings)
    with database_explained():
        upgrade(url)
        return store_at(url, rings=rings)


def store_at(url: str, *, rings: bool = False) -> Store:
    """The database as it is, with what hands its jobs out; where it ``rings``, bots hear at once of letters that are written here."""
    return Store(url, tickets_of(url), rings=rings)


def tickets_of(url: str) -> Tickets | None:
    """What hands that database's jobs out; None where workers look into the table."""
    if not is_postgres(url):
        return None
    from bot.adapters.tickets import ProcrastinateTickets  # noqa: PLC0415 - see the module's docstring

    return ProcrastinateTickets()


def worker_at(store: Store, clock: Clock, todo: Mapping[str, Task], *, lease: float, **how: Any) -> TicketWorker:
    """A worker of jobs on PostgreSQL; ``how`` as ``TicketWorker`` takes it."""
    from bot.adapters.tickets import ISSUED, WorkersByHearts  # noqa: PLC0415 - see the module's docstring
    from bot.adapters.tidings import Tidings  # noqa: PLC0415 - as above

    roll, bell = WorkersByHearts(store.url, lease), partial(Tidings, store.url, ISSUED)
    return TicketWorker(store, roll, bell, clock, todo, lease=lease, **how)


@contextmanager
def database_explained() -> Iterator[None]:
    """Raises ConfigurationError with the sentence for an operator in the place of the database's own errors."""
    try:
        yield
    except WrongUrlError as error:
        raise ConfigurationError(
            f"KANTOR_DATABASE_URL cannot be: {error}. It must be empty (a file in the data folder), sqlite:///path/to/file, "
            "or postgresql://user:password@host:5432/database."
        ) from None
    except UnreachableError as error:
        raise ConfigurationError(f"The database of KANTOR_DATABASE_URL cannot be used: {error}") from None


_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_SLACKS = (".slack.com", ".slack-gov.com")
"""Of its own hosts; the second for GovSlack."""


def slack(settings: Settings) -> tuple[str, str]:
    """The bot token, and the base of the Web API. Raises ConfigurationError where that is neither Slack's nor a sandbox's on this machine."""
    there = urlsplit(settings.slack_api_url)
    if there.hostname not in _HERE and not (there.scheme == "https" and f".{there.hostname}".endswith(_SLACKS)):
        raise ConfigurationError(
            "SLACK_API_URL must be https://slack.com/api/, or a sandbox on this machine: the tokens go wherever it points."
        )
    return settings.slack_bot_token.get_secret_value(), settings.slack_api_url


def objects(settings: Settings) -> ObjectStore:
    """The object store that the settings name. Raises ConfigurationError where they name none that we know."""
    if not settings.objects_url and settings.objects_public_url:
        raise ConfigurationError(
            "KANTOR_OBJECTS_PUBLIC_URL is for files in S3: set KANTOR_OBJECTS_URL, too, or take it away."
        )
    if not settings.objects_url:
        return FolderObjects(settings.data_folder / "objects")
    return _bucket(settings)


def bucket_state(settings: Settings) -> BucketState | None:
    """How the bucket is; None where files are in a folder. May raise ConfigurationError and Unavailable."""
    return _bucket(settings).state() if settings.objects_url else None


def _bucket(settings: Settings) -> S3Objects:
    if not settings.objects_url.startswith("s3://"):
        raise ConfigurationError("KANTOR_OBJECTS_URL must be empty (the data folder) or s3://bucket/prefix.")
    from bot.adapters.buckets import S3Objects  # noqa: PLC0415 - see the module's docstring

    return S3Objects(settings.objects_url, public_url=settings.objects_public_url, kms_key=settings.objects_kms_key)


def vault(settings: Settings) -> Vault:
    """Seals passwords with the key of KMS, or of the settings, or with one that is kept in the data folder. Raises ConfigurationError without a good one."""
    if settings.kms_key:
        from bot.adapters.kms import KmsVault  # noqa: PLC0415 - see the module's docstring

        return KmsVault.at(settings.kms_key, objects(settings), _opening(settings))
    return AesGcmVault.from_settings(
        settings.secret_key.get_secret_value(),
        settings.data_folder / "secret.key",
        given=settings.secret_key_file,
        opening=settings.opening_keys.get_secret_value(),
    )


def _opening(settings: Settings) -> list[bytes]:
    """All keys of the settings and the data folder, which open beside the one of KMS and seal nothing."""
    return AesGcmVault.keys_of(
        settings.secret_key.get_secret_value(),
        settings.data_folder / "secret.key",
        given=settings.secret_key_file,
        opening=settings.opening_keys.get_secret_value(),
    )


def open_vault(settings: Settings) -> Vault:
    """The vault with its key at hand, for a command. Raises ConfigurationError where that cannot be now."""
    sealing = vault(settings)
    try:
        sealing.prepare()
    except Unavailable as error:
        raise ConfigurationError(
            f"The key of passwords cannot be fetched right now: {error}. Try again in a minute."
        ) from error
    return sealing


def _sealing(settings: Settings) -> Vault:
    """The vault of a bot, or of a worker: where its key is out of reach now they start all the same, and whoever needs it asks again."""
    sealing = vault(settings)
    try:
        sealing.prepare()
    except Unavailable as error:
        log.warning("the key of passwords is out of reach", reason=str(error))
    return sealing


def clock_of(settings: Settings) -> Clock:
    """The machine's clock, or a sandbox's. Raises ConfigurationError where the bot would live at another time than its Slack."""
    if settings.sandbox_clock is None:
        return SystemClock()
    if urlsplit(settings.slack_api_url).hostname not in _HERE:
        raise ConfigurationError(
            "KANTOR_SANDBOX_CLOCK is for a sandbox on this machine. Take it away: Slack has its own time."
        )
    return SandboxClock(settings.sandbox_clock)


def migrate_database(settings: Settings) -> str:
    """Bring the database to the present tables; returns its URL without a password."""
    store = open_store(settings)
    try:
        return store.safe_url
    finally:
        store.dispose()


def import_pool(settings: Settings, slug: str, file: Path) -> Imported:
    """Put the accounts of a CSV file into the pool of the contest ``slug``. Raises Refusal."""
    rows = read_pool(file)
    store = open_store(settings)
    try:
        return Pools(_desk(settings, store), open_vault(settings)).import_pool(slug, rows)
    finally:
        store.dispose()


@contextmanager
def rejudging(settings: Settings) -> Iterator[Rejudging]:
    """The use case that makes a contest's verdicts anew, for an operator at the machine; the bot may run beside it."""
    store, inspector = open_store(settings), ProcessInspector(workers=1, sound_bank=settings.sound_bank)
    try:
        kept = guarded(objects(settings), store)
        yield Rejudging(store, kept, guarded(inspector, store), clock_of(settings), UuidIds())
    finally:
        inspector.close()
        store.dispose()


def bootstrap(settings: Settings, policy_name: str = "") -> Bootstrap:
    """What makes the bucket of the settings, with an administrator's credentials. Raises ConfigurationError where they name none."""
    from bot.adapters.bootstrap import Bootstrap, Clients  # noqa: PLC0415 - see the module's docstring

    return Bootstrap(
        Clients.found(),
        settings.objects_url,
        kms_key=settings.objects_kms_key,
        policy_name=policy_name,
        vault_key=settings.kms_key,
    )


@contextmanager
def failures(settings: Settings) -> Iterator[Failures]:
    """The use case about jobs that failed for good, for whoever runs the bot, which may run beside it."""
    store = open_store(settings)
    try:
        yield Failures(_desk(settings, store))
    finally:
        store.dispose()


@contextmanager
def rotation(settings: Settings) -> Iterator[Rotation]:
    """The use case about the keys of sealed passwords, for whoever runs the bot, which may run beside it."""
    store = open_store(settings)
    try:
        yield Rotation(_desk(settings, store), open_vault(settings))
    finally:
        store.dispose()


@contextmanager
def audits(settings: Settings) -> Iterator[Audits]:
    """The use case that looks through the trails, for whoever runs the bot, which may run beside it."""
    store = open_store(settings)
    try:
        yield Audits(store)
    finally:
        store.dispose()


@contextmanager
def exporting(settings: Settings) -> Iterator[Exports]:
    """The use case that makes files, for whoever runs the bot, which may run beside it."""
    store = open_store(settings)
    try:
        yield Exports(_desk(settings, store), guarded(objects(settings), store), PrintedPaper())
    finally:
        store.dispose()


@contextmanager
def erasing(settings: Settings) -> Iterator[Erasure]:
    """The use case that erases people, for whoever brings a backup back."""
    store = store_at(database_url(settings))
    try:
        desk, kept = _desk(settings, store), guarded(objects(settings), store)
        yield Erasure(desk, kept, Exports(desk, kept, PrintedPaper()), Journal(kept, open_vault(settings)))
    finally:
        store.dispose()


def _desk(settings: Settings, store: Store) -> Desk:
    """The entrance of one use case, for an operator at the machine."""
    clock = clock_of(settings)
    directory = guarded(SlackDirectory(asking_client(*slack(settings)), clock), store)
    return Desk(Who(store, directory, settings.organizer_ids()), store, clock, UuidIds(), follow)


@dataclass(frozen=True)
class Base:
    """What the bot and its workers stand on, in whatever process."""

    store: Store
    clock: Clock
    client: TimelyClient
    http: httpx.Client
    objects: ObjectStore
    services: Services
    own_inspector: ProcessInspector | None
    """None where it was passed in: then it outlives us."""
    meters: Meters

    @classmethod
    def laid(  # noqa: PLR0913 - what is of use in tests has a default, and goes by keyword
        cls,
        settings: Settings,
        clock: Clock | None = None,
        inspector: Inspector | None = None,
        *,
        threads: int = 0,
        meters: Meters | None = None,
        rings: bool = False,
    ) -> Base:
        """From the settings, for so many threads that do jobs, on a database that ``rings``. Raises ConfigurationError."""
        meters = meters or Meters()
        keep_private(settings.data_folder)
        store = open_store(settings, rings=rings)
        clock = clock or clock_of(settings)
        own_inspector = None
        if inspector is None:
            workers = threads or settings.worker_threads
            inspector = own_inspector = ProcessInspector(workers=workers, sound_bank=settings.sound_bank)
        client = asking_client(*slack(settings), meters=meters)
        http = httpx.Client(timeout=30)
        around = outside(settings, client, http, clock, TimedInspector(inspector, meters))
        services = Services(
            store,
            around,
            organizer_ids=settings.organizer_ids(),
            retention_days=settings.retention_days or None,
            sub_commands=frozenset(Sub),
            meters=meters,
        )
        return cls(store, clock, client, http, around.objects, services, own_inspector, meters)

    def parts(self) -> dict[str, Callable[[], str | None]]:
        """What has to be well in whatever process; each look may raise (``bot.web.readiness``)."""
        return _kept(self.store, self.objects)

    def clear(self) -> None:
        """Close all that was opened."""
        self.http.close()
        if self.own_inspector is not None:
            self.own_inspector.close()
        self.store.dispose()


@dataclass(frozen=True)
class Workshop:
    """A process that does nothing but jobs, of which there may be any number on PostgreSQL."""

    base: Base
    worker: TicketWorker

    @classmethod
    def built(
        cls,
        settings: Settings,
        threads: int = 0,
        clock: Clock | None = None,
        inspector: Inspector | None = None,
        *,
        meters: Meters | None = None,
    ) -> Workshop:
        """As ``build``; with so many jobs side by side (0: as the settings have it)."""
        threads = threads or settings.worker_threads
        base = Base.laid(settings, clock, inspector, threads=threads, meters=meters, rings=True)
        lease, meters = settings.lease_seconds, base.meters
        todo = tasks(base.services)
        return cls(base, worker_at(base.store, base.clock, todo, threads=threads, lease=lease, meters=meters))

    def parts(self) -> dict[str, Callable[[], str | None]]:
        """What has to be well."""
        return self.base.parts() | _model(self.base)

    def run(self, stopping: threading.Event) -> None:
        """Until ``stopping`` is set; what is not done within a few seconds then goes back to the queue, for another."""
        try:
            self.worker.run(stopping)
        finally:
            self.base.clear()


@dataclass(frozen=True)
class Kantor:
    """The running bot: its parts, to be started and stopped together."""

    base: Base
    app: App
    line: Line
    """The way by which Slack reaches us."""
    worker: Worker | None
    """None on PostgreSQL: there ``kantor worker`` does the jobs."""
    pump: OutboxPump
    scheduler: BoardScheduler
    presence: Presence
    tidings: Tidings | None
    """Of letters that workers have written, on PostgreSQL."""

    @property
    def services(self) -> Services:
        """The use cases."""
        return self.base.services

    def is_connected(self) -> bool:
        """Whether Slack can reach us."""
        return self.line.session() is not None

    def parts(self) -> dict[str, Callable[[], str | None]]:
        """What has to be well."""
        slack = {"slack": lambda: None if self.is_connected() else "there is no connection"}
        return self.base.parts() | slack | (_model(self.base) if self.worker is not None else {})

    @property
    def store(self) -> Store:
        """The database."""
        return self.base.store

    def start(self) -> None:
        """Start the helpers first, then let Slack in."""
        if self.worker is not None:
            self.worker.start()
        self.pump.start()
        if self.tidings is not None:
            self.tidings.start()
        self.scheduler.start()
        self.line.start()
        self.presence.start(self.line.session)

    def stop(self) -> None:
        """Slack first, then the rest; what is in flight is finished or taken up at the next start."""
        grace = Grace()
        self.presence.stop(grace.at_most(2))
        grace.spend(3, self.line.stop)
        grace.spend(1.5, lambda: self.app.listener_runner.listener_executor.shutdown(wait=True))
        grace.spend(1, self.scheduler.stop)
        if self.tidings is not None:
            grace.spend(1, self.tidings.stop)
        if self.worker is not None:
            self.worker.stop(grace.at_most(2))
        self.pump.stop(grace.at_most(2))
        self.base.clear()


def build(
    settings: Settings,
    clock: Clock | None = None,
    inspector: Inspector | None = None,
    *,
    pace: float = PACE,
    meters: Meters | None = None,
) -> Kantor:
    """Make every part and join them; tests pass a clock, an inspector, a pace or meters of their own. Raises ConfigurationError."""
    base = Base.laid(settings, clock, inspector, meters=meters)
    store, clock, client, services = base.store, base.clock, base.client, base.services
    looks = Looks(services.desk, LOOKS) if is_postgres(database_url(settings)) else None
    screens = HomeScreens(services.people, client, clock, looks)
    stopping = threading.Event()
    mailbox = guarded(SlackMailbox(client, pause=lambda seconds: rest(seconds, clock, stopping)), store)
    overlap = OVERLAP if settings.transport is Transport.SOCKET else OVERLAP + SETTLE_EVERY
    absences = Absences(services.desk, mailbox, services.submissions, overlap)
    presence = Presence(absences, stopping, since_boot, waited=lambda: clock.elapsed().total_seconds())
    newer, waiting = NewerBlocks(), Waiting()
    postman = guarded(
        SlackPostman(posting_client(*slack(settings), meters=base.meters), base.objects, base.http, newer=newer),
        store,
    )
    app = build_app(client, services, screens=screens, missed=presence.missed, newer=newer, database_is_out=is_out)
    pump = OutboxPump(
        store,
        postman,
        clock,
        lease=settings.lease_seconds,
        pace=pace,
        organizer_ids=settings.organizer_ids(),
        delivered=screens.refresh,
        waiting=waiting,
        meters=base.meters,
    )
    return Kantor(
        base=base,
        app=app,
        line=_line(settings, app, waiting, base, presence),
        worker=None
        if is_postgres(database_url(settings))
        else Worker(
            store,
            clock,
            tasks(services),
            threads=settings.worker_threads,
            lease=settings.lease_seconds,
            meters=base.meters,
        ),
        pump=pump,
        scheduler=_scheduler(services, store, clock),
        presence=presence,
        tidings=_tidings(store.url, pump) if is_postgres(store.url) else None,
    )


def _tidings(url: str, pump: OutboxPump) -> Tidings:
    from bot.adapters.tidings import Tidings  # noqa: PLC0415 - see the module's docstring

    return Tidings(url, LETTERS, pump.wake)


def _line(settings: Settings, app: App, waiting: Waiting, base: Base, presence: Presence) -> Line:
    """The way by which Slack reaches us, as the settings have it."""
    if settings.transport is Transport.SOCKET:
        return SocketLine(
            FrameHandler(
                app,
                settings.slack_app_token.get_secret_value(),
                waiting,
                base.meters,
                ping_interval=PING_SECONDS,
                concurrency=2 * THREADS,
                receive_buffer_size=RECEIVE_BYTES,
            )
        )
    from bot.web.intake import Intake  # noqa: PLC0415 - see the module's docstring

    executor = ThreadPoolExecutor(2 * THREADS, thread_name_prefix="slack-request")
    silence = Silence(base.clock, presence.doubt)
    secret = settings.slack_signing_secret.get_secret_value()
    signed = SignedRequests(app, secret, waiting, heard=silence.broken, meters=base.meters)
    intake = Intake(signed, executor, base.meters)
    listener = bound(settings.http_address, "KANTOR_HTTP_ADDRESS")
    return HttpLine(Server(listener, intake.application, "http", at_once=True), executor, silence)


def _scheduler(services: Services, store: Store, clock: Clock) -> BoardScheduler:
    chores = (
        services.onboarding.begin,
        services.pools.pass_on,
        services.exports.throw_away,
        services.erasure.keep_times,
        services.friendly_words.send_due,
        services.digests.send_due,
        services.last_day.remind,
        services.duty_reminders.send_due,
    )
    watches = (services.countdowns.ring, services.further.place_due)
    return BoardScheduler(services.boards, Upkeep(store, clock, chores), clock, watches=watches)


def outside(
    settings: Settings, client: TimelyClient, http: httpx.Client, clock: Clock, inspector: Inspector
) -> Outside:
    """Slack, the files, the child processes: whom the use cases ask."""
    return Outside(
        directory=SlackDirectory(client, clock),
        door=SlackDirectory(quick_client(*slack(settings), meters=client.meters), clock),
        files=SlackFiles(client, http),
        objects=objects(settings),
        inspector=inspector,
        posters=PaintedPosters(),
        printer=PrintedPaper(),
        vault=_sealing(settings),
        clock=clock,
        ids=UuidIds(),
    )


def _require_tokens(settings: Settings, *names: str) -> None:
    tokens = {
        "SLACK_BOT_TOKEN": settings.slack_bot_token,
        "SLACK_APP_TOKEN": settings.slack_app_token,
        "SLACK_SIGNING_SECRET": settings.slack_signing_secret,
    }
    for name in names:
        if not tokens[name].get_secret_value():
            raise ConfigurationError(
                f"{name} is not set. Make a Slack app from manifest.json (docs/slack.md shows how) and set it, "
                "or try Kantor without Slack: kantor demo"
            )


def run_bot(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM. Raises ConfigurationError where it cannot start."""
    key = "SLACK_APP_TOKEN" if settings.transport is Transport.SOCKET else "SLACK_SIGNING_SECRET"
    _require_tokens(settings, "SLACK_BOT_TOKEN", key)
    _live(settings, "run", lambda stopping, lookout: _run_until(stopping, settings, lookout))


def run_worker(settings: Settings, threads: int = 0) -> None:
    """Do jobs until SIGINT or SIGTERM, so many side by side. Raises ConfigurationError as ``run_bot``, and on SQLite."""
    if not is_postgres(database_url(settings)):
        raise ConfigurationError(
            "With SQLite 'kantor run' does all jobs itself, so there is nothing to start. Workers of their own, on as many "
            "machines as you like, come with PostgreSQL: KANTOR_DATABASE_URL=postgresql://user:password@host:5432/database"
        )
    _require_tokens(settings, "SLACK_BOT_TOKEN")
    _live(settings, "worker", lambda stopping, lookout: _work_until(stopping, settings, threads, lookout))


def run_web(settings: Settings) -> None:
    """Say how database and files are, and how much waits there, until SIGINT or SIGTERM. Raises ConfigurationError."""
    stopping = _beginning(settings)
    with _seen(settings, "web", stopping) as lookout:
        if lookout is None:
            raise ConfigurationError("There is nothing to serve: KANTOR_METRICS_ADDRESS is empty, or it is taken.")
        store = open_store(settings)
        try:
            lookout.look_at(store, clock_of(settings), _kept(store, objects(settings)))
            log.info("serving", address=settings.metrics_address)
            stopping.wait()
        finally:
            store.dispose()


def _beginning(settings: Settings) -> threading.Event:
    """Logs and secrets of a process that goes on until it is asked to stop; that is set then."""
    configure_logs(settings.log_level)
    keep_to_ourselves()
    few_arenas()
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    end_in_time(stopping)
    return stopping


def _live(settings: Settings, role: str, life: Callable[[threading.Event, Lookout | None], None]) -> None:
    stopping = _beginning(settings)
    try:
        with _seen(settings, role, stopping) as lookout:
            if _slack_answers(asking_client(*slack(settings)), stopping):
                life(stopping, lookout)
    except SlackApiError as error:
        why = error.response["error"]
        raise ConfigurationError(f"Slack did not let the bot in: {why}. Are both tokens right?") from None


@contextmanager
def _seen(settings: Settings, role: str, stopping: threading.Event) -> Iterator[Lookout | None]:
    """From where this process can be seen meanwhile; None where nobody wants to, or somebody else has that place."""
    if not settings.metrics_address:
        yield None
        return
    try:
        listener = bound(settings.metrics_address, "KANTOR_METRICS_ADDRESS")
    except ConfigurationError as error:
        log.warning("nobody can see how it goes", reason=str(error))
        yield None
        return
    from bot.web.lookout import Lookout  # noqa: PLC0415 - see the module's docstring

    database = "postgresql" if is_postgres(database_url(settings)) else "sqlite"
    lookout = Lookout(stopping, {"role": role, "database": database})
    server = Server(listener, lookout.application, "lookout", limits=Limits(connections=LOOKERS))
    server.start()
    try:
        yield lookout
    finally:
        server.stop(grace=0.5)


def _kept(store: Store, objects: ObjectStore) -> dict[str, Callable[[], str | None]]:
    """Whether database and objects answer."""

    def ask_database() -> None:
        with store.read() as work:
            work.presence.until()

    def ask_objects() -> None:
        objects.below(NOWHERE)  # of a bucket that is gone S3 says no more than that the object is not there

    return {"database": ask_database, "objects": ask_objects}


def _model(base: Base) -> dict[str, Callable[[], str | None]]:
    """Whether the children can judge; they are asked to once."""
    inspector = base.own_inspector
    return {} if inspector is None else {"model": lambda: None if inspector.has_loaded() else "it is being loaded"}


def _work_until(stopping: threading.Event, settings: Settings, threads: int, lookout: Lookout | None) -> None:
    workshop = Workshop.built(settings, threads, meters=lookout.meters if lookout else None)
    if lookout is not None:
        lookout.look_at(workshop.base.store, workshop.base.clock, workshop.parts())
    log.info("working", side_by_side=threads or settings.worker_threads)
    workshop.run(stopping)


def _slack_answers(client: WebClient, stopping: threading.Event) -> bool:
    """Wait until Slack can be reached; False where we were asked to stop meanwhile. Raises SlackApiError for a wrong token."""
    while not stopping.is_set():
        try:
            client.auth_test()
        except OSError as error:  # a restart while Slack, or the network, is down
            log.warning("slack_unreachable", reason=str(error), next_try_in=RETRY_SECONDS)
            stopping.wait(RETRY_SECONDS)
        else:
            return True
    return False


def _run_until(stopping: threading.Event, settings: Settings, lookout: Lookout | None) -> None:
    kantor = build(settings, meters=lookout.meters if lookout else None)
    if lookout is not None:
        lookout.look_at(kantor.store, kantor.base.clock, kantor.parts(), kantor.is_connected)
    # What is here by now stays until the end: without this, each of Python's looks for garbage goes through all of it, for 30 ms.
    gc.freeze()
    try:
        kantor.start()
        jobs = "by 'kantor worker', and none here" if kantor.worker is None else "here"
        log.info("running", jobs_are_done=jobs)
        while not stopping.wait(1.0):
            kantor.line.look()
    finally:
        kantor.stop()
