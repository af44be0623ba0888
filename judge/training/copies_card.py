"""The copy check's part of CARD.md."""

from typing import Any

from judge.training.cardparts import with_part

_TITLE = "## Copy check"
_SHOWN = 12

_WORDS = """Beside the judge, {version} (sha256 of the index `{sha256}`, {size:.2f} MB, {works} works) looks for passages that a piece shares with
Bach's works of the corpus, and with other submissions. It flags for people, and changes no score.

A fingerprint is a set of chains: five notes, each later and at another pitch than the one before, mostly neighbours in a voice. Of a chain
only a 16-bit hash of its four steps and four waits is kept, up to three chains a note. Chains that match at one distance in time vote
for an alignment, each with the bits that its rarity is worth. A piece is flagged where one alignment covers {coverage:.0%} of its notes, and
coverage times evidence is {strength:.0f} bits ({other_coverage:.0%} and {other_strength:.0f} bits where it was looked for at other note values). These thresholds were
set after earlier runs on crops of the same works (of short works the same crops): no false alarm below is what they were set for, not a
promise for all other music.

Nothing can be played from the index. It holds, for each half quarter note of a work, an unordered set of hashes: no pitch, no key, no
length of a note, no voice, no order within the half quarter. There are some 2,500 million chains of usual rhythm, so each hash stands for
about 38,000 of them.

Copies of crops of up to eight bars (at least {fewest} notes), by what was done to them:

| | Bach: crops | flagged | right work first | submissions: crops | flagged | right one first |
|---|---|---|---|---|---|---|
{rows}

False alarms (crops asked / flagged):

{false}

"Other submissions" compares one crop of each work that is not Bach's with those of all others (nine of ten pairs). Tunes that two works
really share are counted as alarms, too. The index was built from whole works, so this says nothing of works that it does not hold. A
single voice taken out of four is often too little to be sure: of half of the voices some are missed. A copy of less than about half of a
piece is named among the nearest works, but not flagged."""


def with_copies(card: str, facts: dict[str, Any], size: int) -> str:
    """The card with this part anew."""
    return with_part(card, _TITLE, _text(facts, size))


def _text(facts: dict[str, Any], size: int) -> str:
    figures = facts["figures"]
    return _WORDS.format(
        version=facts["version"],
        sha256=facts["sha256"],
        size=size / 1e6,
        works=len(facts["works"]),
        rows="\n".join(_row(name, figures) for name in figures["copies of Bach"]),
        false="\n".join(_alarms(name, figures[name]) for name in ("not Bach", "patterns", "other submissions")),
        **facts["thresholds"],
    )


def _row(name: str, figures: dict[str, Any]) -> str:
    both = (figures["copies of Bach"][name], figures["copies of a submission"][name])
    cells = [cell for row in both for cell in (str(row["crops"]), f"{row['flagged']:.3f}", f"{row['named']:.3f}")]
    return f"| {name} | " + " | ".join(cells) + " |"


def _alarms(name: str, row: dict[str, Any]) -> str:
    which = "".join(f"\n  - {each}" for each in row["which"][:_SHOWN])
    if len(row["which"]) > _SHOWN:
        which += f"\n  - and {len(row['which']) - _SHOWN} more in copies-1.json"
    return f"- {name}: {row['asked']} / {row['alarms']}{which}"
