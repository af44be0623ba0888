"""The people and channels that a new workspace begins with. All of them are plainly demo people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.shapes import APP_ID, BOT_ID, BOT_NAME, BOT_USER, GENERAL, TEAM_ID, Json

SEEDED_AT = 1_790_000_000

_LABELS = {
    "Europe/Berlin": "Central European Time",
    "Europe/Lisbon": "Western European Time",
    "America/New_York": "Eastern Standard Time",
}


def user(user_id: str, handle: str, display: str, role: str = "", zone: str = "Europe/Berlin") -> Json:
    """Make a user in Slack's full shape; a `role` is said in the real name. LookupError or ValueError: no such zone."""
    winter = datetime(2026, 1, 15, 12, tzinfo=UTC).astimezone(ZoneInfo(zone))
    label = _LABELS.get(zone, zone)
    offset = int((winter.utcoffset() or timedelta()).total_seconds())
    real_name = f"{display} (demo {role})" if role else display
    return {
        "id": user_id,
        "team_id": TEAM_ID,
        "name": handle,
        "deleted": False,
        "color": "9f69e7",
        "real_name": real_name,
        "tz": zone,
        "tz_label": label,
        "tz_offset": offset,
        "profile": _profile(handle, display, real_name),
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": SEEDED_AT,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }


def _profile(handle: str, display: str, real_name: str) -> Json:
    images = {f"image_{size}": "" for size in (24, 32, 48, 72, 192, 512)}
    return {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": real_name,
        "real_name_normalized": real_name,
        "display_name": display,
        "display_name_normalized": display,
        "status_text": "",
        "status_emoji": "",
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "status_text_canonical": "",
        "avatar_hash": "",
        "email": f"{handle}@example.com",
        "first_name": display,
        "last_name": "",
        "team": TEAM_ID,
        **images,
    }


def bot() -> Json:
    """Make the app's own user."""
    made = user(BOT_USER, BOT_NAME, "Kantor")
    made["profile"] |= {"bot_id": BOT_ID, "api_app_id": APP_ID}
    made["profile"].pop("email")
    return made | {"is_bot": True, "is_email_confirmed": False}


def named(user: Json, name: str, handle: str) -> Json:
    """Give the same user with another name and handle."""
    names = dict.fromkeys(("real_name", "real_name_normalized", "display_name", "display_name_normalized"), name)
    return user | {"name": handle, "real_name": name, "profile": user["profile"] | names | {"first_name": name}}


def people() -> list[Json]:
    """Make the people of a new workspace, the bot at the end."""
    return [
        user("U0OLIVE", "olive", "Olive", "organizer") | {"is_admin": True},
        user("U0ADA", "ada", "Ada", "participant"),
        user("U0BEN", "ben", "Ben", "participant", "Europe/Lisbon"),
        user("U0CLEO", "cleo", "Cleo", "participant", "America/New_York"),
        user("U0JUDY", "judy", "Judy", "judge"),
        user("U0JACK", "jack", "Jack", "judge"),
        user("U0GUS", "gus", "Gus", "guest") | {"is_restricted": True},
        user("U0DINA", "dina", "Dina", "former member") | {"deleted": True},
        bot(),
    ]


def channel(channel_id: str, name: str, members: list[str], *, created: int, purpose: str = "") -> Json:
    """Make a public channel in the sandbox's own form: Slack's object, with its `members` beside it; the first made it."""
    creator = members[0]
    note = {"value": purpose, "creator": creator if purpose else "", "last_set": created if purpose else 0}
    return {
        "id": channel_id,
        "name": name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": False,
        "created": created,
        "is_archived": False,
        "is_general": channel_id == GENERAL,
        "unlinked": 0,
        "name_normalized": name,
        "is_shared": False,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": TEAM_ID,
        "updated": created * 1000,
        "creator": creator,
        "is_ext_shared": False,
        "shared_team_ids": [TEAM_ID],
        "pending_connected_team_ids": [],
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": note,
        "previous_names": [],
        "members": members,
    }


def private(made: Json) -> Json:
    """Make a channel a private one; those with a G are from before 2021, and groups."""
    old = made["id"].startswith("G")
    return made | {"is_private": True, "is_general": False, "is_channel": not old, "is_group": old}


def direct_message(channel_id: str, members: list[str], created: int) -> Json:
    """Make a DM between two; who `user` is depends on who looks."""
    return {
        "id": channel_id,
        "created": created,
        "is_archived": False,
        "is_im": True,
        "is_private": True,
        "is_general": False,
        "is_org_shared": False,
        "is_user_deleted": False,
        "priority": 0,
        "context_team_id": TEAM_ID,
        "updated": created * 1000,
        "members": members,
    }


def channels() -> list[Json]:
    """Make the channels of a new workspace."""
    regulars = ["U0OLIVE", "U0ADA", "U0BEN", "U0CLEO", "U0JUDY", "U0JACK"]
    return [
        channel(
            GENERAL, "general", [*regulars, BOT_USER], created=SEEDED_AT, purpose="Everything that concerns everyone."
        ),
        channel("C0COMPOSERS", "composers", [*regulars, BOT_USER], created=SEEDED_AT, purpose="Where contests happen."),
        channel("C0LOUNGE", "lounge", regulars, created=SEEDED_AT, purpose="Anything but music."),
    ]
