#!/usr/bin/env bash
# APScheduler 3.11.3 (PyPI), CronTrigger with a zone that has daylight saving: asking it for its next times, one after the other, as a preview
# of a schedule does ("the next five boards").
#
# Found: in the hour that comes twice, the loop that everybody writes (the next question is the last answer plus a moment, in local time) never
# comes out of it. The second 2:30 follows the first; "2:30 and a microsecond" is then the first one again, because adding a timedelta drops
# `fold`, and the trigger answers with the same times for ever. With an interval of 30 minutes it goes round in a circle, backwards in time, too. get_next_fire_time(previous,
# now) with the real previous time does not help. Stepping in UTC (last answer to UTC, plus a moment, and back to the zone) gives each time once, and mends it.
#
# Run 2026-11-29 on Python 3.11.7 with tzdata. Output:
#   daily at 2:30, local steps: 24 Oct 02:30+02:00, 25 Oct 02:30+02:00, 25 Oct 02:30+01:00, 25 Oct 02:30+01:00, 25 Oct 02:30+01:00
#   daily at 2:30, UTC steps:   24 Oct 02:30+02:00, 25 Oct 02:30+02:00, 25 Oct 02:30+01:00, 26 Oct 02:30+01:00, 27 Oct 02:30+01:00
#   half-hourly, local steps go backwards: yes; UTC steps: no
# (That a daily alarm at 2:30 comes twice on that day is the package's choice, and no part of this.)
# Fails (exit 1) if that changes. Takes about 10 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check APScheduler==3.11.3 tzlocal==5.3.1 tzdata==2025.3
cat >"$folder/autumn.py" <<'PYTHON'
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

BERLIN, MOMENT = ZoneInfo("Europe/Berlin"), timedelta(microseconds=1)


def local(slot):
    return slot + MOMENT


def in_utc(slot):
    return (slot.astimezone(UTC) + MOMENT).astimezone(BERLIN)


def upcoming(crontab, start, number, step):
    trigger, slots, previous, now = CronTrigger.from_crontab(crontab, timezone=BERLIN), [], None, start
    for _ in range(number):
        previous = trigger.get_next_fire_time(previous, now)
        slots.append(previous)
        now = step(previous)
    return slots


def told(slots):
    return [slot.strftime("%d %b %H:%M") + slot.isoformat()[-6:] for slot in slots]


def goes_back(slots):
    moments = [slot.astimezone(UTC) for slot in slots]
    return any(later < earlier for earlier, later in zip(moments, moments[1:]))


day, night = datetime(2026, 10, 24, tzinfo=BERLIN), datetime(2026, 10, 25, 1, tzinfo=BERLIN)
stuck, right = told(upcoming("30 2 * * *", day, 5, local)), told(upcoming("30 2 * * *", day, 5, in_utc))
round_and_round = goes_back(upcoming("*/30 * * * *", night, 10, local))
onward = goes_back(upcoming("*/30 * * * *", night, 10, in_utc))
print("daily at 2:30, local steps: " + ", ".join(stuck))
print("daily at 2:30, UTC steps:   " + ", ".join(right))
print(f"half-hourly, local steps go backwards: {'yes' if round_and_round else 'no'}; UTC steps: {'yes' if onward else 'no'}")
sys.exit(not (len(set(stuck)) == 3 and stuck[-1] == stuck[-3] and len(set(right)) == 5 and round_and_round and not onward))
PYTHON
"$folder/venv/bin/python" "$folder/autumn.py"
