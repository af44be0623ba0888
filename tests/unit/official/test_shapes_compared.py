"""The comparison with official samples: what counts as a difference, and what the list of reasons may say."""

from __future__ import annotations

from pathlib import Path

from tests.official.shapes_compared import Allowed, Difference, differences, outdated, read_allowed, unlisted

REASONS = Path(__file__).parents[2] / "official" / "slack_differences.toml"
SAMPLE = {"ok": False, "channel": {"id": "C00000000", "name": ""}, "users": [{"id": ""}], "error": ""}


def found(*ours: object) -> list[tuple[str, str]]:
    """Kind and place of each difference from the sample."""
    return [(one.kind, one.path) for one in differences("sample", SAMPLE, ours)]


def test_payloads_of_one_kind_are_taken_together() -> None:
    """A key that one of them has is there."""
    assert [] == found({"ok": True, "channel": {"id": "C1", "name": "x"}, "users": [{"id": "U1"}]}, {"error": "no"})


def test_a_key_too_many_a_key_too_few_and_another_type() -> None:
    """All three are told, each once, at the place where it is."""
    ours = {"ok": True, "channel": {"id": "C1", "colour": {"red": 1}}, "users": [{"id": 5}], "error": ""}
    assert [("added", "channel.colour"), ("left_out", "channel.name"), ("type", "users.#.id")] == found(ours)


def test_null_is_a_type_of_its_own() -> None:
    """Slack's null has to be listed with its reason."""
    assert ("type", "error") in found({**SAMPLE, "error": None})


def test_ids_as_keys_are_one_place() -> None:
    """A file's shares by channel are compared whichever channel it is."""
    sample = {"shares": {"public": {"C00000000": [{"ts": ""}]}}}
    assert [] == list(differences("sample", sample, [{"shares": {"public": {"C0COMPOSERS": [{"ts": "1.2"}]}}}]))


def test_blocks_are_left_to_the_compiler() -> None:
    """Only that there are blocks is compared."""
    assert [] == list(differences("sample", {"blocks": [{"type": "x"}]}, [{"blocks": [{"other": 1}]}]))


def test_a_reason_covers_its_kind_place_and_sample_only() -> None:
    """What nobody gave a reason for fails."""
    entry = Allowed("added", ("api/*",), ("channel.*",), "why")
    same, elsewhere = Difference("api/x", "added", "channel.colour"), Difference("events/x", "added", "channel.colour")
    assert [elsewhere] == unlisted([same, elsewhere], [entry])
    assert [Difference("api/x", "left_out", "channel.y")] == unlisted(
        [Difference("api/x", "left_out", "channel.y")], [entry]
    )


def test_a_reason_for_nothing_fails() -> None:
    """Each pattern of a listed difference must still meet one."""
    entry = Allowed("added", ("api/*", "events/*"), ("channel.*", "user.*"), "why")
    told = list(outdated([Difference("api/x", "added", "channel.colour")], [entry]))
    assert ["added user.* in api/*, events/*", "added in events/*: channel.*, user.*"] == told


def test_every_listed_difference_has_a_sentence() -> None:
    """And a kind that exists."""
    entries = read_allowed(REASONS)
    assert len(entries) > 30
    assert [] == [one for one in entries if one.kind not in {"added", "left_out", "type"}]
    assert [] == [one for one in entries if not one.reason.endswith(".") or not one.paths or not one.samples]
