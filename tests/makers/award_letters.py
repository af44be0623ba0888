"""One of each letter about ceremonies, certificates and prizes, with given words wherever people's words go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.rules.awards import AwardKind
from bot.rules.ceremony import Act
from bot.usecases.awards.letters import (
    CeremonyPause,
    CertificateLetter,
    ConsentAsked,
    Panel,
    PrizeWon,
    ResultsFile,
    Reveal,
    Revealed,
    StepTold,
)

if TYPE_CHECKING:
    from bot.usecases.messages import Message

AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)


def award_letters(text: str, many: tuple[str, ...]) -> list[Message]:
    """All kinds, and the variants whose words differ."""
    winner = Revealed(title=text, user_id="U0ADA", called=text, prize=text)
    judge = Revealed(title="", user_id="U0JUDY", called=text)
    steps = (
        StepTold(act=Act.WELCOME, heading="Welcome"),
        StepTold(act=Act.AI, heading=text, place=3, winners=(winner,) * 30, below=text),
        StepTold(act=Act.AWARD, heading=text, award=AwardKind.EAR, winners=(judge,), below=text, explained=text),
        StepTold(act=Act.MAIN, heading=text, place=12, winners=(winner,), below=text),
    )
    panel = Panel(
        contest_name=text, ceremony_id="c" * 32, turn=3, rehearsal=False, channel_id="C0COMPOSERS", at=0, shown=0, total=40,
        paused=False, now=None, following=steps[0], program=many,
    )  # fmt: skip
    return [
        *(
            Reveal(contest_name=text, step=step, pieces=9, composers=7, judges=3, rehearsal=rehearsal)
            for step in steps
            for rehearsal in (False, True)
        ),
        *(CeremonyPause(contest_name=text, goes_on=goes_on, rehearsal=goes_on) for goes_on in (False, True)),
        panel,
        *(
            panel.model_copy(update={"at": 2, "shown": 3, "now": steps[1], "following": steps[2], "program": (), **changes})
            for changes in (
                {}, {"paused": True}, {"following": None}, {"following": None, "rehearsal": True}, {"ended": True},
                {"ended": True, "shown": 40},
            )
        ),
        ConsentAsked(contest_name=text, by="U0OLIVE", channel_id="C0COMPOSERS"),
        ResultsFile(contest_name=text, sha256="f" * 64, settled_at=AT),
        CertificateLetter(contest_name=text, honour=text, title=text, alt_text=text),
        CertificateLetter(contest_name=text, honour=text, title="", alt_text=text),
        PrizeWon(contest_name=text, prize_id="p" * 32, what=text, honour=text, organizers=("U0OLIVE",) * 9),
        PrizeWon(contest_name=text, prize_id="p" * 32, what=text, honour="", organizers=(), state="received"),
    ]  # fmt: skip
