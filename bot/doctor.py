"""What ``kantor doctor`` looks at: all that the bot needs from its machine, each with how to mend it. It changes nothing.

What needs Slack, the database or the object store is handed in as a question (``bot.wiring`` knows whom to ask).
"""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.markup import escape

from bot.attempts import attempt
from bot.errors import AlreadyKept, ConfigurationError, KantorError
from bot.rules.numbers import decimal
from judge.assess import model_info
from judge.look import font
from judge.network import BrokenWeightsError
from judge.synth import default_sound_bank
from migrations.run import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.adapters.buckets import BucketState
    from bot.ports import ObjectStore

Found = TypeVar("Found")

FREE_ENOUGH, FREE_TOO_LITTLE = 2_000_000_000, 200_000_000
"""Bytes: below the first one should think of it, below the second the next evening may not fit."""
CLOCK_CARE, CLOCK_ILL = timedelta(seconds=5), timedelta(minutes=1)
"""How far our clock may be from Slack's: deadlines are read from ours, and Slack refuses signed requests that are five minutes off."""
TRIAL = "doctor/trial"
"""The object that is written, read and deleted."""
_OTHERS = 0o077


class Health(StrEnum):
    """How a part is; in the word that is shown."""

    WELL = "ok"
    CARE = "look"
    ILL = "mend"


@dataclass(frozen=True)
class Remark:
    """What was found."""

    health: Health
    sentence: str
    """What is, and where it is not well what to do."""


@dataclass(frozen=True)
class Check:
    """One part, and how to look at it."""

    name: str
    look: Callable[[], Remark]
    """May raise anything: that is an ill part, too."""
    after: str = ""
    """The part that has to be well before this one can be looked at."""


def well(sentence: str) -> Remark:
    """All is as it should be."""
    return Remark(Health.WELL, sentence)


def care(sentence: str) -> Remark:
    """It works, and should be looked at."""
    return Remark(Health.CARE, sentence)


def ill(sentence: str) -> Remark:
    """It does not work."""
    return Remark(Health.ILL, sentence)


def examine(checks: Sequence[Check]) -> Iterator[tuple[str, Remark]]:
    """Each part's name with what was found, one after the other."""
    wrong: set[str] = set()
    for check in checks:
        waits = check.after in wrong
        remark = care(f"not looked at before {check.after} is mended") if waits else _remark(check)
        if waits or remark.health is Health.ILL:
            wrong.add(check.name)
        yield check.name, remark


def _remark(check: Check) -> Remark:
    found: list[Remark] = []
    failure = attempt(lambda: found.append(check.look()))
    if failure is None:
        return found[0]
    # Sentences of our own are for people; anything else could quote what nobody should read.
    ours = isinstance(failure, KantorError)
    return ill(str(failure) if ours else f"This could not be looked at ({type(failure).__name__}).")


def show(found: Iterator[tuple[str, Remark]]) -> bool:
    """Print a line for each; whether nothing has to be mended."""
    console, colours = Console(highlight=False), {Health.WELL: "green", Health.CARE: "yellow", Health.ILL: "red"}
    remarks = []
    for name, remark in found:
        console.print(
            f"[{colours[remark.health]}]{remark.health:<4}[/]  [bold]{escape(name)}[/]: {escape(remark.sentence)}",
            soft_wrap=True,
        )
        remarks.append(remark.health)
    wrong = remarks.count(Health.ILL)
    console.print(f"To mend: {wrong}." if wrong else "Nothing has to be mended.")
    return not wrong


def once(ask: Callable[[], Found]) -> Callable[[], Found]:
    """Asks at the first call; what it returned, or raised, is the answer to all further ones."""
    answers: list[Found] = []
    failures: list[Exception | None] = []

    def answer() -> Found:
        if not failures:
            failures.append(attempt(lambda: answers.append(ask())))
        if failures[0] is not None:
            raise failures[0]
        return answers[0]

    return answer


def connection(knock: Callable[[], None]) -> Remark:
    """Whether Slack would open a connection."""
    knock()
    return well("Slack would open a connection")


def request_url(address: str, *, known: bool) -> Remark:
    """Where Slack's requests are taken; ``known``: whether there is a secret to know them by."""
    if not known:
        return ill("SLACK_SIGNING_SECRET is not set: docs/slack.md shows where Slack has it.")
    return well(
        f"is taken at http://{address}/slack/events; whether the way from Slack to it is open only Slack can say"
    )


def database(found: tuple[str, Stage]) -> Remark:
    """Where it is, and how old its tables are."""
    url, stage = found
    if stage is Stage.NEWER:
        return ill(f"{url} was changed by a newer Kantor: run that version, or restore the backup from before it.")
    words = {
        Stage.EMPTY: "has no tables yet: kantor run makes them",
        Stage.OLDER: "has older tables: kantor migrate, or the next kantor run, brings them up; back it up before",
        Stage.PRESENT: "is up to date",
    }
    return Remark(Health.CARE if stage is Stage.OLDER else Health.WELL, f"{url} {words[stage]}")


def jobs(failed: int, *, unattended: bool) -> Remark:
    """What the bot has to do, and who does it."""
    if unattended:
        return ill("Jobs are waiting, and no worker has been heard of for a minute: start kantor worker.")
    if failed:
        return care(
            f"{failed} failed for good: kantor jobs lists them, tries them again (--retry) or drops them (--drop)."
        )
    return well("nothing is stuck")


def trail(unchained: int) -> Remark:
    """Whether anything was written past the chains."""
    if not unchained:
        return well("every entry is in its chain")
    entries = "1 entry stands" if unchained == 1 else f"{unchained} entries stand"
    return ill(
        f"{entries} outside of the chain: an older Kantor still ran after the upgrade. Stop all old bots and workers; kantor audit verify says which."
    )


def scopes(granted: frozenset[str], wanted: frozenset[str]) -> Remark:
    """What Slack lets the bot do, against the manifest."""
    missing, more = sorted(wanted - granted), sorted(granted - wanted)
    if missing:
        return ill(
            f"The bot token lacks {', '.join(missing)}: paste manifest.json under App Manifest at api.slack.com/apps, "
            "then Reinstall to Workspace."
        )
    if more:
        return care(
            f"The bot token may more than Kantor needs ({', '.join(more)}): it works, and a smaller token is a safer one."
        )
    return well(f"all {len(wanted)} of the manifest, and no other")


def clock(theirs: datetime | None, now: datetime) -> Remark:
    """Our time against Slack's."""
    if theirs is None:
        return care("Slack's answer did not say what time it is there.")
    apart = abs(now - theirs)
    seconds = f"{decimal(apart.total_seconds(), 0)} s {'ahead of' if now > theirs else 'behind'} Slack's"
    if apart > CLOCK_ILL:
        return ill(
            f"This machine's clock is {seconds}: deadlines and boards would come at wrong times. Turn on NTP (timedatectl set-ntp true)."
        )
    if apart > CLOCK_CARE:
        return care(f"This machine's clock is {seconds}: is NTP on?")
    return well("within a few seconds of Slack's")


def storage(objects: ObjectStore, place: str, *, made: bool) -> Remark:
    """Writes, reads and deletes a small object; where the place is not ``made`` yet, nothing."""
    if not made:
        return well(f"none yet: kantor run makes {place}")
    objects.put(TRIAL, b"kantor doctor")
    refusal = attempt(lambda: objects.keep(TRIAL, b"another"))
    read = objects.get(TRIAL)
    objects.delete(TRIAL)
    if refusal is not None and not isinstance(refusal, AlreadyKept):
        raise refusal
    if refusal is None:
        return ill(
            f"{place} writes over what is there, although it was asked not to (If-None-Match): what somebody handed in could be lost. "
            "Keep files in a store that knows it, such as S3 or SeaweedFS."
        )
    if read != b"kantor doctor":
        return ill(f"What was written to {place} came back as something else.")
    return well(f"{place} takes, gives, keeps and deletes")


def bucket(state: BucketState | None) -> Remark:
    """How the bucket is, beyond that it works; None: files are in a folder."""
    if state is None:
        return well("none: files are in the data folder")
    missing = [
        said
        for is_so, said in (
            (state.nothing_public, "lets it to ACLs and policies whether others come in"),
            (state.encryption, "does not say that it encrypts"),
            (state.versions, "keeps no versions, so what somebody deletes by hand is gone"),
        )
        if is_so is False
    ]
    if missing:
        return care(f"It {'; it '.join(missing)}. kantor aws bootstrap shows what to change, and changes it.")
    if None in {state.nothing_public, state.encryption, state.versions}:
        return well("all is well with what this store knows of buckets")
    return well("encrypted, with versions, and open to nobody else")


def model() -> Remark:
    """The AI judge's weights, against the sha256 that training wrote down."""
    try:
        found = model_info()
    except (BrokenWeightsError, OSError) as error:
        return ill(f"{error} Install Kantor anew.")
    return well(f"{found.version}, sha256 {found.sha256[:12]}...")


def fonts() -> Remark:
    """The letters of pictures."""
    try:
        names = [" ".join(font(10, bold=bold).getname()) for bold in (False, True)]  # type: ignore[arg-type]
    except OSError as error:
        return ill(
            f"The letters of pictures, which matplotlib brings, cannot be read ({error}): install matplotlib anew."
        )
    return well(" and ".join(names))


def sound(named: str) -> Remark:
    """The synthesizer, and its bank of sounds."""
    bank = Path(named) if named else default_sound_bank()
    if importlib.util.find_spec("midirenderer") is None:
        return care("There is no synthesizer (midirenderer) for this machine: cards come without sound, and say so.")
    try:
        with bank.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        how = "set KANTOR_SOUND_BANK to an .sf2 file" if named else "install pretty_midi anew"
        return ill(f"{bank} cannot be read ({error.strerror}): {how}.")
    if head[:4] != b"RIFF" or head[8:] != b"sfbk":
        return ill(f"{bank} is no SoundFont: KANTOR_SOUND_BANK must name an .sf2 file.")
    return well(str(bank))


def disk(folder: Path) -> Remark:
    """Room in the data folder."""
    there = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(there).free
    size = f"{decimal(free / 1e9, 1)} GB free below {folder}"
    if free < FREE_TOO_LITTLE:
        return ill(f"{size}: make room, a full disk takes no ratings down.")
    return care(f"{size}: 1,000 compositions take about 1 GB.") if free < FREE_ENOUGH else well(size)


def rights(folder: Path, beside: Sequence[Path]) -> Remark:
    """Who may read the data folder, the key in it, and the files that hold settings."""
    secrets = [path for path in (folder, folder / "secret.key", folder / "kantor.db", *beside) if path.exists()]
    open_ones = [str(path) for path in secrets if path.stat().st_mode & _OTHERS]
    if open_ones:
        return ill(f"Others on this machine may read {', '.join(open_ones)}: chmod go-rwx {' '.join(open_ones)}")
    return well(
        "only their owner reads " + ", ".join(map(str, secrets)) if secrets else "nothing is there yet that is secret"
    )


def key(given: str, file: Path, check: Callable[[], object], *, made: bool = True) -> Remark:
    """The key that seals passwords; ``made``: the file is made where it is missing."""
    if made and not given and not file.exists():
        return well(f"none yet: kantor run makes {file}, and you keep a copy of it apart from the database")
    check()  # raises ConfigurationError, whose sentence says what a key is
    return well("KANTOR_SECRET_KEY holds one" if given else f"{file} holds one: keep a copy apart from the database")


def tokens(given: Mapping[str, tuple[str, str]]) -> Remark:
    """Whether the tokens are there and of their kind; ``given``: by the setting's name what it should begin with, and what it is."""
    wrong = [
        f"{name} (it begins with {start})" for name, (start, token) in given.items() if not token.startswith(start)
    ]
    if wrong:
        raise ConfigurationError(f"Set {' and '.join(wrong)}: docs/slack.md shows where Slack has them.")
    return well("are there" if len(given) > 1 else "is there")
