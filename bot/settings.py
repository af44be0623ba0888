"""Kantor's settings: environment variables, or a ``.env`` file in the working folder. ``docs/settings.md`` lists them all."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Transport(StrEnum):
    """How Slack reaches the bot."""

    SOCKET = "socket"
    HTTP = "http"


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if text and (not host or not (port.isdecimal() and int(port) < 65_536)):
        raise ValueError("it must be host:port, such as 127.0.0.1:9464")
    return text


Address = Annotated[str, AfterValidator(_address)]
"""``host:port``."""


class Settings(BaseSettings):
    """What an operator can set. Names of the environment variables are the aliases."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, populate_by_name=True, hide_input_in_errors=True
    )

    slack_bot_token: SecretStr = Field(default=SecretStr(""), alias="SLACK_BOT_TOKEN")
    """The bot token (``xoxb-``) of your Slack app."""

    slack_app_token: SecretStr = Field(default=SecretStr(""), alias="SLACK_APP_TOKEN")
    """The app-level token (``xapp-``) with ``connections:write``, for Socket Mode."""

    slack_signing_secret: SecretStr = Field(default=SecretStr(""), alias="SLACK_SIGNING_SECRET")
    """The signing secret of your Slack app, for HTTP."""

    slack_api_url: str = Field(default="https://slack.com/api/", alias="SLACK_API_URL")
    """Base of the Web API. The demo points it at the sandbox workspace."""

    transport: Transport = Field(default=Transport.SOCKET, alias="KANTOR_TRANSPORT")
    """``socket``: the bot opens a connection to Slack (Socket Mode). ``http``: Slack sends signed requests to an address of yours."""

    http_address: Address = Field(default="127.0.0.1:3000", alias="KANTOR_HTTP_ADDRESS")
    """``host:port`` for Slack's requests, under ``/slack/events``, with ``KANTOR_TRANSPORT=http``."""

    metrics_address: Address = Field(default="127.0.0.1:9464", alias="KANTOR_METRICS_ADDRESS")
    """``host:port`` of ``/healthz``, ``/readyz`` and ``/metrics``. Empty: none."""

    data_folder: Path = Field(default=Path("var"), alias="KANTOR_DATA")
    """Folder for what the embedded default keeps: database, objects, secret key."""

    database_url: SecretStr = Field(default=SecretStr(""), alias="KANTOR_DATABASE_URL")
    """Empty: SQLite in the data folder. Else another file (``sqlite:///path``), or PostgreSQL as libpq takes it, with its password."""

    objects_url: str = Field(default="", alias="KANTOR_OBJECTS_URL")
    """Where files are kept: empty for the data folder, ``s3://bucket/prefix`` for S3."""

    objects_public_url: str = Field(default="", alias="KANTOR_OBJECTS_PUBLIC_URL")
    """Where people's browsers reach the S3 store. Empty: exports are shared as files in Slack; else by links that soon end."""

    objects_kms_key: str = Field(default="", alias="KANTOR_OBJECTS_KMS_KEY")
    """Id, ARN or alias of the KMS key that encrypts files in S3. Empty: as the bucket does by itself."""

    secret_key: SecretStr = Field(default=SecretStr(""), alias="KANTOR_SECRET_KEY")
    """32 bytes in base64 that seal passwords at rest. Empty: made once and kept in the data folder."""

    secret_key_file: Path | None = Field(default=None, alias="KANTOR_SECRET_KEY_FILE")
    """A file that holds that key, such as a mounted secret; it has to be there. Empty: ``secret.key`` in the data folder."""

    opening_keys: SecretStr = Field(default=SecretStr(""), alias="KANTOR_OPENING_KEYS")
    """Further keys, with commas: they open what they sealed, and seal nothing. For the change to a new key."""

    kms_key: str = Field(default="", alias="KANTOR_KMS_KEY")
    """ARN of the AWS KMS key that keeps the key of passwords. ``KANTOR_SECRET_KEY`` beside it opens what it sealed, and seals nothing. Empty: none."""

    organizers: str = Field(default="", alias="KANTOR_ORGANIZERS")
    """Slack user ids, with commas, of the first organizers; the alarms of every contest go to them, too. Workspace admins are organizers anyway."""

    retention_days: int = Field(default=0, ge=0, le=3650, alias="KANTOR_RETENTION_DAYS")
    """So many days after a contest's end what belongs to its people is erased, where the contest has no time of its own; 0: never."""

    sound_bank: str = Field(default="", alias="KANTOR_SOUND_BANK")
    """Path of a SoundFont (.sf2). Empty: the TimGM6mb bank that is installed with pretty_midi."""

    worker_threads: int = Field(default=2, ge=1, le=32, alias="KANTOR_WORKER_THREADS")
    """How many compositions are checked side by side."""

    lease_seconds: float = Field(default=60.0, gt=0, alias="KANTOR_LEASE_SECONDS")
    """How long a job or a message belongs to the worker that took it; after a crash it is taken up again then."""

    log_level: str = Field(default="INFO", alias="KANTOR_LOG_LEVEL")
    """DEBUG, INFO, WARNING or ERROR."""

    sandbox_clock: Path | None = Field(default=None, alias="KANTOR_SANDBOX_CLOCK")
    """For checks: the file of a sandbox's clock, which the bot goes by. Taken beside a sandbox on this machine only."""

    def organizer_ids(self) -> frozenset[str]:
        """The first organizers as a set of Slack user ids."""
        return frozenset(part.strip() for part in self.organizers.split(",") if part.strip())
