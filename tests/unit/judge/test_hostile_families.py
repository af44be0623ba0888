"""Whatever somebody uploads is answered: one verdict or one typed refusal, within two seconds and 300 MB."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest

from judge.assess import assess
from judge.midi import read
from judge.refusals import MidiRefusal
from judge.render import piano_roll_png
from judge.verdict import Verdict
from tests.makers.hostile_families import ANY, Case, families
from tests.makers.midi_files import chorale, hostile_files, midi, program, scale, track, tune

CASES = families()
SECONDS, MEGABYTES = 2.0, 300

_ALL_IN_ONE_PROCESS = """
import json, sys, time
from judge.assess import assess
from judge.refusals import MidiRefusal
from tests.makers.hostile_families import families
from tests.makers.midi_files import hostile_files
slowest = 0.0
for case in (*families(), *hostile_files()):
    began = time.process_time()  # the machine's other work is not the file's fault
    try:
        assess(case.data, works=True)
    except MidiRefusal:
        pass
    slowest = max(slowest, time.process_time() - began)
lines = open("/proc/self/status").read().splitlines()  # getrusage's begins with the memory of the process that started it
kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
json.dump({"seconds": slowest, "megabytes": kilobytes / 1024}, sys.stdout)
"""


def answer(data: bytes) -> Verdict | MidiRefusal:
    """What a file gets; any other exception fails the test."""
    try:
        return assess(data)
    except MidiRefusal as refusal:
        return refusal


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_is_scored_or_refused_as_it_should_be(case: Case) -> None:
    """No other exception, and the code that a program would look at."""
    found = answer(case.data)
    if isinstance(found, Verdict):
        assert case.outcome in {ANY, "score"}
        assert 0 <= found.score <= 100
        json.dumps(found.as_dict(), allow_nan=False)
    else:
        assert case.outcome in {ANY, "refuse"}, found.sentence
        assert case.code in {"", found.code.value}
        assert found.sentence.endswith(".")


def test_all_of_them_take_two_seconds_and_300_megabytes_at_most() -> None:
    """Each within the time, and one process that judges them all, Bach's works looked for, within the memory."""
    done = subprocess.run([sys.executable, "-c", _ALL_IN_ONE_PROCESS], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["seconds"] < SECONDS
    assert found["megabytes"] < MEGABYTES


def test_what_can_be_scored_can_be_drawn() -> None:
    """The picture of each."""
    for case in CASES:
        if case.outcome == "score":
            performance = read(case.data)
            assert piano_roll_png(performance, title=case.name).startswith(b"\x89PNG")


@pytest.mark.parametrize("seed", range(20))
def test_files_that_chance_has_damaged_are_answered(seed: int) -> None:
    """Bytes turned, cut out, doubled and shuffled in good files and in hostile ones: 50 a seed."""
    chance = random.Random(seed)
    originals = [
        tune(),
        chorale(),
        midi(track(program(5), *scale(16))),
        *(case.data for case in hostile_files() if len(case.data) < 5000),
    ]
    for _ in range(50):
        data = bytearray(chance.choice(originals))
        for _ in range(chance.randrange(1, 12)):
            if data:
                _damage(data, chance)
        found = answer(bytes(data))
        assert isinstance(found, MidiRefusal) or 0 <= found.score <= 100


def _damage(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    match chance.randrange(5):
        case 0:
            data[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        case 1:
            del data[at : at + chance.randrange(1, 9)]
        case 2:
            data[at:at] = chance.randbytes(chance.randrange(1, 9))
        case 3:
            data[at:at] = data[at : at + chance.randrange(1, 40)]
        case _:
            data[at] ^= 1 << chance.randrange(8)


def test_a_verdict_is_the_same_in_any_batch_and_order() -> None:
    """To the last digit, with the works of Bach, whatever was judged before it in the same process."""
    pieces = [tune(), chorale(), midi(track(*scale(16, 240))), midi(track(*scale(9)))]
    alone = [assess(data, works=True) for data in pieces]
    chance = random.Random(3)
    for _ in range(3):
        order = chance.sample(range(len(pieces)), len(pieces))
        for number in order:
            assert alone[number] == assess(pieces[number], works=True)
