"""What failed for good, as an organizer meets it: below the status, with two buttons for each."""

from __future__ import annotations

from models.jobs import JobState
from tests.makers.stage import CHANNEL, Stage, eventually


def failed_export(stage: Stage, number: int) -> str:
    """An export that Olive wanted, and that was given up; its id."""
    store, now = stage.database.store, stage.clock.now()
    job_id = f"{number:032x}"
    with store.write() as work:
        contest = work.contests.newest_first()[0]
        args = {"contest_id": contest.id, "user_id": stage.olive.id, "what": "contest", "folder": job_id}
        work.jobs.enqueue(job_id, "export", f"export:{number}", args, now, owner=stage.olive.id, contest_id=contest.id)
        job = work.jobs.get(job_id)
        assert job is not None
        job.state, job.taken_at, job.attempts = JobState.FAILED, now, 6
    return job_id


def test_an_organizer_tries_one_again_and_drops_another(stage: Stage) -> None:
    """The first is done then; of the second the person whom it was for is told."""
    stage.contest()
    failed_export(stage, 1)
    failed_export(stage, 2)
    stage.olive.command(CHANNEL, "/kantor status")
    message = stage.olive.wait_for_ephemeral(CHANNEL, "2 jobs failed for good")
    stage.olive.click(message, "failed_jobs")
    window = stage.olive.wait_for_view("reference")
    stage.olive.click(window, "job_again")
    window = stage.olive.wait_for_view(lambda view: str(view).count("job_again") == 1)
    stage.olive.click(window, "job_drop")
    stage.olive.wait_for_view("Nothing is left here")
    dm = stage.olive.open_dm()
    eventually(lambda: said(stage, dm, "decided not to try it again"), "the news for whom it was")
    eventually(lambda: said(stage, dm, "Everything of"), "the export")


def said(stage: Stage, channel: str, words: str) -> bool:
    return any(words in message["text"] for message in stage.slack.all_messages(channel))
