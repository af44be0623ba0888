"""The time zones that the modal offers: at most 100, with the organizer's own among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.views import blocks as b

if TYPE_CHECKING:
    from handlers.views.blocks import Option

# One a region and rule, by the names that people look for; Slack's menus end at 100.
COMMON = (
    "UTC",
    *("Europe/" + city for city in (
        "Amsterdam", "Athens", "Belgrade", "Berlin", "Brussels", "Bucharest", "Budapest", "Copenhagen", "Dublin", "Helsinki",
        "Istanbul", "Kyiv", "Lisbon", "London", "Madrid", "Moscow", "Oslo", "Paris", "Prague", "Riga", "Rome", "Sofia",
        "Stockholm", "Tallinn", "Vienna", "Vilnius", "Warsaw", "Zagreb", "Zurich",
    )),
    *("America/" + city for city in (
        "Anchorage", "Argentina/Buenos_Aires", "Bogota", "Caracas", "Chicago", "Costa_Rica", "Denver", "Halifax", "Lima",
        "Los_Angeles", "Mexico_City", "Montevideo", "New_York", "Phoenix", "Puerto_Rico", "Santiago", "Sao_Paulo",
        "St_Johns", "Toronto", "Vancouver",
    )),
    *("Asia/" + city for city in (
        "Almaty", "Baghdad", "Baku", "Bangkok", "Beirut", "Colombo", "Dhaka", "Dubai", "Ho_Chi_Minh", "Hong_Kong",
        "Jakarta", "Jerusalem", "Karachi", "Kathmandu", "Kolkata", "Kuala_Lumpur", "Manila", "Qatar", "Riyadh", "Seoul",
        "Shanghai", "Singapore", "Taipei", "Tashkent", "Tbilisi", "Tehran", "Tokyo", "Yerevan",
    )),
    *("Africa/" + city for city in ("Accra", "Addis_Ababa", "Algiers", "Cairo", "Casablanca", "Johannesburg", "Lagos", "Nairobi", "Tunis")),
    *("Australia/" + city for city in ("Adelaide", "Brisbane", "Darwin", "Melbourne", "Perth", "Sydney")),
    "Atlantic/Reykjavik", "Pacific/Auckland", "Pacific/Fiji", "Pacific/Honolulu",
)  # fmt: skip


def options(own: str) -> tuple[list[Option], Option]:
    """The menu's options, and the one of ``own`` (an IANA name), which comes first."""
    chosen = b.option(own, own)
    return [chosen, *(b.option(zone, zone) for zone in COMMON if zone != own)][: b.SELECT_OPTIONS], chosen
