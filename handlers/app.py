"""The Bolt app, with all of its listeners; ``handlers.commands`` is the table of what people can ask for."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from slack_bolt.listener.listener_completion_handler import CustomListenerCompletionHandler

from handlers import payloads
from handlers.accounts.listeners import AccountListeners, PoolListeners
from handlers.awards.listeners import CeremonyListeners, PrizeListeners
from handlers.boards.listeners import BoardListeners, CoverageListeners, FeedbackListeners
from handlers.complaints import Complaints
from handlers.contests.listeners import ContestListeners, EditListeners, StaffListeners, UndoListeners
from handlers.ids import APART
from handlers.judging.listeners import BehalfListeners, JudgeListeners, MarkListeners, PanelListeners, RatingListeners
from handlers.letters import draw
from handlers.people.homescreens import HomeScreens
from handlers.people.listeners import (
    CallListeners,
    CardListeners,
    DutyListeners,
    HomeListeners,
    RuleListeners,
    StarterListeners,
)
from handlers.reception import Reception
from handlers.records.listeners import RecordListeners
from handlers.routes import Routes, taken
from handlers.slack.clients import library_logger, quieten_libraries, timely
from handlers.slack.newer import NewerBlocks
from handlers.slack.prompt import Hands, PromptApp
from handlers.submissions.listeners import HandInListeners, LateListeners, SearchListeners, SubmissionListeners
from handlers.verdicts.listeners import VerdictListeners
from handlers.windows import with_windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App, BoltRequest

    from bot.usecases.services import Services
    from handlers.slack.clients import TimelyClient

THREADS = 50
"""Bolt's own default is 5: with 5 busy listeners the sixth command would not be acknowledged within Slack's 3 seconds."""


def new_reference() -> str:
    """8 characters that a person can quote."""
    return secrets.token_hex(4)


def build_app(  # noqa: PLR0913 - parts that the bot shares with others
    client: TimelyClient,
    services: Services,
    reference: Callable[[], str] = new_reference,
    screens: HomeScreens | None = None,
    missed: Callable[[], None] = lambda: None,
    *,
    newer: NewerBlocks | None = None,
    database_is_out: Callable[[BaseException], bool] = lambda _: False,
) -> App:
    """The app, ready for a Socket Mode handler. Asks Slack once who it is (``auth.test``).

    Args:
        client: Made by ``handlers.clients.asking_client``.
        services: The use cases.
        reference: Makes the references of unforeseen errors.
        screens: Publishes Home tabs, where somebody else uses it, too.
        missed: Called where an upload could not be written down.
        newer: Knows which of Slack's newer blocks this workspace takes, where somebody else asks it, too.
        database_is_out: Tells of an error whether it was the database that could not answer.
    """
    quieten_libraries()
    executor = Hands(THREADS, thread_name_prefix="listener")
    app = PromptApp(name="kantor", client=client, logger=library_logger(), executor=executor)
    app.error(Complaints(reference, database_is_out).answer)
    app.use(_legible)
    app.use(timely(client))
    app.use(with_windows(executor))
    screens = screens or HomeScreens(services.people, client, services.clock)
    newer = newer or NewerBlocks()
    home = HomeListeners(services.people, services.onboarding, services.answers, screens, draw)
    app.listener_runner.listener_completion_handler = CustomListenerCompletionHandler(app.logger, home.acted)
    routes = Routes(app, Reception(newer, home.other))
    form = RatingListeners(services.ratings, services.judging)
    routes.take(home, form, *_listeners(services, newer))
    # Criteria are the contest's own: what is filled in is known by the mark in the ids of its blocks.
    routes.inputs(re.compile(APART), form.keep)
    _events(routes, services, home, missed)
    return app


def _legible(req: BoltRequest, next_: Callable[[], None]) -> None:
    req.body = payloads.legible(req.body)
    next_()


def _listeners(services: Services, newer: NewerBlocks) -> tuple[object, ...]:
    """Who listens; each method says to what (``handlers.routes.on``)."""
    return (
        ContestListeners(services.contests, services.people, services.directory, services.clock),
        EditListeners(services.editing),
        UndoListeners(services.undoing),
        StaffListeners(services.staff, services.voiding, services.recruiting),
        AccountListeners(services.accounts, services.reissues),
        PoolListeners(services.pools, services.accounts, services.reissues),
        RecordListeners(services.exports, services.trails, services.erasure, services.failures),
        BoardListeners(services.boards, services.freezing, newer),
        CoverageListeners(services.coverage),
        FeedbackListeners(services.feedback),
        CeremonyListeners(services.finalizing, services.revealing, services.certificates),
        PrizeListeners(services.prizes),
        CallListeners(services.calls, services.nudges),
        DutyListeners(services.recruiting, services.volunteering),
        JudgeListeners(services.judging, services.practice),
        MarkListeners(services.marks, services.judging),
        PanelListeners(services.panels, services.conflicts, services.judging),
        BehalfListeners(services.behalf),
        HandInListeners(services.hand_ins, services.compositions),
        LateListeners(services.late_files, services.extensions),
        SearchListeners(services.search, services.corrections),
        StarterListeners(services.starter),
        RuleListeners(services.rulebook),
        CardListeners(services.cards),
        VerdictListeners(services.explanations),
    )


def _events(routes: Routes, services: Services, home: HomeListeners, missed: Callable[[], None]) -> None:
    """Bolt acknowledges events before their listeners run, so what must not be lost is done by middleware, before that."""
    uploads = SubmissionListeners(services.submissions, services.mishaps, missed)
    routes.app.event("app_home_opened")(home.opened)
    routes.app.event({"type": "message", "subtype": "file_share"}, middleware=[uploads.receive])(taken)
    routes.app.event({"type": "message", "subtype": None}, middleware=[home.words])(taken)
    routes.events({"file_deleted": uploads.file_deleted})
    routes.events({"channel_archive": uploads.archived})
    routes.events({"group_archive": uploads.archived})
    routes.events({"member_joined_channel": home.joined})
    # Edits, deletions, joins: subscribed together with the rest, and delivered four times unless somebody takes them.
    routes.app.event("message")(taken)
