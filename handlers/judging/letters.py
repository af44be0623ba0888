"""What judges read in their direct messages, and what organizers read of them."""

from __future__ import annotations

from bot.rules.phases import Round
from bot.usecases.judging.letters import (
    ConflictNews,
    FlagAlarm,
    FlagSettled,
    JudgeReleased,
    JudgesNoMore,
    JudgeWelcome,
    JudgingDigest,
    JudgingGoesOn,
    JudgingHeld,
    OneScoreWord,
    PaceWord,
    PieceStands,
    PieceWithdrawn,
    PracticeInvitation,
    PracticeWaits,
    RatingEntered,
    RatingInvitation,
    RatingsDone,
    RatingsRestored,
    RatingStands,
    RatingsVoided,
    RecusalNews,
    RulesDocument,
    RulesFixed,
)
from handlers.ids import Action
from handlers.judging import views
from handlers.views import blocks as b
from handlers.views.buttons import rate_button, rules_file_button
from handlers.views.drawn import Drawn, draw, plainly, share_comment
from handlers.views.text import bullets, channel, code, count, mention, name, no_more, packed, sentence, typed, whose


@draw.register
def _invitation(message: RatingInvitation) -> Drawn:
    alias = name(message.alias)
    ears = "Listen to it above" if message.has_sound else "This machine cannot play it, so read its picture above"
    what = "is in the final of" if message.final else "in"
    lead = f"🎧 *{alias}* {what} *{name(message.contest_name)}*"
    back = " You skipped it before." if message.again else ""
    fresh = " Please rate it with fresh ears: what you gave before does not count here." if message.final else ""
    round_ = Round.FINAL if message.final else Round.PRELIMINARY
    rate = rate_button(message.submission_id, round_, f"Rate {message.alias}")
    buttons = [rate, views.piece_menu(message.submission_id)]
    return plainly(f"{lead}. {ears}, then rate it.{back}{fresh}", b.actions(buttons))


@draw.register
def _piece_stands(message: PieceStands) -> Drawn:
    alias = f"*{name(message.alias)}*"
    after = (
        f"it comes to you as *{name(message.now_called)}*, with an empty form"
        if message.now_called
        else "it is no longer there either"
    )
    text = {
        "skipped": f"⏭️ You put {alias} off: it comes back at the end."
        if message.undo
        else f"⏭️ You put {alias} off, and it has come back below.",
        "flagged": f"🚩 You flagged {alias}: an organizer looks at it first, and I tell you what comes of it.",
        "recused": f"🙋 You recused from {alias}, so it is not yours to rate."
        if message.undo
        else f"🙋 {alias} is not yours to rate any more.",
        "withdrawn": f"👋 {alias} was withdrawn by its composer, so there is nothing to rate.",
        "replaced": f"🔁 {alias} was replaced by another version: {after}.",
        "over": f"🏁 This round is over, so {alias} is not to be rated here any more.",
    }[message.standing]
    undo = [b.button("Undo", Action.UNDO_MARK, f"{message.standing}:{message.submission_id}")] if message.undo else []
    now = [rate_button(message.submission_id, message.round, f"Rate {message.alias} now", primary=False)]
    buttons = [*(now if message.standing == "skipped" and message.undo else []), *undo]
    return plainly(text, *([b.actions(buttons)] if buttons else []))


@draw.register
def _rules_fixed(message: RulesFixed) -> Drawn:
    contest = f"*{name(message.contest_name)}*"
    lead, then = (
        (
            f"📜 By these rules {contest} is judged:",
            "They are fixed now: whatever changes becomes another version, and I say it here.",
        )
        if message.version == 1
        else (
            f"📜 The rules by which {contest} is judged have changed. This is version {message.version}:",
            f"Version {message.version - 1} is kept, and each rating keeps the version that it was given under.",
        )
    )
    sealed = b.section(f"{then} SHA-256 of version {message.version}: {code(message.sha256)}")
    first, *rest = packed([sentence(each) for each in message.lines]) or [""]
    file = [b.actions([rules_file_button(message.channel_id)])] if message.channel_id else []
    return plainly(f"{lead}\n{first}", *map(b.section, rest), sealed, *file)


@share_comment.register
def _rules_comment(message: RulesDocument) -> str:
    return "\n".join(_document_words(message))


@draw.register
def _rules_document(message: RulesDocument) -> Drawn:
    lead, *rest = _document_words(message)
    return plainly(lead, *map(b.section, rest))


def _document_words(message: RulesDocument) -> list[str]:
    first = f"rules-{message.hashes[0][0]}.json" if message.hashes else "rules.json"
    older = (
        f" Of {count(message.older, 'older version')} an organizer has the text, in the export."
        if message.older
        else ""
    )
    return [
        f"📜 By these rules *{name(message.contest_name)}* is judged, each version as it was written down, with its SHA-256:",
        *packed([f"{code(f'rules-{version}.json')}  {code(sha256)}" for version, sha256 in message.hashes]),
        (
            f"To check one, save it and type {code(f'sha256sum {first}')} (on a Mac {code(f'shasum -a 256 {first}')}, on Windows"
            f" {code(f'certutil -hashfile {first} SHA256')}): it prints the hash that the channel read.{older}"
        ),
    ]


@draw.register
def _judges_no_more(message: JudgesNoMore) -> Drawn:
    what = f"*{name(message.alias)}* is not yours to rate" if message.alias else "there is nothing to do here"
    return plainly(f"👋 You do not judge *{name(message.contest_name)}* any more, so {what}.")


@draw.register
def _piece_withdrawn(message: PieceWithdrawn) -> Drawn:
    given = (
        "The rating that you gave it counts no more." if message.to_judge else f"{no_more(message.ratings, ' of it')}."
    )
    called = f"*{name(message.called, 200)}*" if message.piece is None else whose(message.piece)
    return plainly(f"👋 {called} in *{name(message.contest_name)}* was withdrawn by its composer. {given}")


@draw.register
def _rating_stands(message: RatingStands) -> Drawn:
    text = f"✅ You have rated *{name(message.alias)}*. You can change that until its round closes."
    change = rate_button(message.submission_id, message.round, "Change rating", primary=False)
    return plainly(text, b.actions([change, views.rated_menu(message.submission_id)]))


@draw.register
def _ratings_done(message: RatingsDone) -> Drawn:
    pieces = f"{message.total} of {message.total}"
    return plainly(
        f"🎉 That was the last one: you have rated {pieces} in *{name(message.contest_name)}*. Thank you for listening!"
        " You can change a rating with its button above until its round closes."
    )


@draw.register
def _released(message: JudgeReleased) -> Drawn:
    return plainly(
        f"👋 {mention(message.by)} has taken you off the judges of *{name(message.contest_name)}*, so there is nothing to rate for"
        " you there any more. If that is a mistake, please tell them."
    )


@draw.register
def _held(message: JudgingHeld) -> Drawn:
    pieces = "The piece that I sent you" if message.pieces == 1 else f"The {message.pieces} pieces that I sent you"
    waits = "waits" if message.pieces == 1 else "wait"
    if message.final:
        return plainly(
            f"↩️ The final of *{name(message.contest_name)}* began too early, sorry. {pieces} for it {waits}, and the first"
            " round goes on: you can still change your ratings."
        )
    return plainly(
        f"↩️ The judging of *{name(message.contest_name)}* began too early, sorry. {pieces} {waits} with you."
        " I write when you can rate; nothing to do until then."
    )


@draw.register
def _goes_on(message: JudgingGoesOn) -> Drawn:
    pieces = "The piece above can" if message.pieces == 1 else f"The {message.pieces} pieces above can"
    return plainly(f"🎧 Now the judging of *{name(message.contest_name)}* has begun for good. {pieces} be rated.")


@draw.register
def _judge_welcome(message: JudgeWelcome) -> Drawn:
    soon = (
        "Your first piece follows in a moment."
        if message.judging
        else "When the judging begins I send you the pieces here, a few at a time. Nothing to do until then."
    )
    if message.practice:
        after = (
            "and the first pieces follow."
            if message.judging
            else "and you are ready for the day when the judging begins."
        )
        soon = f"Two practice pieces come first, in a moment; they count nowhere. Try them or skip them, {after}"
    names = (
        "You will not see who wrote what, and" if message.blind else "The pieces come under their composers' names; you"
    )
    text = (
        f"👋 {mention(message.added_by)} made you a judge of *{name(message.contest_name)}* in {channel(message.channel_id)}."
        f" {names} never get a piece of your own. {soon}"
    )
    tenets = (
        [b.section(f"*What we go by*\n{bullets(tuple(typed(line) for line in message.tenets.splitlines()))}")]
        if message.tenets
        else []
    )
    buttons = [views.how_to_judge_button(message.contest_id), views.conflicts_button(message.contest_id)]
    more = [b.actions(buttons)] if message.contest_id else []
    return plainly(text, *tenets, *more)


@draw.register
def _practice(message: PracticeInvitation) -> Drawn:
    contest = f"*{name(message.contest_name)}*"
    if message.done:
        text = f"🎓 The practice for {contest} is done. The form is the same for all pieces."
        return plainly(text, b.actions([views.compare_button(message.contest_id)]))
    titles = " and ".join(f"“{name(title)}”" for title in (message.title, *message.others))
    what, look = ("Two practice pieces", "them") if message.others else ("Practice piece", "it")
    ears = f"Listen to {look} above" if message.has_sound else f"Look at {look} above"
    text = (
        f"🎓 *{what}* for {contest}: {titles}. {ears}, then try the form. What you give here counts nowhere; afterwards you see it beside what"
        " the others gave."
    )
    return plainly(text, b.actions(views.practice_buttons(message.contest_id)))


@draw.register
def _practice_waits(message: PracticeWaits) -> Drawn:
    text = (
        f"🎧 The judging of *{name(message.contest_name)}* has begun, and pieces wait for you."
        " Try the form by the practice above first, or begin at once."
    )
    if message.done:
        return plainly(
            f"🎧 The judging of *{name(message.contest_name)}* has begun: the pieces come here, a few at a time."
        )
    return plainly(text, b.actions(views.practice_buttons(message.contest_id)))


@draw.register
def _digest(message: JudgingDigest) -> Drawn:
    left = f"{count(message.left, 'piece')} of {message.total}"
    verb = "waits" if message.left == 1 else "wait"
    text = f"🎧 Today {left} in *{name(message.contest_name)}* {verb} for you. It takes about two minutes a piece."
    if message.practice:
        return plainly(text, b.actions(views.practice_buttons(message.contest_id)))
    go_on = (
        [rate_button(message.submission_id, message.round, f"Rate {message.alias}")] if message.submission_id else []
    )
    return plainly(text, b.actions([*go_on, views.queue_button(message.contest_id)]))


@draw.register
def _pace(message: PaceWord) -> Drawn:
    text = (
        f"👋 How is the listening going? You have rated {message.done} of {count(message.total, 'piece')} in *{name(message.contest_name)}*; most"
        " of the others are past the middle. There is no hurry, and a rating counts the same whenever it comes.\n"
        "Too little time after all? That happens. *Pause* as long as you like, or tell an organizer: what you have not begun can go to others."
        " I say this once only; the organizers see how far everybody is."
    )
    buttons = [views.queue_button(message.contest_id), b.button("Pause", Action.JUDGE_PAUSE, message.contest_id)]
    return plainly(text, b.actions(buttons))


@draw.register
def _one_score(message: OneScoreWord) -> Drawn:
    text = (
        f"👋 So far all your {count(message.ratings, 'rating')} in *{name(message.contest_name)}* have a *{message.score:g}* in everything. They count as"
        " they are, and perhaps you mean them so.\nOnly: where every piece gets the same, the order of the pieces is left to the other judges. If you"
        " heard differences, here you can compare your ratings and change any of them. I say this once only; the organizers can see it, too."
    )
    buttons = [views.ratings_button(message.contest_id), views.how_to_judge_button(message.contest_id)]
    return plainly(text, b.actions(buttons))


@draw.register
def _flag(message: FlagAlarm) -> Drawn:
    if message.taken_back:
        return plainly(
            f"↩️ {mention(message.judge)} took the flag on *{name(message.alias)}* in *{name(message.contest_name)}* back. Nothing to settle."
        )
    told = f" For your eyes: it is {whose(message)}." if message.name else ""
    text = (
        f"🚩 {mention(message.judge)} flags *{name(message.alias)}* in *{name(message.contest_name)}*:"
        f" {views.FLAG_WORDS.get(message.what, message.what)}.{told}\n"
        f"> {name(message.reason, 2000)}\n"
        "The piece is not sent to this judge until one of you has looked at it."
    )
    return plainly(text, b.actions([b.button("Settle this", Action.SETTLE_FLAG, message.mark_id, primary=True)]))


@draw.register
def _flag_settled(message: FlagSettled) -> Drawn:
    then = "It comes back to you." if message.comes_back else "You need not rate it."
    note = f"\n> {name(message.note, 2000)}" if message.note else ""
    return plainly(
        f"🚩 An organizer has looked at *{name(message.alias)}* in *{name(message.contest_name)}*. {then} Thank you for telling us.{note}"
    )


@draw.register
def _recusal(message: RecusalNews) -> Drawn:
    judge, contest = mention(message.judge), name(message.contest_name)
    if message.taken_back:
        return plainly(
            f"↩️ {judge} took the recusal from *{name(message.alias or '')}* in *{contest}* back, and rates it after all."
        )
    what = "judges no more" if message.alias is None else f"will not rate *{name(message.alias)}*"
    kept = ""
    if message.rated:
        counts = "still count" if message.counted else "are kept and no longer count"
        ratings = (
            "The rating that was given" if message.alias else f"The {count(message.rated, 'rating')} that were given"
        )
        if message.rated == 1:
            ratings, counts = (
                "The rating that was given",
                "still counts" if message.counted else "is kept and no longer counts",
            )
        kept = f" {ratings} {counts}."
    return plainly(f"🙋 {judge} {what} in *{contest}*.{kept}\n> {name(message.reason, 2000)}")


@draw.register
def _conflict(message: ConflictNews) -> Drawn:
    contest, why = f"*{name(message.contest_name)}*", views.CONFLICT_WORDS.get(message.reason) or name(message.reason)
    whom = ", ".join(mention(author) for author in message.authors)
    kept = f" {no_more(message.rated, ' of it')}." if message.rated else ""
    if message.to_judge:
        return plainly(
            f"🙋 {mention(message.by)} says that you should not judge what {whom} wrote in {contest} ({why}), so it does not come to you.{kept}"
            " If that is a mistake, please tell them."
        )
    said = "" if message.by == message.judge else f" {mention(message.by)} says so."
    return plainly(
        f"🙋 {mention(message.judge)} hears nothing by {whom} in {contest} ({why}).{said}{kept} The other judges do."
    )


@draw.register
def _voided(message: RatingsVoided) -> Drawn:
    contest, why = f"*{name(message.contest_name)}*", f"\n> {name(message.reason, 1000)}"
    if message.to_judge:
        return plainly(
            f"👋 {mention(message.by)} has decided that you judge {contest} no more, and that what you gave counts no more."
            f" The reason:{why}\nIf that is a mistake, please tell them: until the end it can be taken back."
        )
    text = f"🙅 {mention(message.by)} let {mention(message.judge)} go as a judge of {contest}: {no_more(message.ratings)}.{why}"
    undo = b.button("Take it back", Action.RESTORE_JUDGE, f"{message.contest_id}:{message.judge}")
    return plainly(text, b.actions([undo]))


@draw.register
def _restored(message: RatingsRestored) -> Drawn:
    contest, ratings = f"*{name(message.contest_name)}*", count(message.ratings, "rating")
    if message.to_judge:
        again = " You judge again, and your pieces follow." if message.judges_again else ""
        return plainly(
            f"↩️ {mention(message.by)} has taken it back: what you gave in {contest} counts again.{again} Sorry for the trouble!"
        )
    return plainly(
        f"↩️ {mention(message.by)} has taken it back: what {mention(message.judge)} gave in {contest} counts again ({ratings})."
    )


@draw.register
def _entered(message: RatingEntered) -> Drawn:
    did = "changed your rating of" if message.changed else "wrote down a rating of yours for"
    scores = "\n".join(f"•  {name(each.title)}: {name(each.label)}" for each in message.scores)
    comment = f"\nComment: {name(message.comment, 1000)}" if message.comment else ""
    text = (
        f"✍️ {mention(message.organizer)} {did} *{name(message.alias)}* in *{name(message.contest_name)}*."
        f" Reason: {name(message.reason, 1000)}\n{scores}{comment}"
    )
    if not message.changeable:
        return plainly(text)
    text = f"{text}\nIf that is not what you mean, change it: your word counts."
    return plainly(text, b.actions([rate_button(message.submission_id, message.round, "Change rating")]))
