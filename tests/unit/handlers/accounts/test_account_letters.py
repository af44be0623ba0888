"""Messages about accounts and data keep Slack's limits, call nobody, and say what to do next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.usecases.accounts import letters as accounts
from bot.usecases.accounts.accounts import AccountOffer, HadAccount, HeldAccount, Line, OpenRequest, Returning
from bot.usecases.accounts.pools import Imported, PoolAccount, PoolPlace, PoolRequest, PoolStatus, PoolWait
from bot.usecases.accounts.reissues import Decided
from bot.usecases.messages import Message
from bot.usecases.records import letters as records
from bot.usecases.records.erasure import ErasureDone, ErasurePreview
from bot.usecases.records.trails import PAGE, TrailEntry, TrailPage, TrailQuestion
from handlers import letters
from handlers.accounts import views as account_views
from handlers.accounts import views as pools
from handlers.records import views as record_views
from handlers.records import views as trail
from models.erasure import Traces
from tests.makers.account_letters import account_letters
from tests.unit.handlers.block_kit import problems_of_message, problems_of_view, words

if TYPE_CHECKING:
    from handlers.views.blocks import View

AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
LONG = "<!channel> & *Ünïcode* " * 60


def test_every_kind_has_an_example() -> None:
    """A new message is drawn and checked here, too."""
    kinds = {
        found
        for topic in (accounts, records)
        for found in vars(topic).values()
        if isinstance(found, type) and issubclass(found, Message) and found is not Message
    }
    assert kinds == {type(message) for message in account_letters("x")}


@pytest.mark.parametrize("message", account_letters(LONG), ids=lambda message: str(message.kind))
def test_letters_keep_slacks_limits(message: Message) -> None:
    """However long names are."""
    drawn = letters.draw(message)
    assert problems_of_message(drawn.text, list(drawn.blocks)) == []


@pytest.mark.parametrize("message", account_letters("<!channel> <@U9>"), ids=lambda message: str(message.kind))
def test_letters_call_nobody(message: Message) -> None:
    """Names cannot call a channel, nor anybody who is not meant."""
    drawn = letters.draw(message)
    shown = drawn.text + str(drawn.blocks) + (letters.share_comment(message) or "")
    assert [] == [call for call in ("<!channel>", "<@U9>") if call in shown]


def _pool(held: int, requests: int = 0, *, finished: bool = False, name: str = "Jam") -> PoolStatus:
    return PoolStatus(
        contest_id="c1",
        contest_name=name,
        finished=finished,
        size=held + 2,
        free=1,
        kept=1,
        low_water=held // 10 or -1,
        held=tuple(PoolAccount(f"acc-{n}", f"lab-{n}", f"U{n}", AT) for n in range(held)),
        returned=(PoolAccount("acc-x", "lab-x", None, AT),),
        waiting=tuple(PoolWait(f"U{n}", AT, AT if n == 0 else None) for n in range(held)),
        requests=tuple(PoolRequest(f"r{n}", f"U{n}", AT) for n in range(requests)),
        retired=0,
    )


def _entry(action: str, **facts: object) -> TrailEntry:
    return TrailEntry(AT, "U0OLIVE", action, facts, "Morning Tide" if "submission" in facts else "")


def _trail(text: str, entries: int = PAGE) -> TrailPage:
    question = TrailQuestion("c1", "U0ADA", text, 1)
    found = tuple(_entry("submission.renamed", submission="s1", before=text, after=text) for _ in range(entries))
    return TrailPage(text, question, found, more=True)


def _offer(held: HeldAccount | None = None, line: Line | None = None) -> AccountOffer:
    return AccountOffer("c1", LONG, LONG, held, line)


def _held(request: OpenRequest | None) -> HeldAccount:
    return HeldAccount(LONG, LONG, f"https://x.example/{'y' * 4000}", request)


TRACES = Traces(("c1",), 3, 2, 1, 1, 1, 2, 40)


@pytest.mark.parametrize(
    "view",
    [
        account_views.offer(_offer(line=Line(0, 0))),
        account_views.offer(_offer(line=Line(0, 12))),
        account_views.offer(_offer(line=Line(7, 12))),
        account_views.offer(_offer(_held(None))),
        account_views.offer(_offer(_held(OpenRequest("r1", AT, None)))),
        account_views.offer(_offer(_held(OpenRequest("r1", AT, AT)))),
        account_views.offer(AccountOffer("c1", LONG, LONG, None, had=HadAccount(LONG, LONG, AT, None))),
        account_views.offer(AccountOffer("c1", LONG, LONG, None, had=HadAccount(LONG, LONG, AT, AT))),
        account_views.asked_again(),
        account_views.ready_again("r1"),
        account_views.returning(Returning("c1", LONG, "a1", LONG, LONG)),
        account_views.returned(Returning("c1", LONG, "a1", LONG, LONG)),
        pools.pool_status(_pool(0)),
        pools.pool_status(_pool(1, 1, finished=True, name=LONG)),
        pools.pool_status(_pool(1000, 40)),
        pools.paste(PoolPlace("c1", LONG)),
        pools.paste(PoolPlace("c1", LONG), Imported(1, 2, 3, 4)),
        pools.pasted({"contest_id": "c1", "contest_name": LONG}, Imported(1, 2)),
        pools.decline("r1", "U1"),
        pools.said(pools.decided(Decided("r1", "c1", "U1", "U2", approved=True, by_now=True))),
        pools.retire(_pool(3, name=LONG)),
        pools.pool_retired(1),
        record_views.choosing(),
        record_views.rotation_ordered(LONG),
        record_views.erasing(ErasurePreview("U1", LONG, TRACES, (LONG,) * 3, (LONG,) * 3)),
        record_views.erased(ErasureDone(LONG, "erased-0a1b", 2)),
        record_views.asking(),
        record_views.asked(),
        trail.page(_trail(LONG)),
        trail.page(TrailPage("Jam", TrailQuestion("c1"), (), more=False)),
    ],
)
def test_views_keep_slacks_limits(view: View) -> None:
    """However long names and lists are, each view is one that Slack takes."""
    assert problems_of_view(view) == []


def test_a_pool_of_a_thousand_is_counted_where_it_does_not_fit() -> None:
    """The list ends with how many more there are."""
    assert "… and 800 more" in words(pools.pool_status(_pool(1000)))


def test_the_paste_never_carries_what_was_pasted() -> None:
    """Neither as an initial value nor in the facts: both would come back to us, and to whoever reads views."""
    view = pools.paste(PoolPlace("c1", "Jam"), Imported(1, 2, 3, 4))
    assert [] == [block for block in view["blocks"] if "initial_value" in block.get("element", {})]
    assert '{"contest_id": "c1", "contest_name": "Jam", "seen": "1/2/3/4"}' == view["private_metadata"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (_entry("account.claimed", account="1", user="lab"), "<@U0OLIVE> took account `1`, user `lab`"),
        (_entry("judge.added", judge="U0JUDY"), "<@U0OLIVE> made <@U0JUDY> a judge"),
        (_entry("rating.given", submission="s1"), "<@U0OLIVE> rated *Morning Tide*"),
        (_entry("submission.withdrawn", name="#jam-ada-Tide"), "<@U0OLIVE> withdrew #jam-ada-Tide"),
        (
            _entry("contest.edited", changes={"name": {"before": 1, "after": 2}, "<b>": {}}),
            "<@U0OLIVE> changed the contest's settings: name, &lt;b&gt;",
        ),
        (
            _entry("nudge.sent", to="judges", people=[f"U0J{n}" for n in range(9)]),
            f"<@U0OLIVE> reminded the judges who are behind: {', '.join(f'<@U0J{n}>' for n in range(8))}, 1 more",
        ),
        (_entry("contest.created"), "<@U0OLIVE> began the contest, `–`"),  # noqa: RUF001 - a dash for people
        (_entry("new.thing", a=1, b="<!here>", c={"d": 1}), "<@U0OLIVE>: `new.thing` (a: 1, b: &lt;!here&gt;)"),
        (TrailEntry(AT, "kantor", "submission.accepted", {"submission": "s"}, "Tide"), "I accepted *Tide*"),
        (TrailEntry(AT, "erased-0a1b", "account.waits", {}, ""), "_somebody (erased)_ joined the line for an account"),
    ],
)
def test_the_trail_is_in_sentences(entry: TrailEntry, said: str) -> None:
    """Known actions as people say them, unknown ones with their facts, nobody called by a fact."""
    assert said == trail.entry_sentence(entry)


def test_the_trail_calls_nobody() -> None:
    """Titles and search words are people's."""
    assert "<!channel>" not in words(trail.page(_trail("<!channel>")))
