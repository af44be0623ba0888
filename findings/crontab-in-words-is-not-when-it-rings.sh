#!/usr/bin/env bash
# APScheduler 3.11.3 and cron-descriptor 2.2.1 (PyPI), the two packages with which a Python program shows a crontab line in words and rings by it.
#
# Found: given the same line they mean different days, and neither says so. CronTrigger.from_crontab counts days of the week from Monday = 0,
# so "0 9 * * 1", which the words call Monday, rings on Tuesday, and Sunday's 0 on Monday; 7 is an error in the one and Sunday in the other. Where
# both a day of the month and a day of the week are given, the words say "or" (as cron means it) and APScheduler wants both: "0 9 13 * 5" rings on
# no Friday but the thirteenth, and by its own count that is Saturday the 13th. Names (mon, fri) mean the same in both: whoever joins the two
# should rewrite numbers to names first, and refuse lines with both kinds of day.
#
# Run 2026-11-29 on Python 3.11.7. Output:
#   0 9 * * 1: "At 09:00 AM, only on Monday"; rings on Tue 03 Nov, Tue 10 Nov
#   0 9 * * 0: "At 09:00 AM, only on Sunday"; rings on Mon 02 Nov, Mon 09 Nov
#   0 9 * * 7: "At 09:00 AM, only on Sunday"; ValueError
#   0 9 13 * 5: "At 09:00 AM, on day 13 of the month, or on Friday"; rings on Sat 13 Feb, Sat 13 Mar
#   0 9 * * mon: "At 09:00 AM, only on Monday"; rings on Mon 02 Nov, Mon 09 Nov
# Fails (exit 1) if that changes. Takes about 10 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check APScheduler==3.11.3 cron-descriptor==2.2.1
cat >"$folder/lines.py" <<'PYTHON'
import sys
from datetime import UTC, datetime, timedelta

from apscheduler.triggers.cron import CronTrigger
from cron_descriptor import get_description

SEEN = {
    "0 9 * * 1": ("At 09:00 AM, only on Monday", "rings on Tue 03 Nov, Tue 10 Nov"),
    "0 9 * * 0": ("At 09:00 AM, only on Sunday", "rings on Mon 02 Nov, Mon 09 Nov"),
    "0 9 * * 7": ("At 09:00 AM, only on Sunday", "ValueError"),
    "0 9 13 * 5": ("At 09:00 AM, on day 13 of the month, or on Friday", "rings on Sat 13 Feb, Sat 13 Mar"),
    "0 9 * * mon": ("At 09:00 AM, only on Monday", "rings on Mon 02 Nov, Mon 09 Nov"),
}


def alarms(line):
    try:
        trigger = CronTrigger.from_crontab(line, timezone=UTC)
    except ValueError:
        return "ValueError"
    first = trigger.get_next_fire_time(None, datetime(2026, 11, 1, tzinfo=UTC))
    second = trigger.get_next_fire_time(first, first + timedelta(seconds=1))
    return f"rings on {first:%a %d %b}, {second:%a %d %b}"


found = {line: (get_description(line), alarms(line)) for line in SEEN}
for line, (words, rings) in found.items():
    print(f'{line}: "{words}"; {rings}')
sys.exit(found != SEEN)
PYTHON
"$folder/venv/bin/python" "$folder/lines.py"
