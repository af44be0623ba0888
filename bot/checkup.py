"""What ``kantor doctor`` looks at, made of the same parts as the bot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot import doctor
from bot.doctor import Check, once
from bot.rules.storage import vault_key
from bot.settings import Transport
from bot.usecases.contests.contests import PATIENCE
from bot.wiring import bucket_state, clock_of, database_explained, objects, open_vault, slack, store_at, vault
from handlers.slack.checkup import knock, look_around
from handlers.slack.clients import asking_client
from handlers.slack.manifest import wanted_scopes
from migrations.run import Stage, stage
from models.engines import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.doctor import Remark
    from bot.settings import Settings
    from models.store import Work


def checkup(settings: Settings) -> tuple[Check, ...]:
    """What ``kantor doctor`` looks at, by these settings."""
    bot_token, app_token = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    client = asking_client(*slack(settings))
    visit = once(lambda: look_around(client))
    data, given = settings.data_folder, settings.secret_key.get_secret_value()
    key_file = settings.secret_key_file or data / "secret.key"
    place = settings.objects_url or str(data / "objects")
    tokens, way = {"SLACK_BOT_TOKEN": ("xoxb-", bot_token)}, _request_url(settings)
    if settings.transport is Transport.SOCKET:
        tokens["SLACK_APP_TOKEN"] = ("xapp-", app_token)
        way = Check("Socket Mode", lambda: doctor.connection(lambda: knock(client, app_token)), after="Slack")
    return (
        Check("tokens", lambda: doctor.tokens(tokens)),
        Check("Slack", lambda: doctor.well(f"lets the bot into {visit()[0]}"), after="tokens"),
        way,
        Check("scopes", lambda: doctor.scopes(visit()[1], wanted_scopes()), after="Slack"),
        Check("clock", lambda: doctor.clock(visit()[2], clock_of(settings).now()), after="Slack"),
        Check("database", lambda: doctor.database(_stage(settings))),
        Check("jobs", lambda: _jobs(settings), after="database"),
        Check("trail", lambda: _trail(settings), after="database"),
        Check(
            "storage",
            lambda: doctor.storage(objects(settings), place, made=bool(settings.objects_url) or data.exists()),
        ),
        Check("bucket", lambda: doctor.bucket(bucket_state(settings)), after="storage"),
        Check("key", lambda: _kept_key(settings), after="storage")
        if settings.kms_key
        else Check(
            "key", lambda: doctor.key(given, key_file, lambda: vault(settings), made=not settings.secret_key_file)
        ),
        Check("rights", lambda: doctor.rights(data, [Path(".env")])),
        Check("disk", lambda: doctor.disk(data)),
        Check("AI judge", doctor.model),
        Check("letters", doctor.fonts),
        Check("sound", lambda: doctor.sound(settings.sound_bank)),
    )


def _kept_key(settings: Settings) -> Remark:
    """The key that KMS keeps; looking makes none."""
    if not objects(settings).exists(vault_key()):
        return doctor.well("none yet: kantor run has KMS make one")
    open_vault(settings)
    return doctor.well("KMS opens it")


def _request_url(settings: Settings) -> Check:
    secret = settings.slack_signing_secret.get_secret_value()
    return Check("request URL", lambda: doctor.request_url(settings.http_address, known=bool(secret)))


def _stage(settings: Settings) -> tuple[str, Stage]:
    with database_explained():
        url = _url(settings)
        return shown(url), stage(url)


def _jobs(settings: Settings) -> Remark:
    def look(work: Work) -> Remark:
        unattended = work.jobs.unattended(clock_of(settings).now(), PATIENCE)
        return doctor.jobs(len(work.jobs.failed()), unattended=unattended)

    return _looked(settings, look)


def _trail(settings: Settings) -> Remark:
    return _looked(settings, lambda work: doctor.trail(work.audit.unchained()))


def _looked(settings: Settings, look: Callable[[Work], Remark]) -> Remark:
    url = _url(settings)
    if stage(url) is not Stage.PRESENT:  # looking makes no tables
        return doctor.well("none yet, in these tables")
    store = store_at(url)
    try:
        with store.read() as work:
            return look(work)
    finally:
        store.dispose()


def _url(settings: Settings) -> str:
    return settings.database_url.get_secret_value() or f"sqlite:///{settings.data_folder / 'kantor.db'}"
