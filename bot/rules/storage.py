"""Where the object store keeps what: all its keys, and what an erasure has to look at."""

from __future__ import annotations

SHARED = "shared"
"""Folder of the pictures of shared passages: the key of each names both compositions, so that it goes with either author's data."""
ERASURES = "erasures"
"""Folder of the list of erasures: one small file each, that names nobody."""
EXPORTS = "exports"
KEYS = "keys"
FOLDERS = (
    "awards",
    "boards",
    "contests",
    ERASURES,
    EXPORTS,
    KEYS,
    "practice",
    "results",
    "rules",
    SHARED,
    "starter",
    "submissions",
)
"""All that there are, in order: a backup looks into each."""
_IDS_AT = {"contests": 2, "submissions": 0, SHARED: 0}
"""Where the submission's id stands below these folders; those of before r0019 are in the second one."""
_DRAWN = ("awards/", "boards/", "exports/", f"{SHARED}/")


def folder(contest_id: str, person: str, submission_id: str) -> str:
    """All of one submission, but for what is drawn of it beside others.

    ``person``: what stands for its author in that contest, the id of the first thing they sent in. Slack's id would be read off keys by
    whoever keeps the store's logs, and off links by a judge who is not to know.
    """
    return f"contests/{contest_id}/{person}/{submission_id}"


def original(folder: str) -> str:
    """The bytes as they were sent."""
    return f"{folder}/original.mid"


def picture(folder: str) -> str:
    """The piano roll."""
    return f"{folder}/picture.png"


def sound(folder: str) -> str:
    """What it sounds like."""
    return f"{folder}/sound.mp3"


def fingerprint(folder: str) -> str:
    """What it is compared with others by."""
    return f"{folder}/fingerprint.json"


def chart(folder: str, weights_sha256: str) -> str:
    """The verdict as a picture, of the model with these weights."""
    return f"{folder}/verdict-{weights_sha256[:12]}.png"


def rules(sha256: str) -> str:
    """A document of rules of judging, by its own hash."""
    return f"rules/{sha256}.json"


def shared(submission_id: str, number: int, other_id: str | None) -> str:
    """A passage that it shares with another submission; None: with Bach."""
    return f"{SHARED}/{submission_id}/{number}-{other_id or 'bach'}.png"


def poster(snapshot_id: str, *, ai: bool) -> str:
    """The picture of a board; ``ai``: of the AI judge's."""
    return f"boards/{snapshot_id}{'-ai' if ai else ''}.png"


def results(result_id: str) -> str:
    """The results as they were fixed; nobody is named in it."""
    return f"results/{result_id}.json"


def reveal(result_id: str, step: int) -> str:
    """The picture of a step of the ceremony, from 1."""
    return f"awards/{result_id}/{step}.png"


def certificate(contest_id: str, whose: str, kind: str) -> str:
    """A certificate, ``kind`` is pdf or png; ``whose``: what tells it from the others."""
    return f"awards/{contest_id}/certificates/{whose}.{kind}"


def export(order: str, filename: str) -> str:
    """A file that an organizer has ordered."""
    return f"{EXPORTS}/{order}/{filename}"


def practice(version: str, name: str) -> str:
    """A file of the practice piece."""
    return f"practice/{version}/{name}"


def starter(melody: str) -> str:
    """A melody of the starter kit."""
    return f"starter/{melody}.mid"


def vault_key() -> str:
    """The key that seals passwords, where KMS has wrapped it: without KMS it opens nothing."""
    return f"{KEYS}/vault"


def erasure(token: str) -> str:
    """That somebody was erased, who is called by that token since."""
    return f"{ERASURES}/{token}.json"


def place_of(key: str) -> str:
    """In which of the folders it is."""
    return key.partition("/")[0]


def submission_of(key: str) -> str | None:
    """The id of the submission that what is there belongs to, or that it was drawn for; None for what belongs to none."""
    place, *parts = key.split("/")
    at = _IDS_AT.get(place)
    return parts[at] if at is not None and len(parts) > at else None


def has_words_of_people(key: str) -> bool:
    """Whether what is there may have people's words on it, although it is in no submission's folder."""
    return key.startswith(_DRAWN)
