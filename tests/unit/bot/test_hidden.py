"""No secret of the settings is shown by whatever shows settings, or what is wrong with them."""

from __future__ import annotations

import re

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import Settings

HIDDEN = {name: field for name, field in Settings.model_fields.items() if field.annotation is SecretStr}
MADE_UP = {str(field.alias): f"made-up-{name}-4711" for name, field in HIDDEN.items()}


def test_what_sounds_like_a_secret_is_one() -> None:
    """Tokens, keys, secrets and the URL of the database, which holds a password.

    A key of KMS is named by its id alone, and one in a file by its path.
    """
    sounding = {
        name
        for name in Settings.model_fields
        if re.search(r"token|secret|password|(?<!kms_)key|database_url", name) and not name.endswith("_file")
    }
    assert sounding == set(HIDDEN)
    assert {"slack_bot_token", "slack_app_token", "secret_key", "database_url"} <= sounding


def test_no_settings_show_a_secret() -> None:
    """Printed, written as JSON, or as a dictionary in a log."""
    settings = Settings.model_validate(MADE_UP)
    shown = f"{settings!r} {settings} {settings.model_dump_json()} {settings.model_dump()} {vars(settings)}"
    assert "xxx" not in shown
    assert "4711" not in shown
    assert "made-up-secret_key-4711" == settings.secret_key.get_secret_value()


@pytest.mark.parametrize("wrong", [{"KANTOR_LEASE_SECONDS": "soon-4711"}, {"KANTOR_WORKER_THREADS": "4711"}])
def test_what_is_wrong_with_one_shows_no_value(wrong: dict[str, str]) -> None:
    """What is written beside it least of all: somebody may have mixed up two lines."""
    with pytest.raises(ValidationError) as failed:
        Settings.model_validate(MADE_UP | wrong)
    assert next(iter(wrong)) in str(failed.value)
    assert "4711" not in str(failed.value)
