"""The ``kantor`` command. Each command imports what it needs when it is called: ``kantor judge`` starts within a second."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import ConfigurationError, Refusal

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    name="kantor",
    help="Kantor runs a whole AI music competition inside Slack.",
    no_args_is_help=True,
    rich_markup_mode=None,  # rich costs `kantor --help` as much time as all the rest
    pretty_exceptions_enable=False,  # its tracebacks show local variables, and one could be a token
    context_settings={"help_option_names": ["-h", "--help"]},
)
accounts = typer.Typer(help="The pool of accounts that participants get.", no_args_is_help=True)
app.add_typer(accounts, name="accounts")
aws = typer.Typer(help="What Kantor needs in AWS.", no_args_is_help=True)
app.add_typer(aws, name="aws")
audit = typer.Typer(help="What was done in a contest, as a chain that nobody can change unseen.", no_args_is_help=True)
app.add_typer(audit, name="audit")
keys = typer.Typer(help="The keys that passwords in the database are sealed with.", no_args_is_help=True)
app.add_typer(keys, name="vault")


@app.callback()
def one_thread() -> None:
    """Arithmetic on one thread, in this process and all that it starts.

    numpy begins a thread for each core else. What is reckoned here is small: they would wait for each other, and fair scores of 1,000 compositions
    took 144 ms of processor time in the place of 81.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def settings() -> Settings:
    """The settings of the environment; ends with a sentence where one of them cannot be."""
    from pydantic import ValidationError  # noqa: PLC0415 - see the module's docstring

    from bot.settings import Settings  # noqa: PLC0415 - see the module's docstring

    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise stop(f"A setting cannot be: {wrong}. docs/settings.md lists them all.") from None


def log_here() -> None:
    """What the demo and the sandbox log reads as what the bot beside them logs: warnings, where nobody asks for more."""
    from bot.logs import configure_logs  # noqa: PLC0415 - see the module's docstring

    try:
        configure_logs(os.environ.get("KANTOR_LOG_LEVEL", "WARNING"))
    except ConfigurationError as error:
        raise stop(str(error)) from None


PortOption = Annotated[int, typer.Option(help="Port of the page on 127.0.0.1.")]


def stop(sentence: str) -> typer.Exit:
    """Tell the operator what to change, and end with exit status 2."""
    typer.echo(sentence, err=True)
    return typer.Exit(2)


@app.command()
def demo(
    port: PortOption = 8181,
    data: Annotated[Path, typer.Option(help="Folder that keeps the demo between two starts.")] = Path("var/demo"),
    reset: Annotated[bool, typer.Option("--reset", help="Start anew: forget the last demo.")] = False,
    postgres: Annotated[
        bool, typer.Option("--postgres", help="On PostgreSQL: a server of its own, or the one of KANTOR_DATABASE_URL.")
    ] = False,
) -> None:
    """A whole contest on this machine, in your browser. A sandbox Slack is there already: no account anywhere."""
    from bot.demo.supervisor import run_demo  # noqa: PLC0415 - see the module's docstring

    log_here()
    try:
        run_demo(port=port, data=data, reset=reset, postgres=postgres)
    except ConfigurationError as error:
        raise stop(str(error)) from None


@app.command()
def rehearse(  # noqa: PLR0913 - each is an option of the command
    *,
    entries: Annotated[int, typer.Option(min=6, max=500, help="How many people compose.")] = 60,
    judges: Annotated[int, typer.Option(min=2, max=50, help="How many judge.")] = 8,
    seed: Annotated[int, typer.Option(help="Another number: other music, other tastes.")] = 1,
    small: Annotated[bool, typer.Option("--small", help="8 people compose, 3 judge: a minute or two.")] = False,
    report: Annotated[Path, typer.Option(help="The report to write (Markdown).")] = Path("rehearsal-report.md"),
    keep: Annotated[Path | None, typer.Option(help="New folder that keeps the rehearsal's data; else they go.")] = None,
) -> None:
    """Play a whole event with simulated people, with crashes and late files, and say yes or no. Touches no Slack and no data of yours."""
    from bot.rehearsal.play import SMALL  # noqa: PLC0415 - see the module's docstring
    from bot.rehearsal.play import rehearse as play  # noqa: PLC0415 - see the module's docstring
    from bot.rehearsal.record import Record  # noqa: PLC0415 - see the module's docstring
    from bot.rehearsal.report import verdict  # noqa: PLC0415 - see the module's docstring

    entries, judges = SMALL if small else (entries, judges)
    typer.echo(f"A rehearsal with {entries} composers and {judges} judges. Your Slack and your data are not touched.")
    record = Record(entries, judges, seed, typer.echo)
    try:
        well = play(record, report, keep)
    except ConfigurationError as error:
        raise stop(str(error)) from None
    typer.echo(f"{verdict(record)}\nThe report: {report}")
    if not well:
        raise typer.Exit(1)


@app.command()
def run(
    *,
    http: Annotated[
        bool,
        typer.Option("--http", help="Slack sends signed requests to KANTOR_HTTP_ADDRESS, as KANTOR_TRANSPORT=http."),
    ] = False,
) -> None:
    """Run the bot on your Slack workspace. It takes SLACK_BOT_TOKEN, and SLACK_APP_TOKEN or (with --http) SLACK_SIGNING_SECRET."""
    from bot.settings import Transport  # noqa: PLC0415 - see the module's docstring
    from bot.wiring import run_bot  # noqa: PLC0415 - see the module's docstring

    given = settings()
    try:
        run_bot(given.model_copy(update={"transport": Transport.HTTP}) if http else given)
    except ConfigurationError as error:
        raise stop(str(error)) from None


@app.command()
def worker(
    jobs: Annotated[
        int, typer.Option(min=0, max=32, help="How many jobs are done side by side (0: KANTOR_WORKER_THREADS).")
    ] = 0,
) -> None:
    """Do the bot's jobs: check, judge, draw. On PostgreSQL only, with as many workers on as many machines as you like."""
    from bot.wiring import run_worker  # noqa: PLC0415 - see the module's docstring

    try:
        run_worker(settings(), jobs)
    except ConfigurationError as error:
        raise stop(str(error)) from None


@app.command()
def web() -> None:
    """Say how database and files are, and how much waits there (docs/metrics.md): for a machine without a bot. The bot says it, too."""
    from bot.wiring import run_web  # noqa: PLC0415 - see the module's docstring

    try:
        run_web(settings())
    except ConfigurationError as error:
        raise stop(str(error)) from None


@app.command()
def jobs(
    *,
    retry: Annotated[str, typer.Option(metavar="ID", help="Try this one again, as if it were new.")] = "",
    drop: Annotated[str, typer.Option(metavar="ID", help="Leave this one at that; whom it was for is told.")] = "",
) -> None:
    """List the jobs that failed for good. The beginning of an id names one."""
    from bot.wiring import failures  # noqa: PLC0415 - see the module's docstring

    if retry and drop:
        raise stop("Either --retry or --drop, please.")
    try:
        with failures(settings()) as use_case:
            if retry or drop:
                settled = use_case.settle(retry or drop, drop=bool(drop))
                typer.echo(f"{settled.reference}: {settled.what} {'is dropped' if drop else 'is tried again'}.")
                return
            failed = use_case.all()
            for job in failed:
                typer.echo(f"{job.job_id}  {job.at:%Y-%m-%d %H:%M} UTC  {job.what}")
            typer.echo(f"Jobs that failed for good: {len(failed)}.")
    except (Refusal, ConfigurationError) as error:
        raise stop(str(error)) from None


@app.command()
def migrate() -> None:
    """Bring the database to the present tables. Does nothing where it is there already."""
    from bot.wiring import migrate_database  # noqa: PLC0415 - see the module's docstring

    try:
        typer.echo(f"The database is up to date: {migrate_database(settings())}")
    except ConfigurationError as error:
        raise stop(str(error)) from None


@app.command()
def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="The archive to write: a tar file.")]) -> None:
    """Save the database and all files in one archive, while the bot runs. The secret key is not in it: keep a copy apart."""
    from bot.backups import back_up  # noqa: PLC0415 - see the module's docstring
    from bot.errors import Unavailable  # noqa: PLC0415 - see the module's docstring

    try:
        saved = back_up(settings(), file)
    except (Refusal, ConfigurationError, Unavailable) as error:
        raise stop(str(error)) from None
    typer.echo(f"{file}: {saved.in_words}. Each was read again, and is as it should be.")
    typer.echo(
        "The secret key that opens passwords is not in it: keep a copy of secret.key, or of KANTOR_SECRET_KEY, elsewhere."
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What kantor backup wrote.")],
    *,
    keep_files: Annotated[
        bool, typer.Option("--keep-files", help="The files may be there already: bring back those that are missing.")
    ] = False,
    erasures: Annotated[
        Path | None, typer.Option(help="A list by kantor erasures: who was erased since is erased again.")
    ] = None,
) -> None:
    """Bring a backup into an empty place, of SQLite or PostgreSQL, folder or S3: all of it, or nothing."""
    from bot.errors import Unavailable  # noqa: PLC0415 - see the module's docstring
    from bot.restores import restore as bring_back  # noqa: PLC0415 - see the module's docstring

    try:
        brought = bring_back(settings(), file, keep_files=keep_files, erasures=erasures)
    except (Refusal, ConfigurationError, Unavailable) as error:
        raise stop(str(error)) from None
    typer.echo(f"Restored: {brought.in_words}.")
    for note in brought.notes:
        typer.echo(note)


@app.command()
def erasures(file: Annotated[Path, typer.Argument(metavar="FILE", help="The list to write.")]) -> None:
    """Write down which erasures were done, without saying of whom, for a restore after the files are lost, too."""
    from bot.errors import Unavailable  # noqa: PLC0415 - see the module's docstring
    from bot.restores import list_erasures  # noqa: PLC0415 - see the module's docstring

    try:
        typer.echo(f"Erasures: {list_erasures(settings(), file)}.")
    except (Refusal, ConfigurationError, Unavailable) as error:
        raise stop(str(error)) from None


@app.command()
def doctor() -> None:
    """Is all well? Tokens, scopes, clock, database, storage, disk, rights, and the judge; each with how to mend it."""
    from bot.checkup import checkup  # noqa: PLC0415 - see the module's docstring
    from bot.doctor import examine, show  # noqa: PLC0415 - see the module's docstring

    if not show(examine(checkup(settings()))):
        raise typer.Exit(1)


@app.command()
def probe(
    channel: Annotated[
        str, typer.Argument(metavar="CHANNEL", help="Id of a channel with the app in it (C0123456789).")
    ] = "",
    out: Annotated[Path, typer.Option(help="Folder for report.md and report.json.")] = Path("var/probe"),
    *,
    manifest: Annotated[
        bool, typer.Option("--manifest", help="Print the manifest of an app for the probe alone.")
    ] = False,
) -> None:
    """Ask a real Slack, in a throwaway workspace, what no document settles; somebody there presses and looks, for five minutes."""
    from bot import probe_command as probing  # noqa: PLC0415 - see the module's docstring

    if manifest:
        typer.echo(probing.manifest())
        return
    if not channel:
        raise stop("Name the channel by its id: kantor probe C0123456789 (docs/slack.md shows the whole way).")
    try:
        report = probing.Probing(settings(), channel, tell=typer.echo).run()
    except ConfigurationError as error:
        raise stop(str(error)) from None
    probing.write(report, out)
    typer.echo(f"{len(report.answers)} answers, {len(report.different)} unlike the sandbox's: {out / 'report.md'}")


@app.command()
def manifest(
    request_url: Annotated[
        str, typer.Option(metavar="URL", help="Where Slack sends its requests: https://YOUR.HOST/slack/events.")
    ] = "",
) -> None:
    """Print the manifest of the Slack app: for Socket Mode, or with --request-url for signed HTTP."""
    from handlers.slack.manifest import manifest as made  # noqa: PLC0415 - see the module's docstring

    typer.echo(made(request_url))


@app.command()
def sandbox(  # noqa: PLR0913 - each is an option of the command
    port: PortOption = 8181,
    data: Annotated[Path, typer.Option(help="SQLite file that keeps the workspace.")] = Path("var/sandbox.db"),
    *,
    manifest: Annotated[Path | None, typer.Option(help="Slack app manifest: its scopes, events and commands.")] = None,
    seed: Annotated[Path | None, typer.Option(help="JSON file with the people and channels to begin with.")] = None,
    request_url: Annotated[
        str, typer.Option(help="Your app's request URL: signed HTTP in the place of Socket Mode.")
    ] = "",
    rate_limits: Annotated[bool, typer.Option(help="Answer 429 where Slack would.")] = True,
    without_blocks: Annotated[
        str, typer.Option(help="Types of blocks that have not come to this workspace yet, such as data_table,card.")
    ] = "",
    clock: Annotated[
        Path | None,
        typer.Option(
            help="File for the seconds that its clock was moved on by: KANTOR_SANDBOX_CLOCK of a bot beside it."
        ),
    ] = None,
) -> None:
    """A local Slack alone, for any Slack app. It has a page for your browser, the Web API, Socket Mode or signed HTTP."""
    from bot.sandbox.manifest import ManifestError  # noqa: PLC0415 - see the module's docstring
    from bot.sandbox.seeds import SeedError  # noqa: PLC0415 - see the module's docstring
    from bot.sandbox.server import PortBusyError, SandboxServer, run  # noqa: PLC0415 - see the module's docstring

    log_here()
    way = f"signed HTTP to {request_url}" if request_url else "Socket Mode"
    typer.echo(f"Page: http://127.0.0.1:{port}   Web API: http://127.0.0.1:{port}/api/   Events come by {way}.")
    typer.echo(
        f"Two people side by side: http://127.0.0.1:{port}/side   What goes over the wire: http://127.0.0.1:{port}/wire"
    )
    typer.echo(f"Bot token: {SandboxServer.bot_token}   app-level token: {SandboxServer.app_token}")
    typer.echo(f"Signing secret: {SandboxServer.signing_secret}   (they open nothing but this sandbox)")
    try:
        missing = frozenset(one.strip() for one in without_blocks.split(",") if one.strip())
        url = request_url or None
        run(
            data,
            port,
            manifest,
            seed=seed,
            request_url=url,
            rate_limits=rate_limits,
            without_blocks=missing,
            clock_file=clock,
        )
    except PortBusyError as error:
        raise stop(f"{error} Choose another one with --port.") from None
    except (SeedError, ManifestError) as error:
        raise stop(str(error)) from None


@app.command()
def judge(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="MIDI files, or folders of them.")],
    csv: Annotated[Path | None, typer.Option(help="Write the table to this file as CSV.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write one JSON object a line to this file ('-': here).")] = None,
    *,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what made each score, and which works of Bach are nearest.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="How many processes work side by side.")] = 1,
) -> None:
    """How much like Bach? Scores from 0 to 100, the highest first. A file that cannot be judged says why."""
    # Nearly all that is there at the end was loaded at the beginning: looking through it for garbage, on the way and at the end, takes a
    # fifth of judging one file.
    atexit.register(gc.freeze)
    gc.disable()
    from bot import judge_command as judging  # noqa: PLC0415 - see the module's docstring

    gc.freeze()
    gc.enable()
    try:
        files = judging.midi_files(paths)
    except Refusal as refusal:
        raise stop(refusal.sentence) from None
    judged = judging.judge_files(files, works=explain, jobs=jobs)
    with judging.Pile(whole=explain or json is not None) as pile:
        rows = judging.ranked(map(pile.put, judging.watched(judged, len(files))))
        if csv is not None:
            judging.write_csv(rows, csv)
        if json is not None and str(json) != "-":
            with json.open("w", encoding="utf-8") as lines:
                lines.writelines(judging.json_lines(rows, pile))
        if json is not None and str(json) == "-":
            sys.stdout.writelines(judging.json_lines(rows, pile))
            return
        judging.print_table(rows)
        if explain:
            judging.print_explanations(rows, pile)


@app.command()
def rejudge(
    contest: Annotated[str, typer.Argument(metavar="CONTEST", help="Short name (slug) of the contest.")],
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Let the new verdicts count, without asking.")] = False,
) -> None:
    """Judge a contest again with the present model. It shows what would change; all of it counts then, or nothing."""
    from bot.errors import Unavailable  # noqa: PLC0415 - see the module's docstring
    from bot.rejudge_command import rejudge_contest  # noqa: PLC0415 - see the module's docstring
    from bot.wiring import rejudging  # noqa: PLC0415 - see the module's docstring

    try:
        with rejudging(settings()) as use_case:
            rejudge_contest(use_case, contest, apply=apply)
    except (Refusal, ConfigurationError, Unavailable) as error:
        raise stop(str(error)) from None


@app.command()
def bundle(
    contest: Annotated[str, typer.Argument(metavar="CONTEST", help="Short name (slug) of the contest.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The zip to write; else CONTEST-results.zip here.")
    ] = None,
) -> None:
    """Write the results without names, as a file that anyone can check with kantor verify."""
    from bot.wiring import exporting  # noqa: PLC0415 - see the module's docstring

    there = file or Path(f"{contest}-results.zip")
    try:
        with exporting(settings()) as use_case:
            data = use_case.bundle(contest)
        there.write_bytes(data)
    except (Refusal, ConfigurationError) as error:
        raise stop(str(error)) from None
    except OSError as error:
        raise stop(f"{there} cannot be written: {error.strerror}.") from None
    typer.echo(f"{there}: {len(data):,} bytes. kantor verify {there} reckons all of it again.")


@app.command()
def report(
    contest: Annotated[str, typer.Argument(metavar="CONTEST", help="Short name (slug) of the contest.")],
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Where to write both files; else here.")] = Path(),
) -> None:
    """Write how fairly a contest was judged, on one page: CONTEST-fairness.html and .png."""
    from bot.wiring import exporting  # noqa: PLC0415 - see the module's docstring

    files = [folder / f"{contest}-fairness.{form}" for form in ("html", "png")]
    try:
        with exporting(settings()) as use_case:
            made = use_case.report(contest)
        for file, data in zip(files, (made.html, made.png), strict=True):
            file.write_bytes(data)
    except (Refusal, ConfigurationError) as error:
        raise stop(str(error)) from None
    except OSError as error:
        raise stop(f"{folder} cannot be written to: {error.strerror}.") from None
    typer.echo("\n".join(map(str, files)))


@app.command()
def verify(file: Annotated[Path, typer.Argument(metavar="FILE", help="A results bundle.")]) -> None:
    """Reckon a results bundle again, wherever it came from: yes, or exactly where it does not fit. No database, no network."""
    from bot.verify_command import verified  # noqa: PLC0415 - see the module's docstring

    try:
        fits, lines = verified(file)
    except ConfigurationError as error:
        raise stop(str(error)) from None
    for line in lines:
        typer.echo(line)
    if not fits:
        raise typer.Exit(1)


@accounts.command("import")
def import_accounts(
    file: Annotated[Path, typer.Argument(help="CSV: account_id, user_name, password, sign_in_url.")],
    contest: Annotated[str, typer.Option(help="Short name (slug) of the contest.")],
) -> None:
    """Put accounts into a contest's pool; those that are known already are left as they are."""
    from bot.wiring import import_pool  # noqa: PLC0415 - see the module's docstring

    try:
        imported = import_pool(settings(), contest, file)
    except (Refusal, ConfigurationError) as error:
        raise stop(str(error)) from None
    typer.echo(f"{imported.new} accounts added to the pool of {contest}, {imported.known} known already.")
    if imported.replaced or imported.stale:
        typer.echo(f"Of those given back {imported.replaced} have a new password, {imported.stale} still the old one.")
    typer.echo(f"Delete {file} now: the passwords are sealed in the database, and this file still shows them.")


@audit.command("verify")
def verify_audit(
    contest: Annotated[
        str, typer.Argument(metavar="[CONTEST]", help="Short name (slug) of the contest; else all.")
    ] = "",
    *,
    head: Annotated[str, typer.Option(metavar="HASH", help="A head that was posted, or that somebody kept.")] = "",
) -> None:
    """Is the trail as it was written down? Says yes with numbers and the head, or which entry does not fit."""
    from bot.wiring import audits  # noqa: PLC0415 - see the module's docstring

    try:
        with audits(settings()) as use_case:
            found = use_case.verify(contest, head)
    except (Refusal, ConfigurationError) as error:
        raise stop(str(error)) from None
    for each in found:
        typer.echo(f"{'yes' if each.fits else 'NO '}  {each.slug}: {each.sentence}")
    if not all(each.fits for each in found):
        raise typer.Exit(1)


@keys.command("status")
def key_status() -> None:
    """How many passwords are sealed with which key. Names of keys say nothing of them."""
    from bot.wiring import rotation  # noqa: PLC0415 - see the module's docstring

    try:
        with rotation(settings()) as use_case:
            found = use_case.status()
    except ConfigurationError as error:
        raise stop(str(error)) from None
    for each in found:
        what = "the present key" if each.is_present else "opens here" if each.is_known else "NOT KNOWN HERE"
        name, what = (each.name, what) if each.name else ("unnamed", "sealed before keys had names")
        typer.echo(f"{name:16}  {each.passwords:6}  {what}")


@keys.command("rotate")
def rotate_keys() -> None:
    """Seal all passwords anew with the present key, while the bot runs. Stopped in the middle, run it again."""
    from bot.wiring import rotation  # noqa: PLC0415 - see the module's docstring

    try:
        with rotation(settings()) as use_case:
            done = use_case.rotate()
    except ConfigurationError as error:
        raise stop(str(error)) from None
    typer.echo(f"Sealed anew with the present key: {done.sealed_anew}.")
    if done.unopened:
        raise stop(
            f"{done.unopened} do not open with any key at hand: name the key that sealed them in KANTOR_OPENING_KEYS."
        )


@aws.command("bootstrap")
def bootstrap_aws(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Make the changes without asking.")] = False,
    policy_name: Annotated[
        str, typer.Option(metavar="NAME", help="Make Kantor's policy in IAM, too, under this name.")
    ] = "",
) -> None:
    """Make the bucket of KANTOR_OBJECTS_URL as it should be. Shows a plan first; a second run changes nothing."""
    from bot.bootstrap_command import bootstrap_bucket  # noqa: PLC0415 - see the module's docstring
    from bot.wiring import bootstrap  # noqa: PLC0415 - see the module's docstring

    try:
        bootstrap_bucket(bootstrap(settings(), policy_name), apply=yes, has_policy=bool(policy_name))
    except ConfigurationError as error:
        raise stop(str(error)) from None
