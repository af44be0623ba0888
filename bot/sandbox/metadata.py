"""What an app may attach to a message for itself and other apps: an event, and work objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.check_texts import dicts, expect_dict, objects, unknown
from bot.sandbox.shapes import Json, SlackError, clipped

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENTITY = {"entity_type", "entity_payload", "external_ref", "url", "app_unfurl_url"}
_PAYLOAD = {"attributes", "fields", "custom_fields", "slack_file", "display_order", "actions"}
_ATTRIBUTES = {
    *("title", "display_type", "display_id", "product_icon", "product_name", "locale"),
    *("full_size_preview", "metadata_last_modified"),
}


def metadata(told: object) -> Json:
    """Check a message's metadata by the types of `@slack/types`; SlackError `invalid_metadata_format`."""
    if not isinstance(told, dict) or not told.keys() & {"event_type", "entities"}:
        raise SlackError("invalid_metadata_format")
    kept: Json = {}
    if "event_type" in told or "event_payload" in told:
        if not isinstance(told.get("event_payload"), dict) or not told.get("event_type"):
            raise SlackError("invalid_metadata_format")
        kept = {"event_type": told["event_type"], "event_payload": told["event_payload"]}
    if "entities" in told:
        problems = list(_entities(told["entities"], "/metadata/entities"))
        if problems:
            raise SlackError("invalid_metadata_format", response_metadata=clipped(problems))
        kept["entities"] = told["entities"]
    return kept


def _entities(asked: Any, at: str) -> Iterator[str]:
    if not isinstance(asked, list) or not asked:
        yield f"no fewer than 1 items allowed [json-pointer:{at}]"
    yield from objects(asked, at)
    for number, one in dicts(asked):
        here = f"{at}/{number}"
        yield from unknown(one, _ENTITY, here)
        for key in ("entity_type", "url"):
            if not isinstance(one.get(key), str) or not one[key]:
                yield f"missing required field: {key} [json-pointer:{here}]"
        ref = one.get("external_ref")
        if not isinstance(ref, dict) or not ref.get("id"):
            yield f"missing required field: id [json-pointer:{here}/external_ref]"
        yield from _payload(one.get("entity_payload"), f"{here}/entity_payload")


def _payload(asked: Any, at: str) -> Iterator[str]:
    problem = expect_dict(asked, at)
    if problem:
        yield problem
        return
    yield from unknown(asked, _PAYLOAD, at)
    attributes = asked.get("attributes")
    problem = expect_dict(attributes, f"{at}/attributes")
    if problem:
        yield problem
        return
    yield from unknown(attributes, _ATTRIBUTES, f"{at}/attributes")
    title = attributes.get("title")
    if not isinstance(title, dict) or not isinstance(title.get("text"), str) or not title["text"]:
        yield f"missing required field: text [json-pointer:{at}/attributes/title]"
